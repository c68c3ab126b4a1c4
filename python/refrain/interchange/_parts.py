"""What all converters share: networks as PyTorch's arrays, put together or taken apart.

A layer is a list of directions, each (w_ih, w_hh, b_ih, b_hh) with PyTorch's gate order:
lstm i, f, g, o; gru r, z, n. Refrain keeps one bias where two are only ever added: their sum; the
gru's candidate keeps its hidden-side bias apart.
"""

import json
import os

import numpy as np

from .. import _core
from .._inputs import label_kind, label_text
from ..model import Model
from ._check import Comparison, last_step_gap

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
        value = value.detach().cpu().float().numpy()
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
    # The first bytes of a safetensors file are the length of its header, and may be any.
    whole = size <= len(data) - 8 and data[8:9] == b"{"
    if not whole and (data[:2] == b"PK" or data[:1] == b"\x80"):
        raise ValueError(
            f"{path} is a file of torch.save, not a safetensors file: give what "
            "torch.load(path, weights_only=True) has of it, the state dict"
        )
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


def word_features(words, table):
    """Words and table with "<unk>" first, a missing one gets a vector of zeros; "places" has the
    new number of each row."""
    words = [str(word) for word in words]
    if len(words) != len(table):
        raise ValueError(f"words has {len(words)} entries, the embedding {len(table)} rows")
    if "<unk>" not in words:
        return {
            "words": ["<unk>", *words],
            "table": np.vstack([np.zeros_like(table[:1]), table]),
            "places": np.arange(len(words)) + 1,
        }
    at = words.index("<unk>")
    order = [at, *(i for i in range(len(words)) if i != at)]
    places = np.empty(len(words), dtype=int)
    places[order] = np.arange(len(words))
    return {"words": [words[i] for i in order], "table": table[order], "places": places}


def _direction(cell, weights):
    w_ih, w_hh, b_ih, b_hh = weights
    hidden = w_hh.shape[1]
    out = {"w_x": w_ih, "w_h": w_hh, "b": b_ih + b_hh}
    if cell == "gru":
        out["b"][2 * hidden :] = b_ih[2 * hidden :]
        out["b_h"] = b_hh[2 * hidden :]
    return out


def read_labels(labels):
    """(texts, kind) of the labels of an import."""
    labels = labels.tolist() if hasattr(labels, "tolist") else list(labels)
    return [label_text(label) for label in labels], label_kind(labels)


def two_of_one(head, labels, name):
    """The head (weight, bias) with a row a class: one unit z of two classes stands for 0 and z,
    whose softmax is its sigmoid."""
    weight, bias = head
    if len(weight) == 1 and len(labels) == 2:
        return np.vstack([np.zeros_like(weight), weight]), np.append(np.zeros_like(bias), bias)
    if len(weight) != len(labels):
        more = "; one sigmoid unit needs two labels, that of 0 first" if len(weight) == 1 else ""
        raise ValueError(
            f"{name} has {len(weight)} output{'s' * (len(weight) != 1)}, but labels has "
            f"{len(labels)} entries: give the class of each output in their order{more}"
        )
    return head


_FACTORS = {"concat": 3}


def _require_width(head, layers, pooling):
    """The head must read what the pooling gives."""
    states = sum(weights[1].shape[1] for weights in layers[-1])
    given = states * _FACTORS.get(pooling, 1)
    wide = head[0].shape[1]
    if wide == given:
        return
    hint = "; pooling='concat' gives last, mean and max" if wide == 3 * states else ""
    raise ValueError(
        f"the head reads {wide} numbers, but pooling={pooling!r} of {len(layers[-1])} direction"
        f"{'s' * (len(layers[-1]) > 1)} gives {given}{hint}"
    )


def _require_finite(tensors):
    for name, value in tensors.items():
        if not np.isfinite(value).all():
            raise ValueError(f"{name} has values that are no finite numbers")


def assemble(cell, layers, head, labels, features, options, check=None):
    """A Model of PyTorch's arrays, compared with what the original says where `check` is given.

    `head` is (weight [classes, V], bias); `features` holds "mean" and "std" of the channels, or
    "words" and "table".
    """
    parts = (cell, layers, head, labels)
    if check is not None:
        texts, _ = read_labels(labels)
        _compare(parts, features, options, Comparison(check, texts, "words" in features))
    return _assembled(*parts, features, options)


def _compare(parts, features, options, comparison):
    """Raises where the network, without scaling, is not what the comparison wants."""
    inputs = comparison.inputs
    channels = parts[1][0][0][0].shape[1]
    if "table" in features:
        inputs = [features["table"][features["places"][ids]] for ids in inputs]
    plain = series_features(channels, None, None)
    options = {**options, "normalise": "channel"}

    def gap_of(pooling):
        model = _assembled(*parts, plain, {**options, "pooling": pooling})
        return model, comparison.gap(model, inputs)

    model, gap = gap_of(options["pooling"])
    if comparison.same(gap):
        return
    if "mean" in features:  # the inputs may be those before scaling
        scaled = [(x - features["mean"]) / features["std"] for x in inputs]
        if comparison.same(comparison.gap(model, scaled)):
            return
    raise ValueError(
        f"the imported network is off by up to {gap:.2g} from the answers of check"
        + _reason(parts, options, comparison, (model, inputs, gap_of))
    )


def _reason(parts, options, comparison, tried):
    """Why it may be off: what agrees, where something does."""
    model, inputs, gap_of = tried
    cell, layers, head, _ = parts
    for pooling in ("last", "mean", "max"):
        same_width = options["pooling"] in ("last", "mean", "max")
        if same_width and pooling != options["pooling"] and comparison.same(gap_of(pooling)[1]):
            return f"; with pooling={pooling!r} it agrees"
    two = len(layers[0]) == 2
    if two and head[0].shape[1] == 2 * layers[0][0][1].shape[1]:
        if comparison.same(last_step_gap(comparison, model, inputs)):
            return (
                "; the original reads both directions at the last step, as rnn(x)[0][:, -1] does, "
                "where the reverse direction has seen one step only. Refrain has no such pooling: "
                "use the last state of each direction, torch.cat([h[-2], h[-1]], 1), and train "
                "the Linear layer for it"
            )
    if cell == "rnn":
        other = ("rnn_relu", *parts[1:])
        relu = _assembled(*other, series_features(layers[0][0][0].shape[1], None, None), options)
        if comparison.same(comparison.gap(relu, inputs)):
            return "; with cell='rnn_relu' it agrees"
    return (
        ": something lies between its layers that the weights do not show, such as an activation, "
        "another pooling or scaling; or labels are in another order than the outputs"
    )


def _assembled(cell, layers, head, labels, features, options):
    sizes = [weights[1].shape[1] for layer in layers for weights in layer]
    hidden = sizes[0]
    if set(sizes) != {hidden}:
        raise NotImplementedError(f"the recurrent layers have different sizes: {sizes}")
    tensors = {}
    for i, layer in enumerate(layers):
        for name, weights in zip(_DIRECTIONS, layer):
            for part, value in _direction(cell, weights).items():
                tensors[f"encoder.{i}.{name}.{part}"] = value
    labels, kind = read_labels(labels)
    head = two_of_one(head, labels, "the head")
    _require_width(head, layers, options["pooling"])
    order = sorted(range(len(labels)), key=lambda i: labels[i].encode())
    tensors["head.w"], tensors["head.b"] = head[0][order], head[1][order]
    given = {
        "cell": cell,
        "hidden": hidden,
        "layers": len(layers),
        "bidirectional": len(layers[0]) == 2,
        **options,
    }
    features = {**features, "label_kind": kind}
    features.pop("places", None)
    if "table" in features:
        tensors["encoder.words"] = features.pop("table")
        given["embedding_dim"] = tensors["encoder.words"].shape[1]
    text = {k: str(v).lower() if isinstance(v, bool) else str(v) for k, v in given.items()}
    arrays = {name: to_array(value) for name, value in tensors.items()}
    _require_finite(arrays)
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
        self.labels, self.offset = model.classes, model.about["offset"]
        self.task, self.goal = model.task, model.about["goal"]
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
            (self.spelt and (not front or o["spelling"] != "convolution"), f"spelling {o['spelling']}"),
            (not front and not raw, f"views {self.features['spec']['views']}"),
            (o["tta"] > 0 and o["augment"] != "", "test-time augmentation (option tta)"),
            (len(self.features["streams"]) != 1, "several streams"),
            (not front and self.task != "classify", f"a model to {self.task}"),
            (any(self.offset), "large values with small changes, which float32 inputs would lose"),
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
            own = self.tensors["encoder.words"].shape[1]
            return own + (self._spelling_inputs if self.spelt else 0)
        views = len(self.stream.get("views") or [None])
        return (views + self.stream["masked"]) * self.stream["channels"]

    @property
    def _spelling_inputs(self):
        filters = [b for name, b in self.tensors.items() if name.startswith("encoder.spelling.b_")]
        return sum(map(len, filters)) + self.tensors["encoder.spelling.shapes"].shape[1]

    @property
    def spelt(self):
        """Whether the spelling of words is read."""
        return "encoder.spelling.letters" in self.tensors

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
