"""What users have (lists, arrays, data frames, tensors) as what the core takes.

Series become a list of float32 arrays ``[time, channels]``; an array that is such already is not
copied. Wrong input raises TypeError or ValueError and names the sample.
"""

import os
import sys
import warnings

import numpy as np

from . import _core
from ._errors import conversion_warning
from ._frames import check_frame, is_frame, levels, stacked, warn_of_counters
from ._layout import hint_for, is_turned, refuse_channels, require_layout


class Form:
    """How ``X`` came: ``kind`` is "matrix" (2-D: n, time), "cube" (3-D), "list", "frame" (its
    columns are the channels), "text" or "sound"."""

    def __init__(self, kind, channels, width=None, names=None):
        self.kind, self.channels, self.width, self.names = kind, channels, width, names
        self.layout = None  # as it was given
        self.offset = None  # what was subtracted of each channel, float64 [C]
        self.hint = lambda channels: ""  # what to try where the model wants other channels


def _module(value):
    return type(value).__module__.split(".")[0]


def _is_sparse(X):
    return hasattr(X, "toarray") and hasattr(X, "nnz")


def _dense(X):
    """An array of an array-like; torch, jax and others come through DLPack where they can."""
    if isinstance(X, np.ndarray):
        return X
    if _module(X) == "torch" and getattr(X, "requires_grad", False):
        X = X.detach()
    if hasattr(X, "__dlpack__") and not hasattr(X, "__array__"):
        return np.from_dlpack(X)
    return np.asarray(X)


def _numbers(array, where):
    """float32 or float64 ``[...]`` of numbers; refuses what is no number."""
    if array.dtype == np.float32:
        return array
    if array.dtype.kind == "c":
        raise ValueError(f"Complex data not supported\n{where} has complex numbers")
    if array.dtype.kind in "US":
        raise ValueError(f"{where} holds text, not numbers; for texts use TextClassifier")
    if array.dtype.kind in "mMV":
        raise TypeError(f"{where} holds {array.dtype} values; give numbers")
    if array.dtype.kind == "O":
        try:
            return array.astype(np.float64)
        except ValueError as error:
            raise ValueError(f"{where} is not made of numbers: {error}") from None
    return array.astype(np.float64, copy=False)


def _to_float32(array, where, offset=0.0):
    """float32, C order; an offset is subtracted in double precision."""
    if np.any(offset):
        array = array.astype(np.float64) - offset
    with np.errstate(over="ignore", invalid="ignore"):
        out = np.ascontiguousarray(array, dtype=np.float32)
    if array.dtype == np.float64 and np.any(np.isinf(out) & np.isfinite(array)):
        raise ValueError(f"{where} has a value too large for float32; rescale the data")
    return out


def _real(array, where):
    return _to_float32(_numbers(array, where), where)


_SAMPLED = 10000  # values that tell a channel's level
_FINE = 1e-3  # of a channel's deviation: coarser than that float32 loses its changes


def offset_of(series):
    """What to subtract of each channel so that float32 keeps its changes: float64 [C], the median
    where it is large and the changes small, else 0; None where it is nothing at all."""
    if not any(one.dtype == np.float64 for one in series):
        return None
    offset = np.zeros(series[0].shape[1])
    for c in range(len(offset)):
        values = np.concatenate([one[:, c] for one in series])
        values = values[np.isfinite(values)]
        if len(values) == 0 or values.min() == values.max():
            continue
        quarter, middle, three = np.percentile(values[:: 1 + len(values) // _SAMPLED], [25, 50, 75])
        with np.errstate(over="ignore"):
            coarse = float(np.spacing(np.abs(np.float32(middle))))
        spread = np.std(values - middle)
        if three > quarter:  # a few far values are no changes
            spread = min(spread, (three - quarter) / 1.35)
        if np.isfinite(coarse) and coarse > _FINE * spread:
            offset[c] = middle
    return offset if offset.any() else None


def read_steps(item, where, turned=False):
    """One series as float32 or float64 [time, channels]; `turned`: it comes as [channels, time]."""
    if item is None:
        raise ValueError(f"{where} is None, not a series")
    if isinstance(item, (str, bytes)):
        raise ValueError(f"{where} is text, not a series of numbers; for texts use TextClassifier")
    if _is_sparse(item):
        raise TypeError(f"{where} is sparse; use '.toarray()' to convert it to a dense array")
    try:
        array = _dense(item)
    except ValueError:
        raise ValueError(f"{where} has rows of different lengths; give [time, channels]") from None
    array = _numbers(array, where)
    if array.ndim == 1:
        array = array[:, None]
    elif array.ndim == 2 and turned:
        array = array.T
    if array.ndim != 2:
        raise ValueError(
            f"{where} has {array.ndim} dimensions; a series is [time] or [time, channels]"
        )
    if array.shape[0] == 0:
        raise ValueError(f"{where} has no steps; leave empty series out")
    return array


def _from_array(X, turned=False):
    if X.ndim < 2:
        raise ValueError(
            f"Expected 2D or 3D array, got {X.ndim}D array instead. Reshape your data either using "
            "array.reshape(-1, 1) if it has one step or array.reshape(1, -1) if it is one series."
        )
    if X.ndim > 3:
        raise ValueError(f"Found array with dim {X.ndim}, expected <= 3: (n, time, channels).")
    if X.shape[0] == 0:
        raise ValueError(
            f"Found array with 0 sample(s) (shape={X.shape}) while a minimum of 1 is required."
        )
    if 0 in X.shape:
        raise ValueError(
            f"Found array with 0 feature(s) (shape={X.shape}) while a minimum of 1 is required."
        )
    X = _numbers(X.transpose(0, 2, 1) if turned and X.ndim == 3 else X, "X")
    if X.ndim == 2:
        return list(X[:, :, None]), Form("matrix", 1, X.shape[1])
    return list(X), Form("cube", X.shape[2])


def _is_table(items):
    """Rows of one length in plain lists: a 2-D array as scikit-learn takes it."""
    return all(
        isinstance(row, (list, tuple))
        and len(row) == len(items[0])
        and all(isinstance(v, (int, float)) for v in row)
        for row in items
    )


def _from_items(items, turned=False):
    if len(items) == 0:
        raise ValueError("Found array with 0 sample(s) while a minimum of 1 is required.")
    if all(np.isscalar(item) and not isinstance(item, (str, bytes)) for item in items):
        return _from_array(np.asarray(items))  # says what is wrong with it
    if _is_table(items):
        return _from_array(np.asarray(items))
    series = [read_steps(item, f"X[{i}]", turned) for i, item in enumerate(items)]
    refuse_channels(series, turned)
    return series, Form("list", series[0].shape[1])


def _nested(column):
    first = next(iter(column), None)
    return not np.isscalar(first) and first is not None and np.ndim(first) > 0


def _named(form, names):
    if all(isinstance(name, str) for name in names):
        form.names = np.asarray(list(names), dtype=object)
    return form


def _from_stacked(X):
    items, ids, names = stacked(X)
    series = [read_steps(item, f"X.loc[{name!r}]") for item, name in zip(items, ids)]
    return series, _named(Form("frame", len(names)), names)


def _from_frame(X):
    if levels(X) > 1:
        return _from_stacked(X)
    check_frame(X)
    columns = [X[name] for name in X.columns]
    if columns and len(X) and all(_nested(column) for column in columns):
        rows = zip(*(list(column) for column in columns))
        try:
            items = [
                np.stack([np.asarray(v, float) for v in row], axis=-1)
                if len(columns) > 1
                else np.asarray(row[0])
                for row in rows
            ]
        except ValueError as error:
            raise ValueError(f"the columns of a row are not of one length: {error}") from None
        series, form = _from_items(items)
        if len(columns) == 1:
            return series, form
        return series, _named(Form("frame", form.channels), X.columns)
    series, form = _from_array(X.to_numpy())
    return series, _named(form, X.columns)


def read_series(X, layout=None):
    """(list of float32 or float64 arrays [time, channels], Form) of anything that holds series."""
    turned = is_turned(layout)
    if X is None:
        raise ValueError("Expected 2D or 3D array or a list of series, got None")
    if _is_sparse(X):
        raise TypeError(
            "Sparse data was passed for X, but dense data is required. Use '.toarray()' to convert."
        )
    if isinstance(X, (str, bytes, dict)):
        raise ValueError(f"Expected 2D or 3D array or a list of series, got {type(X).__name__}")
    if is_frame(X):
        return _from_frame(X)
    if isinstance(X, (list, tuple)):
        return _from_items(X, turned)
    if _module(X) in ("pandas", "polars"):
        if levels(X) > 1:
            return _from_stacked(X)
        if len(X) and not _nested(X):
            return _from_array(X.to_numpy())
        return _from_items(list(X), turned)
    array = _dense(X)
    if array.dtype == object and array.ndim == 1 and len(array) and _nested(array):
        return _from_items(list(array), turned)
    return _from_array(array, turned)


def read_texts(X):
    """(list of str, Form) of anything that holds texts."""
    if isinstance(X, (str, bytes)):
        raise ValueError("X is one text; give a list of texts")
    if X is None or isinstance(X, dict):
        raise ValueError(f"X is {type(X).__name__}; give a list of texts")
    if is_frame(X):
        if len(X.columns) != 1:
            raise ValueError(f"X has {len(X.columns)} columns; give the column of the texts")
        X = X[list(X.columns)[0]]
    if isinstance(X, np.ndarray) and X.ndim == 2 and X.shape[1] == 1:
        X = X[:, 0]
    texts = X.tolist() if hasattr(X, "tolist") else list(X)
    if len(texts) == 0:
        raise ValueError("Found array with 0 sample(s) while a minimum of 1 is required.")
    for i, text in enumerate(texts):
        if not isinstance(text, str):
            hint = "; decode it first" if isinstance(text, bytes) else ""
            raise TypeError(f"X[{i}] is {type(text).__name__}, not a text (str){hint}")
    return texts, Form("text", 0)


def is_text(X):
    """Whether X holds texts, and not series."""
    if isinstance(X, np.ndarray) and X.dtype.kind not in "OUS":
        return False
    try:
        read_texts(X)
    except (TypeError, ValueError):
        return False
    return True


def _is_pair(item):
    """Sound and its rate, in either order."""
    return (
        isinstance(item, (list, tuple))
        and len(item) == 2
        and sorted(np.ndim(part) > 0 for part in item) == [False, True]
    )


def _waves(sound, where):
    """float32 [n] of the sound, channels mixed down to their mean, integers by their full scale."""
    array = np.asarray(_dense(sound))
    if array.dtype.kind in "iu":
        info = np.iinfo(array.dtype)
        half = 2.0 ** (info.bits - 1)
        array = (array - (half if info.min == 0 else 0.0)) / half
    array = _real(array, where)
    if array.ndim == 2:  # channels are the shorter side
        array = array.mean(axis=int(array.shape[1] <= array.shape[0]), dtype=np.float32)
    if array.ndim != 1:
        raise ValueError(f"{where} has {array.ndim} dimensions; sound is [n] or [n, channels]")
    return np.ascontiguousarray(array)


def read_recording(item, where):
    """(float32 [n], rate) of a path, or of a pair of sound and rate."""
    if isinstance(item, (str, os.PathLike)):
        return _core.read_recording(os.fspath(item))
    if not _is_pair(item):
        raise TypeError(
            f"{where} is {type(item).__name__}; a recording is a path or a pair (samples, rate)"
        )
    sound, rate = item if np.ndim(item[0]) > 0 else item[::-1]
    if float(rate) != int(rate):
        raise ValueError(f"{where} has a rate of {rate}; it is a whole number of samples a second")
    return _waves(sound, where), int(rate)


def read_recordings(X):
    """(list of float32 [n, 1], list of rates, Form) of a list of recordings."""
    if X is None or isinstance(X, (str, bytes, dict)) or np.isscalar(X):
        raise ValueError(f"X is {type(X).__name__}; give a list of recordings")
    items = X.tolist() if _module(X) in ("pandas", "polars") else list(X)
    if len(items) == 0:
        raise ValueError("Found array with 0 sample(s) while a minimum of 1 is required.")
    read = [read_recording(item, f"X[{i}]") for i, item in enumerate(items)]
    return [sound[:, None] for sound, _ in read], [rate for _, rate in read], Form("sound", 1)


def kind_of(X):
    """What X holds: "text", "sound" (pairs of sound and rate) or "series"."""
    if is_text(X):
        return "text"
    pairs = isinstance(X, (list, tuple)) and len(X) > 0 and all(_is_pair(item) for item in X)
    return "sound" if pairs else "series"


def samples_of(kind, X, layout=None, training=False, offset=None):
    """(core samples, Form); `training`: refuses arrays that look turned; `offset` [C] is subtracted,
    None: what the values need."""
    if layout is not None and kind != "series":
        raise ValueError(f"layout is for arrays of series, not for {kind}")
    if kind == "sound":
        sounds, rates, form = read_recordings(X)
        return _core.Samples(sounds, rates), form
    if kind == "text":
        texts, form = read_texts(X)
        return _core.Samples(texts), form
    series, form = read_series(X, layout)
    if training:
        require_layout(series, form, layout)
        if is_frame(X) and form.kind == "matrix":
            warn_of_counters(X)
    channels = form.channels
    form.hint = lambda wanted: hint_for(series, form, wanted, layout)
    form.offset = offset_of(series) if offset is None else np.asarray(offset, dtype=float)
    shift = form.offset if form.offset is not None and len(form.offset) == channels else 0.0
    where = "X" if form.kind in ("matrix", "cube") else "X[{}]"
    kept = [_to_float32(one, where.format(i), shift) for i, one in enumerate(series)]
    samples = _core.Samples(kept, channels)
    if np.any(shift):
        samples.offset = shift.tolist()
    return samples, form


def read_target(y):
    """1-D array of class labels; refuses what can be no labels."""
    if y is None:
        raise ValueError("This estimator requires y to be passed, but the target y is None.")
    if _is_sparse(y):
        raise TypeError("Sparse data was passed for y, but dense data is required.")
    y = _dense(y.to_numpy() if _module(y) in ("pandas", "polars") else y)
    if y.ndim == 2 and y.shape[1] == 1:
        warnings.warn(
            "A column-vector y was passed when a 1d array was expected. Please change the shape of "
            "y to (n_samples,), for example using ravel().",
            conversion_warning(),
            stacklevel=4,
        )
        y = y[:, 0]
    if y.ndim != 1:
        raise ValueError(f"y should be a 1d array, got an array of shape {y.shape} instead.")
    if y.dtype.kind == "c":
        raise ValueError("Complex data not supported\ny has complex numbers")
    if y.dtype.kind in "SmM":
        raise TypeError(f"the labels of y are {y.dtype}; give text, whole numbers or bools")
    if y.dtype.kind == "f":
        _check_numbers(y)
    if y.dtype.kind == "O":
        _check_objects(y)
    return y


def read_numbers(y):
    """(float64 [n, targets] of a regression's targets, whether they are one a sample); refuses what
    can be none."""
    if y is None:
        raise ValueError("This estimator requires y to be passed, but the target y is None.")
    if _is_sparse(y):
        raise TypeError("Sparse data was passed for y, but dense data is required.")
    y = np.asarray(_dense(y.to_numpy() if _module(y) in ("pandas", "polars") else y))
    if y.ndim not in (1, 2):
        raise ValueError(f"y should be a 1d or 2d array, got an array of shape {y.shape} instead.")
    if y.dtype.kind == "c":
        raise ValueError("Complex data not supported\ny has complex numbers")
    try:
        y = y.astype(np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(f"y holds no numbers: {error}") from None
    if np.isnan(y).any():
        raise ValueError("Input y contains NaN.")
    if np.isinf(y).any():
        raise ValueError("Input y contains infinity or a value too large for dtype('float64').")
    if y.ndim == 2 and y.shape[1] == 1:
        warnings.warn(
            "A column-vector y was passed when a 1d array was expected. Please change the shape of "
            "y to (n_samples,), for example using ravel().",
            conversion_warning(),
            stacklevel=4,
        )
    flat = y.ndim == 1 or y.shape[1] == 1
    return y.reshape(len(y), -1), flat


def _check_numbers(y):
    if np.isnan(y).any():
        raise ValueError("Input y contains NaN.")
    if np.isinf(y).any():
        raise ValueError("Input y contains infinity or a value too large for dtype('float64').")
    if (y != np.floor(y)).any():
        raise ValueError(
            "Unknown label type: continuous. Maybe you are trying to fit a classifier, which "
            "expects discrete classes, on a regression target with continuous values."
        )


def _check_objects(y):
    kinds = {str if isinstance(v, str) else float if isinstance(v, float) else type(v) for v in y}
    if float in kinds and any(isinstance(v, float) and np.isnan(v) for v in y):
        raise ValueError("Input y contains NaN.")
    if type(None) in kinds:
        raise ValueError(f"y[{list(y).index(None)}] is None; every sample needs a label")
    if str in kinds and len(kinds) > 1:
        names = ", ".join(sorted(kind.__name__ for kind in kinds))
        raise TypeError(f"the labels of y are of different types ({names}); use one")


def family(labels):
    """"text", "bool" or "number", whichever the labels (a list) are; None where they are mixed."""
    kinds = {
        "text" if isinstance(v, str) else "bool" if isinstance(v, (bool, np.bool_)) else "number"
        for v in labels
    }
    return kinds.pop() if len(kinds) == 1 else None


def check_family(name, labels, known):
    """Refuses text where the model's labels are numbers, and the other way round."""
    mine, theirs = family(np.asarray(labels).tolist()), family(known.tolist())
    if len(labels) == 0 or "text" not in (mine, theirs) or mine == theirs:
        return
    shown = ", ".join(repr(label) for label in known.tolist()[:4])
    kinds = {"text": "text", "number": "numbers", "bool": "bools", None: "text and numbers"}
    raise ValueError(
        f"the labels in {name} are {kinds[mine]}, but those of the model are {kinds[theirs]} "
        f"({shown}): none could be equal; give them as they were in fit"
    )


def check_labels(name, labels, known):
    """Refuses labels that are not among the known ones."""
    check_family(name, labels, known)
    texts = {label_text(v) for v in known.tolist()}
    new = sorted({label_text(v) for v in labels.tolist()} - texts)
    if new:
        raise ValueError(
            f"{name} has labels that were not there at the first fit: {', '.join(new)}; name all "
            "there will be with classes at the first call of partial_fit, or fit anew"
        )


def label_text(label):
    """A label the way a data file has it: whole numbers without a point."""
    if isinstance(label, (float, np.floating)) and float(label).is_integer():
        return str(int(label))
    return str(label)


def label_kind(labels):
    """What a model file must say of labels (a list) beside their texts; "" where it is nothing."""
    kind = family(labels)
    if kind == "number":
        kind = "float" if any(isinstance(v, (float, np.floating)) for v in labels) else "integer"
    back = labels_from([label_text(v) for v in labels]).dtype.kind
    same = {"text": "U", "bool": "b", "integer": "iuO"}.get(kind, "")
    return "" if kind is None or back in same else kind


def labels_from(texts, kind=""):
    """Class labels of a model file, of the kind that it names; else whole numbers or bools where
    all of them are, else text."""
    if kind == "float":
        return np.asarray(sorted(float(text) for text in texts))
    if kind == "text":
        return np.asarray(texts)
    if set(texts) <= {"True", "False"}:
        return np.asarray([text == "True" for text in texts])
    try:
        numbers = [int(text) for text in texts]
    except ValueError:
        return np.asarray(texts, dtype=object if not texts else None)
    if [str(number) for number in numbers] != list(texts):
        return np.asarray(texts)
    return np.asarray(sorted(numbers))


def check_length(n, name, values):
    """The values as a list of n entries."""
    values = _dense(values.to_numpy() if _module(values) in ("pandas", "polars") else values)
    if values.ndim != 1:
        raise ValueError(f"{name} must be 1D, got an array of shape {values.shape}")
    if len(values) != n:
        raise ValueError(
            f"Found input variables with inconsistent numbers of samples: [{n}, {len(values)}] "
            f"({name})"
        )
    return values


def read_weights(n, weights):
    """float64 [n]; the core refuses negative ones."""
    if np.isscalar(weights):
        return np.full(n, float(weights))
    weights = check_length(n, "sample_weight", weights)
    try:
        return np.asarray(weights, dtype=np.float64)
    except (TypeError, ValueError):
        raise ValueError("sample_weight must be numbers") from None


def read_groups(n, groups):
    """Texts [n]; None and NaN are groups of their own."""
    groups = check_length(n, "groups", groups)
    return ["" if g is None or g != g else str(g) for g in groups.tolist()]


def loaded(name):
    """A module that is loaded already, or None."""
    return sys.modules.get(name)
