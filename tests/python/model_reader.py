"""What another program does with a model file: reads it with `safetensors` and computes its
predictions with numpy alone, from the weights, the normaliser and the options in its head."""

import json

import numpy as np
from safetensors import safe_open


class ModelReader:
    def __init__(self, path):
        with safe_open(str(path), framework="numpy") as file:
            self.metadata = file.metadata()
            self.tensors = {name: file.get_tensor(name).astype(float) for name in file.keys()}
        self.head = json.loads(self.metadata["refrain"])
        self.options = self.head["options"]

    def inputs(self, series):
        """Steps as rows, NaN where missing -> what the network reads."""
        stream = self.head["features"]["streams"][0]
        normaliser = stream["normaliser"]
        assert normaliser["mode"] == "channel"
        x = (np.asarray(series, float) - normaliser["mean"]) / normaliser["std"]
        if stream["masked"]:
            return np.hstack([np.nan_to_num(x, nan=0.0), np.isnan(x).astype(float)])
        return x

    def weights(self, layer, direction):
        """w_x [G*H,I], w_h [G*H,H], b [G*H], and the gru's second bias of the candidate or None."""
        prefix = f"encoder.{layer}.{direction}."
        names = ("w_x", "w_h", "b", "b_h")
        return [self.tensors.get(prefix + name) for name in names]

    def directions(self):
        return ["forward", "reverse"] if self.options["bidirectional"] else ["forward"]

    def states(self, x):
        """[T, D*H] of the last layer."""
        cell = {"gru": gru, "lstm": lstm, "rnn": rnn}[self.options["cell"]]
        for layer in range(self.options["layers"]):
            halves = []
            for direction in self.directions():
                order = slice(None, None, -1 if direction == "reverse" else 1)
                halves.append(cell(x[order], *self.weights(layer, direction))[order])
            x = np.hstack(halves)
        return x

    def pool(self, h):
        """The vector of a series: last states (each direction's own), mean or maximum."""
        half = self.options["hidden"]
        parts = {
            "last": np.concatenate([h[-1, :half], h[0, half:]]),
            "mean": h.mean(axis=0),
            "max": h.max(axis=0),
        }
        pooling = self.options["pooling"]
        return np.concatenate(list(parts.values())) if pooling == "concat" else parts[pooling]

    def classify(self, features):
        z = self.tensors["head.w"] @ features + self.tensors["head.b"]
        p = np.exp(z - z.max())
        return p / p.sum()

    def predict(self, series):
        return self.classify(self.pool(self.states(self.inputs(series))))


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def gru(x, w_x, w_h, b, b_h):
    H = w_h.shape[1]
    h, out = np.zeros(H), []
    for step in x:
        a, u = w_x @ step + b, w_h @ h
        r, z = sigmoid(a[:H] + u[:H]), sigmoid(a[H : 2 * H] + u[H : 2 * H])
        n = np.tanh(a[2 * H :] + r * (u[2 * H :] + b_h))
        h = (1 - z) * n + z * h
        out.append(h)
    return np.array(out)


def lstm(x, w_x, w_h, b, _):
    H = w_h.shape[1]
    h, c, out = np.zeros(H), np.zeros(H), []
    for step in x:
        i, f, g, o = np.split(w_x @ step + w_h @ h + b, 4)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
        out.append(h)
    return np.array(out)


def rnn(x, w_x, w_h, b, _):
    h, out = np.zeros(w_h.shape[1]), []
    for step in x:
        h = np.tanh(w_x @ step + w_h @ h + b)
        out.append(h)
    return np.array(out)
