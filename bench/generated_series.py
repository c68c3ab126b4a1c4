#!/usr/bin/env python3
"""Writes series that are made up at random, to train sources on that owe nothing to anybody's data.

usage: bench/generated_series.py --out FILE.ts [--count N] [--steps T] [--seed N]

A series is a sum or product of one to three processes (Gaussian processes by random cosines, heavy-tailed spectra,
harmonics, chirps, random walks), events (bumps, steps, spikes, decays), a trend, now and then a bent scale, and noise;
the idea of mixing kernels is that of CauKer (Xie et al. 2025). What a source of 6,000 of them did for published sets
stands in doc/transfer.md; to see it again:

  bench/generated_series.py --out made.ts --count 6000 --seed 5
  refrain pretrain made.ts --objective mask --time-limit 4m --batch-size 64 --out made.source
  refrain train SET_TRAIN.ts --test SET_TEST.ts --preset good --blend '' --ensemble 1 --init made.source
"""
import argparse
import pathlib

import numpy as np

FINE = 512  # steps of the curve that is sampled


def cosines(rng, t, frequencies):
    phases = rng.uniform(0, 2 * np.pi, (len(frequencies), 1))
    weights = rng.normal(size=(len(frequencies), 1))
    return (weights * np.cos(frequencies[:, None] * t + phases)).sum(0) / np.sqrt(len(frequencies))


def log_uniform(rng, low, high):
    return np.exp(rng.uniform(np.log(low), np.log(high)))


def process(rng, t):
    kind = rng.integers(5)
    if kind == 0:
        return cosines(rng, t, rng.normal(size=24) * log_uniform(rng, 1, 30))
    if kind == 1:
        return cosines(rng, t, rng.standard_t(2, size=24) * log_uniform(rng, 1, 15))
    if kind == 2:
        k = np.arange(1, 7)[:, None]
        weights = np.exp(-rng.uniform(0.3, 1.5) * k) * rng.normal(size=(6, 1))
        turns = log_uniform(rng, 1, 25) * k * t + rng.uniform(0, 1, (6, 1))
        return (weights * np.cos(2 * np.pi * turns)).sum(0)
    if kind == 3:
        first, last = log_uniform(rng, 0.5, 25), log_uniform(rng, 0.5, 25)
        return np.cos(2 * np.pi * (first * t + (last - first) * t * t / 2) + rng.uniform(0, 2 * np.pi))
    walk = np.cumsum(rng.normal(size=len(t)))
    return (walk - walk.mean()) / walk.std()


def events(rng, t):
    x = np.zeros_like(t)
    for _ in range(rng.integers(1, 4)):
        u = (t - rng.uniform(0.05, 0.95)) / log_uniform(rng, 0.005, 0.15)
        bell = np.exp(-u * u / 2)
        shapes = [bell, np.tanh(u), np.abs(u) < 1, u * bell, (u > 0) * np.exp(-np.maximum(u, 0) / 3),
                  (1 - u * u) * bell]
        x += 2 * rng.normal() * shapes[rng.integers(len(shapes))]
    return x


def curve(rng, t):
    x = process(rng, t)
    for _ in range(rng.integers(0, 3)):
        other = process(rng, t)
        x = x + rng.uniform(0.2, 1) * other if rng.random() < 0.7 else x * other
    if rng.random() < 0.7:
        x = x / (x.std() + 1e-9) * rng.uniform(0.1, 1) + events(rng, t)
    if rng.random() < 0.3:
        x = x + 2 * rng.normal() * t
    bend = rng.integers(8)
    if bend < 3:
        x = (np.tanh(2 * x), np.maximum(x, np.median(x)), np.abs(x))[bend]
    return (x - x.mean()) / (x.std() + 1e-9)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--out", type=pathlib.Path, required=True, metavar="FILE")
    parser.add_argument("--count", type=int, default=6000, metavar="N")
    parser.add_argument("--steps", type=int, default=256, metavar="T")
    parser.add_argument("--seed", type=int, default=1, metavar="N")
    options = parser.parse_args()
    t, wanted = np.linspace(0, 1, FINE), np.linspace(0, 1, options.steps)
    lines = ["@problemName generated", "@timeStamps false", "@missing false", "@univariate true", "@equalLength true",
             f"@seriesLength {options.steps}", "@classLabel false", "@data"]
    for i in range(options.count):
        rng = np.random.default_rng([options.seed, i])
        x = np.interp(wanted, t, curve(rng, t)) + log_uniform(rng, 0.003, 0.2) * rng.normal(size=options.steps)
        lines.append(",".join(f"{v:.4f}" for v in x))
    options.out.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
