"""Starts Assay and its vendors for kill-test, fault-test and the benchmarks, and checks what a lake has published."""

import contextlib
import hashlib
import json
import os
import shlex
import socket
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ASSAY = Path(os.environ.get("ASSAY_BIN", ROOT / "target" / "release" / "assay"))


def require_binary():
    """Ends with advice where there is nothing to test."""
    if not ASSAY.exists():
        sys.exit(f"no {ASSAY}: run `make build` first")


def environment(**settings):
    """This process's environment without Assay settings and cloud credentials of the developer, plus these settings."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("ASSAY_", "AWS_"))}
    return {**own, **{name: str(value) for name, value in settings.items()}}


def assay(*arguments, timeout=600, **settings):
    """Runs a command to its end; gives exit code, standard output and standard error."""
    command = [str(ASSAY), *map(str, arguments)]
    # In the lake's folder, so that no assay.toml of the developer is read.
    home = Path(settings["ASSAY_HOME"])
    home.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(command, cwd=home, env=environment(**settings), capture_output=True, text=True, timeout=timeout)
    return done.returncode, done.stdout, done.stderr


def free_port():
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@contextlib.contextmanager
def vendor(today, faults=None, command=None):
    """A stand-in for both vendors for as long as this lasts; gives its address.

    `command` starts another one than `assay market`: `{port}` and `{today}` are filled in, and `--faults FILE` is added.
    """
    port = free_port()
    if command is None:
        command = f"{shlex.quote(str(ASSAY))} market --port {{port}}"
    words = shlex.split(command.format(port=port, today=today)) + (["--faults", str(faults)] if faults else [])
    process = subprocess.Popen(words, env=environment(ASSAY_TODAY=today), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(port, process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


def wait_for(port, process, seconds=60):
    """Waits until the process listens."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.poll() is not None:
            sys.exit(f"the vendors' stand-in ended with {process.returncode} before it listened")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.02)
    sys.exit("the vendors' stand-in did not listen in time")


def lake_folder(home):
    """The lake inside ASSAY_HOME: synthetic and real data lie apart."""
    (found,) = [folder for folder in (home / "synthetic", home / "lake") if folder.exists()]
    return found


def published(home):
    """The manifest of the current run, or None before the first publication."""
    pointer = lake_folder(home) / "current.json"
    if not pointer.exists():
        return None
    run_id = json.loads(pointer.read_text())["run_id"]
    return json.loads((lake_folder(home) / "runs" / run_id / "manifest.json").read_text())


def faults_of_lake(home):
    """What is wrong with the published runs: files that are missing, or not the bytes that a manifest promises."""
    lake, faults = lake_folder(home), []
    pointer = lake / "current.json"
    if not pointer.exists():
        return faults
    for run in json.loads(pointer.read_text())["published"]:
        manifest = json.loads((lake / "runs" / run["run_id"] / "manifest.json").read_text())
        promised = {table["key"]: table["sha256"] for table in manifest["tables"].values()}
        promised[f"models/{run['run_id']}/model.json"] = manifest["model_sha256"]
        for key, sha256 in promised.items():
            file = lake / key
            if not file.exists():
                faults.append(f"{key} is missing")
            elif hashlib.sha256(file.read_bytes()).hexdigest() != sha256:
                faults.append(f"{key} is not what its manifest promises")
    return faults


def question(sql, **settings):
    """The rows that `assay query` answers, as lists of text; ends the test where it fails."""
    code, out, err = assay("query", sql, "--format", "csv", **settings)
    if code != 0:
        raise AssertionError(f"`{sql}` ended with {code}: {err}")
    return [line.split(",") for line in out.splitlines()[1:]]
