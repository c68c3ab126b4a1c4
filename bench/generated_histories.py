#!/usr/bin/env python3
"""Writes histories that are made up at random, a series a row, to train forecasters on that owe nothing to
anybody's data.

usage: bench/generated_histories.py --out FILE.csv [--count N] [--steps T] [--season 24,168] [--seed N]

A history is a level with a trend that changes now and then, seasons of a few harmonics whose size drifts, a random
walk, autoregressive noise whose size may change, and now and then a jump of the level; half of them are products of
these and half are sums. All values are positive. What networks that begin with such series do for others stands in
doc/forecasting.md; `bench/forecast_start.py` repeats it.
"""
import argparse
import pathlib

import numpy as np


def log_uniform(rng, low, high):
    return np.exp(rng.uniform(np.log(low), np.log(high)))


def trend(rng, n):
    """A line whose slope changes at a few places."""
    slope = np.zeros(n)
    places = np.sort(rng.integers(0, n, rng.integers(0, 4)))
    for begin in [0, *places]:
        slope[begin:] = rng.normal() * (rng.random() < 0.7)
    return np.cumsum(slope) / n * log_uniform(rng, 0.05, 2)


def season(rng, n, period):
    harmonics = np.arange(1, min(6, period // 2) + 1)[:, None]
    weights = rng.normal(size=harmonics.shape) * np.exp(-rng.uniform(0.1, 1) * harmonics)
    turns = 2 * np.pi * (harmonics * np.arange(n) / period + rng.random(harmonics.shape))
    x = (weights * np.cos(turns)).sum(0)
    if rng.random() < 0.2:  # a pulse each turn
        x += rng.normal() * (np.arange(n) % period == rng.integers(period)) * 3
    drift = np.exp(np.cumsum(rng.normal(size=n)) * log_uniform(rng, 1e-3, 0.3) / np.sqrt(period * 10))
    return x / (x.std() + 1e-9) * drift


def noise(rng, n):
    """Autoregressive; the size of its shocks may change once."""
    share, shocks = rng.uniform(-0.3, 0.95), rng.standard_t(log_uniform(rng, 3, 30), size=n)
    if rng.random() < 0.2:
        shocks[rng.integers(n):] *= log_uniform(rng, 0.3, 3)
    out, last = np.empty(n), 0.0
    for t in range(n):
        last = share * last + shocks[t]
        out[t] = last
    return out / (out.std() + 1e-9)


def history(rng, n, periods):
    x = trend(rng, n)
    for period in periods:
        if rng.random() < 0.75 and n > 2 * period:
            x += season(rng, n, period) * log_uniform(rng, 0.03, 0.6)
    if rng.random() < 0.6:
        x += np.cumsum(rng.normal(size=n)) * log_uniform(rng, 0.003, 0.1)
    x += noise(rng, n) * log_uniform(rng, 0.01, 0.3)
    for place in rng.integers(0, n, rng.poisson(0.3)):
        x[place:] += rng.normal() * 0.5
    level = log_uniform(rng, 1, 1e5)
    if rng.random() < 0.5:
        return level * np.exp(np.clip(x, -6, 6))
    x = x - min(0, x.min()) + rng.uniform(0.1, 3) * (x.std() + 0.1)
    return level * x


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--out", type=pathlib.Path, required=True, metavar="FILE")
    parser.add_argument("--count", type=int, default=2000, metavar="N")
    parser.add_argument("--steps", type=int, default=200, metavar="T", help="of the longest; at least a quarter")
    parser.add_argument("--season", default="", metavar="LIST")
    parser.add_argument("--seed", type=int, default=1, metavar="N")
    options = parser.parse_args()
    periods = [int(p) for p in options.season.split(",") if p and int(p) > 1]
    lines = []
    for i in range(options.count):
        rng = np.random.default_rng([options.seed, i])
        n = int(rng.integers(options.steps // 4, options.steps + 1))
        values = history(rng, n, periods)
        lines.append(f"g{i}," + ",".join(f"{v:.6g}" for v in values))
    options.out.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
