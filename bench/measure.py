"""Runs a process and says what it took; starts the vendor that both sides ask."""

import contextlib
import json
import os
import platform
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

# A day with data on both sides; the synthetic market needs no real one.
SYNTHETIC_TODAY = "2024-09-23"


@dataclass
class Measure:
    """What one process took, and the JSON object that it printed."""

    wall_seconds: float
    cpu_seconds: float
    peak_megabytes: float
    said: dict

    def __str__(self):
        return f"{self.wall_seconds:.2f} s, {self.peak_megabytes:.0f} MB"


def measured(command, **environment):
    """Runs a command to its end. A code other than 0 ends the benchmark: a failure must not count as fast."""
    command = [str(part) for part in command]
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        began = time.perf_counter()
        process = subprocess.Popen(command, stdout=out, stderr=err, env={**os.environ, **environment})
        # wait4 tells the resources of this one process, children that it waited for included.
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        out.seek(0)
        err.seek(0)
        code = os.waitstatus_to_exitcode(status)
        if code != 0:
            sys.exit(f"{' '.join(command)}\nended with {code}:\n{err.read().decode()[-4000:]}")
        said = out.read().decode().strip()
    return Measure(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, json.loads(said) if said[:1] == "{" else {})


def median(measures):
    """Each figure's median over the repeats."""
    def middle(field):
        values = sorted(getattr(measure, field) for measure in measures)
        return (values[(len(values) - 1) // 2] + values[len(values) // 2]) / 2
    return Measure(middle("wall_seconds"), middle("cpu_seconds"), middle("peak_megabytes"), measures[-1].said)


def free_port():
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_for(port, process, seconds=30):
    """Waits until somebody listens."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.poll() is not None:
            sys.exit(f"the vendor stand-in ended with {process.returncode} before it listened")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    sys.exit("the vendor stand-in did not listen in time")


@contextlib.contextmanager
def vendor(assay):
    """The address of a vendor and the day it stands at: a given one, or the synthetic market for as long as this lasts."""
    if url := os.environ.get("BENCH_VENDOR_URL"):
        yield url.rstrip("/"), os.environ.get("BENCH_TODAY", SYNTHETIC_TODAY)
        return
    port = free_port()
    environment = {**os.environ, "ASSAY_TODAY": SYNTHETIC_TODAY}
    process = subprocess.Popen([assay, "market", "--port", str(port)], env=environment, stdout=subprocess.DEVNULL)
    try:
        wait_for(port, process)
        yield f"http://127.0.0.1:{port}", SYNTHETIC_TODAY
    finally:
        process.terminate()
        process.wait()


def cpu_name():
    """The processor's name."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def machine():
    """One line on what this was measured on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = os.getloadavg()[0]
    return (f"{cpu_name()}, {os.cpu_count()} cores, {memory:.0f} GB, {platform.system()} {platform.release()}, "
            f"Python {platform.python_version()}, load {load:.1f} at the end")
