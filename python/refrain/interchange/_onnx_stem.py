"""Convolutions and shorter sequences of the ONNX export, below or beside the recurrent layers."""

import numpy as np

from ._onnx_input import count_up, live_marks


class Steps:
    """How long the sequences are: `count` of all steps, `lengths` [B], marks `live` [B,T,1]."""

    def __init__(self, g, count, lengths):
        self.count, self.lengths = count, lengths
        self.live = live_marks(g, count, lengths)


def _masked(g, x, steps):
    return g.op("Where", steps.live, x, g.const(0))


def _windows(g, number, window):
    """How many windows it takes."""
    more = g.op("Add", number, g.const(window - 1, np.int64))
    return g.op("Div", more, g.const(window, np.int64))


def shortened(g, steps, window):
    return Steps(g, _windows(g, steps.count, window), _windows(g, steps.lengths, window))


def side_by_side(g, x, window, steps, shorter):
    """[B,T,F] -> [B,T/window,window*F]; the last step is repeated where a sequence ends."""
    every = g.op("Mul", shorter.count, g.const(window, np.int64))
    last = g.op("Unsqueeze", g.op("Sub", steps.lengths, g.const(1, np.int64)), g.ints(1))
    at = g.op("Min", g.op("Unsqueeze", count_up(g, every), g.ints(0)), last)
    x = g.op("GatherND", x, g.op("Unsqueeze", at, g.ints(2)), batch_dims=1)
    return g.op("Reshape", x, g.op("Concat", g.ints(0), g.op("Unsqueeze", shorter.count, g.ints(0)),
                                   g.ints(-1), axis=0))  # fmt: skip


def average_pool(g, x, window, steps, shorter):
    """The mean of each window's steps that there are."""
    wide = g.op("Mul", shorter.count, g.const(window, np.int64))
    behind = g.op("Unsqueeze", g.op("Sub", wide, steps.count), g.ints(0))
    x = g.op("Pad", _masked(g, x, steps), g.op("Concat", g.ints(0, 0, 0, 0), behind, g.ints(0), axis=0))
    count = g.op("Unsqueeze", shorter.count, g.ints(0))
    shape = g.op("Concat", g.ints(0), count, g.ints(window, -1), axis=0)
    total = g.sum(g.op("Reshape", x, shape), 2)  # [B,T/window,F]
    begin = g.op("Mul", count_up(g, shorter.count), g.const(window, np.int64))
    left = g.op("Sub", g.op("Unsqueeze", steps.lengths, g.ints(1)), g.op("Unsqueeze", begin, g.ints(0)))
    here = g.op("Max", g.op("Min", left, g.const(window, np.int64)), g.const(1, np.int64))
    return g.op("Div", total, g.op("Unsqueeze", g.cast(here, np.float32), g.ints(2)))


class Stem:
    """nn/convolution_stem.h."""

    def __init__(self, g, network):
        self.g, self.tensors = g, network.tensors
        self.channels = network.options["stem_channels"]
        self.depthwise = network.options["stem"] == "depthwise"
        self.layers, self.inputs = network.options["stem_layers"], network.inputs

    def __call__(self, x, steps):
        for i in range(self.layers):
            y = self._layer(f"encoder.stem.{i}.", x, steps)
            x = y if i == 0 else self.g.op("Add", x, y)
        return x

    def _linear(self, x, w, b):
        g = self.g
        return g.op("Add", g.op("MatMul", x, g.const(self.tensors[w].T)), g.const(self.tensors[b]))

    def _layer(self, path, x, steps):
        g, tensors = self.g, self.tensors
        if path + "w_in" in tensors:
            x = self._linear(x, path + "w_in", path + "b_in")
        x = g.op("Transpose", _masked(g, x, steps), perm=[0, 2, 1])  # [B,I,T]
        parts = []
        while path + f"filters_{len(parts)}" in tensors:
            parts.append(self._filters(x, path, len(parts)))
        y = parts[0] if len(parts) == 1 else g.op("Concat", *parts, axis=1)
        y = g.op("Transpose", y, perm=[0, 2, 1])
        if self.depthwise:
            y = self._linear(y, path + "w_mix", path + "b_mix")
        gain, bias = g.const(tensors[path + "gain"]), g.const(tensors[path + "bias"])
        y = g.op("LayerNormalization", y, gain, bias, axis=-1, epsilon=1e-5)
        y = g.op("Relu", y)
        return self._excited(path, y, steps) if path + "w_down" in tensors else y

    def _filters(self, x, path, number):
        """One scale: zeros beyond both ends, the length stays."""
        w = self.tensors[path + f"filters_{number}"]  # [O, taps * inputs], depthwise [S, taps]
        if self.depthwise:
            w, more, group = w[:, None, :], [], len(w)
        else:
            inputs = self.inputs if path.endswith(".0.") else self.channels
            w = w.reshape(len(w), -1, inputs).transpose(0, 2, 1)
            more, group = [self.g.const(self.tensors[path + f"b_{number}"])], 1
        left = (w.shape[2] - 1) // 2
        pads = [left, w.shape[2] - 1 - left]
        return self.g.op("Conv", x, self.g.const(w), *more, pads=pads, group=group)

    def _excited(self, path, y, steps):
        g = self.g
        s = g.op("Relu", self._linear(mean_over(g, y, steps), path + "w_down", path + "b_down"))
        s = g.op("Sigmoid", self._linear(s, path + "w_up", path + "b_up"))
        return g.op("Mul", y, g.op("Unsqueeze", s, g.ints(1)))


def mean_over(g, x, steps):
    count = g.op("Unsqueeze", g.cast(steps.lengths, np.float32), g.ints(1))
    return g.op("Div", g.sum(_masked(g, x, steps), 1), count)


def max_over(g, x, steps):
    low = g.op("Where", steps.live, x, g.const(-3.0e38))
    return g.op("ReduceMax", low, axes=[1], keepdims=0)
