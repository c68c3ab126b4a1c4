"""Evaluations: a score with its interval, simple methods beside, and the verdict."""

import html
import json
import os

from . import _core
from ._language import Score
from ._options import as_text
from ._report import Page
from ._tables import html_table, score_text, wrapped

__all__ = ["Comparison", "Report", "compare", "evaluate"]

_SMALLER_IS_BETTER = ("rmse", "mase", "wer", "cer", "perplexity")
_BESIDE = 2  # simple methods that are printed


def _score(found):
    """A Score of {"value", "low", "high"}; None is no number."""
    if found is None:
        return None
    return Score(*(float("nan") if found[key] is None else found[key] for key in Score._fields))


class Report:
    """What :func:`evaluate` found. It prints as a few lines; a notebook shows a table.

    Attributes
    ----------
    task, metric : str
        The main metric: accuracy, rmse, f1, mase.
    score : Score
        value, low and high of the main metric: the 95 % interval.
    metrics, baselines : dict of Score
        All metrics; the main metric of each simple method on the same samples.
    verdict : str
        One sentence on the difference to the best simple method; "" where there is none.
    protocol : str
        How the scored samples were chosen.
    n_train, n_test : int
    id : str
        In the experiment store; "" where it was not kept.
    """

    def __init__(self, trial, name, model):
        self._trial, self._name, self._model = trial, name, model
        self._found = json.loads(trial.json())
        found = self._found
        self.task, self.metric = found["task"], found["metric"]
        self.score = _score(found["score"])
        self.metrics = {key: _score(value) for key, value in found["metrics"].items()}
        self.baselines = {key: _score(value) for key, value in found["baseline_scores"].items()}
        against = found["against_baseline"]
        self.verdict = "" if against is None else against["verdict"]
        self.protocol = found["protocol"]
        self.n_train, self.n_test = found["n_train"], found["n_test"]

    @property
    def id(self):
        return self._trial.id

    def to_dict(self):
        """Everything but single predictions, with the keys of ``refrain train --json``."""
        return {**json.loads(self._trial.json())}

    def keep(self, store=""):
        """Keeps the evaluation in the experiment store, beside the runs of the tool.

        Parameters
        ----------
        store : str or path-like, default=""
            "": ``$REFRAIN_STORE``, else ``~/.refrain/runs.db``.

        Returns
        -------
        str : the id of the run, for :mod:`refrain.runs`.
        """
        return self._trial.keep(os.fspath(store))

    def page(self, language="en"):
        """The evaluation as a page of HTML with pictures."""
        return Page(self._trial.page(language))

    def details(self):
        """All metrics and tables as Markdown."""
        return self._trial.markdown()

    def best_baselines(self, count=_BESIDE):
        """(name, Score) of the best simple methods, best first."""
        sign = 1 if self.metric in _SMALLER_IS_BETTER else -1
        known = [pair for pair in self.baselines.items() if pair[1].value == pair[1].value]
        return sorted(known, key=lambda pair: sign * pair[1].value)[:count]

    def _what(self):
        found = self._found
        classes = f", {len(found['classes'])} classes" if found["classes"] else ""
        trained = f"trained on {self.n_train} samples, " if not found["folds"] else ""
        return f"{self._model} on {self._name}: {trained}scored on {self.n_test}{classes}"

    def _rows(self):
        rows = [(self.metric, score_text(self.score))]
        return rows + [(f"  {name}", score_text(s)) for name, s in self.best_baselines()]

    def __repr__(self):
        rows = self._rows()
        width = max(len(name) for name, _ in rows)
        lines = [self._what()]
        for i, (name, text) in enumerate(rows):
            if i == 1:
                lines.append("the best simple methods on the same samples:")
            lines.append(f"{name:<{width}}  {text}")
        lines += [self.verdict] if self.verdict else []
        lines.append(f"protocol: {self.protocol}")
        lines.append("more: .details(), .metrics, .page(), .to_dict()")
        return "\n".join(wrapped(line) for line in lines)

    def _repr_html_(self):
        table = html_table(["", "95 % interval"], self._rows(), self._what())
        below = "".join(
            f"<div>{html.escape(text)}</div>" for text in (self.verdict, self.protocol) if text
        )
        return table + below


def _test_part(test):
    """(X, y, groups) of what was given as ``test``."""
    if not isinstance(test, (tuple, list)) or len(test) not in (2, 3):
        raise TypeError(
            "test is a share of the samples, such as 0.2, or (X_test, y_test) or "
            "(X_test, y_test, groups_test)"
        )
    return (*test, None) if len(test) == 2 else tuple(test)


def _options_of(cv, test, repeats):
    """Options of the training for these parts."""
    if cv is not None and test is not None:
        raise ValueError("cv and test are two ways to score: give one of them")
    if repeats != 1 and cv is None:
        raise ValueError("repeats belongs to a cross-validation: give cv, the number of folds")
    if cv == "leave_one_group_out":
        return {"fold_by": cv}
    if cv is not None:
        if isinstance(cv, bool) or not hasattr(cv, "__index__"):
            raise TypeError(
                "cv is a number of folds or 'leave_one_group_out', got "
                f"{type(cv).__name__}; groups keep together what belongs together"
            )
        return {"folds": str(int(cv)), "repeats": str(int(repeats))}
    if isinstance(test, float):
        return {"test_fraction": repr(test)}
    return {}


def _scored(estimator, X, y, groups):
    samples = estimator._samples_to_score(X, y)
    if groups is not None:
        from ._inputs import read_groups

        samples.groups = read_groups(len(samples), groups)
    return samples


def _evaluate_forecaster(estimator, X, given, name):
    from ._forecaster import _file_of

    with _file_of(X) as (path, how):
        options = estimator._options({**how, **given})
        trial, _ = estimator._watched(
            lambda *follow: (_core.train_and_score((path, None), options, follow),)
        )
    return Report(trial, name, type(estimator).__name__)


def evaluate(
    estimator,
    X,
    y=None,
    *,
    groups=None,
    cv=None,
    repeats=1,
    test=None,
    layout=None,
    allow_overlap=False,
    name="X",
    store="none",
):
    """Score an estimator the way ``refrain train`` and ``refrain evaluate`` do.

    With ``cv`` or ``test`` new models are trained with the estimator's parameters, and simple
    methods on the same parts stand beside; the estimator itself stays as it is. Where it is fitted
    and neither is given, it is scored as it is on X and y, which it must not have learned from.

    Parameters
    ----------
    estimator : SequenceClassifier, TextClassifier, SoundClassifier, SequenceRegressor, \
TextRegressor, Tagger, Translator, Transcriber or Forecaster
    X, y : as in ``estimator.fit``
    groups : array-like of shape (n,), default=None
        Patients, machines, speakers: what no split may tear apart and an interval counts as one.
    cv : int or "leave_one_group_out", default=None
        Folds of a cross-validation. Of a Forecaster: origins at the ends of the series.
    repeats : int, default=1
        How often the folds are drawn anew.
    test : (X, y), (X, y, groups) or float, default=None
        Samples to score on, or the share that is held out. Where neither ``cv`` nor ``test`` is
        given and the estimator is not fitted, a share of 0.2.
    layout : {"time_channels", "channels_time"}, default=None
        How arrays of several channels lie, as in ``fit``.
    allow_overlap : bool, default=False
        Score although test samples are among those to learn from, as some published splits have it.
    name : str, default="X"
        What the data are called in messages and in the experiment store.
    store : str or path-like, default="none"
        Where the run is kept: a file, or "" for the store of the tool. ``Report.keep`` does it
        later.

    Returns
    -------
    Report

    Examples
    --------
    >>> import numpy as np, refrain
    >>> t = np.linspace(0, 6, 30)
    >>> X = [np.sin(t * (1 + i % 2)) + 0.01 * i for i in range(40)]
    >>> y = ["slow", "fast"] * 20
    >>> found = refrain.evaluate(refrain.SequenceClassifier(preset="fast"), X, y, cv=2)
    >>> found.metric, found.n_test
    ('accuracy', 40)
    """
    given = _options_of(cv, test, repeats)
    if allow_overlap:
        given["allow_overlap"] = "true"
    if type(estimator).__name__ == "Forecaster":
        report = _evaluate_forecaster(estimator, X, {"origins": str(cv)} if cv else {}, name)
    elif not hasattr(estimator, "_samples_to_learn"):
        raise TypeError(
            f"evaluate takes an estimator of refrain, got {type(estimator).__name__}; others have "
            "sklearn.model_selection.cross_val_score"
        )
    elif cv is None and test is None and estimator.__sklearn_is_fitted__():
        samples = _scored(estimator, X, y, groups)
        _core.name_samples(samples, name)
        report = Report(_core.score_model(estimator._model, samples), name, type(estimator).__name__)
    else:
        report = _trained(estimator, (X, y, groups, layout), (test, given), name)
    if report.score is None:
        raise RuntimeError("the evaluation was stopped before there was a score")
    if os.fspath(store) != "none":
        report.keep(store)
    return report


def _trained(estimator, learned, how, name):
    X, y, groups, layout = learned
    test, given = how
    samples, options = estimator._samples_to_learn(X, y, groups=groups, layout=layout)
    _core.name_samples(samples, name)
    tested = None
    if test is not None and not isinstance(test, float):
        X, y, groups = _test_part(test)
        tested, _ = estimator._samples_to_learn(X, y, groups=groups, layout=layout)
        _core.name_samples(tested, "test")
    options = {**estimator._given(), **options, **given}
    trial, _ = estimator._watched(
        lambda *follow: (_core.train_and_score((samples, tested), options, follow),)
    )
    return Report(trial, name, type(estimator).__name__)


class Comparison:
    """Two evaluations on the same samples; made by :func:`compare`.

    Attributes
    ----------
    metric : str
    a, b : float
        The metric of each.
    difference : Score
        b - a, or a - b where smaller is better, with its 95 % interval.
    p : float
    test : str
        The test that decides.
    distinguishable : bool
    samples_needed : float
        For a power of 80 % at this difference.
    verdict : str
    """

    def __init__(self, found):
        self._found = found
        self.metric, self.a, self.b = found["metric"], found["value_a"], found["value_b"]
        self.difference = _score(found["difference"])
        self.p, self.test = found["p"], found["test"]
        self.distinguishable = found["distinguishable"]
        self.samples_needed = found["samples_needed"]
        self.verdict = found["verdict"]

    def to_dict(self):
        """The keys of ``refrain runs compare --json``."""
        return dict(self._found)

    def __repr__(self):
        d = self.difference
        return wrapped(
            f"A {self._found['a']}: {self.metric} {self.a:.4f}\n"
            f"B {self._found['b']}: {self.metric} {self.b:.4f}\n"
            f"difference {d.value:+.4f}  (95 % interval {d.low:+.4f} to {d.high:+.4f}), "
            f"p = {self.p:.3g}, {self.test}\n{self.verdict}"
        )

    def _repr_html_(self):
        return f"<pre>{html.escape(repr(self))}</pre>"


def _trial_of(subject, store):
    if isinstance(subject, Report):
        return subject._trial
    return _core.Trial.stored(os.fspath(store), as_text("a run", subject))


def compare(a, b, *, metric="", names=("", ""), store=""):
    """Is one better? A paired test on the same samples, as ``refrain runs compare``.

    Parameters
    ----------
    a, b : Report or str
        What :func:`evaluate` gave for the same X, y and parts, or the first digits of a run's id.
    metric : str, default=""
        Another metric than the main one.
    names : (str, str), default=("", "")
        What the verdict calls them; "": the models, or A and B where these are of one kind.
    store : str or path-like, default=""
        The experiment store of runs that are named by their id.

    Returns
    -------
    Comparison

    Raises
    ------
    ValueError
        Where the two did not predict the same samples.
    """
    first, second = _trial_of(a, store), _trial_of(b, store)
    names = tuple(names)
    if names == ("", "") and not (first.id and second.id):
        names = _names(a, b)
    return Comparison(json.loads(_core.compare(first, second, metric, names)))


def _names(a, b):
    own = [subject._model if isinstance(subject, Report) else str(subject) for subject in (a, b)]
    return tuple(own) if own[0] != own[1] else ("A", "B")
