"""What all converters share: networks as PyTorch's arrays, put together or taken apart.

A layer is a list of directions, each (w_ih, w_hh, b_ih, b_hh) with PyTorch's gate order:
lstm i, f, g, o; gru r, z, n. Refrain keeps one bias where two are only ever added: their sum; the
gru's candidate keeps its hidden-side bias apart.
"""

import json
import os

import numpy as np

from .. import _core
from ..model import Model

GATES = {"rnn": 1, "rnn_relu": 1, "gru": 3, "lstm": 4}
_STEPS_LEFT = 100  # where a pool or segment is chosen by the length
_DIRECTIONS = ("forward", "reverse")


def as_model(thing):
    """A Model of an estimator, a Model or a path."""
    if isinstance(thing, Model):
        return thing
    if hasattr(thing, "model_"):
        return thing.model_
    if isinstance(thing, (str, os.PathLike)):
        return Model.load(thing)
    raise TypeError(f"give an estimator, a refrain.Model or a path, not {type(thing).__name__}")


def to_array(value):
    """float32, C order, of a tensor or array."""
    if hasattr(value, "detach"):
        value = value.detach().cpu().numpy()
    return np.ascontiguousarray(value, dtype=np.float32)


_TYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "I64": "<i8", "I32": "<i4"}


def read_safetensors(path):
    """Tensors of a safetensors file.

    Parameters
    ----------
    path : str or path-like

    Returns
    -------
    dict of ndarray
    """
    with open(path, "rb") as file:
        data = file.read()
    size = int.from_bytes(data[:8], "little")
    if size > len(data) - 8:
        raise ValueError(f"{path} is no safetensors file")
    try:
        header = json.loads(data[8 : 8 + size])
    except ValueError:
        raise ValueError(f"{path} is no safetensors file") from None
    header.pop("__metadata__", None)
    found = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        block = data[8 + size + begin : 8 + size + end]
        if entry["dtype"] == "BF16":
            high = np.frombuffer(block, "<u2").astype(np.uint32) << 16
            values = high.view(np.float32)
        elif entry["dtype"] in _TYPES:
            values = np.frombuffer(block, _TYPES[entry["dtype"]])
        else:
            raise ValueError(f"{path}: tensor {name!r} is of type {entry['dtype']}")
        found[name] = values.reshape(entry["shape"])
    return found


def vocabulary(words, table):
    """(words, table) with "<unk>" first; a missing one gets a vector of zeros."""
    words = [str(word) for word in words]
    if len(words) != len(table):
        raise ValueError(f"words has {len(words)} entries, the embedding {len(table)} rows")
    if "<unk>" not in words:
        return ["<unk>", *words], np.vstack([np.zeros_like(table[:1]), table])
    at = words.index("<unk>")
    order = [at, *(i for i in range(len(words)) if i != at)]
    return [words[i] for i in order], table[order]


def _direction(cell, weights):
    w_ih, w_hh, b_ih, b_hh = weights
    hidden = w_hh.shape[1]
    out = {"w_x": w_ih, "w_h": w_hh, "b": b_ih + b_hh}
    if cell == "gru":
        out["b"][2 * hidden :] = b_ih[2 * hidden :]
        out["b_h"] = b_hh[2 * hidden :]
    return out


def assemble(cell, layers, head, labels, features, options):
    """A Model of PyTorch's arrays.

    `head` is (weight [classes, V], bias); `features` holds "mean" and "std" of the channels, or
    "words" and "table".
    """
    sizes = [weights[1].shape[1] for layer in layers for weights in layer]
    hidden = sizes[0]
    if set(sizes) != {hidden}:
        raise NotImplementedError(f"the recurrent layers have different sizes: {sizes}")
    tensors = {}
    for i, layer in enumerate(layers):
        for name, weights in zip(_DIRECTIONS, layer):
            for part, value in _direction(cell, weights).items():
                tensors[f"encoder.{i}.{name}.{part}"] = value
    labels = [str(label) for label in labels]
    order = sorted(range(len(labels)), key=lambda i: labels[i].encode())
    tensors["head.w"], tensors["head.b"] = head[0][order], head[1][order]
    given = {
        "cell": cell,
        "hidden": hidden,
        "layers": len(layers),
        "bidirectional": len(layers[0]) == 2,
        **options,
    }
    features = dict(features)
    if "table" in features:
        tensors["encoder.words"] = features.pop("table")
        given["embedding_dim"] = tensors["encoder.words"].shape[1]
    text = {k: str(v).lower() if isinstance(v, bool) else str(v) for k, v in given.items()}
    arrays = {name: to_array(value) for name, value in tensors.items()}
    return Model(_core.assemble(text, features, [labels[i] for i in order], arrays))


def series_features(channels, mean, std):
    mean = np.zeros(channels) if mean is None else np.ravel(np.asarray(mean, float))
    std = np.ones(channels) if std is None else np.ravel(np.asarray(std, float))
    if len(mean) != channels or len(std) != channels:
        raise ValueError(f"mean and std need one number for each of the {channels} channels")
    return {"mean": mean.tolist(), "std": std.tolist()}


class Network:
    """A member network taken apart; refuses what the other side does not know."""

    def __init__(self, model, member, target, front=False):
        """`front`: the other side takes stems, segments and views."""
        about = model.about["members"][member]
        if about["method"] != "network":
            raise NotImplementedError(
                f"member {member} is {about['method']}; {target} takes networks, alone or as an "
                "ensemble: fit with blend='' (and the same preset) for them"
            )
        self.options, self.features = about["options"], about["features"]
        self.stream = self.features["streams"][0]
        self.weight, self.temperature = about["weight"], about["temperature"]
        self.tensors = model.parameters(member)
        self.labels = model.classes
        self._refuse(target, front)

    def _refuse(self, target, front):
        o = self.options
        views = self.stream.get("views", {})
        raw = views in ({}, "raw") or self.features["spec"]["views"] == "raw"
        obstacles = [
            (o["cell"] not in GATES, f"cell {o['cell']}"),
            (not front and o["stem"] != "none", "a convolution stem"),
            (not front and o["segment"] != 1, "segments"),
            (o["parts"] > 0, "parts"),
            (o["zoneout"] > 0, "zoneout"),
            (not front and not raw, f"views {self.features['spec']['views']}"),
            (o["tta"] > 0 and o["augment"] != "", "test-time augmentation (option tta)"),
            (len(self.features["streams"]) != 1, "several streams"),
        ]
        found = [name for wrong, name in obstacles if wrong]
        if found:
            raise NotImplementedError(f"{target} does not take {', '.join(found)}")

    def _few(self, option, length):
        """Steps that become one: as the option says, or as many as leave about 100."""
        return self.options[option] or max(1, -(-length // _STEPS_LEFT))

    @property
    def stem_pool(self):
        return self._few("stem_pool", self.stream["length"])

    @property
    def segment(self):
        below = self.options["stem"] != "none" and self.options["stem_form"] == "stem"
        length = self.stream["length"]
        return self._few("segment", length // self.stem_pool if below else length)

    @property
    def inputs(self):
        """Numbers a step that the network reads."""
        if self.text:
            return self.tensors["encoder.words"].shape[1]
        views = len(self.stream.get("views") or [None])
        return (views + self.stream["masked"]) * self.stream["channels"]

    @property
    def text(self):
        return self.stream["kind"] == "text"

    @property
    def cell(self):
        return self.options["cell"]

    @property
    def directions(self):
        return _DIRECTIONS[: 2 if self.options["bidirectional"] else 1]

    def arrays(self, layer, direction):
        """(w_ih, w_hh, b_ih, b_hh) as PyTorch has them."""
        path = f"encoder.{layer}.{direction}."
        w_x, w_h, b = (np.array(self.tensors[path + name]) for name in ("w_x", "w_h", "b"))
        b_hh = np.zeros_like(b)
        if self.cell == "gru":
            b_hh[2 * w_h.shape[1] :] = self.tensors[path + "b_h"]
        return w_x, w_h, b, b_hh
