"""ONNX: a graph with scaling, lengths, pooling and the average over members.

Inputs: "x" float [batch, time, channels], raw values, NaN where missing (texts: "ids" int64 [batch,
time], numbers of words), and "lengths" int64 [batch]; what lies behind a length counts nothing.
Output: "probabilities" [batch, classes]. Labels and vocabulary stand in the model's metadata.
"""

import json
import os

import numpy as np

from ._parts import Network, as_model

_OPSET = 17
_LOW = -3.0e38


class _Graph:
    """Nodes and constants; names are made up."""

    def __init__(self):
        from onnx import helper, numpy_helper

        self.helper, self.to_tensor = helper, numpy_helper.from_array
        self.nodes, self.constants, self._known = [], [], {}

    def const(self, value, dtype=np.float32):
        value = np.array(value, dtype=dtype, order="C")
        key = (value.tobytes(), value.shape, value.dtype.str)
        if key not in self._known:
            self._known[key] = f"c{len(self.constants)}"
            self.constants.append(self.to_tensor(value, self._known[key]))
        return self._known[key]

    def ints(self, *values):
        return self.const(values, np.int64)

    def op(self, kind, *inputs, outputs=1, **attributes):
        names = [f"n{len(self.nodes)}_{i}" for i in range(outputs)]
        self.nodes.append(self.helper.make_node(kind, list(inputs), names, **attributes))
        return names[0] if outputs == 1 else names

    def cast(self, x, dtype):
        return self.op("Cast", x, to=self.helper.np_dtype_to_tensor_dtype(np.dtype(dtype)))

    def sum(self, x, axis, keep=0):
        return self.op("ReduceSum", x, self.ints(axis), keepdims=keep)


def _live(g, x):
    """Marks [B,T,1] of steps before the length, as bool."""
    time = g.op("Shape", x, start=1, end=2)
    steps = g.op("Range", g.const(0, np.int64), g.op("Squeeze", time), g.const(1, np.int64))
    before = g.op("Less", g.op("Unsqueeze", steps, g.ints(0)), g.op("Unsqueeze", "lengths", g.ints(1)))
    return g.op("Unsqueeze", before, g.ints(2))


def _moments(g, x, here):
    """Mean and deviation [B,1,C] of each series by itself; `here` marks values that are there."""
    count = g.op("Max", g.sum(g.cast(here, np.float64), 1, 1), g.const(1, np.float64))
    zero = g.const(0, np.float64)
    mean = g.op("Div", g.sum(g.op("Where", here, x, zero), 1, 1), count)
    gap = g.op("Where", here, g.op("Sub", x, mean), zero)
    std = g.op("Sqrt", g.op("Div", g.sum(g.op("Mul", gap, gap), 1, 1), count))
    low = g.op("ReduceMin", g.op("Where", here, x, g.const(1e300, np.float64)), axes=[1])
    high = g.op("ReduceMax", g.op("Where", here, x, g.const(-1e300, np.float64)), axes=[1])
    flat = g.op("Not", g.op("Less", low, high))
    return mean, g.op("Where", flat, g.const(1, np.float64), std)


def _scaled(g, network, live):
    """What the recurrent layers read [B,T,F]."""
    scale = network.stream["normaliser"]
    missing = g.op("IsNaN", "x")
    x = g.cast("x", np.float64)
    if scale["mode"] == "channel":
        x = g.op("Sub", x, g.const(scale["mean"], np.float64))
        x = g.op("Div", x, g.const(scale["std"], np.float64))
    elif scale["mode"] == "series":
        mean, std = _moments(g, x, g.op("And", live, g.op("Not", missing)))
        x = g.op("Div", g.op("Sub", x, mean), std)
    if scale["mode"] != "none":
        limit = g.const(1e6, np.float64)
        x = g.op("Min", g.op("Max", x, g.op("Neg", limit)), limit)
    x = g.cast(x, np.float32)
    masked, zero = network.stream["masked"], network.options["missing"] == "zero"
    if masked or zero:
        x = g.op("Where", missing, g.const(0), x)
    if masked:
        x = g.op("Concat", x, g.cast(missing, np.float32), axis=2)
    return g.op("Where", live, x, g.const(0))  # what lies behind a length may be anything


_KINDS = {"lstm": "LSTM", "gru": "GRU", "rnn": "RNN", "rnn_relu": "RNN"}
_ORDERS = {"lstm": (0, 3, 1, 2), "gru": (1, 0, 2), "rnn": (0,), "rnn_relu": (0,)}


def _gates(cell, value):
    """PyTorch's gates in ONNX's order: lstm i, o, f, c; gru z, r, h."""
    order = _ORDERS[cell]
    blocks = np.split(value, len(order))
    return np.concatenate([blocks[i] for i in order])


def _recurrent(g, network, layer, x, lengths):
    """x [T,B,I] -> [T,B,D*H]."""
    cell, directions = network.cell, network.directions
    parts = [network.arrays(layer, direction) for direction in directions]
    w, r = ([_gates(cell, part[i]) for part in parts] for i in (0, 1))
    b = [np.concatenate([_gates(cell, part[2]), _gates(cell, part[3])]) for part in parts]
    attributes = {"hidden_size": network.options["hidden"]}
    attributes["direction"] = "bidirectional" if len(directions) == 2 else "forward"
    if cell == "gru":
        attributes["linear_before_reset"] = 1
    if cell == "rnn_relu":
        attributes["activations"] = ["Relu"] * len(directions)
    y = g.op(
        _KINDS[cell], x, g.const(np.stack(w)), g.const(np.stack(r)), g.const(np.stack(b)), lengths,
        **attributes,
    )  # fmt: skip
    y = g.op("Transpose", y, perm=[0, 2, 1, 3])  # [T,D,B,H] -> [T,B,D,H]
    return g.op("Reshape", y, g.ints(0, 0, -1))


def _linear(g, network, x, name):
    y = g.op("MatMul", x, g.const(network.tensors[name.format("w")].T))
    return g.op("Add", y, g.const(network.tensors[name.format("b")]))


def _states(g, network, x):
    """[B,T,F] of the recurrent layers."""
    lengths = g.cast("lengths", np.int32)
    x = g.op("Transpose", x, perm=[1, 0, 2])
    for layer in range(network.options["layers"]):
        y = _recurrent(g, network, layer, x, lengths)
        gain = network.tensors.get(f"encoder.{layer}.gain")
        if gain is not None:
            bias = network.tensors[f"encoder.{layer}.bias"]
            y = g.op(
                "LayerNormalization", y, g.const(gain), g.const(bias), axis=-1, epsilon=1e-5
            )
        x = g.op("Add", x, y) if network.options["residual"] and layer > 0 else y
    return g.op("Transpose", x, perm=[1, 0, 2])


def _attend(g, network, h, live):
    """h plus what its steps attend to."""
    width = len(network.tensors["encoder.attention.b_out"])
    heads = network.options["heads"]
    size = width // heads
    projected = _linear(g, network, h, "encoder.attention.{}_in")
    parts = g.op("Split", projected, g.ints(width, width, width), axis=2, outputs=3)
    shape = g.ints(0, 0, heads, size)
    q, k, v = (g.op("Reshape", part, shape) for part in parts)  # [B,T,heads,D]
    scores = g.op(
        "MatMul", g.op("Transpose", q, perm=[0, 2, 1, 3]), g.op("Transpose", k, perm=[0, 2, 3, 1])
    )
    scores = g.op("Mul", scores, g.const(1 / np.sqrt(size)))
    seen = g.op("Unsqueeze", g.op("Transpose", live, perm=[0, 2, 1]), g.ints(1))  # [B,1,1,T]
    weights = g.op("Softmax", g.op("Where", seen, scores, g.const(_LOW)), axis=-1)
    mixed = g.op("MatMul", weights, g.op("Transpose", v, perm=[0, 2, 1, 3]))
    mixed = g.op("Reshape", g.op("Transpose", mixed, perm=[0, 2, 1, 3]), g.ints(0, 0, width))
    return g.op("Add", h, _linear(g, network, mixed, "encoder.attention.{}_out"))


def _last(g, network, h):
    """Each direction's last state; a reversed one ends at the first step."""
    hidden = network.options["hidden"]
    at = g.op("Unsqueeze", g.op("Sub", "lengths", g.const(1, np.int64)), g.ints(1))
    last = g.op("GatherND", h, at, batch_dims=1)  # [B,F]
    if not network.options["bidirectional"]:
        return last
    first = g.op("Gather", h, g.const(0, np.int64), axis=1)
    ends = [(last, 0, hidden), (first, hidden, 2 * hidden)]
    parts = [g.op("Slice", x, g.ints(a), g.ints(b), g.ints(1)) for x, a, b in ends]
    return g.op("Concat", *parts, axis=1)


def _weighted(g, h, scores, live, heads):
    """Softmax over the steps, then the weighted mean of each head's columns."""
    a = g.op("Softmax", g.op("Where", live, scores, g.const(_LOW)), axis=1)  # [B,T,heads]
    parts = g.op("Reshape", h, g.ints(0, 0, heads, -1))
    mixed = g.sum(g.op("Mul", g.op("Unsqueeze", a, g.ints(3)), parts), 1)
    return g.op("Reshape", mixed, g.ints(0, -1))


def _pooled(g, network, h, live):
    how, tensors = network.options["pooling"], network.tensors
    if how == "attention":
        hidden = g.op("Tanh", _linear(g, network, h, "encoder.pool.{}"))
        scores = g.op("MatMul", hidden, g.const(tensors["encoder.pool.v"].T))
        return _weighted(g, h, scores, live, 1)
    if how in ("dot", "multi_head"):
        w = tensors["encoder.pool.w"]  # [heads,F]
        scores = g.op("Div", g.op("MatMul", h, g.const(w.T)), g.const(np.sqrt(w.shape[1])))
        return _weighted(g, h, scores, live, len(w))
    parts = []
    if how in ("last", "concat"):
        parts.append(_last(g, network, h))
    if how in ("mean", "concat"):
        total = g.sum(g.op("Where", live, h, g.const(0)), 1)
        count = g.op("Unsqueeze", g.cast("lengths", np.float32), g.ints(1))
        parts.append(g.op("Div", total, count))
    if how in ("max", "concat"):
        low = g.op("Where", live, h, g.const(_LOW))
        parts.append(g.op("ReduceMax", low, axes=[1], keepdims=0))
    return parts[0] if len(parts) == 1 else g.op("Concat", *parts, axis=1)


def _tempered(g, p, temperature):
    if temperature == 1:
        return p
    least = g.const(1e-30)
    return g.op("Softmax", g.op("Div", g.op("Log", g.op("Max", p, least)), g.const(temperature)))


def _member(g, network):
    """Probabilities [B,classes] of one network."""
    live = _live(g, "ids" if network.text else "x")
    if network.text:
        x = g.op("Gather", g.const(network.tensors["encoder.words"]), "ids")
    else:
        x = _scaled(g, network, live)
    h = _states(g, network, x)
    if network.options["attention"] == "self":
        h = _attend(g, network, h, live)
    logits = _linear(g, network, _pooled(g, network, h, live), "head.{}")
    return _tempered(g, g.op("Softmax", logits, axis=1), network.temperature)


def _average(g, networks):
    total = sum(network.weight for network in networks)
    mean = None
    for network in networks:
        p = _member(g, network)
        if len(networks) == 1:
            return p
        share = g.op("Mul", p, g.const(network.weight / total))
        mean = share if mean is None else g.op("Add", mean, share)
    return mean


def to_onnx(model, path=None):
    """A fitted model as ONNX.

    Parameters
    ----------
    model : estimator, refrain.Model or path
        Networks alone or an ensemble of them: train with ``blend=""``.
    path : str or path-like, default=None
        Where to write it.

    Returns
    -------
    onnx.ModelProto
        Any number of samples and steps. Values that are missing (NaN) are known to models whose
        training data had missing ones; others answer NaN. Needs the package ``onnx``.

    Raises
    ------
    NotImplementedError
        For what has no counterpart: simple methods, convolution stems, segments, the cell mgu.
    """
    import onnx

    model = as_model(model)
    about = model.about
    networks = [Network(model, i, "the ONNX export") for i in range(len(about["members"]))]
    if about["options"]["max_length"] > 0:
        raise NotImplementedError("the ONNX export does not take max_length; cut the samples before")
    g = _Graph()
    p = _tempered(g, _average(g, networks), about["temperature"])
    g.nodes.append(g.helper.make_node("Identity", [p], ["probabilities"]))
    stream, kinds = networks[0].stream, onnx.TensorProto
    info = g.helper.make_tensor_value_info
    if networks[0].text:
        first = info("ids", kinds.INT64, ["batch", "time"])
    else:
        first = info("x", kinds.FLOAT, ["batch", "time", stream["channels"]])
    graph = g.helper.make_graph(
        g.nodes,
        "refrain",
        [first, info("lengths", kinds.INT64, ["batch"])],
        [info("probabilities", kinds.FLOAT, ["batch", len(model.classes)])],
        g.constants,
    )
    out = g.helper.make_model(
        graph, opset_imports=[g.helper.make_opsetid("", _OPSET)], producer_name="refrain"
    )
    out.ir_version = 8
    facts = {"labels": json.dumps(model.classes)}
    if networks[0].text:
        facts["words"] = json.dumps(stream["vocabulary"])
    g.helper.set_model_props(out, facts)
    onnx.checker.check_model(out)
    if path is not None:
        with open(os.fspath(path), "wb") as file:
            file.write(out.SerializeToString())
    return out
