"""Language models: networks that learned to predict the next unit of plain text."""

import json
import os
from typing import NamedTuple

from . import _core
from ._configured import Configured
from ._errors import not_fitted
from ._options import constructor, declared_of_language, extra, parameter_section

_FILE_NAME = 4096  # a longer text is no path


class Score(NamedTuple):
    """A value with its 95 % interval."""

    value: float
    low: float
    high: float

    def __float__(self):
        return float(self.value)


def _is_path(data):
    return isinstance(data, (str, os.PathLike))


def _require_unicode(text, name):
    """Lone surrogates, which no UTF-8 holds, come from wrong decoding."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as e:
        raise ValueError(f"{name} has surrogates in place of characters: {e.reason}") from None


def _documents(data, name):
    """One text of many: each document ends its line."""
    if isinstance(data, (bytes, bytearray)):
        raise TypeError(f"{name} is {type(data).__name__}; decode it and give a list: [text]")
    if getattr(data, "columns", None) is not None:
        raise ValueError(f"{name} is a table; give its column of texts")
    try:
        documents = iter(data)
    except TypeError:
        raise TypeError(
            f"{name} is {type(data).__name__}; give the path of a text file, or a list of texts"
        ) from None
    lines = []
    for i, text in enumerate(documents):
        if not isinstance(text, str):
            raise TypeError(f"{name}[{i}] is {type(text).__name__}, not a text (str)")
        _require_unicode(text, f"{name}[{i}]")
        lines.append(text if text.endswith("\n") else text + "\n")
    return "".join(lines)


def _file(path, name):
    path = os.fspath(path)
    if "\n" in path or len(path) > _FILE_NAME or not os.path.exists(path):
        shown = path if len(path) < 60 else path[:57] + "..."
        raise FileNotFoundError(
            f"{name}: there is no file {shown!r}\ngive a text that is in memory as a list: [text]"
        )
    return path


def _job(name, text, valid=None, test=None):
    """What the core reads: all of the texts are files, or all are in memory. `name` is that of
    the first one where it is called."""
    texts = {name: text, "valid": valid, "test": test}
    given = {name: data for name, data in texts.items() if data is not None}
    paths = {name: _is_path(data) for name, data in given.items()}
    if len(set(paths.values())) > 1:
        kinds = ", ".join(f"{name} is a {'path' if p else 'list'}" for name, p in paths.items())
        raise ValueError(f"{kinds}: give paths only, or lists only")
    in_memory = not all(paths.values())
    read = _documents if in_memory else _file
    job = {name: read(data, name) for name, data in given.items()}
    empty = [name for name, text in job.items() if not text.strip()]
    if empty:
        raise ValueError(f"{empty[0]} is empty: there is no text in it")
    job["text"] = job.pop(name)
    return {**job, "in_memory": in_memory}


def _scores(metrics):
    return {name: Score(*values) for name, values in metrics.items()}


_DOC = """A recurrent language model of plain text, and a source that classifiers can begin with.

{parameters}

    Attributes
    ----------
    score_ : Score
        Perplexity of a unit (value, low, high) on the test text, or on what was held out.
    metrics_ : dict of Score
        perplexity, nats, word_perplexity, character_nats, bits_per_character.
    baselines_ : dict of Score
        Perplexity of n-grams on the same text.
    report_ : dict
        The whole report, as ``refrain pretrain --json`` writes it.
    history_ : dict of lists
        One entry a validation: epoch, loss, lr, gradient_norm and, with a validation part,
        valid_loss (nats of a unit).
    options_ : dict
        All options as they were chosen from the text.
    unit_ : str
        What the model predicts: "word", "character" or "subword".
    n_vocabulary_ : int
    n_train_, n_valid_ : int
        Units trained on, and held out for early stopping.
    n_parameters_ : int
    n_iter_, best_epoch_ : int
        Validations, and the one whose weights are kept.
    stop_reason_ : str
        epochs, patience, time or interrupted (by a callback).
    fit_seconds_ : float
    remarks_ : list of str

    Notes
    -----
    The first four are of a training: a loaded model has none of them.

    Examples
    --------
    >>> import refrain
    >>> lines = ["the cat sat on the mat", "the dog sat on the rug"] * 50
    >>> model = refrain.LanguageModel(hidden=16, layers=1, epochs=2).fit(lines)
    >>> model.score(["the cat sat on the rug"]).value < 50
    True
    """


class LanguageModel(Configured):
    _score_name = "perplexity"
    __init__ = constructor([o["name"] for o in declared_of_language()] + [e[0] for e in extra("")])

    @classmethod
    def _declared(cls):
        return declared_of_language()

    @classmethod
    def _get_param_names(cls):
        return sorted([o["name"] for o in cls._declared()] + [entry[0] for entry in extra("")])

    @staticmethod
    def _core_from_bytes(state, name):
        return _core.LanguageModel.from_bytes(state, name)

    def fit(self, text, y=None, *, valid=None, test=None):
        """Learn from plain text.

        Parameters
        ----------
        text : path (str or path-like), or iterable of str
            A file (``.gz`` as it is), or documents; each begins a line of its own.
        y : None
            Not used.
        valid : as text, default=None
            Text for early stopping; None: the end of ``text`` (``valid_fraction``).
        test : as text, default=None
            Text for the score; None: the validation part is scored.

        Returns
        -------
        self
        """
        return self._train(_job("text", text, valid, test))

    def _train(self, job, out=None, checkpoint=None, resume=False):
        given = self._given()
        for name, path in (("out", out), ("checkpoint", checkpoint)):
            job[name] = "" if path is None else os.fspath(path)
        job["resume"] = bool(resume)
        source, report, history, remarks = self._watched(
            lambda follow, note: _core.pretrain(job, given, follow, note)
        )
        report = json.loads(report)
        self._model = _core.LanguageModel.from_bytes(source, type(self).__name__)
        self._about()
        self.report_ = report
        self.score_ = Score(**report["score"])
        self.metrics_ = {name: Score(**score) for name, score in report["metrics"].items()}
        self.baselines_ = {n: Score(**s) for n, s in report["baseline_scores"].items()}
        names = history[0] if history else {}
        self.history_ = {name: [line[name] for line in history] for name in names}
        self.options_ = report["options"]
        self.fit_seconds_ = sum(report["seconds"].values())
        self.remarks_ = []
        self._remark(remarks)
        return self

    def _about(self):
        """The attributes that a model file knows too."""
        head = json.loads(self._model.describe())
        receipt = head["receipt"]
        self.unit_, self.n_vocabulary_ = head["unit"], head["vocabulary"]
        self.n_parameters_ = head["params"]
        self.options_ = head["options"]
        self.n_train_, self.n_valid_ = receipt["n_train"], receipt["n_valid"]
        self.n_iter_, self.best_epoch_ = receipt["epochs"], receipt["best_epoch"]
        self.stop_reason_ = receipt["stop_reason"]
        self.remarks_ = []

    def _fitted(self):
        if not self.__sklearn_is_fitted__():
            raise not_fitted(self)
        return self._model

    def evaluate(self, text):
        """How well a text is predicted, each unit given all before it.

        Parameters
        ----------
        text : path (str or path-like), or iterable of str

        Returns
        -------
        dict of Score
            perplexity, nats, word_perplexity, character_nats, bits_per_character and, of a model
            with two ways, backward_perplexity; beside them ``units`` (how many) and ``unknown``
            (their share that the vocabulary lacks).
        """
        model = self._fitted()
        job = _job("text", text)
        job["encoding"] = self.encoding or "utf-8"
        job["threads"] = 0 if self.threads is None else int(self.threads)
        found = model.score(job)
        return {**_scores(found["metrics"]), "units": found["units"], "unknown": found["unknown"]}

    def score(self, text, y=None):
        """The perplexity of a unit on a text, smaller is better: a :class:`Score` of value, low
        and high. :meth:`evaluate` has other measures."""
        return self.evaluate(text)["perplexity"]

    def generate(self, prompt="", length=500, temperature=1.0, top_p=1.0, seed=1):
        """Write on; the same arguments give the same text.

        Parameters
        ----------
        prompt : str
            How the text begins; it is not part of the result.
        length : int
            Units to write.
        temperature : float
            Below 1 likelier units come more often, above 1 less; 0: always the likeliest.
        top_p : float
            Draw from the likeliest units that hold this share of the probability.
        seed : int

        Returns
        -------
        str
        """
        if not isinstance(prompt, str):
            raise TypeError(f"prompt is {type(prompt).__name__}, not a text (str)")
        _require_unicode(prompt, "prompt")
        how = {
            "length": _whole("length", length),
            "temperature": float(temperature),
            "top_p": float(top_p),
            "seed": _whole("seed", seed),
        }
        return self._fitted().generate(prompt, how)

    def save(self, path):
        """Write the file that ``init=`` of estimators and the command-line tool read."""
        self._fitted().save(os.fspath(path))

    @classmethod
    def load(cls, path):
        """A model of a file that :meth:`save` or ``refrain pretrain --out`` wrote."""
        out = cls()
        out._model = _core.LanguageModel.load(os.fspath(path))
        out._about()
        return out


LanguageModel.__module__ = "refrain"
LanguageModel.__doc__ = _DOC.format(parameters=parameter_section(declared_of_language(), extra("")))


def _whole(name, value):
    """A whole number that fits the core's int."""
    if isinstance(value, bool) or int(value) != value:
        raise ValueError(f"{name} must be a whole number, got {value!r}")
    if abs(int(value)) >= 2**31:
        raise ValueError(f"{name} is too large: {value!r}")
    return int(value)


def pretrain(data, *, valid=None, test=None, out=None, checkpoint=None, resume=False, **options):
    """Train a source for transfer as ``refrain pretrain`` does: a language model of plain text.

    Parameters
    ----------
    data : path (str or path-like), or iterable of str
        A file (``.gz`` as it is), or documents; each begins a line of its own.
    valid, test : as data, default=None
        Texts for early stopping and for the score; None: the end of ``data``.
    out : path, default=None
        Where to save the model; ``refrain train --init`` and ``init=`` begin with that file.
    checkpoint : path, default=None
        Where to keep the state of the training; None: beside ``out`` while it lasts.
    resume : bool, default=False
        Continue from the checkpoint; the result is the same, to the bit.
    **options
        Of :class:`LanguageModel`: unit, hidden, time_limit, seed, callbacks, verbose, ...

    Returns
    -------
    LanguageModel
    """
    return LanguageModel(**options)._train(
        _job("data", data, valid, test), out, checkpoint, resume
    )
