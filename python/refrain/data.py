"""Data files as X, y and groups; what a data set consists of, and what is wrong with it."""

import json
import os
import warnings
from typing import NamedTuple

import numpy as np

from . import _core
from ._aliases import hint_for
from ._inputs import (
    check_length,
    kind_of,
    label_text,
    labels_from,
    read_groups,
    read_recordings,
    read_series,
    read_steps,
    read_target,
    samples_of,
)
from ._layout import doubt, is_turned
from ._options import as_text


class DataReport:
    """What :func:`validate` found.

    Attributes
    ----------
    samples, channels : int
    steps : tuple of int
        Shortest, median and longest series (steps) or text (bytes).
    missing : float
        Share of the values that are NaN.
    classes : dict
        Number of samples of each label (as text).
    problems, warnings : list of (int, str)
        Sample number (-1: the whole set) and sentence.
    """

    def __init__(self, found):
        self.samples, self.channels = found["samples"], found["channels"]
        self.steps, self.missing = tuple(found["steps"]), found["missing"]
        self.classes = dict(found["classes"])
        self.problems = [tuple(entry) for entry in found["problems"]]
        self.warnings = [tuple(entry) for entry in found["warnings"]]

    @property
    def ok(self):
        """Whether the estimators accept the samples."""
        return not self.problems

    def raise_if_bad(self):
        """Raises ValueError with all problems."""
        if self.problems:
            raise ValueError("\n".join(_line(entry) for entry in self.problems))

    def __repr__(self):
        lines = [
            f"{self.samples} samples, {self.channels} channels, "
            f"{self.steps[0]} to {self.steps[2]} steps (median {self.steps[1]}), "
            f"{100 * self.missing:.2g} % missing"
        ]
        lines += [f"class {label}: {count}" for label, count in self.classes.items()]
        lines += ["problem: " + _line(entry) for entry in self.problems]
        lines += ["warning: " + _line(entry) for entry in self.warnings]
        return "\n".join(lines)


def _line(entry):
    sample, sentence = entry
    return sentence if sample < 0 else f"X[{sample}]: {sentence}"


def _unreadable(X, turned):
    """(sample, sentence) of every series that the estimators would not read."""
    if not isinstance(X, (list, tuple)) or any(np.isscalar(item) for item in X):
        return []
    found, channels = [], None
    for i, item in enumerate(X):
        try:
            own = read_steps(item, "the series", turned).shape[1]
        except (TypeError, ValueError) as error:
            found.append((i, str(error)))
            continue
        channels = channels or own
        if own != channels:
            found.append((i, f"the series has {own} channels, but those before it {channels}"))
    return found


def validate(X, y=None, groups=None, layout=None):
    """Looks at samples the way ``fit`` would, and at what is suspicious about them.

    Parameters
    ----------
    X : series, texts or recordings in memory, as the estimators take them
    y : array-like of shape (n,), default=None
    groups : array-like of shape (n,), default=None
    layout : {"time_channels", "channels_time"}, default=None
        How arrays of several channels lie, as the estimators take it.

    Returns
    -------
    DataReport
        All problems, not only the first: infinite values, empty series, classes of a single
        sample, duplicates with different labels or in different groups, constant channels, arrays
        that look like (n, channels, time). Where series cannot be read at all, those alone.
    """
    kind = kind_of(X)
    sound = kind == "sound"
    if sound:  # as series of one channel
        X, kind = read_recordings(X)[0], "series"
    unreadable = [] if kind == "text" else _unreadable(X, is_turned(layout))
    if unreadable:  # the rest is looked at once these are mended
        nothing = {"samples": len(X), "channels": 0, "steps": (0, 0, 0), "missing": 0.0}
        return DataReport({**nothing, "classes": {}, "problems": unreadable, "warnings": []})
    samples, _ = samples_of(kind, X, layout)
    n = len(samples)
    if y is not None:
        samples.labels = [label_text(v) for v in check_length(n, "y", read_target(y)).tolist()]
    if groups is not None:
        samples.groups = read_groups(n, groups)
    found = json.loads(_core.validate(samples))
    looks = doubt(*read_series(X, layout), layout) if kind == "series" and not sound else None
    if looks is not None:
        found["warnings" if looks[1] else "problems"].append((-1, looks[0]))
    return DataReport(found)


class Read(NamedTuple):
    """What :func:`read` found: it unpacks to ``X, y, groups``."""

    X: object
    y: object
    groups: object


class FileRead(Read):
    """The same with what it was taken for.

    Attributes
    ----------
    about : dict
        kind ("series", "text", "sound"), task ("classify", "regress", "tag", "translate",
        "transcribe", "forecast"), format, summary, columns, not_read, channels, ids.
    """

    def __new__(cls, X, y, groups, about):
        out = super().__new__(cls, X, y, groups)
        out.about = about
        return out

    def __reduce__(self):
        return FileRead, (*self, self.about)

    def __repr__(self):
        return self.about["summary"]


def _read_options(task, given):
    """Options of reading, as text."""
    known = [o["name"] for o in _core.options() if o["section"] == "Data"]
    for name in given:
        if name not in known:
            raise TypeError(f"read has no option {name!r}{hint_for(name, known)}")
    options = {name: as_text(name, value) for name, value in given.items() if value is not None}
    return options if task == "auto" else {**options, "task": task}


def _labels(texts):
    """An array of the kind that the labels look like: whole numbers, bools or text."""
    kind = labels_from(sorted(set(texts))).dtype.kind
    if kind == "b":
        return np.asarray([text == "True" for text in texts])
    return np.asarray([int(text) for text in texts]) if kind == "i" else np.asarray(texts)


def _series(arrays, offset):
    """(n, time) or (n, time, channels) where all are of one length, else a list of arrays."""
    if np.any(offset):  # single precision would lose the changes
        arrays = [np.asarray(one, dtype=np.float64) + np.asarray(offset) for one in arrays]
    if len({len(one) for one in arrays}) > 1:
        return arrays
    X = np.stack(arrays)
    return X[:, :, 0] if X.shape[2] == 1 else X


def _target(found):
    task = found["about"]["task"]
    if task == "classify":
        return _labels(found["labels"])
    if task == "regress":
        numbers = np.asarray(found["numbers"], dtype=np.float64)
        return numbers[:, 0] if numbers.shape[1] == 1 else numbers
    if task in ("translate", "transcribe"):
        return np.asarray(found["labels"], dtype=object)
    return found["tags"] if task == "tag" else None


def _groups(texts):
    """None where no sample has a group; else an array, None where one has none."""
    if not any(texts):
        return None
    return np.asarray([text or None for text in texts], dtype=object if "" in texts else None)


def _note(text, warning):
    if warning:
        warnings.warn(text, UserWarning, stacklevel=5)


def read(path, *, task="auto", **options):
    """A data file or folder as the tool reads it, in any of its formats.

    Parameters
    ----------
    path : str or path-like
        ``refrain.list_registry("readers")`` names the formats; they are recognised by themselves.
    task : {"auto", "classify", "regress", "tag", "translate", "transcribe", "forecast"}, \
default="auto"
        What the labels are for. "translate" reads pairs of texts, also of two files ("a.en,a.de"),
        "transcribe" recordings or series with their transcripts, "forecast" series in time.
    **options
        Options of the section "Data" of ``refrain train``: ``format``, ``target``,
        ``text_column``, ``group``, ``id``, ``time``, ``encoding``, ...

    Returns
    -------
    X, y, groups
        Series of one length are an array (n, time) or (n, time, channels), others a list of arrays
        [time, channels]; texts a list of str; recordings a list of (samples, rate); tagged texts a
        list of lists of words. y is an array of labels, numbers or texts, or a list of lists of tags;
        None where the file has none. groups is None where no sample has one. Of "forecast" X is a
        dict of the values of each series, and y and groups are None. The result has ``about``,
        which says what the file was taken for.

    Raises
    ------
    ValueError
        With all bad rows, by line and column.
    OSError
        The file cannot be read.

    Examples
    --------
    >>> X, y, groups = refrain.data.read("runs.csv", target="fault", group="machine") # doctest: +SKIP
    """
    path = os.fspath(path)
    given = _read_options(task, options)
    if task == "forecast":
        return _read_forecast(path, given)
    found = _core.read_samples(path, given, _note)
    about, X = found["about"], found["X"]
    if about["kind"] == "series":
        X = _series(X, about.pop("offset"))
    return FileRead(X, _target(found), _groups(found["groups"]), about)


def _read_forecast(path, given):
    found = _core.read_histories(path, given, _note)
    X = {name: values for name, _, values in found["series"]}
    about = {"kind": "series", "task": "forecast", "format": found["format"]}
    about["summary"], about["horizon"] = found["summary"], found["horizon"]
    about["times"] = {name: times for name, times, _ in found["series"]}
    about["covariates"] = found["covariates"]
    if found["covariates"]:
        warnings.warn(
            f"{path}: the columns {', '.join(found['covariates'])} are not among the values; give the "
            "path itself to Forecaster.fit, which reads them",
            UserWarning,
            stacklevel=3,
        )
    return FileRead(X, None, None, about)
