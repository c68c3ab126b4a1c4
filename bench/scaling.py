#!/usr/bin/env python3
"""How time and memory of training grow: with the length of the sequences, with their number, and with cores
for whole models. Prints tables in Markdown; --json FILE keeps the numbers.

    bench/scaling.py --build build            # about 5 minutes
    bench/scaling.py --only length,models     # a part of it

length   a training step (gru, lstm; one direction, last state) at T = 100 .. 100,000: microseconds of processor
         time a step of a sequence, and megabytes of activations, with activations kept and computed again
samples  one epoch of `refrain train` on N = 100 .. 1,000,000 series of 8 values: microseconds a sample
models   `refrain train --folds 8 --repeats 2` on one thread and on all cores, in turns; the scores must be equal
"""
import argparse
import json
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
CASES = [("dense", "gru", 1, 64), ("dense", "gru", 8, 64), ("dense", "gru", 8, 32), ("bidirectional", "gru", 8, 64),
         ("dense", "lstm", 8, 64)]
LENGTHS = [100, 1000, 10000, 100000]


class Worker:
    """bench_step: a JSON request a line, a JSON answer a line."""

    def __init__(self, build):
        self.process = subprocess.Popen([build / "bench" / "bench_step"], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)

    def ask(self, **request):
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        if "error" in answer:
            sys.exit("bench_step: " + answer["error"])
        return answer


def measure_length(options):
    worker, rows = Worker(options.build), []
    for kind, cell, batch, units in CASES:
        for recompute in ("never", "always"):
            row = {"kind": kind, "cell": cell, "B": batch, "H": units, "recompute": recompute, "us": [], "mb": []}
            for length in LENGTHS:
                found = [worker.ask(kind=kind, cell=cell, shape=[batch, length, 8, units], seconds=options.seconds,
                                    clock="cpu", recompute=recompute) for _ in range(options.rounds)]
                row["us"].append(statistics.median(f["ms"] for f in found) * 1000 / (batch * length))
                row["mb"].append(found[-1]["megabytes"])
            rows.append(row)
            print(row, file=sys.stderr)
    return rows


def length_table(rows):
    lines = ["| step | B, H | activations | " + " | ".join(f"T = {t:,}" for t in LENGTHS) + " | last / first |",
             "|---|---|---|" + "---|" * (len(LENGTHS) + 1)]
    for r in rows:
        cells = [f"{us:.2f} µs, {mb:.1f} MB" for us, mb in zip(r["us"], r["mb"])]
        name = r["cell"] + (", two directions" if r["kind"] == "bidirectional" else "")
        how = "kept" if r["recompute"] == "never" else "computed again"
        lines.append(f"| {name} | {r['B']}, {r['H']} | {how} | " + " | ".join(cells) +
                     f" | {r['us'][-1] / r['us'][0]:.2f} |")
    return "\n".join(lines)


def write_series(path, count):
    numbers = random.Random(1)
    with open(path, "w") as out:
        for i in range(count):
            slope = 1 if i % 2 else -1
            values = "\t".join(f"{slope * t + numbers.gauss(0, 3):.3f}" for t in range(8))
            out.write(f"{i % 2}\t{values}\n")


def train(options, *arguments):
    with tempfile.TemporaryDirectory() as folder:
        result = pathlib.Path(folder) / "result.json"
        subprocess.run([options.build / "refrain", "train", *map(str, arguments), "--quiet", "--no-baselines",
                        "--store", "none", "--json", result], check=True, stdout=subprocess.DEVNULL)
        return json.loads(result.read_text())


def measure_samples(options):
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for count in (100, 1000, 10000, 100000, 1000000):
            path = pathlib.Path(folder) / "series.tsv"
            write_series(path, count)
            epochs = max(1, 100000 // count)
            found = [train(options, path, "--epochs", epochs, "--batch-size", 32, "--valid-fraction", 0, "--threads", 1,
                           "--hidden", 32) for _ in range(options.rounds)]
            seconds = statistics.median(f["seconds"]["train"] for f in found)
            rows.append({"N": count, "us": seconds * 1e6 / epochs / found[0]["n_train"],
                         "load_us": found[0]["seconds"]["load"] * 1e6 / count})
            print(rows[-1], file=sys.stderr)
    return rows


def samples_table(rows):
    lines = ["| N | training, µs a sample and epoch | reading and splitting, µs a sample |", "|---|---|---|"]
    return "\n".join(lines + [f"| {r['N']:,} | {r['us']:.1f} | {r['load_us']:.1f} |" for r in rows])


def measure_models(options):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "series.tsv"
        write_series(path, 160)
        ratios = []
        for _ in range(options.rounds):
            found = [train(options, path, "--folds", 8, "--repeats", 2, "--epochs", 120, "--threads", threads)
                     for threads in (1, 0)]
            if found[0]["metrics"] != found[1]["metrics"]:
                sys.exit("one thread and all cores disagree")
            ratios.append(found[0]["seconds"]["train"] / found[1]["seconds"]["train"])
    return {"ratio": statistics.median(ratios), "least": min(ratios), "most": max(ratios), "rounds": len(ratios)}


def models_table(row):
    return (f"16 models on all cores against one: {row['ratio']:.2f} times the throughput (median of {row['rounds']} "
            f"turns, {row['least']:.2f} to {row['most']:.2f}); equal scores to the bit.")


PARTS = {"length": (measure_length, length_table), "samples": (measure_samples, samples_table),
         "models": (measure_models, models_table)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build", metavar="DIR", help="build folder")
    parser.add_argument("--only", default=",".join(PARTS), metavar="A,B", help="length, samples, models")
    parser.add_argument("--rounds", type=int, default=5, metavar="N", help="of each measurement [5]")
    parser.add_argument("--seconds", type=float, default=0.3, metavar="X", help="of a step's measurement [0.3]")
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE")
    options = parser.parse_args()
    subprocess.run(["cmake", "--build", options.build, "--target", "bench_step", "refrain", "--", "--quiet"], check=True,
                   stdout=subprocess.DEVNULL)
    found = {}
    for name in options.only.split(","):
        measure, table = PARTS[name]
        found[name] = measure(options)
        print(f"\n### {name}\n\n{table(found[name])}", flush=True)
        if options.json:
            options.json.write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
