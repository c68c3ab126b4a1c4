"""What a data set consists of, and what is wrong with it."""

import json

import numpy as np

from . import _core
from ._inputs import (
    check_length,
    kind_of,
    label_text,
    read_groups,
    read_recordings,
    read_series,
    read_steps,
    read_target,
    samples_of,
)
from ._layout import doubt, is_turned


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
