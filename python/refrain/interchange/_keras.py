"""Keras: the weights of LSTM, GRU and SimpleRNN layers with a Dense layer on top.

Keras has its weights [in, out], the gru's gates z, r, h and one bias (two rows with reset_after).
"""

import numpy as np

from ._parts import assemble, series_features, two_of_one, word_features

_CELLS = {"LSTM": "lstm", "GRU": "gru", "SimpleRNN": "rnn"}
_IGNORED = (
    "InputLayer",
    "Dropout",
    "SpatialDropout1D",
    "GaussianNoise",
    "Masking",
    "ActivityRegularization",
)
_POOLING = {"GlobalAveragePooling1D": "mean", "GlobalMaxPooling1D": "max"}


def _kind(layer):
    return type(layer).__name__


def _require(config, name, wanted, layer):
    if config.get(name, wanted) != wanted:
        raise NotImplementedError(
            f"layer {layer.name}: {name}={config[name]!r} cannot be imported, only {wanted!r}"
        )


def _cell(layer):
    """The cell's name; refuses settings that Refrain's cells do not have."""
    kind, config = _kind(layer), layer.get_config()
    _require(config, "go_backwards", False, layer)
    if kind == "SimpleRNN" and config.get("activation") == "relu":
        return "rnn_relu"
    _require(config, "activation", "tanh", layer)
    if kind != "SimpleRNN":
        _require(config, "recurrent_activation", "sigmoid", layer)
    if kind == "GRU":
        _require(config, "reset_after", True, layer)
    return _CELLS[kind]


def _direction(cell, weights):
    """PyTorch's (w_ih, w_hh, b_ih, b_hh) of Keras's kernel, recurrent kernel and bias."""
    kernel, recurrent, *bias = (np.asarray(w, np.float32) for w in weights)
    hidden = len(recurrent)
    columns = np.arange(kernel.shape[1])
    if cell == "gru":
        columns = np.concatenate([columns[hidden : 2 * hidden], columns[:hidden], columns[2 * hidden :]])
    both = np.zeros((2, kernel.shape[1]), np.float32)
    if bias:
        both[: bias[0].ndim] = bias[0]  # one row, or input and recurrent side
    both = both[:, columns]
    return kernel[:, columns].T, recurrent[:, columns].T, both[0], both[1]


class _Reader:
    """Goes through the layers from the ground up."""

    def __init__(self):
        self.cell, self.layers, self.table, self.dense = None, [], None, None
        self.pooling, self.every_step = None, None  # None: the layer does not say

    def read(self, layer):
        kind = _kind(layer)
        if kind in _IGNORED:
            return
        self._require_order(kind, layer)
        if kind == "Embedding":
            self.table = np.asarray(layer.get_weights()[0], np.float32)
        elif kind in _POOLING:
            self.pooling = _POOLING[kind]
        elif kind == "Dense":
            self._read_dense(layer)
        elif kind == "Bidirectional":
            _require(layer.get_config(), "merge_mode", "concat", layer)
            if hasattr(layer, "backward_layer") and self._other_cells(layer):
                raise NotImplementedError(f"layer {layer.name}: its two directions differ")
            self._add(layer.forward_layer, layer.get_weights(), 2)
        elif kind in _CELLS:
            self._add(layer, layer.get_weights(), 1)
        else:
            raise NotImplementedError(f"layer {layer.name} ({kind}) cannot be imported")

    def _require_order(self, kind, layer):
        """(Embedding,) recurrent layers, (a pooling,) Dense: nothing stands elsewhere."""
        recurrent = kind in _CELLS or kind == "Bidirectional"
        late = self.dense is not None or (self.pooling is not None and kind != "Dense")
        early = not self.layers and (kind in _POOLING or kind == "Dense")
        twice = kind == "Embedding" and (self.layers or self.table is not None)
        if self.dense is not None and kind == "Dense":
            raise NotImplementedError("a network with several Dense layers cannot be imported")
        if late or early or twice or (recurrent and self.every_step is False):
            raise NotImplementedError(
                f"layer {layer.name} ({kind}) stands where it cannot be imported: the order is "
                "(Embedding,) recurrent layers with return_sequences=True but for the last, (a "
                "global pooling,) Dense"
            )

    @staticmethod
    def _other_cells(layer):
        ahead, back = layer.forward_layer, layer.backward_layer
        keys = ("activation", "recurrent_activation", "reset_after", "use_bias")
        one, other = ahead.get_config(), back.get_config()
        return _kind(ahead) != _kind(back) or any(one.get(k) != other.get(k) for k in keys)

    def _add(self, layer, weights, directions):
        cell = _cell(layer)
        self.every_step = layer.get_config().get("return_sequences")
        if self.cell not in (None, cell):
            raise NotImplementedError(f"the layers have different cells: {self.cell}, {cell}")
        self.cell = cell
        if self.layers and len(self.layers[0]) != directions:
            raise NotImplementedError("layers of one and of two directions cannot be mixed")
        per = len(weights) // directions
        self.layers.append(
            [_direction(cell, weights[d * per : (d + 1) * per]) for d in range(directions)]
        )

    def _read_dense(self, layer):
        activation = layer.get_config().get("activation")
        weight, *bias = (np.asarray(w, np.float32) for w in layer.get_weights())
        units = weight.shape[1]
        if activation not in ("linear", None, "sigmoid" if units == 1 else "softmax"):
            raise NotImplementedError(
                f"the Dense layer {layer.name} has {units} unit{'s' * (units > 1)} and activation "
                f"{activation}; only softmax or linear can be imported, of one unit sigmoid or linear"
            )
        self.dense = weight.T, bias[0] if bias else np.zeros(weight.shape[1], np.float32)


def from_keras(
    model, labels, *, words=None, mean=None, std=None, pooling=None, check=None, **options
):
    """A Model of a Keras model: (Embedding,) recurrent layers, (a global pooling,) Dense.

    Parameters
    ----------
    model : keras.Model, or list of its layers
    labels : list
        The class of each output; of a single sigmoid unit the two classes, that of 0 first.
    words : list of str, default=None
        With an Embedding: the word of each row.
    mean, std : array-like of shape (channels,), default=None
        What the series were scaled by.
    pooling : str, default=None
        Where it is not to be seen from the layers.
    check : pair, default=None
        Some inputs of the model and its answers, as for :func:`from_torch`.
    **options
        More options of the network.

    Returns
    -------
    refrain.Model

    Raises
    ------
    NotImplementedError
        For layers or settings that Refrain does not have (GRU with reset_after=False, hard
        sigmoid, several Dense layers).
    """
    reader = _Reader()
    for layer in getattr(model, "layers", model):
        reader.read(layer)
    if not reader.layers or reader.dense is None:
        raise ValueError("the model needs at least one recurrent and one Dense layer")
    pooling = pooling or reader.pooling
    if reader.every_step and pooling is None:
        raise NotImplementedError(
            "the last recurrent layer has return_sequences=True and nothing pools its steps: the "
            "Dense layer answers at each step, not once a series"
        )
    if reader.table is not None:
        if words is None:
            raise ValueError("the model has an Embedding: give the word of each row in words")
        features = word_features(words, reader.table)
    else:
        features = series_features(reader.layers[0][0][0].shape[1], mean, std)
    options["pooling"] = pooling or "last"
    top = two_of_one(reader.dense, labels, "the Dense layer")
    return assemble(reader.cell, reader.layers, top, labels, features, options, check)
