"""Runs a process and says what it took; finds or starts the vendor that both sides ask."""

import contextlib
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent.parent / "scripts"))
from harness import ASSAY, ROOT, environment, require_binary, vendor  # noqa: E402  (the path comes first)

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


def measured(command, **settings):
    """Runs a command to its end. A code other than 0 ends the benchmark: a failure must not count as fast."""
    command = [str(part) for part in command]
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        began = time.perf_counter()
        process = subprocess.Popen(command, stdout=out, stderr=err, env=environment(**settings))
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
        return statistics.median(getattr(measure, field) for measure in measures)
    return Measure(middle("wall_seconds"), middle("cpu_seconds"), middle("peak_megabytes"), measures[-1].said)


@contextlib.contextmanager
def asked_vendor():
    """The address of a vendor and the day it stands at: a given one, or the synthetic market for as long as this lasts."""
    if url := os.environ.get("BENCH_VENDOR_URL"):
        yield url.rstrip("/"), os.environ.get("BENCH_TODAY", SYNTHETIC_TODAY)
        return
    with vendor(SYNTHETIC_TODAY) as url:
        yield url, SYNTHETIC_TODAY


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
