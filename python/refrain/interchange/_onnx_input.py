"""What a network of the ONNX export reads: scaled values, views, missing marks, words."""

import numpy as np

_FAR = 1e6  # values are kept within it, as in data/normaliser.cc


class Graph:
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


def count_up(g, end):
    """0, 1, ... up to the number (a scalar) `end`."""
    return g.op("Range", g.const(0, np.int64), end, g.const(1, np.int64))


def size_of(g, x, axis):
    return g.op("Squeeze", g.op("Shape", x, start=axis, end=axis + 1))


def live_marks(g, steps, lengths):
    """Marks [B,T,1] of the steps (of `steps` there are) before the length, as bool."""
    before = g.op(
        "Less",
        g.op("Unsqueeze", count_up(g, steps), g.ints(0)),
        g.op("Unsqueeze", lengths, g.ints(1)),
    )
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


def _kept(g, x):
    """float32, no further away than the limit; missing values stay missing."""
    limit = g.const(_FAR, np.float64)
    near = g.op("Min", g.op("Max", x, g.op("Neg", limit)), limit)
    return g.cast(g.op("Where", g.op("IsNaN", x), x, near), np.float32)


def _by_itself(g, x, live):
    here = g.op("And", live, g.op("Not", g.op("IsNaN", x)))
    x = g.cast(x, np.float64)
    mean, std = _moments(g, x, here)
    return _kept(g, g.op("Div", g.op("Sub", x, mean), std))


def _neighbours(g, here, step):
    """For each value [B,T,C] the steps of the nearest ones that are there before and after it (the
    same one twice where there is none on a side), and how many the channel has [B,1,C].

    `step` [1,T,1] counts the steps. A table has those of what is there by their rank, the others
    behind them.
    """
    one = g.const(1, np.int64)
    rank = g.op("CumSum", g.cast(here, np.int64), one)
    count = g.op("ReduceMax", rank, axes=[1])
    behind = g.op("Add", g.op("Unsqueeze", size_of(g, here, 1), g.ints(0)), one)
    place = g.op("Where", here, rank, g.op("Add", step, behind))  # of each value, all different
    zeros = g.op("Mul", place, g.const(0, np.int64))
    wider = g.op("Concat", g.ints(0, 0, 0, 0), behind, g.ints(0), axis=0)
    table = g.op("ScatterElements", g.op("Pad", zeros, wider), place, g.op("Add", zeros, step), axis=1)
    before = g.op("Min", g.op("Max", rank, one), g.op("Max", count, one))
    after = g.op("Min", g.op("Add", rank, one), g.op("Max", count, one))
    left = g.op("GatherElements", table, before, axis=1)
    right = g.op("GatherElements", table, after, axis=1)
    return left, right, count


def _interpolated(g, x, live, mean):
    """Missing values on the line between their neighbours, as data/features.cc has it; the nearest
    one at the ends, and the mean in training where a channel of a series has none at all."""
    here = g.op("And", live, g.op("Not", g.op("IsNaN", x)))
    step = g.op("Unsqueeze", g.op("Unsqueeze", count_up(g, size_of(g, x, 1)), g.ints(0)), g.ints(2))
    left, right, count = _neighbours(g, here, step)
    wide = g.cast(x, np.float64)
    a, b = (g.op("GatherElements", wide, at, axis=1) for at in (left, right))
    gap = g.op("Max", g.op("Sub", right, left), g.const(1, np.int64))
    way = g.op("Min", g.op("Max", g.op("Sub", step, left), g.const(0, np.int64)), gap)
    share = g.op("Div", g.cast(way, np.float64), g.cast(gap, np.float64))
    rest = g.op("Sub", g.const(1, np.float64), share)
    line = g.op("Add", g.op("Mul", a, rest), g.op("Mul", b, share))
    none = g.op("Equal", count, g.const(0, np.int64))
    filled = g.op("Where", none, g.const(mean, np.float64), line)
    return g.op("Where", here, x, g.cast(filled, np.float32))


def _scaled(g, x, scale, live):
    if scale["mode"] == "none":
        return x
    if scale["mode"] == "series":
        return _by_itself(g, x, live)
    x = g.op("Sub", g.cast(x, np.float64), g.const(scale["mean"], np.float64))
    return _kept(g, g.op("Div", x, g.const(scale["std"], np.float64)))


def _of_step(g, x, view, name):
    """[T,C] of a view's `name` at each step; beyond the training series that of all steps."""
    everywhere = np.reshape(view["all_" + name], (1, -1))
    table = np.concatenate([np.reshape(view[name], (-1, everywhere.shape[1])), everywhere])
    at = g.op("Min", count_up(g, size_of(g, x, 1)), g.const(len(table) - 1, np.int64))
    return g.op("Gather", g.const(table, np.float64), at, axis=0)


def _differences(g, x):
    """0 at the first step."""
    end = g.ints(2**62)
    later = g.op("Slice", x, g.ints(1), end, g.ints(1))
    earlier = g.op("Slice", x, g.ints(0), g.ints(-1), g.ints(1))
    first = g.op("Shape", g.op("Slice", x, g.ints(0), g.ints(1), g.ints(1)))
    zero = g.op("Expand", g.const(0), first)
    return g.op("Concat", zero, g.op("Sub", later, earlier), axis=1)


def _sums(g, x):
    """A missing value adds nothing and stays missing."""
    missing = g.op("IsNaN", x)
    there = g.op("Where", missing, g.const(0), x)
    total = g.op("CumSum", g.cast(there, np.float64), g.const(1, np.int64))
    return g.op("Where", missing, x, g.cast(total, np.float32))


def _view(g, x, view, live):
    """One of data/views.h of the scaled values."""
    name = view["name"]
    if name.startswith("shape"):
        x = _by_itself(g, x, live)
    kind = name.removeprefix("shape").removeprefix("_")
    if kind in ("", "raw"):
        return x
    if kind == "difference":
        x = _differences(g, x)
    if kind == "cumulative":
        x = _sums(g, x)
    x = g.cast(x, np.float64)
    if kind in ("deviation", "step_scaled"):
        x = g.op("Sub", x, _of_step(g, x, view, "mean"))
    if kind == "step_scaled":
        x = g.op("Div", x, _of_step(g, x, view, "spread"))
    return _kept(g, g.op("Div", x, g.const(view["scale"], np.float64)))


def series_input(g, network, live):
    """What the network reads [B,T,F] of the input "x", 0 behind the lengths."""
    stream, missing = network.stream, network.options["missing"]
    masked = stream["masked"]
    endless = g.op("IsInf", "x")
    raw = g.op("Where", endless, g.const(np.nan), "x")  # infinite is missing
    x = raw
    if not masked and missing != "zero":
        x = _interpolated(g, raw, live, stream["normaliser"]["mean"])
    scaled = _scaled(g, x, stream["normaliser"], live)
    views = stream.get("views") or [{"name": "raw"}]
    made = [_view(g, scaled, view, live) for view in views]
    x = made[0] if len(made) == 1 else g.op("Concat", *made, axis=2)
    if masked or missing == "zero":
        x = g.op("Where", g.op("IsNaN", x), g.const(0), x)
    if masked:
        x = g.op("Concat", x, g.cast(g.op("IsNaN", raw), np.float32), axis=2)
    return g.op("Where", live, x, g.const(0))  # what lies behind a length may be anything


_LETTER_WIDTHS = (2, 3, 4)  # of the filters, nn/word_spelling.cc


def _letter_input(g, network):
    """[B,T,F] of the input "letters" [B,T,letters], -1 behind a word's end."""
    tensors, path = network.tensors, "encoder.spelling."
    table = tensors[path + "letters"]
    size = table.shape[1]
    row = g.op("Squeeze", g.op("Shape", "letters", start=2), g.ints(0))
    flat = g.op("Reshape", "letters", g.op("Concat", g.ints(-1), g.op("Unsqueeze", row, g.ints(0)), axis=0))
    there = g.op("Unsqueeze", g.op("GreaterOrEqual", flat, g.const(0, np.int64)), g.ints(2))
    x = g.op("Gather", g.const(table), g.op("Max", flat, g.const(0, np.int64)))
    x = g.op("Where", there, x, g.const(0))
    x = g.op("Transpose", x, perm=[0, 2, 1])  # [words,size,letters]
    seen = g.op("Transpose", there, perm=[0, 2, 1])
    parts = []
    for width in _LETTER_WIDTHS:
        w = tensors[f"{path}filters_{width}"]  # [O, taps * size]
        w = w.reshape(len(w), width, size).transpose(0, 2, 1)
        left = (width - 1) // 2
        y = g.op("Conv", x, g.const(w), g.const(tensors[f"{path}b_{width}"]),
                 pads=[left, width - 1 - left])  # fmt: skip
        parts.append(g.op("ReduceMax", g.op("Where", seen, y, g.const(-3.0e38)), axes=[2], keepdims=0))
    y = g.op("Tanh", g.op("Concat", *parts, axis=1))
    shape = g.op("Concat", g.op("Shape", "ids"), g.ints(-1), axis=0)
    return g.op("Reshape", y, shape)


def _shape_input(g, network):
    """[B,T,F] of the input "shapes"."""
    return g.op("Gather", g.const(network.tensors["encoder.spelling.shapes"]), "shapes")


def word_input(g, network, live):
    """The vectors [B,T,E] of the input "ids", and where spelling is read of the inputs "letters" and
    "shapes"; 0 behind the lengths."""
    x = g.op("Gather", g.const(network.tensors["encoder.words"]), "ids")
    if network.spelt:
        x = g.op("Concat", x, _letter_input(g, network), _shape_input(g, network), axis=2)
    return g.op("Where", live, x, g.const(0))
