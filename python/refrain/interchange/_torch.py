"""PyTorch: state dicts in and out, and the module that a description stands for."""

import os

import numpy as np

from ._parts import (
    GATES,
    Network,
    as_model,
    assemble,
    read_safetensors,
    series_features,
    to_array,
    vocabulary,
)

_RECURRENT = "weight_ih_l0"


def _one(names, what, given):
    if given is not None:
        if given not in names:
            raise ValueError(f"there is no {what} {given!r}; there are {sorted(names)}")
        return given
    if len(names) != 1:
        raise ValueError(f"found {len(names)} candidates for the {what}: {sorted(names)}; name it")
    return next(iter(names))


def _modules(state):
    """{prefix: {name: array}}; the prefix of "fc.weight" is "fc"."""
    modules = {}
    for key, value in state.items():
        prefix, _, name = key.rpartition(".")
        modules.setdefault(prefix, {})[name] = to_array(value)
    return modules


def _layers(module):
    layers = []
    while f"weight_ih_l{len(layers)}" in module:
        layer = []
        for suffix in ("", "_reverse"):
            end = f"l{len(layers)}{suffix}"
            if f"weight_ih_{end}" not in module:
                continue
            if f"weight_hr_{end}" in module:
                raise NotImplementedError("an LSTM with proj_size cannot be imported")
            w_ih, w_hh = module[f"weight_ih_{end}"], module[f"weight_hh_{end}"]
            zero = np.zeros(len(w_ih), np.float32)
            layer.append(
                (w_ih, w_hh, module.get(f"bias_ih_{end}", zero), module.get(f"bias_hh_{end}", zero))
            )
        layers.append(layer)
    return layers


def _cell(layers, cell):
    w_ih, w_hh = layers[0][0][:2]
    gates = len(w_ih) // w_hh.shape[1]
    found = {count: name for name, count in GATES.items() if name != "rnn_relu"}[gates]
    if cell is not None and GATES.get(cell) != gates:
        raise ValueError(f"the weights are those of a {found}, not of a {cell}")
    return cell or found


def from_torch(
    state, labels, *, recurrent=None, head=None, embedding=None, words=None, mean=None, std=None,
    cell=None, pooling="last", **options,
):  # fmt: skip
    """A Model of the weights of ``nn.RNN``, ``nn.LSTM`` or ``nn.GRU`` with an ``nn.Linear``.

    Parameters
    ----------
    state : dict of tensors or arrays, or path of a safetensors file
        ``module.state_dict()``.
    labels : list
        The class of each output of the Linear layer.
    recurrent, head, embedding : str, default=None
        The modules' names in the state dict; found where there is only one that fits.
    words : list of str, default=None
        With an embedding: the word of each row.
    mean, std : array-like of shape (channels,), default=None
        What the series were scaled by.
    cell : str, default=None
        "rnn_relu" for ``nn.RNN(nonlinearity="relu")``; others are recognised.
    pooling : {"last", "mean", "max", "concat"}, default="last"
        What the Linear layer reads: with "last" each direction's last state, forward first.
    **options
        More options of the network.

    Returns
    -------
    refrain.Model
    """
    if isinstance(state, (str, os.PathLike)):
        state = read_safetensors(state)
    modules = _modules(state)
    recurrent = _one({p for p, m in modules.items() if _RECURRENT in m}, "recurrent", recurrent)
    layers = _layers(modules.pop(recurrent))
    cell = _cell(layers, cell)
    inputs = layers[0][0][0].shape[1]
    plain = {p: m for p, m in modules.items() if getattr(m.get("weight"), "ndim", 0) == 2}
    if words is not None:
        fits = {p for p, m in plain.items() if "bias" not in m and m["weight"].shape[1] == inputs}
        embedding = _one(fits, "embedding", embedding)
        words, table = vocabulary(words, plain.pop(embedding)["weight"])
        features = {"words": words, "table": table}
    else:
        features = series_features(inputs, mean, std)
    fits = {p for p, m in plain.items() if len(m["weight"]) == len(labels)}
    linear = plain[_one(fits, "head", head)]
    bias = linear.get("bias", np.zeros(len(labels), np.float32))
    options["pooling"] = pooling
    return assemble(cell, layers, (linear["weight"], bias), labels, features, options)


def _recurrent_state(network):
    state = {}
    for layer in range(network.options["layers"]):
        for direction in network.directions:
            end = f"l{layer}" + ("_reverse" if direction == "reverse" else "")
            names = ("weight_ih_", "weight_hh_", "bias_ih_", "bias_hh_")
            for name, value in zip(names, network.arrays(layer, direction)):
                state[f"recurrent.{name}{end}"] = value
    return state


_EXTRA = {
    "encoder.words": "embedding.weight",
    "encoder.attention.w_in": "attention.in_proj_weight",
    "encoder.attention.b_in": "attention.in_proj_bias",
    "encoder.attention.w_out": "attention.out_proj.weight",
    "encoder.attention.b_out": "attention.out_proj.bias",
    "encoder.pool.w": "pool.weight",
    "encoder.pool.b": "pool.bias",
    "encoder.pool.v": "pool_vector.weight",
    "head.w": "head.weight",
    "head.b": "head.bias",
}


def to_torch(model, member=0):
    """A network as a state dict and a description.

    Parameters
    ----------
    model : estimator, refrain.Model or path
    member : int, default=0
        Which network of an ensemble.

    Returns
    -------
    state : dict
        Tensors where PyTorch is installed, else arrays.
    description : dict
        What :func:`torch_module` needs to build the module: sizes, pooling, scaling, labels. It
        can be written as JSON.
    """
    network = Network(as_model(model), member, "the PyTorch export")
    options = network.options
    if options["layer_norm"] or options["residual"]:
        raise NotImplementedError("the PyTorch export does not take layer_norm or residual")
    state = _recurrent_state(network)
    for name, theirs in _EXTRA.items():
        if name in network.tensors:
            state[theirs] = np.array(network.tensors[name])
    stream = network.stream
    description = {
        "cell": network.cell,
        "inputs": int(state["recurrent.weight_ih_l0"].shape[1]),
        "hidden": options["hidden"],
        "layers": options["layers"],
        "bidirectional": options["bidirectional"],
        "pooling": options["pooling"],
        "attention": options["attention"],
        "heads": options["heads"],
        "temperature": network.temperature,
        "labels": network.labels,
    }
    if network.text:
        description["words"] = stream["vocabulary"]
    else:
        description["normaliser"] = stream["normaliser"]
        description["masked"] = stream["masked"]
    try:
        import torch
    except ImportError:
        return state, description
    return {name: torch.from_numpy(value) for name, value in state.items()}, description


def torch_module(description, state=None):
    """The ``torch.nn.Module`` of a description: ``forward(x, lengths)`` gives logits.

    Parameters
    ----------
    description : dict
        From :func:`to_torch`.
    state : dict, default=None
        Loaded into the module where it is given.

    Returns
    -------
    torch.nn.Module
        ``x`` is [batch, time, channels] of raw values, NaN where missing (numbers of words [batch,
        time] for texts), ``lengths`` [batch].
    """
    from ._torch_module import RefrainNetwork

    module = RefrainNetwork(description)
    if state is not None:
        module.load_state_dict(state)
    return module.eval()
