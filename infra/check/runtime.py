"""A small Lambda: the runtime API on loopback, a binary behind it, and what Lambda does with an event that fails."""

import contextlib
import json
import os
import queue
import subprocess
import threading
import time
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from .template import ACCOUNT, REGION

PREFIX = "/2018-06-01/runtime"


class Ended(Exception):
    """The binary ended, or said that it could not start."""


class Answer:
    """What one invocation came to."""

    def __init__(self, failed, body, seconds):
        self.failed = failed
        self.body = body
        self.seconds = seconds

    def json(self):
        return json.loads(self.body)


class Function:
    """A running binary that is invoked through the runtime API, one event at a time as Lambda does."""

    def __init__(self, name, binary, environment, log, timeout):
        self.name, self.timeout, self.log = name, timeout, log
        self.waiting = queue.Queue()
        self.answers = queue.Queue()
        self.began = time.monotonic()
        self.first_answer = None
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        given = {
            **environment,
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "3538",
            "AWS_LAMBDA_FUNCTION_NAME": name,
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_LOG_GROUP_NAME": f"/assay/{name}",
            "AWS_LAMBDA_LOG_STREAM_NAME": "stand-in",
            "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{self.server.server_address[1]}",
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "LAMBDA_TASK_ROOT": str(binary.parent),
            "PATH": os.environ["PATH"],
            "_HANDLER": "bootstrap",
        }
        self.output = open(log, "ab")
        self.process = subprocess.Popen([str(binary)], env=given, cwd=log.parent, stdout=self.output, stderr=subprocess.STDOUT)
        # A binary that ends answers nothing any more: whoever waits is told.
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self):
        code = self.process.wait()
        self.answers.put(Ended(f"{self.name} ended with {code}: see {self.log}"))

    def invoke(self, event):
        """Hands an event over and waits for what becomes of it."""
        began = time.monotonic()
        self.waiting.put((str(uuid.uuid4()), json.dumps(event).encode()))
        try:
            answer = self.answers.get(timeout=self.timeout)
        except queue.Empty:
            raise Ended(f"{self.name} took longer than {self.timeout} s: see {self.log}") from None
        if isinstance(answer, Ended):
            raise answer
        failed, body = answer
        if self.first_answer is None:
            self.first_answer = time.monotonic() - self.began
        return Answer(failed, body, time.monotonic() - began)

    def peak(self):
        """The most memory that the process has had so far, in MB."""
        with contextlib.suppress(OSError, StopIteration):
            lines = open(f"/proc/{self.process.pid}/status").read().splitlines()
            return int(next(line for line in lines if line.startswith("VmHWM:")).split()[1]) / 1024
        return None

    def close(self):
        self.process.kill()
        self.process.wait()
        self.server.shutdown()
        self.server.server_close()
        self.output.close()

    def _handler(self):
        function = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                if self.path != f"{PREFIX}/invocation/next":
                    return self._say(404, b"{}")
                request, event = function.waiting.get()
                headers = {
                    "Content-Type": "application/json",
                    "Lambda-Runtime-Aws-Request-Id": request,
                    "Lambda-Runtime-Deadline-Ms": str(int((time.time() + function.timeout) * 1000)),
                    "Lambda-Runtime-Invoked-Function-Arn": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{function.name}",
                    "Lambda-Runtime-Trace-Id": "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=0",
                }
                return self._say(200, event, headers)

            def do_POST(self):
                body = self._body()
                self._say(202, b'{"status":"OK"}')
                if self.path == f"{PREFIX}/init/error":
                    function.answers.put(Ended(f"{function.name} could not start: {body.decode(errors='replace')}"))
                elif self.path.endswith("/response"):
                    function.answers.put((False, body))
                elif self.path.endswith("/error"):
                    function.answers.put((True, body))

            def _body(self):
                if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
                    return self.rfile.read(int(self.headers.get("Content-Length", 0)))
                parts = []
                while size := int(self.rfile.readline().split(b";")[0], 16):
                    parts.append(self.rfile.read(size))
                    self.rfile.readline()
                self.rfile.readline()
                return b"".join(parts)

            def _say(self, status, body, headers=None):
                self.send_response(status)
                for name, value in (headers or {}).items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                with contextlib.suppress(BrokenPipeError):
                    self.wfile.write(body)

            def log_message(self, *_):
                pass

        return Handler


def metrics(log):
    """The sums of the metrics that a function wrote as lines of CloudWatch's embedded format, by name."""
    sums = {}
    for line in log.read_text(errors="replace").splitlines():
        with contextlib.suppress(json.JSONDecodeError, TypeError, KeyError):
            written = json.loads(line)
            for directive in written["_aws"]["CloudWatchMetrics"]:
                for metric in directive["Metrics"]:
                    sums[metric["Name"]] = sums.get(metric["Name"], 0) + written[metric["Name"]]
    return sums
