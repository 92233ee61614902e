"""A weekday on stand-ins: the three programs, driven as Lambda drives them, against moto, the made-up market and the local Athena.

    scripts/deploy-check --only smoke
    scripts/deploy-check --only smoke --vendors 2024-09-23=http://127.0.0.1:9000 --vendors 2024-09-24=http://127.0.0.1:9001

Everything is real but the far ends: the binaries, their SDKs, the wire protocols, the settings that the template gives them. moto
holds buckets, bus, secret, Glue and schedule; `assay market` answers for the vendors (synthetic data); `assay serve` answers for
Athena over a copy of the bucket. Other stand-ins of the vendors may take the market's place, such as a replay of real answers: the
first for the day, the second, which must fail for one series, for the day after.
"""

import contextlib
import json
import os
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from .runtime import Function, metrics
from .stack import EVENTS, STACK, Deliveries, deploy, moto
from .template import REGION, ROOT

PROGRAMS = ("assay", "api", "extract", "train")
DAY, NEXT_DAY = "2024-09-24", "2024-09-25"
# A failing vendor, in the words of `assay market --faults`.
FAULTS = [{"match": {"vendor": "av", "function": "GOLD_SILVER_HISTORY", "symbol": "XAG"}, "fault": {"kind": "http", "status": 503, "body": "busy"}}]
ATTEMPTS = 3
KEYS = {"alphavantage": "SMOKE0ALPHA", "fred": "0123456789abcdef0123456789abcdef"}


class Fault(Exception):
    """Something is not as it should be."""


def expect(holds, sentence):
    if not holds:
        raise Fault(sentence)


def faults(template, vendors=()):
    """Plays the day; the first thing that is wrong ends it. `vendors` are pairs of a day and an address, instead of the market."""
    missing = [name for name in PROGRAMS if not (binaries() / name).exists()]
    if missing:
        return [f"not built: {', '.join(missing)} in {binaries()}. Run `cargo build -p backend --features cloud --bins`, or set ASSAY_BIN_DIR"]
    # Kept where something failed: the logs of the three programs are in it.
    folder = Path(tempfile.mkdtemp(prefix="assay-smoke-"))
    try:
        with moto() as endpoint, contextlib.ExitStack() as ends:
            Day(template, endpoint, folder, ends, vendors).play()
    except Fault as fault:
        return [f"{fault} (logs: {folder})"]
    subprocess.run(["rm", "-r", folder], check=True)
    return []


def binaries():
    target = os.environ.get("CARGO_TARGET_DIR") or ROOT / "target"
    return Path(os.environ.get("ASSAY_BIN_DIR") or Path(target) / "debug").resolve()


def scheduled(day, time="08:20:00"):
    """The schedule's event of a day."""
    return {**json.loads((EVENTS / "schedule.json").read_text()), "time": f"{day}T{time}Z"}


def told(words):
    print(f"  {words}", flush=True)


class Day:
    """Stand-ins and programs of one day."""

    def __init__(self, template, endpoint, folder, ends, vendors):
        self.folder, self.ends, self.endpoint = folder, ends, endpoint
        self.stack = deploy(template, endpoint)
        self.deliveries = Deliveries(self.stack)
        self.s3 = self.stack.client("s3")
        self.data, self.site = self.stack.references["DataBucket"], self.stack.references["SiteBucket"]
        self.functions = {}
        self.vendors = vendors
        days = [day for day, _ in vendors] or [DAY, NEXT_DAY]
        self.day, self.next_day = days[0], days[-1]
        secrets = self.stack.client("secretsmanager")
        secrets.put_secret_value(SecretId=self.stack.references["Keys"], SecretString=json.dumps(KEYS))

    def play(self):
        market = self.vendors[0][1] if self.vendors else self.market()
        run = self.weekday(market)
        self.again(run)
        self.page(run)
        self.tables(run)
        self.questions(run)
        self.on_request()
        if len(self.vendors) == 1:
            told("left out: a failing vendor (a second --vendors says who fails)")
        else:
            self.partial()
        self.secrets_stay_secret()

    # --- The flow --------------------------------------------------------------------------------------------------------

    def weekday(self, market):
        """The schedule's event; what it must leave behind."""
        self.start("ExtractFunction", market)
        self.start("TrainFunction", market)
        self.deliver(f"{STACK}-extract", scheduled(self.day))
        (given,) = self.flow()
        expect(given["detail"]["status"] == "success", f"extraction was {given['detail']}")
        run = self.current()["run_id"]
        snapshot = self.read(self.data, f"runs/{run}/snapshot.json")
        expect(json.loads(self.read(self.site, "api/valuation")) == json.loads(snapshot), "the page's first view is not the run's")
        told(f"schedule: {len(given['detail']['fresh'])} series fresh, run {run} published, {len(self.keys())} objects")
        peaks = ", ".join(f"{name} {function.peak() or 0:.0f} MB" for name, function in self.functions.items())
        told(f"most memory so far: {peaks}")
        return run

    def again(self, run):
        """The same events once more: no second effect."""
        before = self.keys()
        # The very same event, then one of another attempt on the same day.
        for event in (scheduled(self.day), scheduled(self.day, "08:50:00")):
            self.deliver(f"{STACK}-extract", event)
            for done in self.flow():
                self.deliver(f"{STACK}-train", done)
        reports = ("attempts/", "extraction-staging/attempts/")
        new = sorted(key for key in self.keys() - before if not key.startswith(reports))
        expect(not new, f"the same day again wrote {new}")
        expect(self.current()["run_id"] == run, "the same day again published another run")
        expect(len(self.current()["published"]) == 1, "the run was published twice")
        told("the same events again: nothing but reports written")

    def flow(self):
        """Delivers what is on the bus until nothing is; gives the events of finished extractions."""
        done = []
        while taken := self.deliveries.take():
            for function, event in taken:
                if event["detail-type"] == "data_extraction_done":
                    done.append(event)
                self.deliver(function, event)
        return done

    def deliver(self, name, event):
        """Invokes as Lambda does for events: an error is tried again, and then the event goes to the dead letters."""
        for _ in range(ATTEMPTS):
            answer = self.functions[name].invoke(event)
            if not answer.failed:
                return
        self.stack.client("sqs").send_message(QueueUrl=self.stack.references["FailedEvents"], MessageBody=json.dumps(event))
        raise Fault(f"{name} failed {ATTEMPTS} times: {answer.body.decode(errors='replace')[:600]}")

    # --- What readers see ------------------------------------------------------------------------------------------------

    def page(self, run):
        """The dashboard's first view, and the API behind it, as API Gateway asks."""
        self.start("ApiFunction", None)
        answer = self.ask("http-valuation.json")
        expect(answer["statusCode"] == 200, f"GET /api/valuation: {answer}")
        shown = json.loads(self.read(self.site, "api/valuation"))
        expect(json.loads(answer["body"]) == shown, "the API's valuation is not the page's first view")
        told(f"API: GET /api/valuation as the snapshot; first answer {self.functions[f'{STACK}-api'].first_answer * 1000:.0f} ms after exec")

    def tables(self, run):
        """Every table has the run's partition, and its columns."""
        glue, database = self.stack.client("glue"), self.stack.references["Database"]
        manifest = json.loads(self.read(self.data, f"runs/{run}/manifest.json"))
        for name, table in manifest["tables"].items():
            found = glue.get_partitions(DatabaseName=database, TableName=name)["Partitions"]
            expect([part["Values"] for part in found] == [[manifest["as_of"], run]], f"Glue's partitions of {name}: {found}")
            location = found[0]["StorageDescriptor"]["Location"].rstrip("/")
            expect(location == f"s3://{self.data}/{table['key'].rsplit('/', 1)[0]}", f"{name}'s partition lies at {location}")
            described = glue.get_table(DatabaseName=database, Name=name)["Table"]
            columns = {column["Name"] for column in described["StorageDescriptor"]["Columns"]}
            lacking = {column["name"] for column in table["columns"]} - columns
            expect(not lacking, f"Glue's {name} lacks {sorted(lacking)}")
        told(f"Glue: {len(manifest['tables'])} tables, each with the run's partition")

    def questions(self, run):
        """The rows of every table by Athena's protocol, unmodified boto3 asking; then the API's way to the same."""
        manifest = json.loads(self.read(self.data, f"runs/{run}/manifest.json"))
        athena = self.stack.client("athena", endpoint_url=self.athena())
        for name, table in manifest["tables"].items():
            rows = self.query(athena, f"SELECT count(*) FROM {name} WHERE run_id = '{run}'")
            expect(rows == [[str(table["rows"])]], f"{name} has {rows} by Athena's protocol, {table['rows']} by the manifest")
        answer = self.ask("http-query.json")
        expect(answer["statusCode"] == 200, f"POST /api/query: {answer}")
        counted = json.loads(answer["body"])["rows"]
        expect(counted == [[manifest["tables"]["model_results"]["rows"]]], f"POST /api/query counts {counted}")
        told(f"Athena's protocol: {len(manifest['tables'])} tables counted, equal to the manifest; POST /api/query too")

    def query(self, athena, sql):
        execution = athena.start_query_execution(QueryString=sql, WorkGroup=self.stack.references["WorkGroup"], QueryExecutionContext={"Database": self.stack.references["Database"]})
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            status = athena.get_query_execution(QueryExecutionId=execution["QueryExecutionId"])["QueryExecution"]["Status"]
            if status["State"] not in ("QUEUED", "RUNNING"):
                break
            time.sleep(0.05)
        expect(status["State"] == "SUCCEEDED", f"`{sql}` ended as {status}")
        rows = athena.get_query_results(QueryExecutionId=execution["QueryExecutionId"])["ResultSet"]["Rows"]
        return [[cell.get("VarCharValue") for cell in row["Data"]] for row in rows[1:]]

    def on_request(self):
        """Somebody presses the button: the API only asks, the bus hands it to extract."""
        answer = self.ask("http-run.json")
        expect(answer["statusCode"] == 202, f"POST /api/runs: {answer}")
        taken = self.deliveries.take()
        expect([function for function, _ in taken] == [f"{STACK}-extract"], f"the request reached {taken}")
        for function, event in taken:
            self.deliver(function, event)
        self.flow()
        told("POST /api/runs: 202, the event reached extract and train")

    def partial(self):
        """A vendor fails for one series on the next day: the run goes on, says so, and the alarm's metric counts it."""
        broken = self.vendors[1][1] if self.vendors else self.market(FAULTS, self.next_day)
        for name in ("ExtractFunction", "TrainFunction"):
            self.start(name, broken, self.next_day)
        log = self.folder / f"{STACK}-train.log"
        before = metrics(log).get("RunPartial", 0)
        self.deliver(f"{STACK}-extract", scheduled(self.next_day))
        (event,) = self.flow()
        failed = [entry["series"] for entry in event["detail"]["failed"]]
        expect(event["detail"]["status"] == "partial" and failed, f"with a failing vendor, extraction said {event['detail']}")
        expect(metrics(log).get("RunPartial", 0) == before + 1, f"the metric of the partial run is {metrics(log)}")
        expect(self.current()["run_id"].startswith(self.next_day), "the partial run was not published")
        told(f"a failing vendor: partial, {', '.join(failed)} named, metric counted, run published")

    def secrets_stay_secret(self):
        for file in self.folder.glob("*.log"):
            text = file.read_text(errors="replace")
            expect(not any(key in text for key in KEYS.values()), f"a vendor's key is in {file.name}")
        for bucket in (self.data, self.site):
            for key in self.keys(bucket):
                expect(not any(secret.encode() in self.read(bucket, key) for secret in KEYS.values()), f"a vendor's key is in {key}")
        told("no vendor's key in any log or object")

    # --- Programs and stand-ins ------------------------------------------------------------------------------------------

    def start(self, logical, market, day=None):
        """Starts a function's binary with the settings that the template gives it, and the addresses of the stand-ins."""
        name = self.stack.references[logical]
        if name in self.functions:
            self.functions.pop(name).close()
        environment = {
            **self.stack.environment(logical),
            "ASSAY_TODAY": day or self.day,
            "AWS_ACCESS_KEY_ID": "stand-in",
            "AWS_SECRET_ACCESS_KEY": "stand-in",
            "AWS_ENDPOINT_URL": self.endpoint,
        }
        if market:
            environment |= {"ASSAY_ALPHAVANTAGE_URL": market, "ASSAY_FRED_URL": market}
        if logical == "ApiFunction":
            environment |= {"AWS_ENDPOINT_URL_ATHENA": self.athena()}
        program = binaries() / name.removeprefix(f"{STACK}-")
        function = Function(name, program, environment, self.folder / f"{name}.log", timeout=900)
        self.functions[name] = function
        self.ends.callback(function.close)

    def ask(self, event):
        return self.functions[f"{STACK}-api"].invoke(json.loads((EVENTS / event).read_text())).json()

    def market(self, faulty=None, day=None):
        """The vendors' stand-in, with faults or without; gives its address."""
        more = []
        if faulty:
            file = self.folder / "faults.json"
            file.write_text(json.dumps(faulty))
            more = ["--faults", file]
        return self.serve(["market", *more], {"ASSAY_TODAY": day or self.day}, "--port")

    def athena(self):
        """`assay serve` over a copy of the bucket as it is now; gives its address."""
        home = self.folder / f"athena-{len(list(self.folder.glob('athena-*')))}"
        for key in self.keys():
            file = home / "lake" / key
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(self.read(self.data, key))
        # A key makes it the lake of real vendors, where the copy is; nothing is asked of them.
        return self.serve(["serve"], {"ASSAY_HOME": str(home), "ASSAY_TODAY": self.day, "ASSAY_FRED_KEY": "none", "ASSAY_ALPHAVANTAGE_KEY": "none"}, "--addr")

    def serve(self, words, settings, option):
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            port = listener.getsockname()[1]
        place = str(port) if option == "--port" else f"127.0.0.1:{port}"
        log = open(self.folder / f"{words[0]}.log", "ab")
        environment = {"PATH": os.environ["PATH"], "AWS_REGION": REGION, **settings}
        command = [str(binaries() / "assay"), *map(str, words), option, place]
        process = subprocess.Popen(command, cwd=self.folder, env=environment, stdout=log, stderr=log)
        self.ends.callback(log.close)
        self.ends.callback(process.wait)
        self.ends.callback(process.kill)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            expect(process.poll() is None, f"`assay {words[0]}` ended with {process.returncode}")
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                return f"http://127.0.0.1:{port}"
            time.sleep(0.05)
        raise Fault(f"`assay {words[0]}` did not listen in time")

    # --- Buckets ---------------------------------------------------------------------------------------------------------

    def read(self, bucket, key):
        return self.s3.get_object(Bucket=bucket, Key=key)["Body"].read()

    def keys(self, bucket=None):
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=bucket or self.data)
        return {entry["Key"] for page in pages for entry in page.get("Contents", [])}

    def current(self):
        return json.loads(self.read(self.data, "current.json"))
