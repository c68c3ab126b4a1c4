"""Estimators whose answers are numbers."""

import json
import warnings

import numpy as np

from . import _core
from ._estimator import Estimator, validation_pair
from ._inputs import check_length, read_groups, read_numbers, read_weights, samples_of


class Regressor(Estimator):
    """What the regressors have in common; use :class:`SequenceRegressor` or
    :class:`TextRegressor`."""

    _estimator_type = "regressor"
    _task = "regress"

    def fit(
        self,
        X,
        y,
        sample_weight=None,
        groups=None,
        layout=None,
        *,
        validation=None,
        eval_set=None,
    ):
        """Learn from samples and their numbers.

        Parameters
        ----------
        X : {X_text}
        y : array-like of shape (n,) or (n, n_targets)
            Finite numbers.
        sample_weight : array-like of shape (n,), default=None
            Weights in the loss. Linear simple methods learn a heavier sample as several copies;
            others take no weights, and those that only the preset wanted are left out.
        groups : array-like of shape (n,), default=None
            What no validation part may tear apart, and what intervals count as one: patients,
            machines, speakers.
        {layout_text}
        validation, eval_set : (X, y), default=None
            Samples that stop the training early, in place of a share of X (``valid_fraction``);
            ``eval_set`` is the same under the name of other libraries.

        Returns
        -------
        self
        """
        pair = validation_pair(validation, eval_set)
        layout = getattr(self, "layout", None) if layout is None else layout
        samples, form, flat = self._measured(X, y, layout, training=True)
        n = len(samples)
        if n == 1:
            raise ValueError("X has 1 sample; regression needs two samples or more")
        if sample_weight is not None:
            samples.weights = read_weights(n, sample_weight).tolist()
        if groups is not None:
            samples.groups = read_groups(n, groups)
        if pair is not None:
            self._validate_with(samples, self._measured(*pair, layout)[0])
        self._flat = flat
        return self._fit(samples, form, None, {**self._given(), "task": "regress"})

    def _measured(self, X, y, layout, training=False):
        """(core samples, Form, whether there is one number a sample)."""
        samples, form = samples_of(self._kind, X, layout, training=training)
        form.layout = layout
        numbers, flat = read_numbers(y)
        check_length(len(samples), "y", numbers[:, 0])
        samples.labels = [" ".join(repr(v) for v in row) for row in numbers.tolist()]
        return samples, form, flat

    def _samples_to_learn(self, X, y, groups=None, layout=None):
        """(core samples, options), for an evaluation."""
        layout = getattr(self, "layout", None) if layout is None else layout
        samples, _, _ = self._measured(X, y, layout, training=True)
        if groups is not None:
            samples.groups = read_groups(len(samples), groups)
        return samples, {"task": "regress"}

    def _take(self, model, names):
        """The core's model; ``names`` is None."""
        about = json.loads(_core.describe(model))
        self._model = model
        self._offset = about["offset"]
        self.n_targets_ = len(about["goal"]["targets"])
        self._flat = getattr(self, "_flat", self.n_targets_ == 1)

    def _answers(self, X, layout):
        """[n, columns]: the numbers, then where there are intervals their lower and upper ends."""
        samples, _ = self._read(X, layout)
        return self._model.predict(samples, 0 if self.threads is None else int(self.threads))

    def predict(self, X, layout=None):
        """The number, or the numbers, of each sample.

        Parameters
        ----------
        X : {X_text}
        {layout_text}

        Returns
        -------
        ndarray of shape (n,) or (n, n_targets)
        """
        answers = self._answers(X, layout)[:, : self.n_targets_]
        return answers[:, 0] if self._flat else np.ascontiguousarray(answers)

    def predict_interval(self, X, layout=None):
        """Intervals that hold the numbers of new samples in the share ``interval`` of cases.

        Parameters
        ----------
        X : {X_text}
        {layout_text}

        Returns
        -------
        low, high : ndarray of shape (n,) or (n, n_targets)

        Raises
        ------
        ValueError
            Where the model has none: fitted with ``interval=0``, or on samples of one group.
        """
        answers, k = self._answers(X, layout), self.n_targets_
        if answers.shape[1] != 3 * k:
            raise ValueError("this model has no prediction intervals; fit with interval=0.9")
        low, high = answers[:, k : 2 * k], answers[:, 2 * k :]
        return (low[:, 0], high[:, 0]) if self._flat else (low.copy(), high.copy())

    def _samples_to_score(self, X, y):
        """Samples of the core with their numbers."""
        samples, _ = self._read(X, None)
        numbers, _ = read_numbers(y)
        check_length(len(samples), "y", numbers[:, 0])
        samples.labels = [" ".join(repr(v) for v in row) for row in numbers.tolist()]
        return samples

    def score(self, X, y, sample_weight=None, layout=None):
        """The coefficient of determination, R2; of several targets the mean of theirs.

        Parameters
        ----------
        X : {X_text}
        y : array-like of shape (n,) or (n, n_targets)
        sample_weight : array-like of shape (n,), default=None
        {layout_text}

        Returns
        -------
        float
        """
        answers = self.predict(X, layout).reshape(-1, self.n_targets_)
        wanted, _ = read_numbers(y)
        check_length(len(answers), "y", wanted[:, 0])
        n = len(wanted)
        weights = np.ones(n) if sample_weight is None else read_weights(n, sample_weight)
        if n < 2:
            warnings.warn("R^2 score is not well-defined with less than two samples.", stacklevel=2)
            return float("nan")
        mean = np.average(wanted, axis=0, weights=weights)
        missed = weights @ (wanted - answers) ** 2
        spread = weights @ (wanted - mean) ** 2
        with np.errstate(divide="ignore", invalid="ignore"):
            values = np.where(spread > 0, 1 - missed / spread, np.where(missed > 0, 0.0, 1.0))
        return float(values.mean())

    def __sklearn_tags__(self):
        from sklearn.utils import RegressorTags

        tags = super().__sklearn_tags__()
        tags.regressor_tags = RegressorTags()
        tags.target_tags.multi_output = True
        return tags
