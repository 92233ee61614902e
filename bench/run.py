"""Assay against Python: the same jobs on the same input in one run. `make bench` calls this.

    python bench/run.py [--only pipeline,search,walk,questions,page,cloud] [--repeats 5] [--full-search] [--json FILE]

Both sides take turns, so that a busy moment of the machine hits both; of several repeats the median counts. By itself it needs the
release build and `. scripts/env.sh`; the functions of `cloud` it builds, as they are deployed.
BENCH_VENDOR_URL and BENCH_TODAY measure on another vendor's answers than the synthetic market's.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

from compare import Check, compare_searches, compare_tables, compare_walks
from measure import ASSAY, ROOT, asked_vendor, cpu_name, machine, median, measured, require_binary

CLASSIC = ROOT / "bench" / "classic.py"
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
# Not where scripts/deploy looks: these are for this machine's processor.
PACKED = TARGET / "functions-bench"
OVER_A_LIMIT = 3

# A part of the preset's full grids that keeps their shape: shallow and deep trees, slow and fast learning. An axis that is not
# named is searched whole, and those are all along which Assay shares trainings (n_estimators, gamma): cut shorter, the part would
# not say how much is shared in the whole.
CUT = {
    "max_depth": [1, 3, 10],
    "learning_rate": [0.03, 0.3],
    "colsample_bytree": [0.4, 0.9],
    "colsample_bylevel": [0.4, 0.9],
    "min_child_weight": [1, 10, 100],
    "reg_alpha": [0.1],
}


def python(*arguments):
    """Measures the Python side; one thread is its fastest setting here."""
    return measured([sys.executable, CLASSIC, *arguments], OMP_NUM_THREADS="1")


def example(name, *arguments, **settings):
    """Measures one of Assay's examples; `make bench` builds them beforehand."""
    return measured([TARGET / "release" / "examples" / name, *arguments], **settings)


def assay_environment(home, url, today):
    """The settings that make Assay ask the same vendor, without pacing that a local one does not need."""
    return {
        "ASSAY_HOME": str(home), "ASSAY_TODAY": today,
        "ASSAY_ALPHAVANTAGE_URL": url, "ASSAY_ALPHAVANTAGE_KEY": "BENCHKEY00000001",
        "ASSAY_ALPHAVANTAGE_PLAN": "premium:60000",
        "ASSAY_FRED_URL": url, "ASSAY_FRED_KEY": "0" * 32,
    }


def pipeline(work, url, today, repeats):
    """Vendors' answers to published tables, from an empty lake each time."""
    theirs, ours = [], []
    for number in range(repeats):
        home = work / f"lake-{number}"
        theirs.append(python("run", "--vendor", url, "--today", today, "--out", work / "python"))
        settings = assay_environment(home, url, today)
        ours.append(measured([ASSAY, "run", "--preset", "classic", "--grid", "deployed", "--json"], **settings))
        print(f"  {number + 1}/{repeats}: Python {theirs[-1]}, Assay {ours[-1]}", flush=True)
    measured([ASSAY, "export", "classic", work / "assay"], **settings)
    return {
        "python": median(theirs), "assay": median(ours), "repeats": repeats,
        "check": compare_tables(work / "python", work / "assay"), "home": str(home), "settings": settings,
    }


def search(work, url, today, full):
    """Both searches of the preset's full grid, or the cut of them, on the dataset that Python assembled."""
    dataset = work / "python" / "complete_dataset.csv"
    if not dataset.exists():
        python("run", "--vendor", url, "--today", today, "--out", work / "python")
    preset = tomllib.loads((ROOT / "backend" / "presets" / "classic.toml").read_text())
    cut = {} if full else CUT
    grids = [{axis: cut.get(axis, values) for axis, values in grid.items()}
             for grid in preset["train"]["grids"]["full"]["searches"]]
    (work / "searches.json").write_text(json.dumps(grids))
    axes = [f"{number}.{axis}={','.join(map(str, values))}"
            for number, grid in enumerate(grids, 1) for axis, values in grid.items()]
    ours = example("bench_search", dataset, "classic", "full", *axes)
    print(f"  Assay {ours}", flush=True)
    theirs = python("search", "--dataset", dataset, "--searches", work / "searches.json", "--jobs", str(os.cpu_count()))
    print(f"  Python {theirs}", flush=True)
    return {"python": theirs, "assay": ours, "repeats": 1, "check": compare_searches(theirs.said, ours.said)}


def walk(work, settings, repeats):
    """The whole monthly walk-forward of `study` on one core, on the dataset that Assay assembled. Python walks twice: with the
    preset's trees, and with the larger ones of the study behind it."""
    preset = ROOT / "backend" / "presets" / "study.toml"
    dataset = work / "study.csv"
    measured([ASSAY, "extract", "--preset", "study"], **settings)
    measured([ASSAY, "assemble", "--preset", "study", "--out", dataset], **settings)
    ours, same, larger = [], [], []
    walk_in_python = [sys.executable, ROOT / "bench" / "walk.py", dataset, "--preset", preset]
    for number in range(repeats):
        ours.append(example("bench_walk", "study", "1", **settings))
        same.append(measured(walk_in_python, OMP_NUM_THREADS="1"))
        larger.append(measured([*walk_in_python, "--study"], OMP_NUM_THREADS="1"))
        print(f"  {number + 1}/{repeats}: Python {same[-1].said}, as in the study {larger[-1].said}, Assay {ours[-1].said}", flush=True)
    seconds = lambda runs: sorted(run.said["seconds"] for run in runs)[len(runs) // 2]
    check = compare_walks(same[-1].said, ours[-1].said)
    return {"assay": seconds(ours), "same": seconds(same), "study": seconds(larger), "check": check}


def questions(settings):
    """The named questions on the lake that the pipeline just published."""
    return example("bench_query", **settings).said


def page(work):
    """The page's bytes, Lighthouse's marks, the slowest press, the time of a what-if and the frames of a chart that is dragged, as a
    newcomer sees it: `fair` on today's synthetic market. Older data would come with a warning above the answer."""
    home = str(work / "page")
    measured([ASSAY, "run"], ASSAY_HOME=home)
    return measured(["node", ROOT / "bench" / "page.mjs"], ASSAY_HOME=home, ASSAY_BIN=str(ASSAY)).said


def build_functions():
    """Packs the functions as they are deployed, but for this machine's processor; gives whether each zip is within its limit."""
    if "ASSAY_TOOLS" not in os.environ:
        sys.exit("the functions need `. scripts/env.sh` first")
    print("cloud: building the functions", flush=True)
    shutil.rmtree(PACKED, ignore_errors=True)
    arch = {"aarch64": "arm64"}.get(os.uname().machine, os.uname().machine)
    command = [ROOT / "scripts" / "package", "--arch", arch, "--to", PACKED, "--within-limits"]
    code = subprocess.run(command).returncode
    if code not in (0, OVER_A_LIMIT):
        sys.exit("the functions were not packed, scripts/package says why above")
    return code == 0


def cloud(settings, starts, fits):
    """The sizes of the functions' zips, and the api function's cold start beside a Python function's."""
    sizes = {file.name: file.stat().st_size for file in sorted(PACKED.glob("*.zip"))}
    lake = Path(settings["ASSAY_HOME"]) / "lake"
    # The Python of the stand-ins drives both; the api starts as it is packed.
    command = [Path(os.environ["ASSAY_TOOLS"]) / "cloud" / "bin" / "python", ROOT / "bench" / "cold.py", lake]
    options = ["--api", PACKED / "api" / "bootstrap", "--python", sys.executable, "--starts", starts]
    said = measured([*command, *options], PYTHONPATH=str(ROOT / "infra")).said
    same = said["same"]
    text = f"{starts} starts in turn, {'same' if same else 'DIFFERENT'} answers, zips {'within the limits' if fits else 'OVER THE LIMIT'}"
    return {"zips": sizes, **said, "check": Check(fits and same, text)}


def report_cloud(result):
    """The zips' sizes, and the two functions side by side."""
    theirs, ours = result["python"], result["api"]
    for what, unit, key in (("exec to first answer", "ms", "ms"), ("peak memory", "MB", "peak_mb")):
        left, right = f"{theirs[key]:.0f} {unit}", f"{ours[key]:.0f} {unit}"
        print(f"{'api function, ' + what:<34}{left:>12}{right:>12}{theirs[key] / ours[key]:>8.1f}×  {result['check'].text}")
    for name, size in result["zips"].items():
        print(f"{name:<34}{'':>12}{size / 1e6:>9.2f} MB")


def report(results):
    """The table that a reader wants, and whether every check held."""
    print(f"\n{machine()}\n")
    print(f"{'job':<34}{'Python':>12}{'Assay':>12}{'ratio':>9}  check")
    for name, result in results.items():
        if name == "walk":
            for label, key in (("walk-forward, the same trees", "same"), ("walk-forward, the study's trees", "study")):
                left, right = f"{result[key]:.2f} s", f"{result['assay']:.2f} s"
                print(f"{label:<34}{left:>12}{right:>12}{result[key] / result['assay']:>8.1f}×  {result['check'].text}")
            continue
        if name == "page":
            print(json.dumps(result, indent=1))
            continue
        if name == "cloud":
            report_cloud(result)
            continue
        if name == "questions":
            for question, figures in result["questions"].items():
                print(f"{question + ', p95':<34}{'':>12}{figures['p95_ms']:>9.1f} ms")
            continue
        theirs, ours = result["python"], result["assay"]
        rows = [("wall", "s", theirs.wall_seconds, ours.wall_seconds)]
        if name == "pipeline":
            rows.append(("CPU", "s", theirs.cpu_seconds, ours.cpu_seconds))
            rows.append(("peak memory", "MB", theirs.peak_megabytes, ours.peak_megabytes))
        else:
            # Without starting up and reading the file.
            rows = [("both in turn", "s", theirs.said["seconds"], ours.said["seconds"])]
        for what, unit, a, b in rows:
            left, right = f"{a:.2f} {unit}", f"{b:.2f} {unit}"
            print(f"{name + ', ' + what:<34}{left:>12}{right:>12}{a / b:>8.1f}×  {result['check'].text}")
    return all(result["check"].holds for name, result in results.items() if "check" in result)


def main():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", default="pipeline,search,walk,questions,page,cloud")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--starts", type=int, default=30, help="cold starts of each function")
    parser.add_argument("--full-search", action="store_true", help="the whole grids: about a quarter of an hour")
    parser.add_argument("--json", type=Path, help="also write the figures there")
    options = parser.parse_args()
    jobs = options.only.split(",")
    require_binary()
    if "cloud" in jobs:
        # First: what cannot be built is known before minutes of measuring.
        within_limits = build_functions()
    results = {}
    with tempfile.TemporaryDirectory(prefix="assay-bench-") as folder, asked_vendor() as (url, today):
        work = Path(folder)
        if set(jobs) - {"search", "page"}:
            print("pipeline: vendors' answers to published tables", flush=True)
            results["pipeline"] = pipeline(work, url, today, options.repeats)
        if "search" in jobs:
            print("search: this takes minutes", flush=True)
            results["search"] = search(work, url, today, options.full_search)
        if "walk" in jobs:
            print("walk-forward: monthly, one core", flush=True)
            results["walk"] = walk(work, results["pipeline"]["settings"], min(options.repeats, 3))
        if "questions" in jobs:
            results["questions"] = questions(results["pipeline"]["settings"])
        if "page" in jobs:
            results["page"] = page(work)
        if "cloud" in jobs:
            print("cloud: zips, and cold starts on stand-ins", flush=True)
            results["cloud"] = cloud(results["pipeline"]["settings"], options.starts, within_limits)
    good = report(results)
    if options.json:
        options.json.write_text(json.dumps({"cpu": cpu_name(), "results": results}, default=vars, indent=1) + "\n")
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
