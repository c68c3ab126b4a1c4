#!/usr/bin/env python3
"""Trains on every classification set of a data folder with no option but --test (and --encoding where a
file asks for it), beside the recipe people copy, and prints a table.

usage: bench/sets.py DATA_DIR [--out FOLDER] [--only REGEX] [--rows refrain,plain] [--seeds 1] [-- options]

DATA_DIR holds timeseries/ and text/. Results already in FOLDER (one JSON a set, row and seed) are kept,
so that a stopped run goes on. Options after -- are added to the row `refrain`.
"""
import argparse
import json
import pathlib
import re
import statistics
import subprocess
import sys

PLAIN = ("--cell gru --hidden 256 --layers 1 --no-bidirectional --pooling last --optimiser adam --lr 0.001 "
         "--schedule constant --epochs 10 --batch-size 32 --dropout 0 --label-smoothing 0 --clip-norm 0 "
         "--valid-fraction 0 --embedding-dim 128").split()
TOOL = pathlib.Path(__file__).resolve().parent.parent / "build" / "refrain"


def find_sets(root):
    """name -> arguments of `refrain train`."""
    sets = {}
    for train in sorted((root / "timeseries").glob("*/*_TRAIN.ts")):
        test = train.with_name(train.name.replace("_TRAIN", "_TEST"))
        sets[train.parent.name] = [train, "--test", test]
    text = root / "text"
    latin = ["--encoding", "latin-1"]
    known = {
        "sst2": [text / "sst2/stsa.binary.train", "--test", text / "sst2/stsa.binary.test"],
        "trec": [text / "trec/TREC.train.all", "--test", text / "trec/TREC.test.all"],
        "trec-fine": [text / "trec/raw/TREC.train", "--test", text / "trec/raw/TREC.test"],
        "mr": [text / "mr/rt-polarity.all"] + latin,
        "subj": [text / "subj/subj.all"] + latin,
        "mpqa": [text / "mpqa/mpqa.all"],
        "waimai10k": [text / "waimai10k/waimai_10k.csv"],
        "thucnews-title": [text / "thucnews-title/dev.txt", "--test", text / "thucnews-title/test.txt"],
    }
    sets.update({name: args for name, args in known.items() if args[0].exists()})
    return sets


def run(arguments, target):
    if not target.exists():
        command = [str(TOOL), "train", *map(str, arguments), "--json", "-", "--quiet", "--store", "none", "--allow-overlap"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            return {"error": done.stderr.strip()[:200]}
        target.write_text(done.stdout)
    return json.loads(target.read_text())


def cell(results):
    bad = [r["error"] for r in results if "error" in r]
    if bad:
        return "error: " + bad[0], None
    score = statistics.mean(r["score"]["value"] for r in results)
    low = statistics.mean(r["score"]["low"] for r in results)
    high = statistics.mean(r["score"]["high"] for r in results)
    seconds = statistics.mean(sum(r["seconds"].values()) for r in results)
    return f"{100 * score:.1f} ({100 * low:.1f} to {100 * high:.1f}) | {seconds:.1f}", 100 * score


def main():
    words = sys.argv[1:]
    extra = []
    if "--" in words:
        extra = words[words.index("--") + 1:]
        words = words[:words.index("--")]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path("build/bench-sets"))
    parser.add_argument("--only", default="")
    parser.add_argument("--rows", default="refrain,plain")
    parser.add_argument("--seeds", type=int, default=1)
    a = parser.parse_args(words)
    a.out.mkdir(parents=True, exist_ok=True)
    rows = a.rows.split(",")
    means = {row: [] for row in rows}
    print("| set | train | test | " + " | ".join(f"{row}, % (95 % interval) | seconds" for row in rows) + " |")
    print("|---|---|---|" + "---|---|" * len(rows))
    for name, arguments in find_sets(a.data).items():
        if not re.search(a.only, name):
            continue
        cells, sizes = [], ("", "")
        for row in rows:
            options = PLAIN if row == "plain" else extra
            results = [run([*arguments, "--seed", seed, *options], a.out / f"{name}.{row}.{seed}.json")
                       for seed in range(1, a.seeds + 1)]
            text, score = cell(results)
            cells.append(text)
            if score is not None:
                means[row].append(score)
                sizes = (results[0]["n_train"] + results[0]["n_valid"], results[0]["n_test"])
        print(f"| {name} | {sizes[0]} | {sizes[1]} | " + " | ".join(cells) + " |", flush=True)
    print("| mean | | | " + " | ".join(f"{statistics.mean(m):.1f} | " if m else "- | " for m in means.values()) + " |")


if __name__ == "__main__":
    main()
