"""Estimators whose answers are classes."""

import json

import numpy as np

from . import _core
from ._estimator import Estimator, Offered, validation_pair
from ._inputs import (
    check_family,
    check_labels,
    check_length,
    label_kind,
    label_text,
    labels_from,
    read_groups,
    read_target,
    read_weights,
    samples_of,
)
from ._options import as_text
from ._routing import RoutedClassifier


def _simple_method(estimator):
    """Why training cannot go on: a simple method is, or would be, among the members."""
    if "_model" in estimator.__dict__:
        members = json.loads(_core.describe(estimator._model))["members"]
        simple = [m["method"] for m in members if m["method"] != "network"]
    else:
        simple = [m for m in (estimator.model, estimator.blend) if m not in (None, "", "network")]
    if not simple:
        return None
    return (
        f"the method {simple[0]} cannot be trained further; fit with blend='' (or preset='none') "
        "for networks alone"
    )


def _class_weight_text(by_class):
    """A dict of weights as the option's JSON; those of 0 are not in it."""
    for label, weight in by_class.items():
        if not 0 <= weight < np.inf:
            raise ValueError(
                f"class_weight: the weight of class {label!r} is {weight}, not a number of at least 0"
            )
    weights = {label_text(label): float(weight) for label, weight in by_class.items() if weight}
    return json.dumps(weights) if weights else "none"


class Classifier(RoutedClassifier, Estimator):
    """What the classifiers have in common; use :class:`SequenceClassifier` or
    :class:`TextClassifier`."""

    _estimator_type = "classifier"

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
        """Learn from labelled samples.

        Parameters
        ----------
        X : {X_text}
        y : array-like of shape (n,)
            Class labels: text, whole numbers or bools.
        sample_weight : array-like of shape (n,), default=None
            Weights in the loss. Linear simple methods learn a heavier sample as several copies;
            others take no weights, and those that only the preset wanted are left out.
        groups : array-like of shape (n,), default=None
            What no validation part may tear apart: patients, machines, speakers.
        {layout_text}
        validation, eval_set : (X, y), default=None
            Samples that stop the training early, in place of a share of X (``valid_fraction``);
            ``eval_set`` is the same under the name of other libraries.

        Returns
        -------
        self
        """
        pair = validation_pair(validation, eval_set)
        samples, form, names = self._labelled(X, y, sample_weight, layout=layout)
        if groups is not None:
            samples.groups = read_groups(len(samples), groups)
        if pair is not None:
            self._validate_with(samples, self._validation(pair, names, layout))
        return self._fit(samples, form, names, self._given())

    def _validation(self, pair, names, layout):
        """Core samples of (X, y), whose labels are among those of the training."""
        X, y = pair
        layout = getattr(self, "layout", None) if layout is None else layout
        samples, _ = samples_of(self._kind, X, layout)
        y = check_length(len(samples), "y of validation", read_target(y))
        known = np.asarray(list(names))
        check_family("y of validation", y, known)
        texts = [label_text(v) for v in y.tolist()]
        new = sorted(set(texts) - set(names.values()))
        if new:
            raise ValueError(f"validation has labels that y has not: {', '.join(new)}")
        samples.labels = texts
        return samples

    def _samples_to_learn(self, X, y, groups=None, layout=None):
        """(core samples, options), for an evaluation."""
        samples, _, _ = self._labelled(X, y, None, layout=layout, anew=True)
        if groups is not None:
            samples.groups = read_groups(len(samples), groups)
        return samples, {"task": "classify"}

    def partial_fit(self, X, y, classes=None, sample_weight=None, epochs=1, layout=None):
        """Train the networks further on more samples, from the weights that they have.

        Labels, scaling, vocabulary and the networks' sizes stay those of ``fit`` or of the first
        call, which makes one network (``preset="none"``) where the estimator is not fitted. Of the
        options those of training and optimisation count, at a constant rate: set ``lr`` lower to
        tread softly, ``freeze`` to keep layers, or ``l2_sp`` to stay near the weights that the
        call begins with. Simple methods cannot be trained further: a model that has some is refused.

        Parameters
        ----------
        X : {X_text}
        y : array-like of shape (n,)
            Class labels.
        classes : array-like, default=None
            All labels there will ever be, at the first call; None: those of its ``y``.
        sample_weight : array-like of shape (n,), default=None
            Weights in the loss.
        epochs : int, default=1
            Passes over these samples.
        {layout_text}

        Returns
        -------
        self
        """
        fitted = self.__sklearn_is_fitted__()
        known = self.classes_ if fitted else None if classes is None else read_target(classes)
        if fitted and classes is not None:
            check_labels("classes", read_target(classes), known)
        samples, form, names = self._labelled(X, y, sample_weight, known, layout)
        given = {**self._given(), "epochs": as_text("epochs", epochs)}
        if fitted:
            return self._fit_further(samples, given)
        first = {"preset": "none", "schedule": "constant", "valid_fraction": "0", "refit": "false"}
        if classes is not None:
            names = {**names, **{label: label_text(label) for label in known.tolist()}}
            samples.classes = list(names.values())
            samples.label_kind = label_kind(list(names))
        return self._fit(samples, form, names, {**given, **first})

    partial_fit = Offered(partial_fit, _simple_method)

    def _labelled(self, X, y, sample_weight, known=None, layout=None, anew=False):
        """(core samples, Form, texts by label); the labels are among the `known` ones."""
        fitted = known is not None and not anew and self.__sklearn_is_fitted__()
        if fitted:
            samples, form = self._read(X, layout)
        else:
            layout = getattr(self, "layout", None) if layout is None else layout
            samples, form = samples_of(self._kind, X, layout, training=True)
            form.layout = layout
        y = read_target(y)
        n = len(samples)
        check_length(n, "y", y)
        if known is not None:
            check_labels("y", y, known)
        elif n == 1:
            raise ValueError("X has 1 sample; classification needs samples of two classes or more")
        names = {}  # label -> text, each label once
        samples.labels = [names.setdefault(v, label_text(v)) for v in y.tolist()]
        samples.label_kind = label_kind(list(names))
        weights = self._weights(n, y, sample_weight, known)
        if weights is not None:
            samples.weights = weights.tolist()
        return samples, form, names

    def _weights(self, n, y, sample_weight, known):
        """Weights of the samples; a class of weight 0 leaves its samples out."""
        weights = None if sample_weight is None else read_weights(n, sample_weight)
        if not isinstance(self.class_weight, dict):
            return weights
        by_class = self.class_weight
        unknown = set(by_class) - set((y if known is None else known).tolist())
        if unknown:
            raise ValueError(f"class_weight names classes that y has not: {sorted(unknown)}")
        if all(by_class.values()):
            return weights
        kept = np.asarray([float(by_class.get(v, 1) != 0) for v in y.tolist()])
        return kept if weights is None else kept * weights

    def _option_text(self, name, value):
        if name == "class_weight" and isinstance(value, dict):
            return _class_weight_text(value)
        return super()._option_text(name, value)

    def _take(self, model, names):
        """The core's model, and its classes in the order of the labels themselves."""
        texts = model.classes
        if names is None:
            classes = labels_from(texts, json.loads(_core.describe(model))["label_kind"])
            order = [texts.index(label_text(label)) for label in classes.tolist()]
        else:
            place = {text: i for i, text in enumerate(texts)}
            pairs = [(label, place[text]) for label, text in names.items() if text in place]
            pairs.sort()
            classes = np.asarray([label for label, _ in pairs])
            order = [number for _, number in pairs]
        self._model = model
        self._offset = json.loads(_core.describe(model))["offset"]
        self._order = np.asarray(order)
        self.classes_ = classes

    def predict_proba(self, X, layout=None):
        """Probabilities of the classes.

        Parameters
        ----------
        X : {X_text}
        {layout_text}

        Returns
        -------
        ndarray of shape (n, n_classes)
            Columns in the order of ``classes_``.
        """
        probability = self._probabilities(X, layout)
        return probability[:, self._order]

    def _probabilities(self, X, layout):
        """In the order of the core's classes."""
        samples, _ = self._read(X, layout)
        return self._model.predict(samples, 0 if self.threads is None else int(self.threads))

    def predict_log_proba(self, X, layout=None):
        """Logarithms of :meth:`predict_proba`."""
        with np.errstate(divide="ignore"):
            return np.log(self.predict_proba(X, layout))

    def predict(self, X, layout=None):
        """The class of each sample: the most probable one, or with ``cost`` the cheapest.

        Parameters
        ----------
        X : {X_text}
        {layout_text}

        Returns
        -------
        ndarray of shape (n,)
        """
        probability = self._probabilities(X, layout)
        numbers = self._model.decide(probability)
        place = np.empty(len(self._order), dtype=int)
        place[self._order] = np.arange(len(self._order))
        return self.classes_[place[numbers]]

    def score(self, X, y, sample_weight=None, layout=None):
        """The share of samples that are classified correctly.

        Parameters
        ----------
        X : {X_text}
        y : array-like of shape (n,)
            Labels of the kind that ``fit`` had: text against numbers is an error.
        sample_weight : array-like of shape (n,), default=None
        {layout_text}

        Returns
        -------
        float
        """
        answers = self.predict(X, layout)
        y = check_length(len(answers), "y", y)
        check_family("y", y, self.classes_)
        right = answers == y
        weights = None if sample_weight is None else read_weights(len(y), sample_weight)
        return float(np.average(right, weights=weights))

    def _samples_to_score(self, X, y):
        """Samples of the core with their labels."""
        samples, _ = self._read(X, None)
        y = check_length(len(samples), "y", read_target(y))
        check_family("y", y, self.classes_)
        samples.labels = [label_text(v) for v in y.tolist()]
        return samples

    def _fitted_text(self):
        return f", {len(self.classes_)} classes"

    def __sklearn_tags__(self):
        from sklearn.utils import ClassifierTags

        tags = super().__sklearn_tags__()
        tags.classifier_tags = ClassifierTags()
        return tags
