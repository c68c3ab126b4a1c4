#!/usr/bin/env python3
"""Chooses how to forecast ETTh1 (horizon 96, all windows) without its test part.

usage: bench/ett_choices.py --data ETTh1.csv --out DIR [--rows a,b] [--seeds N] [--test ROW]

The published parts are 8640 hours for training, 2880 for validation and 2880 for the score. This script writes the
first 11,520 hours to a file of its own and reads nothing else: every recipe learns from 5760 hours, makes its own
choices on the next 2880, and is scored on the validation part, by the error that the published tables have (MSE in
deviations).
Then the window that squared and absolute error would choose for linear_window on hours 5760 to 8640 is compared by
what it gives on the validation part. --test ROW scores one recipe on the test part: once, after the choice.
"""
import argparse
import json
import pathlib
import statistics
import subprocess
import sys

TOOL = pathlib.Path(__file__).resolve().parent.parent / "build" / "refrain"
TRAIN, PART = 8640, 2880
WINDOWS = (48, 96, 192, 288, 384, 576, 768)
ONE = "--preset fast"
RECIPES = {
    "linear": "--model linear_window",
    **{f"linear-{w}": f"--model linear_window --window {w}" for w in WINDOWS},
    "seasonal_ar": "--model seasonal_ar",
    "network": f"{ONE} --blend ''",
    "network-336": f"{ONE} --blend '' --window 336",
    "network-linear": f"{ONE} --blend linear_window",
    "fast": ONE,
}


def words(text):
    return [word.strip("'") for word in text.split()]


class Runs:
    def __init__(self, tool, out):
        self.tool, self.out = tool, out

    def run(self, data, row, split, seed, mark):
        """The metrics of one training; what is there already is not run again."""
        found = self.out / f"{mark}-{row}-{seed}.json"
        if not found.exists():
            command = [self.tool, "train", data, "--task", "forecast", "--horizon", 96,
                       "--split", ",".join(map(str, split)), "--origins", "all", *words(RECIPES[row]),
                       "--no-baselines", "--seed", seed, "--threads", 1,
                       "--store", "none", "--quiet", "--json", found]
            done = subprocess.run(list(map(str, command)), stdout=subprocess.DEVNULL, stderr=sys.stderr, check=False)
            if done.returncode != 0:
                sys.exit("failed: " + " ".join(map(str, command)))
        metrics = json.loads(found.read_text())["metrics"]
        return {name: metrics[name]["value"] for name in ("mse_scaled", "mae_scaled", "coverage") if name in metrics}

    def mean(self, data, row, split, seeds, mark):
        seen = [self.run(data, row, split, seed, mark) for seed in range(1, seeds + 1)]
        return {name: statistics.mean(one[name] for one in seen) for name in seen[0]}


def text_of(row, found):
    coverage = f"{100 * found['coverage']:.1f} %" if "coverage" in found else "-"
    return f"| {row} | {found['mse_scaled']:.4f} | {found['mae_scaled']:.4f} | {coverage} |"


def compare_criteria(runs, cut):
    """What choosing the window of linear_window by either error on hours 5760 to 8640 gives on the validation part."""
    inner = {w: runs.run(cut, f"linear-{w}", (TRAIN - 2 * PART, PART, PART), 1, "inner") for w in WINDOWS}
    lines = []
    for name in ("mse_scaled", "mae_scaled"):
        window = min(WINDOWS, key=lambda w: inner[w][name])
        found = runs.run(cut, f"linear-{window}", (TRAIN - PART, PART, PART), 1, "valid")
        lines.append(f"linear_window chosen by {name}: {window} steps, MSE {found['mse_scaled']:.4f} on validation")
    return lines


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, required=True, metavar="FILE")
    parser.add_argument("--out", type=pathlib.Path, required=True, metavar="DIR")
    parser.add_argument("--rows", default="", metavar="a,b", help="[all]")
    parser.add_argument("--seeds", type=int, default=1, metavar="N", help="[1]")
    parser.add_argument("--test", default="", choices=["", *RECIPES], metavar="ROW")
    parser.add_argument("--tool", type=pathlib.Path, default=TOOL, metavar="FILE", help="[build/refrain]")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    runs = Runs(options.tool, options.out)
    if options.test:
        print(text_of(options.test, runs.mean(options.data, options.test, (TRAIN, PART, PART), options.seeds, "test")))
        return
    cut = options.out / "known.csv"
    with open(options.data) as file:
        cut.write_text("".join(next(file) for _ in range(1 + TRAIN + PART)))
    print("| recipe | MSE | MAE | coverage of 90 % |\n|---|---|---|---|")
    for row in options.rows.split(",") if options.rows else RECIPES:
        print(text_of(row, runs.mean(cut, row, (TRAIN - PART, PART, PART), options.seeds, "valid")), flush=True)
    print("\n".join(compare_criteria(runs, cut)))


if __name__ == "__main__":
    main()
