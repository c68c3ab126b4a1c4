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
    two_of_one,
    word_features,
)

_RECURRENT = "weight_ih_l0"


def _one(names, what, given, hint=""):
    if given is not None:
        if given not in names:
            raise ValueError(f"there is no {what} {given!r}; there are {sorted(names)}")
        return given
    if len(names) != 1:
        name_it = f"; name it{hint}" if names else hint
        raise ValueError(f"found {len(names)} candidates for the {what}: {sorted(names)}{name_it}")
    return next(iter(names))


def _state_dict(state):
    """{key: tensor} of what users have at hand; says what to give in place of other things."""
    if isinstance(state, (str, os.PathLike)):
        return read_safetensors(state)
    if hasattr(state, "state_dict"):
        raise TypeError(
            f"{type(state).__name__} is a module; give its weights: module.state_dict()"
        )
    if not hasattr(state, "items"):
        raise TypeError(
            f"give a state dict (module.state_dict()) or the path of a safetensors file, not "
            f"{type(state).__name__}"
        )
    nested = [key for key, value in state.items() if hasattr(value, "items")]
    if nested:
        raise TypeError(
            f"this is a checkpoint, not a state dict: its entries {nested} hold dicts; give the "
            f"one with the weights, such as checkpoint[{nested[0]!r}]"
        )
    wrong = [key for key, value in state.items() if not hasattr(value, "shape")]
    if wrong:
        raise TypeError(f"the entries {wrong[:4]} of the state dict are no tensors")
    return state


def _modules(state):
    """{prefix: {name: array}}; the prefix of "fc.weight" is "fc"."""
    modules = {}
    for key, value in state.items():
        prefix, _, name = key.rpartition(".")
        modules.setdefault(prefix, {})[name] = to_array(value)
    return modules


def _layers(module):
    """The layers of a recurrent module; takes what it uses out of `module`."""
    layers = []
    while f"weight_ih_l{len(layers)}" in module:
        layer = []
        for suffix in ("", "_reverse"):
            end = f"l{len(layers)}{suffix}"
            if f"weight_ih_{end}" not in module:
                continue
            if f"weight_hr_{end}" in module:
                raise NotImplementedError("an LSTM with proj_size cannot be imported")
            w_ih, w_hh = module.pop(f"weight_ih_{end}"), module.pop(f"weight_hh_{end}")
            zero = np.zeros(len(w_ih), np.float32)
            biases = (module.pop(f"bias_{side}_{end}", zero) for side in ("ih", "hh"))
            layer.append((w_ih, w_hh, *biases))
        layers.append(layer)
    return layers


def _cell(layers, cell):
    w_ih, w_hh = layers[0][0][:2]
    gates = len(w_ih) // w_hh.shape[1]
    found = {count: name for name, count in GATES.items() if name != "rnn_relu"}[gates]
    if cell is not None and GATES.get(cell) != gates:
        raise ValueError(f"the weights are those of a {found}, not of a {cell}")
    return cell or found


def _head(plain, labels, head):
    """(name, module) of the Linear layer whose outputs are the classes."""
    wanted = {len(labels)} | ({1} if len(labels) == 2 else set())
    fits = {p for p, m in plain.items() if len(m["weight"]) in wanted}
    if head is not None and head in plain and head not in fits:
        fits = {head}  # assemble() says how many outputs it has
    sizes = {p: len(m["weight"]) for p, m in plain.items()}
    hint = ""
    if not fits and sizes:
        outputs = ", ".join(f"{p!r} has {n} outputs" for p, n in sorted(sizes.items()))
        hint = f": {outputs}, but labels has {len(labels)} entries; give the class of each output"
    name = _one(fits, "head", head, hint or " with head=")
    return name, plain[name]


def _refuse_unused(modules, ignore):
    """Every key was used, is ignored by name, or is told."""
    ignore = (ignore,) if isinstance(ignore, str) else tuple(ignore)
    left = sorted(
        f"{prefix}.{name}" if prefix else name for prefix, m in modules.items() for name in m
    )
    left = [k for k in left if not any(k == i or k.startswith(i + ".") for i in ignore)]
    if not left:
        return
    shown = ", ".join(left[:8]) + (f" and {len(left) - 8} more" if len(left) > 8 else "")
    hint = "import a network of one recurrent module and one Linear layer"
    embedding = [k for k in left if k.endswith(".weight") and k[:-7] + ".bias" not in left]
    if len(left) == 1 and embedding:
        hint = "where it is an embedding, give the word of each row with words="
    raise NotImplementedError(
        f"the state dict has what cannot be imported: {shown}. Without it the answers would be "
        f"others; {hint}, or name what the answers do not depend on with ignore="
    )


def from_torch(
    state, labels, *, recurrent=None, head=None, embedding=None, words=None, mean=None, std=None,
    cell=None, pooling="last", check=None, ignore=(), **options,
):  # fmt: skip
    """A Model of the weights of ``nn.RNN``, ``nn.LSTM`` or ``nn.GRU`` with an ``nn.Linear``.

    Parameters
    ----------
    state : dict of tensors or arrays, or path of a safetensors file
        ``module.state_dict()``. Every entry is used or named in an error.
    labels : list
        The class of each output of the Linear layer; of a single output (a sigmoid) the two classes,
        that of 0 first.
    recurrent, head, embedding : str, default=None
        The modules' names in the state dict; found where there is only one that fits.
    words : list of str, default=None
        With an embedding: the word of each row.
    mean, std : array-like of shape (channels,), default=None
        What the series were scaled by.
    cell : str, default=None
        "rnn_relu" for ``nn.RNN(nonlinearity="relu")``; others are recognised.
    pooling : {"last", "mean", "max", "concat"}, default="last"
        What the Linear layer reads: with "last" each direction's last state, forward first. That is
        ``torch.cat([h[-2], h[-1]], 1)`` of two directions, not ``rnn(x)[0][:, -1]``.
    check : pair, default=None
        Some inputs of the module [n, time, channels] (numbers of words [n, time]; or lists of
        these), and its answers [n, classes]: logits or probabilities. The import is compared with
        them; where it is off the error says by how much, and why where that can be seen.
    ignore : str or list of str, default=()
        Entries (or modules) of the state dict that the answers do not depend on.
    **options
        More options of the network.

    Returns
    -------
    refrain.Model

    Raises
    ------
    NotImplementedError
        For what Refrain does not have: the error names the entries.
    ValueError
        For sizes that do not fit, and where the import is not what ``check`` wants.
    """
    modules = _modules(_state_dict(state))
    recurrent = _one({p for p, m in modules.items() if _RECURRENT in m}, "recurrent", recurrent)
    layers = _layers(modules[recurrent])
    cell = _cell(layers, cell)
    inputs = layers[0][0][0].shape[1]
    plain = {p: m for p, m in modules.items() if getattr(m.get("weight"), "ndim", 0) == 2}
    if words is not None:
        fits = {p for p, m in plain.items() if "bias" not in m and m["weight"].shape[1] == inputs}
        embedding = _one(fits, "embedding", embedding)
        features = word_features(words, plain.pop(embedding).pop("weight"))
    else:
        features = series_features(inputs, mean, std)
    _, linear = _head(plain, labels, head)
    weight = linear.pop("weight")
    bias = linear.pop("bias", np.zeros(len(weight), np.float32))
    _refuse_unused(modules, ignore)
    options["pooling"] = pooling
    top = two_of_one((weight, bias), labels, "the Linear layer")
    return assemble(cell, layers, top, labels, features, options, check)


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
        description["missing"] = options["missing"]
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
