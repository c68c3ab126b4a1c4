"""ONNX: a graph with scaling, lengths, pooling and the average over members.

Inputs: "x" float [batch, time, channels], raw values, NaN where missing (texts: "ids" int64 [batch,
time], numbers of words), and "lengths" int64 [batch]; what lies behind a length counts nothing.
Where spelling is read, "letters" int64 [batch, time, letters], -1 behind a word's end, and "shapes" int64
[batch, time], as refrain.Model.spellings gives them.
Output: "probabilities" [batch, classes], of a regression "numbers" [batch, columns]: the targets, then
where there are intervals their lower and their upper ends; of a tagger "emissions" [batch, time, tags], to be decoded
with the initialisers "transitions" [from, to], "begin" and "end", or with head="softmax" "probabilities". Labels and
vocabulary stand in the model's metadata.
"""

import json
import os

import numpy as np

from ._onnx_input import Graph, series_input, size_of, word_input
from ._onnx_stem import Stem, Steps, average_pool, max_over, mean_over, shortened, side_by_side
from ._onnx_tags import require_one, tag_answer, tag_names
from ._parts import Network, as_model

_OPSET = 17
_LOW = -3.0e38


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


def _states(g, network, x, steps):
    """[B,T,F] of the recurrent layers."""
    lengths = g.cast(steps.lengths, np.int32)
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


def _last(g, network, h, steps):
    """Each direction's last state; a reversed one ends at the first step."""
    hidden = network.options["hidden"]
    at = g.op("Unsqueeze", g.op("Sub", steps.lengths, g.const(1, np.int64)), g.ints(1))
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


def _pooled(g, network, h, steps):
    how, tensors = network.options["pooling"], network.tensors
    if how == "attention":
        hidden = g.op("Tanh", _linear(g, network, h, "encoder.pool.{}"))
        scores = g.op("MatMul", hidden, g.const(tensors["encoder.pool.v"].T))
        return _weighted(g, h, scores, steps.live, 1)
    if how in ("dot", "multi_head"):
        w = tensors["encoder.pool.w"]  # [heads,F]
        scores = g.op("Div", g.op("MatMul", h, g.const(w.T)), g.const(np.sqrt(w.shape[1])))
        return _weighted(g, h, scores, steps.live, len(w))
    parts = []
    if how in ("last", "concat"):
        parts.append(_last(g, network, h, steps))
    if how in ("mean", "concat"):
        parts.append(mean_over(g, h, steps))
    if how in ("max", "concat"):
        parts.append(max_over(g, h, steps))
    return parts[0] if len(parts) == 1 else g.op("Concat", *parts, axis=1)


def _tempered(g, p, temperature):
    if temperature == 1:
        return p
    least = g.const(1e-30)
    return g.op("Softmax", g.op("Div", g.op("Log", g.op("Max", p, least)), g.const(temperature)))


def _recurrent_vector(g, network, x, steps):
    """The recurrent layers, pooled, over segments of x."""
    window = network.segment
    if window > 1:
        shorter = shortened(g, steps, window)
        x, steps = side_by_side(g, x, window, steps, shorter), shorter
    h = _states(g, network, x, steps)
    if network.options["attention"] == "self":
        h = _attend(g, network, h, steps.live)
    return _pooled(g, network, h, steps)


def _vector(g, network, x, steps):
    """The recurrent layers above or beside the stem, and the stem itself where it is wanted."""
    if network.options["stem"] == "none":
        return _recurrent_vector(g, network, x, steps)
    stem = Stem(g, network)(x, steps)
    below, window = network.options["stem_form"] == "stem", network.stem_pool
    if below and window > 1:
        shorter = shortened(g, steps, window)
        pooled = average_pool(g, stem, window, steps, shorter)
        vector = _recurrent_vector(g, network, pooled, shorter)
    else:
        vector = _recurrent_vector(g, network, stem if below else x, steps)
    if below and not network.options["stem_skip"]:
        return vector
    return g.op("Concat", vector, mean_over(g, stem, steps), max_over(g, stem, steps), axis=1)


def _read(g, network):
    """(what the network reads [B,T,F], its steps)."""
    steps = Steps(g, size_of(g, "ids" if network.text else "x", 1), "lengths")
    read = word_input if network.text else series_input
    return read(g, network, steps.live), steps


def _step_scores(g, network):
    """Scores of the tags [B,T,K], 0 behind the lengths."""
    x, steps = _read(g, network)
    beside = None
    if network.options["stem"] != "none":
        stem = Stem(g, network)(x, steps)
        below = network.options["stem_form"] == "stem"
        beside = stem if network.options["stem_skip"] or not below else None
        x = stem if below else x
    h = _states(g, network, x, steps)
    if network.options["attention"] == "self":
        h = _attend(g, network, h, steps.live)
    if beside is not None:
        h = g.op("Concat", h, beside, axis=2)
    return g.op("Where", steps.live, _linear(g, network, h, "head.{}"), g.const(0))


def _member(g, network):
    """Probabilities [B,classes] of one network, or numbers [B,width]."""
    x, steps = _read(g, network)
    outputs = _linear(g, network, _vector(g, network, x, steps), "head.{}")
    if network.task == "regress":
        return _in_units(g, network.goal, outputs)
    return _tempered(g, g.op("Softmax", outputs, axis=1), network.temperature)


def _columns(g, numbers, first, last):
    return g.op("Slice", numbers, g.ints(first), g.ints(last), g.ints(1))


def _in_units(g, goal, outputs):
    """Outputs of a network as numbers [B,width] in units of the targets; bounds that the network
    gives lie on their sides."""
    k, scales = len(goal["targets"]), np.asarray(goal["scales"], dtype=np.float32)
    bounds = goal["loss"] == "quantile" and goal["interval"] > 0
    mean, deviation = (np.tile(scales[:, i], 3 if bounds else 1) for i in (0, 1))
    numbers = g.op("Add", g.op("Mul", outputs, g.const(deviation)), g.const(mean))
    if not bounds:
        return numbers
    middle, low, high = (_columns(g, numbers, i * k, (i + 1) * k) for i in range(3))
    return g.op("Concat", middle, g.op("Min", low, middle), g.op("Max", high, middle), axis=1)


def _with_intervals(g, goal, numbers):
    """The members' mean with its conformal interval, [B,columns]."""
    if not goal["radii"]:
        return numbers
    k, radii = len(goal["targets"]), g.const(np.asarray(goal["radii"], dtype=np.float32))
    bounds = goal["loss"] == "quantile" and goal["interval"] > 0
    middle = _columns(g, numbers, 0, k)
    low = _columns(g, numbers, k, 2 * k) if bounds else middle
    high = _columns(g, numbers, 2 * k, 3 * k) if bounds else middle
    low = g.op("Min", middle, g.op("Sub", low, radii))
    high = g.op("Max", middle, g.op("Add", high, radii))
    return g.op("Concat", middle, low, high, axis=1)


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
        Networks alone or an ensemble of them, as presets make them too: fit with ``blend=""``.
    path : str or path-like, default=None
        Where to write it.

    Returns
    -------
    onnx.ModelProto
        Any number of samples and steps. Missing values (NaN) are handled in the graph as the model
        does it: marked where training had missing ones, else on the line between their neighbours.
        Needs the package ``onnx``.

    Raises
    ------
    NotImplementedError
        For what has no counterpart: simple methods, parts, zoneout, the cells mgu and slstm,
        spelling
        "recurrent"; several networks that tag.
    """
    import onnx

    model = as_model(model)
    about = model.about
    members = range(len(about["members"]))
    networks = [Network(model, i, "the ONNX export", front=True) for i in members]
    if about["options"]["max_length"] > 0:
        raise NotImplementedError("the ONNX export does not take max_length; cut the samples before")
    g = Graph()
    regress, tags = model.task == "regress", model.task == "tag"
    if tags:
        require_one(networks)
        answer = _step_scores(g, networks[0])
        answer, name, width = tag_answer(g, networks[0], answer)
    elif regress:
        mean = _average(g, networks)
        answer, name, width = _with_intervals(g, about["goal"], mean), "numbers", len(model.columns)
    else:
        answer = _tempered(g, _average(g, networks), about["temperature"])
        name, width = "probabilities", len(model.classes)
    g.nodes.append(g.helper.make_node("Identity", [answer], [name]))
    stream, kinds = networks[0].stream, onnx.TensorProto
    info = g.helper.make_tensor_value_info
    if networks[0].text:
        inputs = [info("ids", kinds.INT64, ["batch", "time"])]
        if networks[0].spelt:
            inputs.append(info("letters", kinds.INT64, ["batch", "time", "letters"]))
            inputs.append(info("shapes", kinds.INT64, ["batch", "time"]))
    else:
        inputs = [info("x", kinds.FLOAT, ["batch", "time", stream["channels"]])]
    graph = g.helper.make_graph(
        g.nodes,
        "refrain",
        [*inputs, info("lengths", kinds.INT64, ["batch"])],
        [info(name, kinds.FLOAT, ["batch", "time", width] if tags else ["batch", width])],
        g.constants,
    )
    out = g.helper.make_model(
        graph, opset_imports=[g.helper.make_opsetid("", _OPSET)], producer_name="refrain"
    )
    out.ir_version = 8
    facts = {"columns" if regress else "labels": json.dumps(model.columns)}
    if tags:
        facts = {"tags": json.dumps(tag_names(about["goal"]))}
    if networks[0].spelt:
        facts["letters"] = json.dumps(stream["letters"])
    if networks[0].text:
        facts["words"] = json.dumps(stream["vocabulary"])
    g.helper.set_model_props(out, facts)
    onnx.checker.check_model(out)
    if path is not None:
        with open(os.fspath(path), "wb") as file:
            file.write(out.SerializeToString())
    return out
