"""The scripts of operation against moto, by the AWS CLI that scripts/tools/cloud.txt pins: uploading the page, putting keys, going
back to an earlier run, removing."""

import base64
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

from .stack import STACK, deploy, moto
from .template import REGION, ROOT, LeftOut

KEYS = "ALPHA123\nabcdef0123456789abcdef0123456789\n"


def faults(template):
    command = Path(sys.executable).with_name("aws")
    if not command.exists():
        raise LeftOut("there is no `aws` beside the Python of the checks: run `scripts/bootstrap test`")
    with moto() as endpoint, tempfile.TemporaryDirectory() as folder:
        stack = deploy(template, endpoint)
        place = _checkout(Path(folder))
        call = _Caller(place, endpoint, command)
        print(f"  by {call('aws', '--version').stdout.split()[0]}", flush=True)
        return _packaging(call, stack) + _site(call, stack, place) + _keys(call, stack) + _rollback(call, stack) + _remove(call, stack)


class _Caller:
    """Runs a command as somebody who is signed in to the stand-in."""

    def __init__(self, place, endpoint, command):
        self.place = place
        # In a folder alone: the Python beside it must not take the place of the one that the scripts find elsewhere.
        folder = place / "aws"
        folder.mkdir()
        (folder / "aws").symlink_to(command)
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
            "PATH": f"{folder}:{os.environ['PATH']}",
            "AWS_ACCESS_KEY_ID": "stand-in",
            "AWS_SECRET_ACCESS_KEY": "stand-in",
            "AWS_REGION": REGION,
            "AWS_ENDPOINT_URL": endpoint,
            "AWS_CONFIG_FILE": "/dev/null",
            "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        }

    def __call__(self, *command, given=""):
        return subprocess.run(command, cwd=self.place, env=self.environment, input=given, capture_output=True, text=True, timeout=300)


def _checkout(folder):
    """The scripts and a small page in a folder of their own: this clone's build is neither needed nor touched."""
    shutil.copytree(ROOT / "scripts", folder / "scripts")
    shutil.copytree(ROOT / "infra", folder / "infra")
    dist = folder / "frontend/dist"
    dist.mkdir(parents=True)
    for name in ("index.html", "app.html", "app-5KQ2ABCD.js", "style-ABCDEFG2.css", "assay-0123456789abcdef_bg.wasm", "favicon.svg"):
        (dist / name).write_text(f"{name}\n" * 50)
    (dist / "app-5KQ2ABCD.js.br").write_bytes(b"the build's own twin")
    zips = folder / "target/functions"
    zips.mkdir(parents=True)
    for name in ("api", "extract", "train"):
        (zips / f"{name}.zip").write_bytes(b"PK\x05\x06" + bytes(18))
    return folder


def _said(done):
    return f"{' '.join(done.args)} ended with {done.returncode}: {(done.stdout + done.stderr).strip()[-600:]}"


def _packaging(call, stack):
    """CloudFormation's own packaging understands the template, anchors and all."""
    out = "target/functions/packaged.yaml"
    made = call("aws", "cloudformation", "package", "--template-file", "infra/template.yaml", "--s3-bucket", "artefacts", "--output-template-file", out)
    if made.returncode != 0:
        return [_said(made)]
    text = (call.place / out).read_text()
    uris = [line.split()[-1] for line in text.splitlines() if "CodeUri:" in line]
    if len(uris) != 3 or not all(uri.startswith("s3://artefacts/") for uri in uris):
        return [f"packaging left the zips at {uris}"]
    loader = type("Loader", (yaml.SafeLoader,), {})
    loader.add_multi_constructor("!", lambda *_: None)
    if len(yaml.load(text, loader)["Resources"]) < 60:
        return ["packaging lost resources"]
    return []


def _site(call, stack, place):
    done = call("scripts/deploy", "--only", "site")
    if done.returncode != 0:
        return [_said(done)]
    s3, bucket, found = stack.client("s3"), stack.references["SiteBucket"], []
    there = {entry["Key"] for entry in s3.list_objects_v2(Bucket=bucket)["Contents"]}
    files = {file.name for file in (place / "frontend/dist").iterdir() if not file.name.endswith(".br")}
    wanted = files | {f"{name}.br" for name in files}
    if there != wanted:
        found.append(f"the site's bucket lacks {sorted(wanted - there)} and has {sorted(there - wanted)} too much")
    for key, caching, kind in (
        ("index.html", "no-cache", "text/html; charset=utf-8"),
        ("favicon.svg", "no-cache", "image/svg+xml"),
        ("app-5KQ2ABCD.js", "public, max-age=31536000, immutable", "text/javascript; charset=utf-8"),
        ("assay-0123456789abcdef_bg.wasm.br", "public, max-age=31536000, immutable", "application/wasm"),
    ):
        head = s3.head_object(Bucket=bucket, Key=key)
        if (head["CacheControl"], head["ContentType"]) != (caching, kind):
            found.append(f"{key} is {head['ContentType']}, {head['CacheControl']}")
        if (head.get("ContentEncoding") == "br") != key.endswith(".br"):
            found.append(f"{key} has the coding {head.get('ContentEncoding')}")
    if s3.get_object(Bucket=bucket, Key="app-5KQ2ABCD.js.br")["Body"].read() != b"the build's own twin":
        found.append("the build's own compressed file was not used")
    return found


def _keys(call, stack):
    done = call("scripts/deploy", "--only", "keys", given=KEYS)
    if done.returncode != 0:
        return [_said(done)]
    found = []
    secret = stack.client("secretsmanager").get_secret_value(SecretId=stack.references["Keys"])["SecretString"]
    first, second = KEYS.split()
    if json.loads(secret) != {"alphavantage": first, "fred": second}:
        found.append("the secret does not have the keys as the program reads them")
    if first in done.stdout + done.stderr or second in done.stdout + done.stderr:
        found.append("a key was shown")
    done = call("scripts/deploy", "--only", "keys", given='not"a key\n')
    if done.returncode == 0 or "that is no key" not in done.stderr:
        found.append(f"nonsense was taken for a key: {_said(done)}")
    return found


def _rollback(call, stack):
    s3, data, site, found = stack.client("s3"), stack.references["DataBucket"], stack.references["SiteBucket"], []
    runs = [
        {"run_id": run, "as_of": day, "preset": "fair-free", "published_at": f"{day}T08:21:00Z"}
        for run, day in (("run-a", "2024-09-20"), ("run-b", "2024-09-23"))
    ]
    current = {"run_id": "run-b", "by_preset": {"fair-free": "run-b", "classic": "run-c"}, "published": runs}
    s3.put_object(Bucket=data, Key="current.json", Body=json.dumps(current))
    s3.put_object(Bucket=data, Key="runs/run-a/snapshot.json", Body=b'{"run_id":"run-a"}')
    view = _view(stack, "2024-09-23", "run-b")
    done = call("scripts/rollback", "--list")
    if done.returncode != 0 or [line[2:7] for line in done.stdout.splitlines()] != ["run-b", "run-a"]:
        found.append(_said(done))
    done = call("scripts/rollback", "run-x")
    if done.returncode != 2 or "was never published" not in done.stderr:
        found.append(_said(done))
    done = call("scripts/rollback", "run-a")
    if done.returncode != 0:
        return [*found, _said(done)]
    now = json.loads(s3.get_object(Bucket=data, Key="current.json")["Body"].read())
    if now != {**current, "run_id": "run-a", "by_preset": {"fair-free": "run-a", "classic": "run-c"}}:
        found.append(f"the pointer became {now}")
    if s3.get_object(Bucket=site, Key="api/valuation")["Body"].read() != b'{"run_id":"run-a"}':
        found.append("the page's first view is not the earlier run's")
    shown = stack.client("glue").get_table(DatabaseName=stack.references["Database"], Name="model_runs_latest")["Table"]
    if shown["ViewOriginalText"] != view["ViewOriginalText"] or shown["Parameters"] != view["Parameters"] | {"assay_registered": "run-a/by-rollback"}:
        found.append(f"the view of SQL became {shown}")
    return found


def _view(stack, as_of, run):
    """A view as the program makes it, over `run`; gives it as it must be over the run before."""

    def over(as_of, run):
        described = {"originalSql": f"SELECT \"rmse\" FROM \"model_runs\" WHERE as_of = DATE '{as_of}' AND run_id = '{run}'", "catalog": "awsdatacatalog"}
        return f"/* Presto View: {base64.b64encode(json.dumps(described).encode()).decode()} */"

    view = {
        "Name": "model_runs_latest",
        "TableType": "VIRTUAL_VIEW",
        "ViewOriginalText": over(as_of, run),
        "ViewExpandedText": "/* Presto View */",
        "Parameters": {"presto_view": "true", "assay_registered": f"{run}/0123456789abcdef"},
        "StorageDescriptor": {"Columns": [{"Name": "rmse", "Type": "double"}]},
    }
    stack.client("glue").create_table(DatabaseName=stack.references["Database"], TableInput=view)
    return {**view, "ViewOriginalText": over("2024-09-20", "run-a")}


def _remove(call, stack):
    done = call("scripts/remove", given="no\n")
    if done.returncode != 2 or "nothing was removed" not in done.stderr:
        return [_said(done)]
    data, site = stack.references["DataBucket"], stack.references["SiteBucket"]
    done = call("scripts/remove", "--with-data", given=f"{STACK}\n")
    if done.returncode != 0:
        return [_said(done)]
    left = {bucket["Name"] for bucket in stack.client("s3").list_buckets()["Buckets"]}
    return [f"{bucket} is still there" for bucket in (data, site) if bucket in left]
