"""The classic job as one writes it in Python: the yardstick for Assay's `classic` preset.

    python classic.py run --vendor URL --today 2024-09-23 --out DIR
    python classic.py search --dataset DIR/complete_dataset.csv --searches FILE --jobs 2

Both print one JSON object. Grids come from backend/presets/classic.toml, so that both sides search the same.
It keeps opening prices only, which is all that the model needs: less work than the original does, in Python's favour.
"""

import argparse
import json
import time
import tomllib
import urllib.parse
import urllib.request
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.model_selection import GridSearchCV, TimeSeriesSplit
from sklearn.preprocessing import StandardScaler
from xgboost import XGBRegressor

PRESET = Path(__file__).parent.parent / "backend" / "presets" / "classic.toml"
TARGET, EMA = "gold open", "gold EMA_30"
CALENDAR_START = "2000-01-01"
TEST_ROWS, FOLDS = 300, 11

# Column, vendor, code; in the order of the columns.
SERIES = [
    ("sp500 open", "bars", "SPY"),
    ("nasdaq open", "bars", "QQQ"),
    ("us_rates_%", "macro", "FEDERAL_FUNDS_RATE"),
    ("CPI", "fred", "CPIAUCSL"),
    ("usd_chf", "fred", "DEXSZUS"),
    ("eur_usd", "fred", "DEXUSEU"),
    ("GDP", "fred", "GDP"),
    ("silver open", "bars", "SIVR"),
    ("oil open", "bars", "USO"),
    ("platinum open", "bars", "PPLT"),
    ("palladium open", "bars", "PALL"),
    (TARGET, "bars", "GLD"),
]


def get(url, path, **parameters):
    """The JSON that a vendor answers."""
    with urllib.request.urlopen(f"{url}{path}?{urllib.parse.urlencode(parameters)}", timeout=60) as answer:
        return json.load(answer)


def fetch(url, today, vendor, code):
    """One series, indexed by reference date, oldest first."""
    if vendor == "fred":
        rows = get(url, "/fred/series/observations", series_id=code, api_key="0" * 32, file_type="json",
                   observation_start=CALENDAR_START, observation_end=today)["observations"]
    elif vendor == "macro":
        rows = get(url, "/query", function=code, apikey="BENCH")["data"]
    else:
        bars = get(url, "/query", function="TIME_SERIES_DAILY", symbol=code, outputsize="full", apikey="BENCH")
        rows = [{"date": day, "value": bar["1. open"]} for day, bar in bars["Time Series (Daily)"].items()]
    values = pd.to_numeric(pd.Series([row["value"] for row in rows]), errors="coerce").to_numpy()
    return pd.Series(values, pd.DatetimeIndex([row["date"] for row in rows])).sort_index()


def assemble(url, today):
    """Every series on the calendar, carried forward; weekdays of the common range; target last."""
    calendar = pd.date_range(CALENDAR_START, today)
    columns = {}
    for name, vendor, code in SERIES:
        series = fetch(url, today, vendor, code)
        columns[name] = series.reindex(series.index.union(calendar)).ffill().reindex(calendar)
    table = pd.DataFrame(columns)
    price = table.pop(TARGET)
    # From the first price on: leading gaps would not change the mean, but the original has none.
    table[EMA] = price.dropna().ewm(span=30).mean()
    table[TARGET] = price
    first = max(table[name].first_valid_index() for name in table)
    table = table.loc[first:]
    return table[table.index.day_of_week < 5]


def search(x, y, grid, fixed, jobs):
    """One exhaustive search. A thread for each fit: on data of this size more threads are slower."""
    model = XGBRegressor(objective="reg:squarederror", n_jobs=1, **fixed)
    folds = TimeSeriesSplit(n_splits=FOLDS)
    return GridSearchCV(model, grid, scoring="neg_root_mean_squared_error", cv=folds, n_jobs=jobs).fit(x, y)


def rmse(difference):
    """Root of the mean of squares."""
    return float(np.sqrt(np.mean(np.square(difference))))


def grid_of(name):
    """A grid of the preset: its searches, and whether it scales the features."""
    grid = tomllib.loads(PRESET.read_text())["train"]["grids"][name]
    return grid["searches"], grid.get("scale", False)


def run(options):
    """The daily job: vendors' answers to two tables."""
    began = time.perf_counter()
    table = assemble(options.vendor, options.today)
    extracted = time.perf_counter()
    train, test = table.iloc[:-TEST_ROWS], table.iloc[-TEST_ROWS:]
    x_train, x_test = train.drop(columns=TARGET).to_numpy(), test.drop(columns=TARGET).to_numpy()
    (grid,), scale = grid_of("deployed")
    if scale:
        scaler = StandardScaler().fit(x_train)
        x_train, x_test = scaler.transform(x_train), scaler.transform(x_test)
    found = search(x_train, train[TARGET].to_numpy(), grid, {}, 1)
    raw = found.predict(x_test)
    inside = test[TARGET].between(train[TARGET].min(), train[TARGET].max(), inclusive="neither")
    results = test.assign(**{"gold open pred": np.where(inside, raw, test[EMA])})
    results["Error"] = results[TARGET] - results["gold open pred"]
    options.out.mkdir(parents=True, exist_ok=True)
    table.to_csv(options.out / "complete_dataset.csv", index_label="date")
    results.to_csv(options.out / "results.csv", index_label="date")
    return {
        "rows": len(table),
        "rmse_raw": rmse(test[TARGET] - raw),
        "rmse": rmse(results["Error"]),
        "mean_fold_rmse": float(-found.best_score_),
        "seconds": {"extract": extracted - began, "model": time.perf_counter() - extracted},
    }


def run_searches(options):
    """Searches one after the other, the winners of one fixed in the next."""
    table = pd.read_csv(options.dataset, index_col="date", parse_dates=True)
    train = table.iloc[:-TEST_ROWS]
    x, y = train.drop(columns=TARGET).to_numpy(), train[TARGET].to_numpy()
    winner, reports = {}, []
    for grid in json.loads(options.searches.read_text()):
        began = time.perf_counter()
        found = search(x, y, grid, winner, options.jobs)
        winner = {**winner, **found.best_params_}
        reports.append({
            "candidates": len(found.cv_results_["params"]),
            "winner": found.best_params_,
            "mean_rmse": float(-found.best_score_),
            "seconds": time.perf_counter() - began,
        })
    return {"winner": winner, "searches": reports, "seconds": sum(report["seconds"] for report in reports)}


def main():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(required=True)
    daily = commands.add_parser("run")
    daily.set_defaults(does=run)
    daily.add_argument("--vendor", required=True, help="address that answers both vendors' protocols")
    daily.add_argument("--today", required=True, help="the calendar's last day")
    daily.add_argument("--out", type=Path, required=True)
    searches = commands.add_parser("search")
    searches.set_defaults(does=run_searches)
    searches.add_argument("--dataset", type=Path, required=True)
    searches.add_argument("--searches", type=Path, required=True, help="JSON: a list of grids")
    searches.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    print(json.dumps(options.does(options)))


if __name__ == "__main__":
    main()
