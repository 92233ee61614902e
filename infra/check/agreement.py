"""Where template and program must say the same: headers, routes, tables, settings, and the files behind pages."""

import json
import re
import subprocess
import tempfile
from pathlib import Path

from .template import INFRA, ROOT, TEMPLATE, Resolver

HEADERS_RS = ROOT / "backend/src/http/headers.rs"
SHARED = ROOT / "shared/src"
HTTP = ROOT / "backend/src/http"
KEY_RS = ROOT / "backend/src/lake/key.rs"
TABLES = INFRA / "tables.json"
BEGIN, END = "  # tables: begin\n", "  # tables: end\n"

# Glue's words for the catalogue's types.
GLUE_TYPES = {"date": "date", "double": "double", "big_int": "bigint", "text": "string", "boolean": "boolean", "timestamp": "timestamp"}


# --- Headers -------------------------------------------------------------------------------------------------------------


def embedded_headers():
    """The headers that the embedded server puts on every answer, by name in lower case."""
    text = HEADERS_RS.read_text()
    # Where readers sign in, the issuer is asked through the site's own address: nothing is added to the policy here.
    policy = re.search(r'format!\(\s*"(default-src .*?)"\s*\)', text, re.S)[1].replace("{issuer}", "")
    # A backslash at a line's end joins it with the next, leading blanks dropped.
    policy = re.sub(r"\\\n\s*", "", policy)
    (listed,) = re.findall(r"const ALWAYS: .*? = \[(.*?)\n\];", text, re.S)
    headers = dict(re.findall(r'\(\s*"([a-z-]+)",\s*"([^"]*)",?\s*\)', listed))
    (count,) = re.findall(r"const ALWAYS: \[.*; (\d+)\]", text)
    if len(headers) != int(count):
        raise SystemExit(f"{HEADERS_RS}: read {len(headers)} of {count} headers; mend infra/check/agreement.py")
    return {**headers, "content-security-policy": policy}


def edge_headers(template):
    """The headers that CloudFront puts on every answer, by name in lower case."""
    config = template["Resources"]["Headers"]["Properties"]["ResponseHeadersPolicyConfig"]
    security = config["SecurityHeadersConfig"]
    headers = {
        "content-security-policy": security["ContentSecurityPolicy"]["ContentSecurityPolicy"],
        "referrer-policy": security["ReferrerPolicy"]["ReferrerPolicy"],
        "strict-transport-security": f"max-age={security['StrictTransportSecurity']['AccessControlMaxAgeSec']}",
    }
    if "ContentTypeOptions" in security:
        headers["x-content-type-options"] = "nosniff"
    for item in config["CustomHeadersConfig"]["Items"]:
        headers[item["Header"].lower()] = item["Value"]
    return headers


def header_faults(template):
    embedded, edge = embedded_headers(), edge_headers(template)
    # The embedded server speaks no TLS; CloudFront does.
    edge.pop("strict-transport-security", None)
    found = []
    for name in sorted(embedded.keys() | edge.keys()):
        ours, theirs = embedded.get(name), edge.get(name)
        if ours != theirs:
            found.append(f"{name}: headers.rs says {ours!r}, the template {theirs!r}")
    config = template["Resources"]["Distribution"]["Properties"]["DistributionConfig"]
    for behaviour in [config["DefaultCacheBehavior"], *config["CacheBehaviors"]]:
        if behaviour.get("ResponseHeadersPolicyId") != {"Ref": "Headers"}:
            found.append(f"the behaviour of {behaviour.get('PathPattern', 'the site')} sends no security headers")
    return found


# --- Routes --------------------------------------------------------------------------------------------------------------

GETS = {"get", "head"}
# What a route of the API may be served by; anything else is not known here, and that is said.
METHODS = GETS | {"post", "put", "patch", "delete"}


def route_names():
    """Every route of shared/src by the name that the program uses for it: `GetRuns`, `LIVE_ROUTE`."""
    text = "".join(file.read_text() for file in sorted(SHARED.rglob("*.rs")))
    spelt = re.findall(r'impl (?:Get|Post) for (\w+) \{\s*const ROUTE: &\'static str = "([^"]+)";', text)
    plain = re.findall(r'\bplain_get!\(\s*(?:///[^\n]*\s*)*(\w+), "([^"]+)"', text)
    constants = re.findall(r'\bconst (\w+_ROUTE): &str = "([^"]+)";', text)
    # Where a file is written otherwise, nothing may be passed over in silence.
    if (len(spelt), len(plain)) != (text.count("const ROUTE: &'static str = \""), text.count("plain_get!(")):
        raise SystemExit(f"{SHARED}: not every route was read; mend infra/check/agreement.py")
    return dict([*spelt, *plain, *constants])


def sources():
    """The files of the HTTP API by module."""
    files = {}
    for file in sorted(HTTP.rglob("*.rs")):
        # Tests, and the local Athena, which the function's router does not have.
        if file.relative_to(HTTP).parts[0] not in ("tests", "aws"):
            files[file.parent.name if file.stem == "mod" else file.stem] = file.read_text().split("#[cfg(test)]\nmod tests {")[0]
    if sum(text.count(".route(") for text in files.values()) != 1:
        raise SystemExit(f"{HTTP}: routes are made elsewhere than of the list of endpoints; mend infra/check/agreement.py")
    return files


def functions(text):
    """The functions of a file by name, each with its body."""
    # A closing brace alone, indented as its `fn` is, ends it: rustfmt sees to that. A `;` before the first brace ends a mere declaration.
    found = re.findall(r"^( *)(?:pub(?:\([a-z]+\))? )?(?:const )?(?:async )?fn (\w+)(?:[^;{\[]|\[[^\]]*\])*\{(.*?)^\1\}$", text, re.S | re.M)
    return {name: body for _, name, body in found}


def asking(files):
    """The functions that run SQL, as pairs of module and name: those that take the engine for more than the list of its tables, and
    those that call them."""
    bodies = {(module, name): body for module, text in files.items() for name, body in functions(text).items()}
    known = {key for key, body in bodies.items() if re.search(r"\bengine\b(?!\s*\.\s*tables\(\))", body)}
    if ("rows", "ask") not in known:
        raise SystemExit(f"{HTTP}/rows.rs: `ask` was not read; mend infra/check/agreement.py")
    while True:
        more = {key for key, body in bodies.items() if key not in known and any(_calls(files[key[0]], key[0], body, one) for one in known)}
        if not more:
            return known
        known |= more


def _calls(text, module, body, callee):
    """Whether a body of `module`, whose file is `text`, calls the function `callee`."""
    home, name = callee
    # What state.rs has are mostly methods of the state.
    if re.search(rf"\b{home}::{name}\(", body) or (home == "state" and re.search(rf"\bstate\.{name}\(", body)):
        return True
    imported = re.search(rf"use (?:super|crate::http)::{home}::(?:\{{[^}}]*\b{name}\b[^}}]*\}}|{name}\b)", text)
    return (home == module or imported is not None) and re.search(rf"(?<![\w.:]){name}\(", body) is not None


def endpoints(files):
    """What the router answers, as triples of method, route, and whether it runs SQL."""
    names, runs_sql, found = route_names(), asking(files), set()
    for module, text in files.items():
        made = re.findall(r"\bEndpoint::(?:(?:get|post)::<(\w+)>\(|new\(\s*(\w+),)\s*(.*?\)),\s", text, re.S)
        if len(made) != len(re.findall(r"\bEndpoint::(?:get|post|new)\b", text)):
            raise SystemExit(f"{HTTP}/{module}.rs: not every endpoint was read; mend infra/check/agreement.py")
        for typed, constant, handler in made:
            methods = re.findall(r"(?:^|\.)(\w+)\((?:(\w+)::)?(\w+)", handler)
            if not methods or not {method for method, _, _ in methods} <= METHODS:
                raise SystemExit(f"{HTTP}/{module}.rs: `{handler}` was not understood; mend infra/check/agreement.py")
            for method, home, function in methods:
                # A closure asks in its own text.
                asks = (home or module, function) in runs_sql or any(_calls(text, module, handler, one) for one in runs_sql)
                found.add((method, _named(names, typed or constant), asks))
    return found


def _named(names, name):
    if name not in names:
        raise SystemExit(f"{SHARED}: no route was read for `{name}`; mend infra/check/agreement.py")
    return names[name]


def guarded_routes(files):
    """The routes that write, run SQL or cost money, as the template spells them, with the reason."""
    guarded = {}
    for method, route, runs_sql in endpoints(files):
        if method not in GETS:
            guarded[f"{method.upper()} {route}"] = "acts"
        elif runs_sql:
            # axum answers HEAD by the handler of GET: the SQL is run for its headers alone.
            guarded |= {f"GET {route}": "runs SQL", f"HEAD {route}": "runs SQL"}
    return guarded


def route_faults(template, files=None):
    """What acts or runs SQL has a route of its own, with sign-in and throttle; `files` are the program's, read where none are given."""
    routes = {}
    for name, resource in template["Resources"].items():
        if resource["Type"] == "AWS::ApiGatewayV2::Route":
            routes[resource["Properties"]["RouteKey"]] = (name, resource["Properties"])
    wanted = guarded_routes(files or sources())
    stage = template["Resources"]["ApiStage"]
    throttled, first = stage["Properties"]["RouteSettings"], stage["DependsOn"]
    found = []
    for route, why in sorted(wanted.items()):
        if route not in routes:
            found.append(f"{route} {why}, and the template has no route for it: a route for everything else may answer it")
        elif routes[route][1].get("AuthorizationType") != "JWT" or routes[route][1].get("AuthorizerId") != {"Ref": "ApiAuthorizer"}:
            found.append(f"{route} {why}, and everybody may call it")
        if route not in throttled:
            found.append(f"{route} {why} and has no throttle of its own")
    for route, (name, _) in sorted(routes.items()):
        reads = route.split(" ")[0] in ("GET", "HEAD")
        if route not in wanted and not (reads and route.endswith("+}")):
            found.append(f"{route} is in the template, and no such route of the API acts or runs SQL")
        if route in throttled and name not in first:
            found.append(f"{route} has a throttle, and the stage that sets it may be made before the route: add {name} to DependsOn")
    return found + [f"{route} has a throttle and is no route" for route in sorted(throttled.keys() - routes.keys())]


# --- Tables --------------------------------------------------------------------------------------------------------------


def tables_text():
    """The part of the template that declares the tables, made from tables.json."""
    catalogue = json.loads(TABLES.read_text())
    partitions = "".join(_column(column, 10) for column in catalogue["partitions"])
    text = (
        "  # Made from tables.json by `scripts/deploy-check --write`; a Rust test compares that with shared/src/catalogue.rs.\n"
        "  # complete_dataset gets its features, which are the preset's, when a run is registered.\n"
    )
    for table in catalogue["tables"]:
        name = "".join(word.capitalize() for word in table["name"].split("_")) + "Table"
        columns = "".join(_column(column, 12) for column in table["columns"])
        text += f"""\
  {name}:
    Type: AWS::Glue::Table
    Properties:
      CatalogId: !Ref AWS::AccountId
      DatabaseName: !Ref Database
      TableInput:
        Name: {table["name"]}
        TableType: EXTERNAL_TABLE
        Parameters: {{EXTERNAL: "TRUE", classification: parquet}}
        PartitionKeys:
{partitions}        StorageDescriptor:
          Location: !Sub "s3://${{DataBucket}}/{table["folder"]}/"
          InputFormat: org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat
          OutputFormat: org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat
          SerdeInfo: {{SerializationLibrary: org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe}}
          Columns:
{columns}
"""
    return text.rstrip("\n") + "\n"


def _column(column, indent):
    return f"{' ' * indent}- {{Name: {column['name']}, Type: {GLUE_TYPES[column['type']]}}}\n"


def with_tables(text):
    """The template's text with its tables as they should be."""
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    return before + BEGIN + tables_text() + END + after


def table_faults(template):
    found = []
    text = TEMPLATE.read_text()
    if with_tables(text) != text:
        found.append("the tables in template.yaml are not those of tables.json: run `scripts/deploy-check --write`")
    folders = {table["folder"] for table in json.loads(TABLES.read_text())["tables"]}
    targets = template["Resources"]["Crawler"]["Properties"]["Targets"]["S3Targets"]
    crawled = {Resolver(template)(target["Path"]).split("/")[3] for target in targets}
    found += [f"the crawler does not look at {folder}/" for folder in sorted(folders - crawled)]
    statements = template["Resources"]["TrainRole"]["Properties"]["Policies"][0]["PolicyDocument"]["Statement"]
    (publish,) = [entry for entry in statements if entry.get("Sid") == "Publish"]
    written = {Resolver(template)(resource).split("/")[1] for resource in publish["Resource"]}
    found += [f"training may not write {folder}/" for folder in sorted(folders - written)]
    return found


# --- Keys of the lake ----------------------------------------------------------------------------------------------------

# Athena's answers are written with the rights of who asks, and tables by `table_faults`' folders.
NOT_THE_LAKES = {"QueryResult", "Table"}


def keys():
    """The lake's keys by variant: where it lies, from the first placeholder on as `*`, and whether it is a pointer."""
    text = KEY_RS.read_text()
    enum, rest = text.split("pub enum Key {")[1].split("impl fmt::Display for Key {")
    documented = re.findall(r"((?:    ///[^\n]*\n)+)    (\w+)[,({ ]", enum)
    pointers = {name for doc, name in documented if "pointer" in doc.lower()}
    spelt = re.findall(r'Self::(\w+)[^=]*=>\s*(?:\{\s*)?(?:write!\(\s*f,|f\.write_str\()\s*"([^"]+)"', rest.split("pub fn sha256_hex")[0])
    constants = dict(re.findall(r'pub const (\w+): &str = "([^"]+)";', text))
    places = {}
    for name, place in spelt:
        for constant, value in constants.items():
            place = place.replace("{%s}" % constant, value)
        places[name] = re.sub(r"\{.*", "*", place)
    if len(places) < 14 or not pointers <= places.keys():
        raise SystemExit(f"{KEY_RS}: read {sorted(places)} with the pointers {sorted(pointers)}; mend infra/check/agreement.py")
    return {name: (place, name in pointers) for name, place in places.items()}


def key_faults(template):
    """Pointers may be replaced and nothing else; what the lake has, extraction or training may write."""
    resolver, lake = Resolver(template), keys()
    statements = template["Resources"]["DataBucketPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    policy = {entry["Sid"]: entry for entry in statements}
    pointers = {place for place, is_pointer in lake.values() if is_pointer}
    found = []
    for sid, places in (
        ("NothingIsOverwritten", policy["NothingIsOverwritten"]["NotResource"]),
        ("PointersMoveByCompareAndSwap", policy["PointersMoveByCompareAndSwap"]["Resource"]),
    ):
        named = {resolver(place).split("/", 1)[1] for place in places} - {"athena-results/*"}
        found += [f"{sid} does not know the pointer {place}" for place in sorted(pointers - named)]
        found += [f"{sid} takes {place} for a pointer" for place in sorted(named - pointers)]
    writable = set()
    for role, sid in (("ExtractRole", "WriteStaged"), ("TrainRole", "Publish")):
        entries = template["Resources"][role]["Properties"]["Policies"][0]["PolicyDocument"]["Statement"]
        (entry,) = [entry for entry in entries if entry.get("Sid") == sid]
        writable |= {resolver(place).split("/", 1)[1] for place in entry["Resource"]}
    for name, (place, _) in sorted(lake.items()):
        if name not in NOT_THE_LAKES and not any(place.startswith(pattern.rstrip("*")) for pattern in writable):
            found.append(f"nobody may write {place} ({name})")
    return found


# --- The edge's functions ------------------------------------------------------------------------------------------------

# Function, address, what is accepted, and what it must become: the file, or the origin that was chosen.
EDGE_CASES = [
    ("PageFunction", "/", "", "/index.html"),
    ("PageFunction", "/model", "gzip", "/app.html"),
    ("PageFunction", "/model/", "gzip, deflate", "/app.html"),
    ("PageFunction", "/runs/2024-09-23T08-20-00Z-1f", "", "/app.html"),
    ("PageFunction", "/no/such/page", "", "/app.html"),
    ("PageFunction", "/app-5KQ2ABCD.js", "", "/app-5KQ2ABCD.js"),
    ("PageFunction", "/", "gzip, deflate, br, zstd", "/index.html.br"),
    ("PageFunction", "/model?preset=classic", "br", "/app.html.br"),
    ("PageFunction", "/app-5KQ2ABCD.js", "br;q=1.0, gzip", "/app-5KQ2ABCD.js.br"),
    ("PageFunction", "/app-5KQ2ABCD.js", "gzip, br;q=0", "/app-5KQ2ABCD.js"),
    ("PageFunction", "/app-5KQ2ABCD.js", "gzip, br;q=0.5", "/app-5KQ2ABCD.js.br"),
    ("PageFunction", "/app-5KQ2ABCD.js", "bro, zebra", "/app-5KQ2ABCD.js"),
    ("PageFunction", "/picture.png", "br", "/picture.png"),
    ("ValuationFunction", "/api/valuation", "br", "/api/valuation"),
    ("ValuationFunction", "/api/valuation?preset=classic", "br", "/api/valuation at api"),
    ("ValuationFunction", "/api/valuation?as_of=2024-09-20", "br", "/api/valuation at api"),
    ("TokenFunction", "/oauth2/token", "br", "/tenant/oauth2/v2.0/token"),
]

# The import is CloudFront's own module: a stand-in tells which origin was chosen.
HARNESS = """
let chosen = null;
const cf = { selectRequestOriginById: (id) => { chosen = id; } };
%s
console.log(JSON.stringify(JSON.parse(process.argv[2]).map(([address, accepted]) => {
  chosen = null;
  const { pathname: uri, searchParams } = new URL(address, 'https://site.example');
  const querystring = Object.fromEntries([...searchParams].map(([name, value]) => [name, { value }]));
  const headers = accepted ? { 'accept-encoding': { value: accepted } } : {};
  const answer = handler({ request: { method: 'GET', uri, querystring, headers } });
  return chosen ? `${answer.uri} at ${chosen}` : answer.uri;
})));
"""


def edge_faults(template):
    resolver = Resolver(template, {"AppDocument": "app.html", "TokenPath": "/tenant/oauth2/v2.0/token"})
    found = []
    for name in sorted({case[0] for case in EDGE_CASES}):
        cases = [case[1:] for case in EDGE_CASES if case[0] == name]
        code = resolver(template["Resources"][name]["Properties"]["FunctionCode"])
        given = _run_edge(code.replace("import cf from 'cloudfront';", ""), [case[:2] for case in cases])
        for (address, accepted, wanted), answer in zip(cases, given, strict=True):
            if answer != wanted:
                found.append(f"{name} makes {answer!r} of {address!r} for one who takes {accepted!r}, not {wanted!r}")
    return found


def _run_edge(code, requests):
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "edge.mjs"
        script.write_text(HARNESS % code)
        done = subprocess.run(["node", script, json.dumps(requests)], capture_output=True, text=True, timeout=60)
    if done.returncode != 0:
        return [f"an error: {done.stderr.strip().splitlines()[-1:]}"] * len(requests)
    return json.loads(done.stdout)
