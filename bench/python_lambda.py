"""The Python function that the api function is measured beside: the libraries of a function that values gold (pandas, XGBoost, boto3),
and GET /api/valuation read from S3. Its loop is that of Lambda's runtime API."""

import json
import os
import urllib.request

import boto3
import pandas  # noqa: F401  (the function whose start is measured needs both)
import xgboost  # noqa: F401

RUNTIME = f"http://{os.environ['AWS_LAMBDA_RUNTIME_API']}/2018-06-01/runtime/invocation"


def valuation(s3, bucket):
    """The snapshot of the run that is published."""
    read = lambda key: s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    run = json.loads(read("current.json"))["run_id"]
    return {"statusCode": 200, "headers": {"content-type": "application/json"}, "body": read(f"runs/{run}/snapshot.json").decode()}


def main():
    """Answers events until the process is ended."""
    s3 = boto3.client("s3")
    while True:
        with urllib.request.urlopen(f"{RUNTIME}/next") as event:
            request = event.headers["Lambda-Runtime-Aws-Request-Id"]
            event.read()
        answer = json.dumps(valuation(s3, os.environ["DATA_BUCKET"])).encode()
        urllib.request.urlopen(urllib.request.Request(f"{RUNTIME}/{request}/response", data=answer, method="POST")).close()


if __name__ == "__main__":
    main()
