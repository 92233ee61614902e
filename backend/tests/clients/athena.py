"""Clients of Athena, unchanged, against a server that AWS_ENDPOINT_URL names: athena.py EXPECTED.json

EXPECTED.json has the tables, and of every question the answer that `assay query --format json` prints. Each client must
list the tables and bring the same rows. One line of figures a client; a difference ends the script with a message.
"""

import datetime
import json
import math
import sys
import time

import awswrangler as wr
import boto3
from pyathena import connect
from pyathena.pandas.cursor import PandasCursor

DATABASE = "assay"
WORKGROUP = "primary"


def same(what, found, expected):
    if found != expected:
        sys.exit(f"{what}\n  found    {found!r}\n  expected {expected!r}")


def from_text(text, kind):
    """A value of GetQueryResults as `assay query` has it."""
    if text is None:
        return None
    if kind == "double":
        return float(text)
    if kind == "big_int":
        return int(text)
    if kind == "boolean":
        return {"true": True, "false": False}[text]
    if kind == "timestamp":
        return instant(datetime.datetime.fromisoformat(text))
    return text


def instant(at):
    milliseconds = at.microsecond // 1000
    fraction = f".{milliseconds:03}" if milliseconds else ""
    return at.strftime("%Y-%m-%dT%H:%M:%S") + fraction + "Z"


def from_python(value, kind):
    """A value of a Python client as `assay query` has it."""
    if value is None or value != value:
        return None
    if kind == "timestamp":
        return instant(value)
    if kind == "date":
        return value.isoformat()[:10]
    if kind == "big_int":
        same("a whole number", float(value).is_integer(), True)
        return int(value)
    if kind == "boolean":
        return bool(value)
    if kind == "double":
        return float(value) if math.isfinite(value) else None
    return value


def check(client, question, columns, rows):
    """Compares an answer with the expected one."""
    answer = question["answer"]
    name = f"{client}, {question['name']}"
    same(f"{name}: columns", list(columns), [column["name"] for column in answer["columns"]])
    same(f"{name}: number of rows", len(rows), len(answer["rows"]))
    for index, (found, expected) in enumerate(zip(rows, answer["rows"])):
        same(f"{name}: row {index}", found, expected)
    return len(rows)


def kinds(question):
    return [column["type"] for column in question["answer"]["columns"]]


def figures(client, tables, questions, rows):
    tables = f"{tables} tables, " if tables else ""
    print(f"{client}: {tables}{len(questions)} questions, {rows} rows")


def with_boto3(expected):
    athena = boto3.client("athena")
    pages = athena.get_paginator("list_table_metadata").paginate(
        CatalogName="AwsDataCatalog", DatabaseName=DATABASE, PaginationConfig={"PageSize": 5}
    )
    listed = {table["Name"]: table for page in pages for table in page["TableMetadataList"]}
    for table in expected["tables"]:
        described = listed.pop(table["name"])
        columns = described["Columns"] + described.get("PartitionKeys", [])
        names = [column["Name"] for column in columns]
        same(f"boto3, {table['name']}", names, [column["name"] for column in table["columns"]])
    same("boto3: tables that nobody expects", listed, {})
    glue = [table["Name"] for page in boto3.client("glue").get_paginator("get_tables").paginate(
        DatabaseName=DATABASE) for table in page["TableList"]]
    same("boto3, Glue's tables", sorted(glue), sorted(table["name"] for table in expected["tables"]))
    count = 0
    for question in expected["questions"]:
        count += check("boto3", question, *ask_boto3(athena, question))
    figures("boto3", len(glue), expected["questions"], count)


def ask_boto3(athena, question):
    started = athena.start_query_execution(
        QueryString=question["sql"], QueryExecutionContext={"Database": DATABASE}, WorkGroup=WORKGROUP
    )
    query_id = started["QueryExecutionId"]
    while True:
        execution = athena.get_query_execution(QueryExecutionId=query_id)["QueryExecution"]
        if execution["Status"]["State"] not in ("QUEUED", "RUNNING"):
            break
        time.sleep(0.02)
    same(f"boto3, {question['name']}: {execution['Status']}", execution["Status"]["State"], "SUCCEEDED")
    pages = athena.get_paginator("get_query_results").paginate(
        QueryExecutionId=query_id, PaginationConfig={"PageSize": 2}
    )
    rows = [
        [cell.get("VarCharValue") for cell in row["Data"]] for page in pages for row in page["ResultSet"]["Rows"]
    ]
    types = kinds(question)
    return rows[0], [[from_text(*cell) for cell in zip(row, types)] for row in rows[1:]]


def with_pyathena(expected):
    connection = connect(work_group=WORKGROUP, schema_name=DATABASE, poll_interval=0.02)
    cursor = connection.cursor()
    listed = sorted(row[0] for row in cursor.execute("SHOW TABLES").fetchall())
    same("PyAthena: tables", listed, sorted(table["name"] for table in expected["tables"]))
    described = cursor.list_table_metadata()
    same("PyAthena: metadata", sorted(table.name for table in described), listed)
    count = 0
    for question in expected["questions"]:
        cursor.execute(question["sql"])
        columns = [column[0] for column in cursor.description]
        types = kinds(question)
        rows = [[from_python(*cell) for cell in zip(row, types)] for row in cursor.fetchall()]
        count += check("PyAthena", question, columns, rows)
    bound = cursor.execute(
        "SELECT count(*) FROM model_results_latest WHERE date >= ? AND split = ?",
        ["DATE '2024-03-01'", "'test'"],
        paramstyle="qmark",
    )
    same("PyAthena: bound parameters", bound.fetchone(), (2,))
    figures("PyAthena", len(listed), expected["questions"], count)


def with_pandas_cursor(expected):
    connection = connect(
        work_group=WORKGROUP, schema_name=DATABASE, poll_interval=0.02, cursor_class=PandasCursor
    )
    count = 0
    for question in expected["questions"]:
        frame = connection.cursor().execute(question["sql"]).as_pandas()
        count += check("PyAthena pandas", question, frame.columns, from_frame(frame, question))
    figures("PyAthena pandas", 0, expected["questions"], count)


def from_frame(frame, question):
    types = kinds(question)
    records = frame.astype(object).where(frame.notna(), None).values.tolist()
    return [[from_python(*cell) for cell in zip(row, types)] for row in records]


def with_awswrangler(expected):
    tables = list(wr.catalog.get_tables(database=DATABASE))
    same("awswrangler: tables", len(tables), len(expected["tables"]))
    count = 0
    for question in expected["questions"]:
        frame = wr.athena.read_sql_query(
            question["sql"], database=DATABASE, workgroup=WORKGROUP, ctas_approach=False,
            athena_query_wait_polling_delay=0.02,
        )
        count += check("awswrangler", question, frame.columns, from_frame(frame, question))
    files = wr.s3.read_parquet("s3://assay-local/model-results/", dataset=True)
    same("awswrangler: rows of the files", len(files), 9)
    figures("awswrangler", len(tables), expected["questions"], count)


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        expected = json.load(file)
    with_boto3(expected)
    with_pyathena(expected)
    with_pandas_cursor(expected)
    with_awswrangler(expected)


main()
