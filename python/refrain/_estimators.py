"""Estimators by scikit-learn's conventions, made from the core's options.

One more task is one more line in ``_TASKS``.
"""

import types

from ._classifier import Classifier
from ._estimator import Offered
from ._options import constructor, declared, extra, parameter_names, parameter_section
from ._registry import ESTIMATORS
from ._regressor import Regressor
from ._tagger import TaggerBase

__all__ = ["ESTIMATORS", "make_estimator"]

_LAYOUT_TEXT = """layout : {"time_channels", "channels_time"}, default=None
            How arrays of several channels lie, in place of the estimator's ``layout``."""
_SERIES_TEXT = """list of arrays, or array-like of shape (n, time) or (n, time, channels)
            A list holds arrays [time] or [time, channels] of any lengths. NaN is a missing value.
            Columns of pandas and polars may hold one array a row; a frame of pandas with an index
            of two levels (series, step) has a row a step and a column a channel."""
_TAGGED_TEXT = """list of lists of str, list of str, or list of arrays
            Lists of words; raw texts, which are cut into words; or series, arrays [time] or
            [time, channels] of any lengths, where NaN is a missing value."""
_TEXTS_TEXT = """list of str, or a column of pandas or polars, or array of str"""

_SOUND_TEXT = """list of recordings
            Each a path of a WAV, FLAC or OGG file, or a pair (samples, rate): samples [n] or
            [n, channels], floats within [-1, 1] or integers of full scale; rate in Hz."""

_FITTED = """
    Attributes
    ----------
{own}    history_ : dict of lists
        One entry an epoch of the first network: epoch, loss, lr, gradient_norm and, with a
        validation part, valid_score and valid_loss.
    options_ : dict
        All options as they were chosen from the data.
    n_train_, n_valid_ : int
        Samples trained on, and held out for early stopping.
    n_parameters_ : int
        Numbers in the model.
    n_iter_, best_epoch_ : int
        Epochs trained, and the one whose weights are kept.
    stop_reason_ : str
        Why the training ended: epochs, patience, fitted (a simple method), interrupted.
    fit_seconds_ : float
    remarks_ : list of str
        What the core had to say.
    model_ : refrain.Model
        Layers, hidden states, gradients.
"""
_FITTED_OWN = {
    "classify": """    classes_ : ndarray of shape (n_classes,)
        The class labels, sorted.
""",
    "regress": """    n_targets_ : int
        Numbers that are predicted of a sample.
""",
    "tag": """    tags_ : ndarray of shape (n_tags,)
        The tags that are answered, BIO where they mark spans.
    spans_ : bool
        Whether the tags mark spans.
    classes_ : ndarray of str, or None
        The labels of whole samples; None where it was fitted without.
""",
}
_FITTED_SERIES = """    n_channels_ : int
    n_features_in_ : int
        Steps of a series; only where ``fit`` was given a 2-D array.
    feature_names_in_ : ndarray of str
        Columns; only where ``fit`` was given a data frame.
"""

# name, kind of samples, base, first line of the docstring, an example
_TASKS = (
    (
        "SequenceClassifier",
        "series",
        Classifier,
        "Classify series: of any length, with several channels and missing values.",
        """    >>> import numpy as np, refrain
    >>> t = np.linspace(0, 6, 50)
    >>> X = [np.sin(t * (1 + i % 2)) for i in range(40)]
    >>> y = ["slow", "fast"] * 20
    >>> refrain.SequenceClassifier(hidden=8, epochs=20).fit(X, y).predict(X[:2]).tolist()
    ['slow', 'fast']
""",
    ),
    (
        "TextClassifier",
        "text",
        Classifier,
        "Classify short texts in any language; words are found without a dictionary.",
        """    >>> import refrain
    >>> X = ["the pump leaks", "oil on the floor", "it is too loud", "a grinding noise"] * 5
    >>> y = ["leak", "leak", "noise", "noise"] * 5
    >>> refrain.TextClassifier(hidden=8, epochs=20).fit(X, y).predict(["loud noise"]).tolist()
    ['noise']
""",
    ),
    (
        "SoundClassifier",
        "sound",
        Classifier,
        "Classify recordings: files, or sound in memory, of any rate and length.",
        """    >>> import numpy as np, refrain
    >>> t = np.arange(4000) / 8000
    >>> tone = lambda hertz: np.sin(2 * np.pi * hertz * t)
    >>> X = [(tone(300 + 400 * (i % 2) + i), 8000) for i in range(40)]
    >>> y = ["low", "high"] * 20
    >>> refrain.SoundClassifier(hidden=8, epochs=20).fit(X, y).predict(X[:2]).tolist()
    ['low', 'high']
""",
    ),
    (
        "SequenceRegressor",
        "series",
        Regressor,
        "Predict numbers from series: of any length, with several channels and missing values.",
        """    >>> import numpy as np, refrain
    >>> t = np.linspace(0, 6, 50)
    >>> X = [np.sin(t * (1 + i % 10 / 10)) for i in range(60)]
    >>> y = [i % 10 / 10 for i in range(60)]
    >>> model = refrain.SequenceRegressor(hidden=8, epochs=40, interval=0).fit(X, y)
    >>> model.predict(X[:2]).shape
    (2,)
""",
    ),
    (
        "TextRegressor",
        "text",
        Regressor,
        "Predict numbers from short texts in any language, such as ratings.",
        """    >>> import refrain
    >>> X = ["very good", "good", "bad", "very bad"] * 6
    >>> y = [5, 4, 2, 1] * 6
    >>> model = refrain.TextRegressor(hidden=8, epochs=20, interval=0).fit(X, y)
    >>> model.predict(["good"]).shape
    (1,)
""",
    ),
    (
        "Tagger",
        "tagged",
        TaggerBase,
        "Find names, slots and other spans in texts, or tag each word or step of a series.",
        """    >>> import refrain
    >>> X = [["Ann", "sees", "Rome"], ["Bob", "left", "Oslo"]] * 20
    >>> y = [["B-PER", "O", "B-LOC"]] * 40
    >>> model = refrain.Tagger(preset="none", hidden=8, epochs=20).fit(X, y)
    >>> model.predict([["Bob", "sees", "Oslo"]])
    [['B-PER', 'O', 'B-LOC']]
    >>> model.predict(["Bob sees Oslo"])
    [[(0, 3, 'PER'), (9, 13, 'LOC')]]
""",
    ),
)


def _with_text(function, text):
    """A copy of a method whose docstring says what X is."""
    if isinstance(function, Offered):
        return Offered(_with_text(function.function, text), function.obstacle)
    if "{X_text}" not in (function.__doc__ or ""):
        return None
    copy = types.FunctionType(
        function.__code__, function.__globals__, function.__name__, function.__defaults__
    )
    copy.__kwdefaults__ = function.__kwdefaults__
    layout = _LAYOUT_TEXT if text is _SERIES_TEXT else "layout : None\n            For series only."
    copy.__doc__ = function.__doc__.replace("{X_text}", text).replace("{layout_text}", layout)
    copy.__qualname__ = function.__qualname__
    return copy


def make_estimator(name, kind, base, summary, example):
    """The class of one entry of ``_TASKS``."""
    text = {"text": _TEXTS_TEXT, "sound": _SOUND_TEXT, "series": _SERIES_TEXT}.get(
        kind, _TAGGED_TEXT
    )
    names = parameter_names(kind, base._task)
    body = {"_kind": kind, "__module__": "refrain", "__init__": constructor(names)}
    for attribute, value in vars(base).items():
        if callable(value) or isinstance(value, Offered):
            copy = _with_text(value, text)
            if copy is not None:
                body[attribute] = copy
    own = _FITTED_OWN[base._task]
    attributes = _FITTED.format(own=own) + (_FITTED_SERIES if kind == "series" else "")
    body["__doc__"] = (
        f"{summary}\n\n{parameter_section(declared(kind, base._task), extra(kind))}\n{attributes}\n"
        f"    Examples\n    --------\n{example}    "
    )
    return type(name, (base,), body)


ESTIMATORS.update({entry[0]: make_estimator(*entry) for entry in _TASKS})
globals().update(ESTIMATORS)
