#!/usr/bin/env python3
"""Whether networks of forecasts that begin with one pretrained on made-up series err less than those that do not.

usage: bench/forecast_start.py --data DIR --out DIR [--sets a,b] [--seeds N] [--blend auto] [--series N]

DIR holds Airline, Lynx, ShampooSales, m1_yearly_dataset and M4 as bench/quality has them. The last horizon of each
series, by which others score, is cut off before anything is run. Of what is left the last four horizons are forecast
(rolling origin) by a model that learned from what lies before them: one network of `--preset fast`, alone (--blend ''),
from random numbers and from `--init`. The source has the same form (window, segments, sizes, scales, horizon, seasons)
and learned from --series series of bench/generated_histories.py. Written is TABLE.md: the mean MASE of both over the
seeds and the paired difference with its 95 % interval (Student's t).
"""
import argparse
import json
import pathlib
import statistics
import struct
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
TOOL = pathlib.Path(__file__).resolve().parent.parent / "build" / "refrain"
T_QUANTILE = {1: 12.71, 2: 4.303, 3: 3.182, 4: 2.776, 5: 2.571, 6: 2.447, 7: 2.365, 8: 2.306, 9: 2.262}
ORIGINS = 4


def columns(path):
    """The one series of a CSV with a time column."""
    lines = path.read_text().splitlines()[1:]
    return [[float(line.split(",")[1]) for line in lines if line.strip()]]


def archive(path):
    lines = path.read_text(errors="replace").splitlines()
    begin = lines.index("@data") + 1
    return [[float(v) for v in line.split(":")[-1].split(",")] for line in lines[begin:] if line.strip()]


def rows(path, count):
    """So many series of M4, evenly."""
    lines = path.read_text().splitlines()[1:]
    chosen = [lines[i * len(lines) // count] for i in range(count)]
    return [[float(v.strip('"')) for v in line.split(",")[1:] if v.strip('"')] for line in chosen]


# name -> (series, horizon, seasons)
def sets(data):
    return {
        "airline": lambda: (columns(data / "Airline/Airline.csv"), 12, "12"),
        "lynx": lambda: (columns(data / "Lynx/Lynx.csv"), 10, "10"),
        "shampoo": lambda: (columns(data / "ShampooSales/ShampooSales.csv"), 6, "12"),
        "m1-yearly": lambda: (archive(data / "m1_yearly_dataset/m1_yearly_dataset.tsf"), 6, "none"),
        "weekly-20": lambda: (rows(data / "M4/Weekly-train.csv", 20), 13, "none"),
        "weekly-100": lambda: (rows(data / "M4/Weekly-train.csv", 100), 13, "none"),
        "hourly-20": lambda: (rows(data / "M4/Hourly-train.csv", 20), 48, "24,168"),
        "hourly-100": lambda: (rows(data / "M4/Hourly-train.csv", 100), 48, "24,168"),
    }


def run(tool, arguments, folder, name):
    """The report of one training; what is there already is not run again."""
    found = folder / f"{name}.json"
    if not found.exists():
        command = [str(tool), "train", *map(str, arguments), "--task", "forecast", "--ensemble", "1", "--threads", "1",
                   "--no-baselines", "--quiet", "--store", str(folder / "runs.db"), "--json", str(found)]
        if subprocess.run(command, stdout=subprocess.DEVNULL, stderr=sys.stderr).returncode != 0:
            sys.exit("failed: " + " ".join(command))
    return json.loads(found.read_text())


def form_of(model):
    """Options that give a network the form of a model's first one."""
    with open(model, "rb") as file:
        head = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
    network = json.loads(head["__metadata__"]["refrain"])["networks"][0]
    window, encoder = network["window"], network["encoder"]
    words = {"level": ["none", "last", "season", "window"], "spread": ["none", "ratio", "window", "series"]}
    out = ["--window", window["window"], "--segment", window["segment"], "--linear-steps", window["skip"],
           "--transform", ["none", "log"][window["transform"]], "--hidden", encoder["hidden"]]
    for name, list_of in words.items():
        out += ["--" + name, list_of[window[name]]]
    return out


def interval(differences):
    mean, n = statistics.mean(differences), len(differences)
    half = T_QUANTILE[n - 1] * statistics.stdev(differences) / n**0.5 if n > 1 else float("nan")
    return f"{mean:+.3f} +- {half:.3f}"


def compare(name, read, options):
    folder = options.out / name
    folder.mkdir(parents=True, exist_ok=True)
    series, horizon, seasons = read()
    cut = folder / "cut.csv"
    kept = [s[:-horizon] for s in series if len(s) > 2 * horizon]
    cut.write_text("".join(f"s{i}," + ",".join(map(repr, s)) + "\n" for i, s in enumerate(kept)))
    task = ["--horizon", horizon, "--season", seasons, "--preset", "fast"]
    scored = [cut, *task, "--origins", ORIGINS, "--blend", options.blend]
    plain = [run(options.tool, [*scored, "--seed", s, "--out", folder / f"plain{s}.rfr"], folder,
                 f"plain{options.blend}{s}") for s in range(1, options.seeds + 1)]
    source, made = folder / "source.rfr", folder / "made.csv"
    steps = min(1000, max(len(s) for s in kept))
    periods = "" if seasons == "none" else seasons
    subprocess.run([sys.executable, HERE / "generated_histories.py", "--out", made, "--count", str(options.series),
                    "--steps", str(steps), "--season", periods], check=True)
    run(options.tool, [made, *task, *form_of(folder / "plain1.rfr"), "--blend", "", "--out", source], folder, "source")
    begun = [run(options.tool, [*scored, "--seed", s, "--init", source], folder, f"begun{options.blend}{s}")
             for s in range(1, options.seeds + 1)]
    score = [[report["score"]["value"] for report in reports] for reports in (plain, begun)]
    differences = [b - a for a, b in zip(*score)]
    return (f"| {name} | {len(kept)} | {statistics.mean(score[0]):.3f} | {statistics.mean(score[1]):.3f} | "
            f"{interval(differences)} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, required=True, metavar="DIR")
    parser.add_argument("--out", type=pathlib.Path, required=True, metavar="DIR")
    parser.add_argument("--sets", default="", metavar="a,b")
    parser.add_argument("--seeds", type=int, default=5, metavar="N")
    parser.add_argument("--series", type=int, default=2000, metavar="N")
    parser.add_argument("--blend", default="", help="as in refrain train", metavar="LIST")
    parser.add_argument("--tool", type=pathlib.Path, default=TOOL, metavar="FILE", help="[build/refrain]")
    options = parser.parse_args()
    known = sets(options.data)
    table = ["| set | series | from random numbers | from the source | difference |", "|---|---|---|---|---|"]
    for name in options.sets.split(",") if options.sets else known:
        table.append(compare(name, known[name], options))
        print(table[-1], flush=True)
    (options.out / "TABLE.md").write_text("\n".join(table) + "\n")


if __name__ == "__main__":
    main()
