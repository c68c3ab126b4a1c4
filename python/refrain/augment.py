"""Augmentation: derived samples, and specifications of what is to be done to them.

A specification is the text that ``refrain train --augment`` takes, or is put together of parts:

>>> from refrain import augment as aug
>>> steps = aug.jitter(sigma=(0.01, 0.05), p=0.5) | aug.OneOf(aug.scale(), "time_warp(knots=4)")
>>> str(steps)
'jitter(sigma=0.01..0.05, p=0.5) | one_of(scale, time_warp(knots=4))'

Both serve as the estimators' option ``augment``, and for :func:`apply`. Every operation of
:func:`operations` is a function here; names, options and ranges are checked at once.
"""

import json

import numpy as np

from . import _core
from ._inputs import check_length, kind_of, label_text, read_target, samples_of
from ._options import as_text

__all__ = ["Compose", "Derived", "OneOf", "Operation", "Repeat", "SomeOf", "Spec", "apply",
           "operations"]  # fmt: skip


def _plain(value):
    """What JSON can say."""
    if isinstance(value, Spec):
        return str(value)
    if isinstance(value, dict):
        return {name: _plain(entry) for name, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(entry) for entry in value]
    if hasattr(value, "item") and not isinstance(value, (str, bytes)):
        return value.item()
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    raise TypeError(f"augmentation is made of text, numbers and steps, not {type(value).__name__}")


def spec_text(spec):
    """A specification as the text that the option ``augment`` takes."""
    if isinstance(spec, str):
        return spec
    if not isinstance(spec, (Spec, dict, list, tuple)):
        raise TypeError(f"augment must be text or steps, got {type(spec).__name__}")
    return str(spec if isinstance(spec, Spec) else Spec(spec))


class Spec:
    """Steps of augmentation; ``str()`` is their text, ``a | b`` is one after the other.

    Parameters
    ----------
    steps : str, Spec, dict or list of these
        Text such as ``"jitter(sigma=0.03) | time_warp"``, ``"@FILE"``, or what a JSON file would
        hold: ``["scale", {"name": "jitter", "sigma": [0.01, 0.05]}]``.

    Raises
    ------
    ValueError
        For unknown names and options and values out of range, naming the place.
    """

    def __init__(self, steps):
        if isinstance(steps, (Spec, str)):
            self._text = _core.augmentation_text(str(steps))
        else:
            self._text = _core.augmentation_text(json.dumps(_plain(steps)))

    def __str__(self):
        return self._text

    def __repr__(self):
        return f"Spec({self._text!r})"

    def __eq__(self, other):
        return isinstance(other, Spec) and str(self) == str(other)

    def __hash__(self):
        return hash(self._text)

    def __or__(self, other):
        return Compose(self, other)

    def __ror__(self, other):
        return Compose(other, self)

    def __reduce__(self):
        return Spec, (self._text,)


class Operation(Spec):
    """One operation by name.

    Parameters
    ----------
    name : str
        One of :func:`operations`.
    **options
        Its options; a pair of numbers is a range that is drawn from for each sample. ``p`` is how
        often it is applied.
    """

    def __init__(self, name, /, **options):
        super().__init__([{"name": name, **options}])


def _group(name, parts, **options):
    given = {option: value for option, value in options.items() if value is not None}
    return [{"name": name, "of": [Spec(part) for part in parts], **given}]


class Compose(Spec):
    """All its steps in turn.

    Parameters
    ----------
    *steps : Spec, str or dict
    p : float, default=None
        How often they are applied, all or none of them [None = always].
    """

    def __init__(self, *steps, p=None):
        if p is None:
            super().__init__(" | ".join(text for text in (str(Spec(s)) for s in steps) if text))
        else:
            super().__init__(_group("compose", steps, p=p))


class OneOf(Spec):
    """One of its steps; the steps' own ``p`` weigh the choice.

    Parameters
    ----------
    *steps : Spec, str or dict
    p : float, default=None
        How often [None = 0.5].
    """

    def __init__(self, *steps, p=None):
        super().__init__(_group("one_of", steps, p=p))


class SomeOf(Spec):
    """Some different ones of its steps, in the order in which they stand.

    Parameters
    ----------
    *steps : Spec, str or dict
    n : int or (int, int), default=None
        How many [None = from one to all].
    p : float, default=None
        How often [None = 0.5].
    """

    def __init__(self, *steps, n=None, p=None):
        super().__init__(_group("some_of", steps, n=n, p=p))


class Repeat(Spec):
    """Its steps several times.

    Parameters
    ----------
    *steps : Spec, str or dict
    n : int or (int, int), default=None
        How many times [None = 2].
    p : float, default=None
        How often [None = always].
    """

    def __init__(self, *steps, n=None, p=None):
        super().__init__(_group("repeat", steps, n=n, p=p))


def _value(option):
    """The default as a Python value."""
    text, kind = option["default"], option["type"]
    if kind == "bool":
        return text == "true"
    try:
        return {"integer": int, "number": float}.get(kind, str)(text)
    except ValueError:
        return text  # a word that stands for a number


def _described(option):
    number = {"integer": int, "number": float}.get(option["type"])
    return {
        "name": option["name"],
        "type": option["type"],
        "default": _value(option),
        "range": (number(option["low"]), number(option["high"])) if number else None,
        "choices": list(option["choices"]),
        "help": option["help"],
    }


def operations(kind=None):
    """What a specification can be made of.

    Parameters
    ----------
    kind : {"series", "text", "sound", "group"}, default=None
        Only those for data of this kind, or groups of other steps.

    Returns
    -------
    list of dict
        name, kind, description, mixes (whether labels may become shares of labels) and options:
        a list of dicts with name, type, default, range (of numbers), choices and help.
    """
    return [
        {**entry, "options": [_described(option) for option in entry["options"]]}
        for entry in _core.augmentations()
        if kind in (None, entry["kind"])
    ]


class Derived:
    """What :func:`apply` made; ``X, y, source = apply(...)`` takes the first three.

    Attributes
    ----------
    X : list of arrays, array or list of str
        As the samples were given; an array where all lengths stayed equal, else a list.
    y : ndarray or None
        The label of the source; of a mix that of the larger share.
    source : ndarray of int
        The number of the sample that each was made of.
    shares : ndarray of shape (n, n_classes) or None
        Shares of the labels, rows sum to 1; None where nothing is mixed.
    classes : ndarray or None
        The labels of the columns of ``shares``, sorted.
    remarks : list of str
        What steps did before the first sample.
    """

    def __init__(self, found, X, y):
        self.X, self.source, self.remarks = X, found["sources"], found["notes"]
        self.y = self.shares = self.classes = None
        if y is None:
            return
        self.classes, first = np.unique(y, return_index=True)
        place = {label_text(y[i]): column for column, i in enumerate(first)}
        columns = np.asarray([place[label] for label in found["labels"]], dtype=int)
        self.y = self.classes[columns]
        if any(found["shares"]):
            self.shares = np.eye(len(first))[columns]
            for row, shares in zip(self.shares, found["shares"]):
                if shares:
                    row[:] = 0
                for label, share in shares:
                    row[place[label]] += share

    def __iter__(self):
        return iter((self.X, self.y, self.source))

    def __len__(self):
        return len(self.source)

    def __repr__(self):
        mixed = "" if self.shares is None else ", some with shares of several labels"
        return f"<{len(self)} derived samples{mixed}>"


def _as_given(X, form, samples, rates):
    """Derived series in the form in which their sources came."""
    if form.kind == "text":
        return samples
    if form.offset is not None:
        samples = [series + form.offset for series in samples]
    if form.kind == "sound":
        return [(sound[:, 0], rate) for sound, rate in zip(samples, rates)]
    equal = len({len(series) for series in samples}) == 1
    if form.kind == "matrix":
        return np.stack([s[:, 0] for s in samples]) if equal else [s[:, 0] for s in samples]
    if form.kind == "cube":
        return np.stack(samples) if equal else samples
    flat = form.channels == 1 and isinstance(X, (list, tuple)) and np.ndim(X[0]) == 1
    return [s[:, 0] for s in samples] if flat else samples


def apply(X, y=None, spec="", copies=1, seed=1, threads=0):
    """Derived samples of series, texts or recordings.

    Copy k of a sample, counted from 0, is what an estimator with ``augment=spec`` and this seed
    meets in its epoch k + 1 when it trains on all of ``X``; the command-line tool's ``refrain
    augment`` writes the same, but leaves copies out that came out as a sample that is there.

    Parameters
    ----------
    X : series, texts or recordings (pairs of sound and rate), as the estimators take them
    y : array-like of shape (n,), default=None
        Class labels; some operations borrow from samples of the same label.
    spec : str, Spec, dict or list of these
        What is done to the samples, see :class:`Spec`.
    copies : int, default=1
        Derived samples of each sample.
    seed : int, default=1
        As the estimators' option.
    threads : int, default=0
        0 = all cores; the samples are the same for any number.

    Returns
    -------
    Derived
        Copy by copy, each copy in the order of ``X``: X, y, source.

    Raises
    ------
    ValueError
        For a specification that is wrong or not for such samples, naming the place.
    """
    samples, form = samples_of(kind_of(X), X)
    if y is not None:
        y = check_length(len(samples), "y", read_target(y))
        samples.labels = [label_text(v) for v in y.tolist()]
    given = {"augment": spec_text(spec), "seed": seed, "threads": threads}
    found = _core.derive(
        samples, {name: as_text(name, value) for name, value in given.items()}, int(copies)
    )
    return Derived(found, _as_given(X, form, found["samples"], found["rates"]), y)


def _operation(entry):
    """The function of an operation."""

    def make(**options):
        return Operation(entry["name"], **options)

    make.__name__ = make.__qualname__ = entry["name"]
    make.__module__ = __name__
    lines = [f"{entry['description']}.", "", "Parameters", "----------"]
    for option in entry["options"]:
        bounds = "" if option["range"] is None else " in [{:g}, {:g}]".format(*option["range"])
        lines += [f"{option['name']} : {option['type']}{bounds}, default={option['default']!r}"]
        lines += [f"    {option['help']}"]
    make.__doc__ = "\n".join(lines)
    return make


def __getattr__(name):
    for entry in () if name.startswith("_") else operations():
        if entry["name"] == name and entry["kind"] != "group":
            return globals().setdefault(name, _operation(entry))
    raise AttributeError(f"module 'refrain.augment' has no attribute {name!r}")


def __dir__():
    names = [entry["name"] for entry in operations() if entry["kind"] != "group"]
    return sorted({*globals(), *names})
