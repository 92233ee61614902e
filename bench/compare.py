"""Whether both sides did the same job: a faster answer to another question is no answer."""

import csv
import math
from dataclasses import dataclass


@dataclass
class Check:
    """Whether both agree, and in words."""

    holds: bool
    text: str


def read(path):
    """A CSV as {date: {column: value}}."""
    with path.open(newline="") as file:
        return {row.pop("date"): {name: float(value) for name, value in row.items()} for row in csv.DictReader(file)}


def relative(a, b):
    """How far apart two numbers are, relative to the larger."""
    return abs(a - b) / max(abs(a), abs(b), 1e-300)


def root_mean_square(values):
    """Root of the mean of squares."""
    return math.sqrt(sum(value * value for value in values) / len(values))


def compare_tables(theirs, ours):
    """The dataset to 1e-9, relative. The error of the valuation on the test rows to 2 %: the two scale features in
    different precision, which moves the histograms' bins."""
    left, right = read(theirs / "complete_dataset.csv"), read(ours / "complete_dataset.csv")
    if left.keys() != right.keys():
        return Check(False, f"DIFFERENT ROWS: {len(left)} and {len(right)}")
    if list(next(iter(left.values()))) != list(next(iter(right.values()))):
        return Check(False, "DIFFERENT COLUMNS")
    furthest = max(relative(left[day][name], right[day][name]) for day in left for name in left[day])
    errors = [root_mean_square([row["Error"] for row in read(side / "results.csv").values()]) for side in (theirs, ours)]
    holds = furthest <= 1e-9 and relative(*errors) <= 0.02
    text = f"dataset to {furthest:.0e}, RMSE {errors[0]:.4f} and {errors[1]:.4f}"
    return Check(holds, text if holds else f"DIFFERENT: {text}")


def compare_searches(theirs, ours):
    """The same winner, and its mean RMSE to 1e-3."""
    same = {name: float(value) for name, value in theirs["winner"].items()} == {
        name: float(value) for name, value in ours["winner"].items() if name in theirs["winner"]}
    scores = [theirs["searches"][-1]["mean_rmse"], ours["mean_rmse"]]
    holds = same and abs(scores[0] - scores[1]) <= 1e-3
    text = f"winner {theirs['winner']}, mean RMSE {scores[0]:.4f} and {scores[1]:.4f}"
    return Check(holds, text if holds else f"DIFFERENT: {text}, ours {ours['winner']}")


def compare_walks(theirs, ours):
    """As many fits on as many rows; the skill to 0.01, for the trees draw their rows by another generator's order."""
    same = theirs["fits"] == ours["fits"] and theirs["rows"] == ours["rows"]
    holds = same and abs(theirs["skill"] - ours["skill"]) < 0.01
    return Check(holds, f"{theirs['fits']} and {ours['fits']} fits, skill {theirs['skill']:.3f} and {ours['skill']:.3f}")
