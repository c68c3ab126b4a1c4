"""The estimator whose answers are tags of words or steps."""

import json

import numpy as np

from . import _core
from ._estimator import Estimator, validation_pair
from ._inputs import Form, label_kind, label_text, labels_from, read_groups, read_texts, samples_of
from ._registry import kind_of_model


def _listed(name, values):
    """A list of the samples' values."""
    if values is None or isinstance(values, (str, bytes, dict)):
        raise ValueError(f"{name} is {type(values).__name__}; give a list with an entry a sample")
    return list(values)


def _is_words(item):
    return isinstance(item, (list, tuple)) and all(isinstance(word, str) for word in item)


def _form_of(X):
    """What X holds: "texts", "words" or "series"."""
    if isinstance(X, np.ndarray) and X.dtype.kind not in "OUS":
        return "series"
    items = _listed("X", X)
    if items and all(isinstance(item, str) for item in items):
        return "texts"
    items = [item.tolist() if isinstance(item, np.ndarray) else item for item in items]
    if items and all(_is_words(item) for item in items):
        return "words"
    for i, item in enumerate(items):
        if isinstance(item, str) or (_is_words(item) and len(item) > 0):
            raise TypeError(
                f"X[{i}] is {'a text' if isinstance(item, str) else 'a list of words'}, and others "
                "are something else; give texts, lists of words or arrays, one kind of them"
            )
    return "series"


def _words_of(X):
    return [[str(word) for word in item] for item in X]


def text_samples(X):
    """Core samples of texts or of lists of words."""
    if _form_of(X) != "words":
        return samples_of("text", X)[0]
    samples = _core.Samples([])
    _core.give_words(samples, _words_of(X))
    return samples


def _spans_of(y):
    """Lists of (start, end, label); refuses what is none."""
    out = []
    for i, spans in enumerate(_listed("y", y)):
        own = []
        for span in _listed(f"y[{i}]", spans):
            if not isinstance(span, (tuple, list)) or len(span) != 3 or not isinstance(span[2], str):
                raise TypeError(
                    f"y[{i}] has {span!r}; of a raw text y is a list of (start, end, label), in "
                    "characters"
                )
            start, end = (int(place) for place in span[:2])
            if (start, end) != tuple(span[:2]):
                raise ValueError(f"y[{i}] has {span!r}; characters are counted in whole numbers")
            own.append((start, end, span[2]))
        out.append(own)
    return out


def _tags_of(y, names):
    """Lists of tags as text; `names` gets each label once."""
    out = []
    for i, tags in enumerate(_listed("y", y)):
        tags = tags.tolist() if hasattr(tags, "tolist") else _listed(f"y[{i}]", tags)
        for tag in tags:
            if isinstance(tag, (tuple, list, dict)) or tag is None or tag != tag:
                raise TypeError(f"y[{i}] has {tag!r}; a tag is text, a whole number or a bool")
        out.append([names.setdefault(tag, label_text(tag)) for tag in tags])
    return out


def _texts_of(name, values):
    """A list of text; refuses other values."""
    out = values.tolist() if hasattr(values, "tolist") else _listed(name, values)
    for i, value in enumerate(out):
        if not isinstance(value, str):
            raise TypeError(f"{name}[{i}] is {value!r}; labels of whole samples are text")
    return out


class TaggerBase(Estimator):
    """What :class:`refrain.Tagger` is made of."""

    _task = "tag"
    _kind = "tagged"
    _score_name = "score"

    def fit(self, X, y, groups=None, labels=None, *, validation=None, eval_set=None):
        """Learn from tagged samples.

        Parameters
        ----------
        X : {X_text}
        y : list of lists
            Of words and series a tag a word or step, in any scheme (BIO, IOB1, BIOES, ...) or plain
            labels: text, whole numbers or bools. Of raw texts (start, end, label), where ``start``
            and ``end`` count characters from 0 and the end is behind the span; a span begins and
            ends with words.
        groups : array-like of shape (n,), default=None
            What no validation part may tear apart: documents, patients, machines.
        labels : array-like of str of shape (n,), default=None
            A label of each whole sample, such as an intent, which is learned beside the tags from
            the same states (``also="label"``); :meth:`predict_labels` answers it.
        validation, eval_set : (X, y), default=None
            Samples that stop the training early, in place of a share of X (``valid_fraction``);
            ``eval_set`` is the same under the name of other libraries.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            Where a sample has other words or steps than tags, or none; where spans overlap or
            do not stand on words; where all tags are equal.
        """
        pair = validation_pair(validation, eval_set)
        samples, form, what = self._tagged(X, y)
        if groups is not None:
            samples.groups = read_groups(len(samples), groups)
        given = {**self._given(), "task": "tag"}
        if labels is not None:
            if pair is not None:
                raise ValueError("labels of whole samples go with valid_fraction, not with validation")
            samples.labels = _texts_of("labels", labels)
            self._check_length(len(samples), samples.labels, "labels")
            given["also"] = "label"
        elif given.get("also", "nothing") != "nothing":
            raise ValueError("also='label' learns labels of whole samples: give them as fit(..., labels=)")
        if pair is not None:
            self._validate_with(samples, self._tagged(*pair)[0])
        self._kind = "series" if what == "series" else "text"
        return self._fit(samples, form, None, given)

    def _samples_to_learn(self, X, y, groups=None, layout=None):
        """(core samples, options), for an evaluation."""
        if layout is not None:
            raise ValueError("give layout to the Tagger itself")
        samples, _, _ = self._tagged(X, y)
        if groups is not None:
            samples.groups = read_groups(len(samples), groups)
        return samples, {"task": "tag"}

    def _tagged(self, X, y):
        """(core samples with their tags, Form, "texts", "words" or "series")."""
        samples, form, what = self._samples(X, training=True)
        names = {}
        if what == "texts":
            spans = _spans_of(y)
            self._check_length(len(samples), spans)
            _core.give_spans(samples, spans)
        else:
            tags = _tags_of(y, names)
            self._check_length(len(samples), tags)
            for i, item in enumerate(tags):
                size = len(X[i]) if what == "words" else len(item)
                if size != len(item) or size == 0:
                    raise ValueError(f"X[{i}] has {size} {what} and y[{i}] {len(item)} tags")
            _core.give_tags(samples, tags)
            samples.label_kind = label_kind(list(names))
        return samples, form, what

    @staticmethod
    def _check_length(n, y, name="y"):
        if len(y) != n:
            raise ValueError(
                f"Found input variables with inconsistent numbers of samples: [{n}, {len(y)}] ({name})"
            )

    def _samples(self, X, training=False):
        """(core samples, Form, "texts", "words" or "series")."""
        what = _form_of(X)
        if what == "series":
            if training:
                form_layout = self.layout
                samples, form = samples_of("series", X, form_layout, training=True)
                form.layout = form_layout
            else:
                samples, form = Estimator._read(self, X, None)
            return samples, form, what
        if what == "texts":
            texts, form = read_texts(list(X))
            return _core.Samples(texts), form, what
        return text_samples(X), Form("text", 0), what

    def _read(self, X, layout=None):
        """(core samples, what they are), as they were in ``fit``."""
        if not self.__sklearn_is_fitted__():
            return super()._read(X, layout)  # refuses
        series = self._kind == "series"
        if (_form_of(X) == "series") != series:
            wanted = "series" if series else "texts or lists of words"
            raise ValueError(f"X holds something else; this tagger was fitted on {wanted}")
        samples, _, what = self._samples(X)
        return samples, what

    def _threads(self):
        return 0 if self.threads is None else int(self.threads)

    def _take(self, model, names):
        """The core's model; ``names`` is None."""
        about = json.loads(_core.describe(model))
        self._model = model
        self._offset = about["offset"]
        self._kind = "text" if kind_of_model(about) == "text" else "series"
        self.spans_, _, texts, own = _core.tagger_form(model)
        self.classes_ = np.asarray(own) if own else None
        kind = "text" if self.spans_ else about["label_kind"]
        self._labels = {label_text(label): label for label in labels_from(texts, kind).tolist()}
        self.tags_ = np.asarray([self._labels[text] for text in texts])

    def predict(self, X):
        """The tags of each sample.

        Parameters
        ----------
        X : {X_text}

        Returns
        -------
        list of lists
            Of lists of words and of series a tag a word or step; tags that mark spans are BIO. Of
            raw texts the spans (start, end, label) in characters; where tags are plain labels, one
            for each word.
        """
        samples, what = self._read(X)
        out = []
        for tags, spans, places, _ in _core.tag(self._model, samples, self._threads()):
            labels = [self._labels[tag] for tag in tags]
            if what == "texts" and not self.spans_:
                out.append([(*place, label) for place, label in zip(places, labels)])
            else:
                out.append(spans if what == "texts" else labels)
        return out

    def predict_labels(self, X):
        """The label of each whole sample, of a tagger that was fitted with ``labels``.

        Parameters
        ----------
        X : {X_text}

        Returns
        -------
        ndarray of str of shape (n,)
            Each one of ``classes_``.

        Raises
        ------
        ValueError
            Where it was fitted without labels.
        """
        samples, _ = self._read(X)
        if self.classes_ is None:
            raise ValueError("this tagger was fitted without labels: give them as fit(..., labels=)")
        return np.asarray([found[3] for found in _core.tag(self._model, samples, self._threads())])

    def predict_marginals(self, X):
        """The probability of each tag at each word or step.

        Parameters
        ----------
        X : {X_text}

        Returns
        -------
        list of ndarray of shape (words or steps, n_tags)
            Columns in the order of ``tags_``; rows add up to 1. Raw texts have a row a word.
        """
        samples, _ = self._read(X)
        return _core.tag_marginals(self._model, samples, self._threads())

    def _samples_to_score(self, X, y):
        """Samples of the core with their tags."""
        samples, what = self._read(X)
        if what == "texts" and not self.spans_:
            raise ValueError("plain labels are scored on lists of words, not on raw texts")
        wanted = _spans_of(y) if what == "texts" else _tags_of(y, {})
        self._check_length(len(samples), wanted)
        (_core.give_spans if what == "texts" else _core.give_tags)(samples, wanted)
        return samples

    def score(self, X, y):
        """F1 of spans, which count where words and label are right; of plain labels the share of
        words or steps that are right.

        Parameters
        ----------
        X : {X_text}
        y : list of lists
            As in ``fit``.

        Returns
        -------
        float
        """
        samples = self._samples_to_score(X, y)
        return _core.tag_score(self._model, samples, self._threads())

    @classmethod
    def _of_core(cls, model, name):
        kind = kind_of_model(json.loads(_core.describe(model)))
        loader = type(cls.__name__, (cls,), {"_kind": kind})  # checks that the model is a tagger
        out = Estimator._of_core.__func__(loader, model, name)
        out.__class__ = cls
        return out

    def _fitted_text(self):
        return f", {len(self.tags_)} tags"
