"""Runs the checks one after the other and says what each found. `scripts/deploy-check` calls it."""

import argparse
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

from . import agreement, calls, operations, planted, policies, smoke, stack
from .template import TEMPLATE, LeftOut, source, translated


def lint(_):
    """cfn-lint on the template as it is written, with every rule that is on by default, warnings counting."""
    cfn_lint = Path(sys.executable).with_name("cfn-lint")
    text = TEMPLATE.read_text()
    if "cfn-lint" in text:
        return ["the template switches rules of cfn-lint off"]
    done = subprocess.run([cfn_lint, "--", TEMPLATE], cwd="/", capture_output=True, text=True)
    return [] if done.returncode == 0 else (done.stdout + done.stderr).strip().splitlines()


def translation(template):
    """SAM's translation, which the other checks look at; nothing of SAM may be left."""
    left = [name for name, resource in template["Resources"].items() if resource["Type"].startswith("AWS::Serverless::")]
    return [f"{name} was not translated" for name in left]


def grants(template):
    text, missing = policies.listing(template)
    found = policies.faults(template) + missing
    if not policies.LISTING.exists() or policies.LISTING.read_text() != text:
        found.append("iam.md is not what the template grants: run `scripts/deploy-check --write`")
    return found


CHECKS = {
    "lint": lint,
    "translation": translation,
    "grants": grants,
    "calls": calls.faults,
    "settings": calls.setting_faults,
    "metrics": calls.metric_faults,
    "headers": agreement.header_faults,
    "routes": agreement.route_faults,
    "tables": agreement.table_faults,
    "keys": agreement.key_faults,
    "edge": lambda _: agreement.edge_faults(source()),
    "planted": planted.faults,
    "stack": stack.faults,
}

# What takes minutes: the scripts of operation, and a weekday through the three programs.
SLOW = {
    "operations": operations.faults,
    "smoke": smoke.faults,
}


def write():
    """Brings the generated parts up to date."""
    TEMPLATE.write_text(agreement.with_tables(TEMPLATE.read_text()))
    text, _ = policies.listing(translated())
    policies.LISTING.write_text(text)
    print(f"wrote the tables of {TEMPLATE.name} and {policies.LISTING.name}")


def vendor(text):
    day, _, address = text.partition("=")
    if not address.startswith("http://127.0.0.1:"):
        raise argparse.ArgumentTypeError("write DAY=http://127.0.0.1:PORT: a check reaches nobody else")
    return date.fromisoformat(day).isoformat(), address


def main():
    parser = argparse.ArgumentParser(prog="scripts/deploy-check", description=__doc__)
    parser.add_argument("--write", action="store_true", help="bring the template's tables and iam.md up to date")
    parser.add_argument("--all", action="store_true", help="the slow checks, too: scripts of operation, a weekday's run")
    parser.add_argument("--only", choices=[*CHECKS, *SLOW], action="append", help="one check, or several")
    parser.add_argument("--vendors", metavar="DAY=URL", type=vendor, action="append", default=[], help="smoke: ask this stand-in of the vendors on that day")
    arguments = parser.parse_args()
    if arguments.write:
        write()
    template = translated()
    checks = {**CHECKS, **SLOW, "smoke": lambda template: smoke.faults(template, arguments.vendors)}
    wanted = arguments.only or [*CHECKS, *(SLOW if arguments.all else [])]
    failed = 0
    for name in wanted:
        began = time.monotonic()
        try:
            found = checks[name](template)
        except LeftOut as why:
            print(f"deploy-check: {name}: left out ({why})", flush=True)
            continue
        failed += bool(found)
        print(f"deploy-check: {name}: {'failed' if found else 'ok'} ({time.monotonic() - began:.1f} s)", flush=True)
        for fault in found:
            print(f"  {fault}", flush=True)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
