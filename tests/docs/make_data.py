#!/usr/bin/env python3
"""make_data.py NAME...: the small files that pages of doc/ take for granted. The standard library is enough."""

import csv
import json
import math
import random
import sys


def series(rng, kind, length):
    return [math.sin(t * (0.3 if kind else 0.5)) + rng.gauss(0, 0.2) for t in range(length)]


def wide(path, seed=1, samples=36, groups=9, target="label", group="group", steps=24):
    rng = random.Random(seed)
    with open(path, "w", newline="") as file:
        out = csv.writer(file)
        out.writerow([group, target] + ["v%02d" % t for t in range(steps)])
        for i in range(samples):
            kind = i % 2
            label = ("calm", "fast")[kind] if target != "wear" else "%.2f" % (kind + rng.random())
            out.writerow(["%s_%d_%d" % (group, seed, i % groups), label]
                         + ["%.3f" % v for v in series(rng, kind, steps)])


def runs(path):
    rng = random.Random(2)
    with open(path, "w") as file:
        for i in range(12):
            values = [round(v, 3) for v in series(rng, i % 2, 30)]
            print(json.dumps({"id": "r%d" % i, "label": "ab"[i % 2], "series": values}), file=file)


def watch(path):
    rng = random.Random(3)
    with open(path, "w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["series", "subject", "exercise", "time", "ax", "ay", "az", "wx", "wy", "wz"])
        for i in range(24):
            for t in range(20):
                moved = [math.sin(t * (0.3 + 0.3 * (i % 2)) + k) + rng.gauss(0, 0.2) for k in range(6)]
                out.writerow([i, "s%d" % (i % 8), ("squat", "jump")[i % 2], t] + ["%.3f" % m for m in moved])


def sales(path):
    rng = random.Random(4)
    with open(path, "w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["unique_id", "ds", "y"])
        for name, level in (("north", 80), ("south", 120)):
            for month in range(72):
                y = level + month * 0.5 + 10 * math.sin(month * math.pi / 6) + rng.gauss(0, 2)
                out.writerow([name, "%d-%02d-01" % (2015 + month // 12, 1 + month % 12), "%.1f" % y])


def sentences(path):
    rng = random.Random(5)
    people, places = ("Ann Lee", "Bob", "Eva Berg", "Tom"), ("Rome", "New York", "Oslo", "Bern")
    with open(path, "w") as file:
        for _ in range(60):
            for text, tag in ((rng.choice(people), "PER"), (rng.choice(("visits", "sees", "leaves")), ""),
                              (rng.choice(places), "LOC"), (".", "")):
                for k, word in enumerate(text.split()):
                    print(word, ("I-" if k else "B-") + tag if tag else "O", file=file)
            print(file=file)


MONTHS = ("January February March April May June July August September October November "
          "December").split()


def dates(path, n=400, seed=11):
    rng = random.Random(seed)
    with open(path, "w") as file:
        for _ in range(n):
            day, month, year = rng.randint(1, 28), rng.randint(1, 12), rng.randint(1950, 2029)
            print("%s %d, %d\t%d-%02d-%02d" % (MONTHS[month - 1], day, year, year, month, day),
                  file=file)


def new_dates(path):
    with open(path, "w") as file:
        print("May 4, 1999\nDecember 24, 2001", file=file)


FILES = {
    "dates.tsv": dates, "more.tsv": lambda path: dates(path, 60, 12), "new.txt": new_dates,
    "train.csv": wide, "test.csv": lambda path: wide(path, 6), "new.csv": lambda path: wide(path, 7),
    "wear.csv": lambda path: wide(path, 8, target="wear", group="machine"),
    "machine_a.csv": lambda path: wide(path, 9, target="fault", group="run"),
    "machine_b.csv": lambda path: wide(path, 10, target="fault", group="run"),
    "runs.jsonl": runs, "watch.csv": watch, "sales.csv": sales, "sentences.conll": sentences,
}


def main():
    for name in sys.argv[1:]:
        FILES[name](name)


if __name__ == "__main__":
    main()
