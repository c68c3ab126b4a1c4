"""Made-up data for the tests of the Python package, and the tool beside it."""

import os
import subprocess
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
TOOL = Path(os.environ.get("REFRAIN", ROOT / "build" / "refrain"))
SHARED = ROOT.parent / "shared" / "data"
SMALL = {"preset": "none", "hidden": 6, "epochs": 8, "threads": 1, "lr": 0.02, "batch_size": 8}


def matrix(n=40, steps=12, seed=0, noise=0.4):
    """[n, steps] of which half rises and half falls, and labels 1 and 2."""
    rng = np.random.default_rng(seed)
    y = np.arange(n) % 2 + 1
    slope = np.where(y == 1, 0.3, -0.3)[:, None]
    return slope * np.arange(steps) + noise * rng.normal(size=(n, steps)), y


def ragged(n=30, channels=2, seed=0, missing=0.0):
    """Lists of [3..11, channels] of which the first channel rises or falls, and labels."""
    rng = np.random.default_rng(seed)
    X, y = [], []
    for i in range(n):
        x = 0.3 * rng.normal(size=(rng.integers(3, 12), channels))
        x[:, 0] += (0.4 if i % 2 else -0.4) * np.arange(len(x))
        if missing:
            x[rng.random(x.shape) < missing] = np.nan
        X.append(x.astype(np.float32))
        y.append("up" if i % 2 else "down")
    return X, y


def texts(n=40, seed=0):
    """Sentences of which one word tells the class."""
    rng = np.random.default_rng(seed)
    words = ["the", "film", "was", "a", "long", "story"]
    X, y = [], []
    for i in range(n):
        found = list(rng.choice(words, rng.integers(3, 7)))
        found[rng.integers(len(found))] = "awful" if i % 2 else "fine"
        X.append(" ".join(found))
        y.append("bad" if i % 2 else "good")
    return X, y


def tool(*arguments):
    """What the command-line tool prints."""
    command = [str(TOOL), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}\n{done.stderr}"
    return done.stdout


class Layer:
    """Looks like a layer of Keras."""

    name = "layer"

    def __init__(self, weights, **config):
        self._weights, self._config = weights, config

    def get_weights(self):
        return self._weights

    def get_config(self):
        return self._config


def keras_layer(kind, weights=(), **config):
    """A layer of a class of this name."""
    return type(kind, (Layer,), {})(list(weights), **config)
