"""Estimators whose answers are texts: translations and transcripts."""

import json
import os
from typing import NamedTuple

import numpy as np

from . import _core
from ._errors import not_fitted
from ._estimator import Trained, validation_pair
from ._frames import is_frame
from ._inputs import Form, _is_pair, _module, read_groups, samples_of
from ._language import Score
from ._options import constructor, declared_of_replies, extra, parameter_section
from ._params import params_of

_OF_WRITING = (
    "beam",
    "coverage_penalty",
    "ctc_weight",
    "language_model",
    "language_model_weight",
    "length_penalty",
    "symbol_bonus",
    "threads",
)


class Reply(NamedTuple):
    """One reply of several: its text, the natural logarithm of its probability, and the score that
    replies are ordered by."""

    text: str
    log_probability: float
    score: float


def _texts_of(n, y):
    """Texts [n]; refuses what is none."""
    if y is None:
        raise ValueError("This estimator requires y to be passed, but the target y is None.")
    if isinstance(y, (str, bytes, dict)):
        raise ValueError(f"y is {type(y).__name__}; give a list with a text a sample")
    if is_frame(y):
        if len(y.columns) != 1:
            raise ValueError(f"y has {len(y.columns)} columns; give the column of the texts")
        y = y[list(y.columns)[0]]
    texts = y.tolist() if hasattr(y, "tolist") else list(y)
    for i, text in enumerate(texts):
        if not isinstance(text, str):
            hint = "; decode it first" if isinstance(text, bytes) else ""
            raise TypeError(f"y[{i}] is {type(text).__name__}, not a text (str){hint}")
        try:
            text.encode("utf-8")
        except UnicodeEncodeError as error:
            raise ValueError(f"y[{i}] has surrogates in place of characters: {error.reason}") from None
    if len(texts) != n:
        raise ValueError(
            f"Found input variables with inconsistent numbers of samples: [{n}, {len(texts)}] (y)"
        )
    return texts


def _array(texts):
    out = np.empty(len(texts), dtype=object)
    out[:] = texts
    return out


class Writer(Trained):
    """What :class:`refrain.Translator` and :class:`refrain.Transcriber` have in common."""

    _score_name = "symbols right"
    _extra = "text"

    @classmethod
    def _declared(cls):
        return declared_of_replies(cls._task)

    @classmethod
    def _get_param_names(cls):
        return sorted([o["name"] for o in cls._declared()] + [e[0] for e in extra(cls._extra)])

    @staticmethod
    def _core_from_bytes(state, name):
        return _core.Transducer.from_bytes(state, name)

    @staticmethod
    def _train(samples, given, follow):
        return _core.fit_replies(samples, given, follow)

    def _samples(self, X):
        """(core samples, Form) to learn from."""
        return samples_of(self._kind, X)

    def _with_replies(self, X, y, groups=None):
        samples, form = self._samples(X)
        samples.labels = _texts_of(len(samples), y)
        if groups is not None:
            samples.groups = read_groups(len(samples), groups)
        return samples, form

    def _learn(self, X, y, groups, validation, eval_set):
        pair = validation_pair(validation, eval_set)
        samples, form = self._with_replies(X, y, groups)
        if pair is not None:
            self._validate_with(samples, self._with_replies(*pair)[0])
        return self._fit(samples, form, None, {**self._given(), "task": self._task})

    def _take(self, model, names):
        """The core's model; ``names`` is None."""
        self._model = model
        self._about = json.loads(model.describe())
        self._offset = self._about["offset"]

    def _writing(self, n=1):
        """Options of how replies are searched for."""
        given = self._given()
        kept = {name: given[name] for name in _OF_WRITING if name in given}
        return {**kept, "task": self._task, "n_best": str(n)}

    def _written(self, X, n=1):
        """Of each sample the core's replies, the best first."""
        samples, _ = self._read(X, None)
        return self._model.write(samples, self._writing(n))

    def predict(self, X):
        """The most probable reply to each sample that the search finds.

        Parameters
        ----------
        X : as in ``fit``

        Returns
        -------
        ndarray of str (object) of shape (n,)
            The search follows ``beam`` replies at a time, 1 is greedy; where ``beam`` is not given,
            attention follows 5, and CTC is greedy for one reply and follows 16 for several.
        """
        return _array([options[0][0] for options in self._written(X)])

    def predict_n_best(self, X, n=3):
        """Several replies to each sample.

        Parameters
        ----------
        X : as in ``fit``
        n : int, default=3
            At most so many, of ``beam`` that the search follows.

        Returns
        -------
        list of lists of Reply
            The best first: text, log_probability (natural) and the score that orders them. There
            may be fewer than n, and there is at least one.
        """
        if isinstance(n, bool) or not hasattr(n, "__index__") or n < 1:
            raise ValueError(f"n must be a whole number of at least 1, got {n!r}")
        return [
            [Reply(text, log_p, score) for text, log_p, score, _ in options]
            for options in self._written(X, int(n))
        ]

    def evaluate(self, X, y, groups=None):
        """Scores of the replies to samples whose true replies are known, with 95 % intervals.

        Parameters
        ----------
        X : as in ``fit``
        y : array-like of str of shape (n,)
        groups : array-like of shape (n,), default=None
            Documents or speakers: an interval counts one as one.

        Returns
        -------
        dict of Score
            Translations: bleu and bleu_lower (sacreBLEU, 0 to 100), chrf (0 to 100), exact (share)
            and edit_distance. Transcripts: wer, cer (errors over the words or characters of y) and
            exact; cer is first where y has no blanks between words.
        """
        if not self.__sklearn_is_fitted__():
            raise not_fitted(self)
        samples, _ = self._read(X, None)
        samples.labels = _texts_of(len(samples), y)
        if groups is not None:
            samples.groups = read_groups(len(samples), groups)
        report = json.loads(self._model.score(samples, self._writing()))
        return {name: Score(**s) for name, s in report["metrics"].items()}

    def _samples_to_learn(self, X, y, groups=None, layout=None):
        """(core samples, options), for an evaluation."""
        if layout is not None:
            raise ValueError(f"give layout to the {type(self).__name__} itself")
        return self._with_replies(X, y, groups)[0], {"task": self._task}

    def _samples_to_score(self, X, y):
        name = type(self).__name__
        raise ValueError(
            f"a fitted {name} is scored by its own evaluate(X, y); refrain.evaluate trains one that "
            "is not fitted, or is given test=, and pages show that report"
        )

    @classmethod
    def load(cls, path):
        """A fitted estimator of a model file, written by :meth:`save` or ``refrain train --out``.

        Raises ValueError for a model of another task and for a damaged file, OSError where it
        cannot be read.
        """
        with open(path, "rb") as file:
            model = cls._core_from_bytes(file.read(), os.fspath(path))
        if model.task != cls._task:
            raise ValueError(
                f"{os.fspath(path)} is a model to {model.task}; load it with {_CLASSES[model.task]}"
            )
        about = json.loads(model.describe())
        out = cls(**params_of(about["given"], cls._get_param_names()))
        out._take(model, None)
        report = {
            "n_train": about["n_train"],
            "n_valid": about["n_valid"],
            "params": about["parameters"],
            "epochs": about["epochs"],
            "best_epoch": about["best_epoch"],
            "stop_reason": about["stop_reason"],
            "seconds": float("nan"),
            "options": json.dumps(about["options"]),
            "history": [],
        }
        out._keep(report, Form("list", about["channels"]), [])
        return out


_ATTRIBUTES = """
    Attributes
    ----------
    history_ : dict of lists
        One entry an epoch of the first network: epoch, loss, lr, gradient_norm and, with a
        validation part, valid_score (share of symbols that are right) and valid_loss.
    options_ : dict
        All options as they were chosen from the data.
    n_train_, n_valid_ : int
        Samples trained on, and held out for early stopping.
    n_parameters_ : int
        Numbers in the model.
    n_iter_, best_epoch_ : int
        Epochs trained, and the one whose weights are kept.
    stop_reason_ : str
        Why the training ended: epochs, patience, interrupted.
    fit_seconds_ : float
    remarks_ : list of str
        What the core had to say.
{more}
    Examples
    --------
{example}    """


class Translator(Writer):
    _task = "translate"
    _kind = "text"
    __init__ = constructor(
        [o["name"] for o in declared_of_replies("translate")] + [e[0] for e in extra("text")]
    )

    def fit(self, X, y, groups=None, *, validation=None, eval_set=None):
        """Learn from pairs of texts.

        Parameters
        ----------
        X : list of str, or a column of pandas or polars, or array of str
            The sources: sentences, words, dates, ... of at most 10,000 words each.
        y : array-like of str of shape (n,)
            The text that each becomes.
        groups : array-like of shape (n,), default=None
            What no validation part may tear apart: documents, speakers.
        validation, eval_set : (X, y), default=None
            Pairs that stop the training early, in place of a share of X (``valid_fraction``; at
            most 1,000 pairs where nobody says how many); ``eval_set`` is the same under the name of
            other libraries.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            Where X and y differ in length, or texts are empty or too long: all of them are named.
        TypeError
            Where something is no text.
        """
        return self._learn(X, y, groups, validation, eval_set)

    def score(self, X, y):
        """BLEU of sacreBLEU divided by 100: 0 to 1, larger is better.

        Parameters
        ----------
        X : as in ``fit``
        y : array-like of str of shape (n,)

        Returns
        -------
        float
            Replies of fewer than four words each have no BLEU (0): take ``exact`` or ``chrf`` of
            :meth:`evaluate`, which gives all metrics with their intervals.
        """
        return self.evaluate(X, y)["bleu"].value / 100


class Transcriber(Writer):
    _task = "transcribe"
    _kind = "series"
    _extra = "transcribed"
    __init__ = constructor(
        [o["name"] for o in declared_of_replies("transcribe")]
        + [e[0] for e in extra("transcribed")]
    )

    def _recordings(self, X):
        """X as a list of recordings; None where it holds series."""
        if X is None or isinstance(X, (str, bytes, dict)):
            return None
        items = X.tolist() if _module(X) in ("pandas", "polars") and not is_frame(X) else X
        if isinstance(items, np.ndarray) and items.dtype.kind == "U":
            items = items.tolist()
        if self.rate is not None and not is_frame(items):
            return [item if self._is_recording(item) else (item, self.rate) for item in items]
        listed = isinstance(items, (list, tuple)) and len(items) > 0
        return items if listed and all(self._is_recording(item) for item in items) else None

    @staticmethod
    def _is_recording(item):
        return isinstance(item, (str, os.PathLike)) or _is_pair(item)

    def _samples(self, X):
        recordings = self._recordings(X)
        if recordings is not None:
            self._kind = "sound"
            return samples_of("sound", recordings)
        self._kind = "series"
        samples, form = samples_of("series", X, self.layout, training=True)
        form.layout = self.layout
        return samples, form

    def _read(self, X, layout):
        if not self.__sklearn_is_fitted__():
            raise not_fitted(self)
        recordings = self._recordings(X)
        if (recordings is None) == (self._kind == "sound"):
            has = "series" if recordings is None else "recordings"
            wanted = "recordings" if recordings is None else "series"
            hint = "; say their rate" if recordings is None else ""
            raise ValueError(f"X holds {has}; this Transcriber was fitted on {wanted}{hint}")
        if recordings is not None:
            return samples_of("sound", recordings)
        return super()._read(X, layout)

    def _take(self, model, names):
        super()._take(model, names)
        self._kind = "sound" if self._about["reads"] == "recordings" else "series"

    def fit(self, X, y, groups=None, *, validation=None, eval_set=None):
        """Learn from recordings or series and what is said, written or done in them.

        Parameters
        ----------
        X : list of recordings, or series
            A recording is a path of a WAV, FLAC or OGG file or a pair (samples, rate): samples [n]
            or [n, channels], floats within [-1, 1] or integers of full scale; rate in Hz. With
            ``rate`` an array alone is one. Series are a list of arrays [time] or [time, channels]
            of any lengths, or an array (n, time) or (n, time, channels); NaN is a missing value.
        y : array-like of str of shape (n,)
            The transcripts.
        groups : array-like of shape (n,), default=None
            What no validation part may tear apart: speakers, writers, machines.
        validation, eval_set : (X, y), default=None
            Samples that stop the training early, in place of a share of X (``valid_fraction``; at
            most 1,000 samples where nobody says how many); ``eval_set`` is the same under the name
            of other libraries.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            Where X and y differ in length, a transcript is empty, or CTC cannot write one because
            it is longer than its recording allows (``skip_impossible`` leaves such samples out).
        TypeError
            Where a transcript is no text.
        OSError
            Where a recording cannot be read.
        """
        return self._learn(X, y, groups, validation, eval_set)

    def predict_times(self, X):
        """The symbols of each transcript and when they stand.

        Parameters
        ----------
        X : as in ``fit``

        Returns
        -------
        list of lists of (str, float, float), or None
            Symbol, begin and end: seconds of recordings, steps of series. Symbols are characters or
            pieces of words. None where the decoder is attention, which has no times.
        """
        if not self.__sklearn_is_fitted__():
            raise not_fitted(self)
        if not self._model.has_times:
            return None
        return [options[0][3] for options in self._written(X)]

    def score(self, X, y):
        """1 - the word error rate: at most 1, larger is better, below 0 where there are more errors
        than words.

        Parameters
        ----------
        X : as in ``fit``
        y : array-like of str of shape (n,)

        Returns
        -------
        float
            1 - the character error rate where y has no blanks between words, as Chinese.
            :meth:`evaluate` gives both rates with their intervals.
        """
        return 1 - next(iter(self.evaluate(X, y).values())).value


_CLASSES = {"translate": "Translator", "transcribe": "Transcriber"}


def writer_of(path):
    """The estimator of a model file of one of these tasks."""
    with open(path, "rb") as file:
        task = _core.Transducer.from_bytes(file.read(), os.fspath(path)).task
    return {"translate": Translator, "transcribe": Transcriber}[task].load(path)


Translator.__doc__ = (
    "Turn texts into texts: translation, spelling, pronunciation, forms of dates.\n\n"
    + parameter_section(declared_of_replies("translate"), extra("text"))
    + "\n"
    + _ATTRIBUTES.format(
        more="",
        example="""    >>> import refrain
    >>> X = [f"{d} May {y}" for d in range(1, 29) for y in (1998, 2003, 2021)]
    >>> y = [f"{x.split()[2]}-05-{int(x.split()[0]):02d}" for x in X]
    >>> model = refrain.Translator(preset="none", hidden=16, epochs=2).fit(X, y)
    >>> model.predict(["7 May 2003"]).shape
    (1,)
""",
    )
)
Transcriber.__doc__ = (
    "Turn recordings, or series of any kind, into texts.\n\n"
    + parameter_section(declared_of_replies("transcribe"), extra("transcribed"))
    + "\n"
    + _ATTRIBUTES.format(
        more="    n_channels_ : int\n        Of series.\n",
        example="""    >>> import numpy as np, refrain
    >>> X = [np.repeat([i % 2, i // 2 % 2, 0.5], 8) for i in range(24)]
    >>> y = ["ab"[i % 2] + "ab"[i // 2 % 2] for i in range(24)]
    >>> model = refrain.Transcriber(preset="none", hidden=8, epochs=2).fit(X, y)
    >>> model.predict(X[:2]).shape
    (2,)
""",
    )
)
