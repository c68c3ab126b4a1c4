#!/usr/bin/env python3
"""How well explanations of texts agree with people: Yelp reviews with the words that made people decide (Sen et al. 2020).

usage: bench/explain_people.py --data DIR [--tool build/refrain] [--methods occlusion,phrases] [--part tune|score]
                               [--more FILE ...] [-- options of train]

DIR is the folder yelp-hat. Of its 620 reviews 420 are learned from, 200 are explained. `--part tune` looks at the
420 alone: 280 of them are learned from and 140 explained; whatever is chosen is chosen there. `--more` adds files with
lines "label text" to what is learned from.

A score is the area under the curve: how likely a word that a person chose has a higher score than one that was
left; the mean over the maps of people who gave the review's label. Beside it: the rarest words first, by the texts that
were learned from, and people against each other.
"""
import argparse
import collections
import csv
import gzip
import html
import json
import math
import pathlib
import random
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
FILES = ("ham_part6_100words.csv.gz", "ham_part8_200words.csv.gz")
LEARNED, TUNED = 420, 280


def reviews(folder):
    """[{"label", "words", "maps": [[chosen]]}] in a fixed order."""
    out = collections.OrderedDict()
    for name in FILES:
        with gzip.open(folder / name, "rt", encoding="utf-8", errors="replace") as file:
            for row in csv.DictReader(file):
                spans = re.findall(r"<span( class=\"active\")?>(.*?)</span>", row["Answer.html_output"], re.S)
                spans = [(html.unescape(word).strip(), bool(chosen)) for chosen, word in spans if word.strip()]
                one = out.setdefault(row["Input.text"], {"label": row["Input.label"], "maps": [],
                                                         "words": [word for word, _ in spans]})
                agrees = row["Answer.Q1Answer"].strip().lower() == ("yes" if row["Input.label"] == "1" else "no")
                if agrees and [word for word, _ in spans] == one["words"]:
                    one["maps"].append([chosen for _, chosen in spans])
    out = list(out.values())
    random.Random(1).shuffle(out)
    return out


def area(scores, chosen):
    """The area under the curve; None where all or no words are chosen."""
    count = sum(chosen)
    if count in (0, len(chosen)):
        return None
    order = sorted(range(len(scores)), key=lambda i: scores[i])
    ranks, i = [0.0] * len(scores), 0
    while i < len(order):
        end = i
        while end < len(order) and scores[order[end]] == scores[order[i]]:
            end += 1
        for k in order[i:end]:
            ranks[k] = (i + end + 1) / 2
        i = end
    return (sum(r for r, c in zip(ranks, chosen) if c) - count * (count + 1) / 2) / (count * (len(chosen) - count))


def agreement(explained, scores_of):
    areas = [area(scores_of(i, one), chosen) for i, one in enumerate(explained) for chosen in one["maps"]]
    areas = [a for a in areas if a is not None]
    return sum(areas) / len(areas), len(areas)


def between_people(explained):
    areas = [area([float(c) for c in a], b) for one in explained for a in one["maps"] for b in one["maps"] if a is not b]
    areas = [a for a in areas if a is not None]
    return sum(areas) / len(areas)


def word_scores(words, parts):
    """Scores of words between blanks from those of tokens, which are pieces of them in their order."""
    out, k = [], 0
    for word in words:
        total, at = 0.0, 0
        while k < len(parts):
            found = word.find(parts[k]["text"], at)
            if found < 0:
                break
            at, total, k = found + len(parts[k]["text"]), total + parts[k]["score"], k + 1
        out.append(total)
    if k != len(parts):
        raise SystemExit("tokens that are in no word, from '%s' on" % parts[k]["text"])
    return out


def run(*words):
    done = subprocess.run([str(w) for w in words], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stderr)
    return done.stdout


def write(path, rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("text", "label"), *rows])


def plain(word):
    return re.sub(r"[^a-z0-9']", "", word.lower())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--tool", default=str(ROOT / "build" / "refrain"))
    parser.add_argument("--methods", default="occlusion")
    parser.add_argument("--part", choices=("tune", "score"), default="score")
    parser.add_argument("--more", type=pathlib.Path, nargs="*", default=[])
    parser.add_argument("options", nargs="*", help="of train; --preset fast without any")
    a = parser.parse_args()
    every = reviews(a.data)
    known, explained = every[:LEARNED], every[LEARNED:]
    if a.part == "tune":
        known, explained = known[:TUNED], known[TUNED:]
    rows = [(" ".join(one["words"]), one["label"]) for one in known]
    for path in a.more:
        for line in path.read_text(encoding="latin-1").split("\n"):
            label, _, text = line.partition(" ")
            if text.strip():
                rows.append((text, label))
    seen = collections.Counter(w for text, _ in rows for w in {plain(word) for word in text.split()})
    rarity = agreement(explained, lambda i, one: [-math.log(1 + seen[plain(w)]) for w in one["words"]])[0]
    print("between people             %.3f" % between_people(explained))
    print("the rarest word first      %.3f" % rarity)
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        write(folder / "known.csv", rows)
        write(folder / "explained.csv", [(" ".join(one["words"]), one["label"]) for one in explained])
        run(a.tool, "train", folder / "known.csv", *(a.options or ["--preset", "fast"]), "--out", folder / "m.refrain",
            "--store", "none", "--quiet", "--threads", 1)
        for method in a.methods.split(","):
            run(a.tool, "explain", folder / "m.refrain", folder / "explained.csv", "--class", "label", "--method", method,
                "--samples", 0, "--no-checks", "--out", folder / "e.json", "--quiet", "--threads", 1)
            samples = json.loads((folder / "e.json").read_text())["samples"]
            scores = [word_scores(one["words"], s["parts"]) for one, s in zip(explained, samples)]
            found, maps = agreement(explained, lambda i, one: scores[i])
            right = sum(s["answer"] == one["label"] for one, s in zip(explained, samples)) / len(explained)
            print("%-26s %.3f  (%d maps; %.3f answered rightly)" % (method, found, maps, right))
            sys.stdout.flush()


if __name__ == "__main__":
    main()
