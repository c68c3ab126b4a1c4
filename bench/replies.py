#!/usr/bin/env python3
"""Trains and scores translations, spellings and transcripts on published splits, over seeds.

usage: replies.py --data SHARED_DATA --out DIR [--only REGEX] [--seeds N] [--threads N] [-- OPTIONS]

Rows (names that --only matches):
  multi30k-en-de, multi30k-de-en       test 2016; scores of sacreBLEU
  multi30k-5000, multi30k-5000-back    the first 5,000 pairs; with back-translation of the German
                                       sides of the other 24,000 by a model of the same pairs
  g2p-low-LANG, g2p-medium-LANG, g2p-high-LANG, each also with -attention and -ctc, and with
                                       -by-attention and -by-ctc: the first row's model, of whose
                                       decoders one answers alone; -ctc-taught and
                                       -attention-taught: one decoder, to which the first row's
                                       model writes replies to invented words
  an4, an4-unigram                     speakers of the test part unseen; the second searches with
                                       the data's model of words
  digits-same, digits-other            strings of digits (bench/digit_strings.py)

Each run is kept in DIR/ROW-SEED.json (what `refrain train --json` prints) and is not made again.
A row that fails (as -by-ctc where the first row's model has no CTC) is told, and the others go on.
The table of means over seeds is printed and written to DIR/table.md. Options behind -- go to every
training. Nothing is chosen on test data here: trainings stop by a part of the training data, or by
the published development part where there is one.
"""
import argparse
import gzip
import json
import pathlib
import re
import statistics
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
LOW = "ady gre ita khm lav slv wel_sw".split()
MEDIUM = "arm_e bul dut geo hbs_latn hun jpn_hira vie_hanoi".split()


def head(path, lines, to, first=0):
    """Writes some lines of a packed file."""
    if not to.exists():
        with gzip.open(path, "rt", encoding="utf-8") as f:
            part = f.read().splitlines()[first:first + lines]
        to.write_text("\n".join(part) + "\n", encoding="utf-8")
    return to


def pairs(a, b):
    return f"{a},{b}"


class RowError(Exception):
    """A command that failed, with what it said."""


class Rows:
    """Commands of each row, by name; values are functions of (seed) that give the arguments."""

    def __init__(self, data, out, refrain, extra):
        self.data, self.out, self.refrain, self.extra = data, out, refrain, extra
        self.rows = {}
        self.translations()
        self.spellings()
        self.transcripts()

    def translations(self):
        d = self.data / "text" / "multi30k-en-de"
        for a, b in (("en", "de"), ("de", "en")):
            self.rows[f"multi30k-{a}-{b}"] = lambda seed, a=a, b=b: [
                pairs(d / f"train.{a}.gz", d / f"train.{b}.gz"), "--task", "translate", "--valid",
                pairs(d / f"val.{a}.gz", d / f"val.{b}.gz"), "--allow-overlap", "--test",
                pairs(d / f"test_2016_flickr.{a}.gz", d / f"test_2016_flickr.{b}.gz")]
        self.rows["multi30k-5000"] = lambda seed: self.few(d, "en", "de")
        self.rows["multi30k-5000-back"] = lambda seed: self.few_with_back(d, seed)

    def few(self, d, a, b):
        files = [head(d / f"train.{x}.gz", 5000, self.out / f"first5000.{x}") for x in (a, b)]
        test = [d / f"test_2016_flickr.{x}.gz" for x in (a, b)]
        return [pairs(*files), "--task", "translate", "--test", pairs(*test)]

    def few_with_back(self, d, seed):
        rest = head(d / "train.de.gz", 24000, self.out / "rest.de", first=5000)
        reverse = self.out / f"reverse-{seed}.refrain"
        if not reverse.exists():
            self.run([*self.few(d, "de", "en"), "--out", str(reverse)], seed)
        step = f'back_translation(model="{reverse}", texts="{rest}")'
        return [*self.few(d, "en", "de"), "--augment", step]

    def spellings(self):
        d = self.data / "text" / "sigmorphon2021-g2p"
        for size, names in (("low", LOW), ("medium", MEDIUM), ("high", ["eng_us"])):
            for name in names:
                def row(seed, more=(), size=size, name=name):
                    file = lambda part: str(d / size / f"{name}_{part}.tsv")
                    return [file("train"), "--task", "translate", "--valid", file("dev"), "--test",
                            file("test"), "--allow-overlap", *more]

                def kept(seed, size=size, name=name):
                    return self.out / f"g2p-{size}-{name}-{seed}.refrain"

                def by(seed, weight, size=size, name=name, kept=kept):
                    return ["evaluate", kept(seed), d / size / f"{name}_test.tsv", "--ctc-weight",
                            weight]
                self.rows[f"g2p-{size}-{name}"] = (
                    lambda seed, row=row, kept=kept: row(seed, ["--out", kept(seed)]))
                self.rows[f"g2p-{size}-{name}-by-attention"] = lambda seed, by=by: by(seed, 0)
                self.rows[f"g2p-{size}-{name}-by-ctc"] = lambda seed, by=by: by(seed, 1)
                for decoder, more in (("attention", ()), ("ctc", ("--skip-impossible",))):
                    def alone(seed, row=row, options=("--decoder", decoder, *more)):
                        return row(seed, options)

                    def taught(seed, row=row, options=("--decoder", decoder, *more), kept=kept):
                        step = f'self_training(model="{kept(seed)}")'
                        return row(seed, [*options, "--augment", step])
                    self.rows[f"g2p-{size}-{name}-{decoder}"] = alone
                    self.rows[f"g2p-{size}-{name}-{decoder}-taught"] = taught

    def transcripts(self):
        cepstra = self.data / "audio" / "an4-mfcc"

        def an4(seed):
            to = self.out / "an4"
            if not to.exists():
                subprocess.run([sys.executable, ROOT / "bench" / "an4.py",
                                cepstra, to], check=True)
            return [to / "fit.jsonl", "--task", "transcribe", "--valid", to / "valid.jsonl",
                    "--test", to / "test.jsonl", "--normalise", "series", "--preset",
                    "fast", "--augment", "spec_augment(p=1) | resample(most=1.15)", "--out",
                    self.out / f"an4-{seed}.refrain"]

        def an4_unigram(seed):
            return ["evaluate", self.out / f"an4-{seed}.refrain", self.out / "an4" / "test.jsonl",
                    "--language-model", cepstra / "etc" / "an4.ug.lm"]

        def digits(kind):
            to = self.out / "digits"
            if not to.exists():
                subprocess.run([sys.executable, ROOT / "bench" / "digit_strings.py",
                                self.data / "audio" / "fsdd", to], check=True)
            return [to / kind / "train.csv", "--task", "transcribe", "--test",
                    to / kind / "test.csv", "--allow-overlap"]

        self.rows["an4"] = an4
        self.rows["an4-unigram"] = an4_unigram
        self.rows["digits-same"] = lambda seed: digits("same")
        self.rows["digits-other"] = lambda seed: digits("other")

    def run(self, arguments, seed):
        if arguments[0] == "evaluate":
            command = [self.refrain, *arguments, "--json", "-"]
        else:
            command = [self.refrain, "train", *arguments, "--seed", seed, "--store", "none",
                       "--json", "-", *self.extra]
        done = subprocess.run([str(x) for x in command], capture_output=True, text=True)
        if done.returncode != 0:
            raise RowError(f"{' '.join(map(str, command))}\n{done.stderr}")
        return json.loads(done.stdout)


def shown(row, reports):
    """Columns of the table: each metric's mean over seeds."""
    names = list(reports[0]["metrics"])
    if row.startswith("g2p"):
        values = [100 * (1 - r["metrics"]["exact"]["value"]) for r in reports]
        return {"words wrong, %": values}
    out = {}
    for name in names:
        factor = 100 if name in ("wer", "cer", "exact") else 1
        out[name] = [factor * r["metrics"][name]["value"] for r in reports]
    return out


def table(found):
    lines = ["| row | seeds | params | minutes | scores (mean over seeds; each seed) | interval |",
             "|---|---|---|---|---|---|"]
    for row, reports in found.items():
        scores = "; ".join(f"{name} {statistics.mean(v):.2f}"
                           + (f" ({', '.join(f'{x:.1f}' for x in v)})" if len(v) > 1 else "")
                           for name, v in shown(row, reports).items())
        minutes = statistics.mean(r["seconds"].get("train", 0) for r in reports) / 60
        s = reports[0]["score"]
        ends = "none" if s["high"] is None else f"{s['low']:.3g} to {s['high']:.3g}"
        lines.append(f"| {row} | {len(reports)} | {reports[0]['params']:,} | {minutes:.1f} | "
                     f"{scores} | {ends} |")
    return lines


def means(found):
    """Words wrong over the languages of a part, as published."""
    out = []
    for size in ("low", "medium", "high"):
        for kind in ("", "-attention", "-ctc", "-by-attention", "-by-ctc", "-attention-taught",
                     "-ctc-taught"):
            names = [r for r in found if re.fullmatch(rf"g2p-{size}-[a-z_]+{kind}", r)]
            if not names:
                continue
            values = [statistics.mean(shown(r, found[r])["words wrong, %"]) for r in names]
            out.append(f"g2p-{size}{kind}: {statistics.mean(values):.2f} % of words wrong, "
                       f"mean of {len(names)} languages")
    return out


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--only", default=".")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--refrain", default=ROOT / "build" / "refrain")
    parser.add_argument("options", nargs="*")
    a = parser.parse_args()
    a.out.mkdir(parents=True, exist_ok=True)
    extra = [*a.options, *(["--threads", a.threads] if a.threads else [])]
    rows = Rows(a.data, a.out, a.refrain, extra)
    failed = 0
    for seed in range(1, a.seeds + 1):
        for name, arguments in rows.rows.items():
            file = a.out / f"{name}-{seed}.json"
            if not re.search(a.only, name) or file.exists():
                continue
            try:
                file.write_text(json.dumps(rows.run(arguments(seed), seed)))
                print(f"{name} seed {seed}: done", flush=True)
            except RowError as e:
                failed = 1
                print(f"{name} seed {seed}: failed\n{e}", file=sys.stderr, flush=True)
    found = {}
    for name in rows.rows:
        files = [a.out / f"{name}-{seed}.json" for seed in range(1, a.seeds + 1)]
        reports = [json.loads(f.read_text()) for f in files if f.exists()]
        if reports:
            found[name] = reports
    text = "\n".join([*table(found), "", *means(found)]) + "\n"
    (a.out / "table.md").write_text(text)
    print(text)
    return failed


if __name__ == "__main__":
    sys.exit(main())
