"""The Python side of the walk-forward: both members fitted anew every month on a dataset that Assay assembled.

    python bench/walk.py DATASET.csv --preset PRESET.toml [--study]

Prints one JSON object: seconds without reading the file, fits, and the skill of the combination. `--study` grows the trees as
the study behind the preset does (128 bins, rate 0.03, 300 rounds) instead of as the preset says.
"""

import argparse
import csv
import json
import os
import time
import tomllib
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np  # noqa: E402  (the threads come first)
import xgboost  # noqa: E402

PENALTIES = (1, 3, 10, 30, 100, 300, 1000)
STUDY = {"max_bin": 128, "learning_rate": 0.03, "n_estimators": 300}


def read(path, preset):
    """Months, the linear member's and the trees' features, volatility and return, row by row."""
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    column = {name: np.array([float(row[name]) if row[name] else np.nan for row in rows]) for name in rows[0] if name != "date"}
    drivers = [driver["name"] for driver in preset["driver"]]
    own = [feature for feature in preset["feature"] if not feature.get("hidden")]
    of_role = lambda role: [feature["name"] for feature in own if feature.get("role", "trees") == role]
    trees = [name + lag for name in drivers for lag in ("", "_lag1")] + of_role("trees")
    linear = [name + "_scaled" + lag for name in drivers for lag in ("", "_lag1")] + of_role("linear")
    stack = lambda names: np.column_stack([column[name] for name in names])
    (volatility,) = of_role("volatility")
    return [row["date"] for row in rows], stack(linear), stack(trees), column[volatility], column["target"] / 100


class Ridge:
    """Standardised ridge whose penalty is the best of five expanding validations."""

    def __init__(self, features, target, weights):
        weights = weights / weights.mean()
        self.mean = np.average(features, axis=0, weights=weights)
        self.deviation = np.sqrt(np.average((features - self.mean) ** 2, axis=0, weights=weights)) + 1e-12
        self.intercept = np.average(target, weights=weights)
        z, y = self.standardise(features), target - self.intercept
        size = len(y) // 6
        errors = np.zeros(len(PENALTIES))
        for fold in range(1, 6):
            known, next_part = slice(0, fold * size), slice(fold * size, (fold + 1) * size)
            solved = self.solve(z[known], y[known], weights[known], PENALTIES)
            errors += [np.mean((y[next_part] - z[next_part] @ b) ** 2) for b in solved]
        (self.coefficients,) = self.solve(z, y, weights, [PENALTIES[int(errors.argmin())]])

    def standardise(self, features):
        return np.clip((features - self.mean) / self.deviation, -8, 8)

    @staticmethod
    def solve(z, y, weights, penalties):
        values, vectors = np.linalg.eigh((z * weights[:, None]).T @ z)
        moments = vectors.T @ (z.T @ (weights * y))
        return [vectors @ (moments / (values + penalty)) for penalty in penalties]

    def predict(self, features):
        return self.intercept + self.standardise(features) @ self.coefficients


def grow(features, target, parameters, seed):
    """Trees on percent returns, one thread."""
    settings = {**parameters, "objective": "reg:squarederror", "tree_method": "hist", "nthread": 1, "seed": seed, "verbosity": 0}
    rounds = int(settings.pop("n_estimators"))
    for name in ("max_bin", "max_depth"):
        settings[name] = int(settings[name])
    data = xgboost.QuantileDMatrix(features, 100 * target, max_bin=settings["max_bin"], nthread=1)
    return xgboost.train(settings, data, rounds)


def walk(dates, linear, trees, volatility, returns, plan, parameters, seed):
    """The combined forecast by row, NaN before the first fit, and how often both were fitted."""
    good_linear = np.isfinite(linear).all(1) & np.isfinite(volatility) & np.isfinite(returns)
    good_trees = np.isfinite(trees).all(1) & np.isfinite(returns)
    combined, fits = np.full(len(dates), np.nan), 0
    start = next(row for row, day in enumerate(dates) if day >= plan.get("first", ""))
    months = [date[:7] for date in dates]
    for first in (row for row in range(start, len(dates)) if row == start or months[row] != months[row - 1]):
        rows = [row for row in range(first, len(dates)) if months[row] == months[first]]
        known, seen = np.where(good_linear[:first])[0], np.where(good_trees[:first])[0]
        if min(len(known), len(seen)) < plan["min_rows"]:
            continue
        fits += 1
        member = Ridge(linear[known], returns[known] / volatility[known], 0.5 ** ((first - known) / plan["half_life"]))
        forest = grow(trees[seen], returns[seen], parameters, seed)
        one = member.predict(linear[rows]) * volatility[rows]
        two = forest.inplace_predict(trees[rows]) / 100
        limit = np.abs(member.predict(linear[known]) * volatility[known]).max()
        combined[rows] = np.where(np.abs(one) > limit, one, (one + two) / 2)
    return combined, fits


def main():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("dataset", type=Path)
    parser.add_argument("--preset", type=Path, required=True)
    parser.add_argument("--study", action="store_true")
    options = parser.parse_args()
    preset = tomllib.loads(options.preset.read_text())
    train = preset["train"]
    parameters = {**train["fixed"], **{axis: values[0] for search in train["grids"]["deployed"]["searches"] for axis, values in search.items()}}
    if options.study:
        parameters.update(STUDY)
    data = read(options.dataset, preset)
    began = time.perf_counter()
    combined, fits = walk(*data, train["walk_forward"], parameters, train["seed"])
    seconds = time.perf_counter() - began
    known = np.isfinite(combined) & np.isfinite(data[4])
    skill = 1 - np.mean((data[4] - combined)[known] ** 2) / np.mean(data[4][known] ** 2)
    print(json.dumps({"seconds": seconds, "fits": fits, "rows": int(known.sum()), "skill": skill}))


if __name__ == "__main__":
    main()
