"""The api function's cold start beside a Python function's that gives the same answer: from exec to the first answer, and peak memory.

    PYTHONPATH=infra python bench/cold.py LAKE --api BINARY --python INTERPRETER [--starts 30]

Both are driven through the same runtime API on loopback and read the same lake from moto's S3. What AWS adds to either (fetching the
code, starting the micro VM) is not in the figures. Prints one JSON object. Runs with the Python of the AWS stand-ins.
"""

import argparse
import json
import logging
import tempfile
from pathlib import Path
from statistics import median

from check.runtime import Ended, Function
from check.stack import EVENTS, deploy, moto
from check.template import ROOT, translated

HANDLER = Path(__file__).resolve().parent / "python_lambda.py"


def upload(stack, lake):
    """The lake's objects under their own keys, as a run on AWS leaves them."""
    s3, bucket = stack.client("s3"), stack.references["DataBucket"]
    for file in sorted(path for path in lake.rglob("*") if path.is_file()):
        s3.put_object(Bucket=bucket, Key=file.relative_to(lake).as_posix(), Body=file.read_bytes())


def started(name, program, environment, folder):
    """One start: seconds to the first answer, the most memory in MB, and the answer's body."""
    function = Function(name, program, environment, folder / f"{name}.log", timeout=120)
    try:
        answer = function.invoke(json.loads((EVENTS / "http-valuation.json").read_text())).json()
        if answer["statusCode"] != 200:
            raise SystemExit(f"{name} answered {answer}")
        return function.first_answer, function.peak(), json.loads(answer["body"])
    except Ended as ended:
        # The folder goes with this process.
        raise SystemExit(f"{ended}\n{function.log.read_text(errors='replace')[-4000:]}") from None
    finally:
        function.close()


def script(folder, interpreter):
    """The Python function as one file that can be started: what Lambda's own bootstrap is."""
    file = folder / "bootstrap"
    file.write_text(f'#!/bin/sh\nexec "{interpreter}" "{HANDLER}"\n')
    file.chmod(0o755)
    return file


def main():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("lake", type=Path)
    parser.add_argument("--api", type=Path, required=True)
    parser.add_argument("--python", type=Path, required=True)
    parser.add_argument("--starts", type=int, default=30)
    options = parser.parse_args()
    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory(prefix="assay-cold-") as place, moto() as endpoint:
        folder = Path(place)
        stack = deploy(translated(), endpoint)
        upload(stack, options.lake)
        environment = {
            **stack.environment("ApiFunction"),
            "AWS_ACCESS_KEY_ID": "stand-in", "AWS_SECRET_ACCESS_KEY": "stand-in", "AWS_ENDPOINT_URL": endpoint,
            "DATA_BUCKET": stack.references["DataBucket"],
        }
        programs = {"python": script(folder, options.python), "api": options.api.resolve()}
        seen = {name: [] for name in programs}
        # In turn, so that a busy moment of the machine hits both.
        for _ in range(options.starts):
            for name, program in programs.items():
                seen[name].append(started(name, program, environment, folder))
    bodies = [body for starts in seen.values() for _, _, body in starts]
    figures = {
        name: {"ms": round(1000 * median([seconds for seconds, _, _ in starts]), 1), "slowest_ms": round(1000 * max(seconds for seconds, _, _ in starts), 1),
               "peak_mb": round(median([peak for _, peak, _ in starts]), 1)}
        for name, starts in seen.items()
    }
    print(json.dumps({"starts": options.starts, **figures, "same": all(body == bodies[0] for body in bodies)}))


if __name__ == "__main__":
    main()
