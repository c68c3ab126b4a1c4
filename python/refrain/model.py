"""A fitted model as its parts: layers, hidden states, attention, gradients."""

import json
import os

import numpy as np

from . import _core
from ._explanation import Explanation
from ._inputs import label_text, samples_of
from ._registry import ESTIMATORS, class_for, kind_of_model


def load(path):
    """The estimator of a model file, of the class that fits it, or the language model of its file.

    Parameters
    ----------
    path : str or path-like
        Written by ``save``, ``refrain train --out`` or ``refrain pretrain --out``.

    Raises
    ------
    OSError, ValueError
        Where the file cannot be read, is damaged or is something else.
    """
    if _core.source_kind(os.fspath(path)) == "language model":
        from ._language import LanguageModel

        return LanguageModel.load(path)
    if _core.is_transducer(os.fspath(path)):
        from ._writers import writer_of

        return writer_of(path)
    if _core.is_forecaster(os.fspath(path)):
        from ._forecaster import Forecaster

        return Forecaster.load(path)
    about = Model.load(path)
    return ESTIMATORS[class_for(about.kind, about.task)].load(path)


class Model:
    """What was fitted: one or more members, networks or simple methods.

    Parameters
    ----------
    core : refrain._core.Model
        As ``estimator.model_`` and :meth:`load` give it.

    Examples
    --------
    >>> model = clf.model_                                    # doctest: +SKIP
    >>> model.layers["encoder.0.forward.w_h"].shape           # doctest: +SKIP
    (192, 64)
    """

    def __init__(self, core):
        self._core = core
        self._about = json.loads(_core.describe(core))

    @classmethod
    def load(cls, path):
        """Read a model file. Raises OSError or ValueError."""
        return cls(_core.Model.load(os.fspath(path)))

    def save(self, path):
        """Write the model file."""
        self._core.save(os.fspath(path))

    @property
    def about(self):
        """Everything but the numbers: options, features, labels, receipt, members."""
        return self._about

    @property
    def classes(self):
        """The labels as text, in the order of the network's outputs."""
        return list(self._about["labels"])

    @property
    def task(self):
        """``"classify"`` or ``"regress"``."""
        return self._about["task"]

    @property
    def kind(self):
        """``"series"``, ``"text"`` or ``"sound"``."""
        return kind_of_model(self._about)

    @property
    def members(self):
        """Method and weight of each member."""
        return [(m["method"], m["weight"]) for m in self._about["members"]]

    @property
    def layers(self):
        """Parameters of the first member by name; see :meth:`parameters`."""
        return self.parameters()

    def parameters(self, member=0):
        """Parameters of a network by name.

        Returns
        -------
        dict of ndarray
            Read-only views of the model's own float32 numbers, nothing is copied; weights are
            [out, in] as PyTorch has them, gates in its order.
        """
        return _core.parameters(self._core, member)

    def _samples(self, X, layout=None):
        if self.task == "tag" and self.kind == "text":
            from ._tagger import text_samples

            return text_samples(X)
        return samples_of(self.kind, X, layout, offset=self._about["offset"])[0]

    @property
    def columns(self):
        """What the columns of :meth:`predict` are: classes; or targets, and where there are
        intervals their lower and their upper ends."""
        return list(self._about["answer_columns"])

    def predict(self, X, threads=0, layout=None):
        """What the model says, [n, columns]; ``layout`` as the estimators take it."""
        if self.task == "tag":
            raise ValueError("a model to tag answers word by word; see estimator().predict")
        return self._core.predict(self._samples(X, layout), threads)

    def predict_proba(self, X, threads=0, layout=None):
        """Probabilities [n, classes], columns in the order of ``classes``; ``layout`` as the
        estimators take it."""
        if self.task != "classify":
            raise ValueError(f"a model to {self.task} has no probabilities; see predict")
        return self.predict(X, threads, layout)

    def estimator(self):
        """The model as an estimator of the class that fits it: it predicts labels, and where all
        members are networks ``partial_fit`` trains it further."""
        return ESTIMATORS[class_for(self.kind, self.task)].of_model(self)

    def partial_fit(self, X, y, epochs=1, sample_weight=None, layout=None, **options):
        """Train the networks further on labelled samples, from the weights that they have.

        Parameters
        ----------
        X : series, texts or recordings
        y : array-like of shape (n,)
            Labels among ``classes``.
        epochs : int, default=1
        sample_weight : array-like of shape (n,), default=None
        layout : {"time_channels", "channels_time"}, default=None
        **options
            Of training and optimisation, such as ``lr``, ``freeze`` and ``l2_sp``.

        Returns
        -------
        self
        """
        estimator = self.estimator().set_params(**options)
        estimator.partial_fit(X, y, epochs=epochs, sample_weight=sample_weight, layout=layout)
        self.__init__(estimator._model)
        return self

    def word_ids(self, X):
        """The number of each word of each text in the vocabulary, 0 where it is unknown."""
        samples = self._samples(X)
        return [np.asarray(ids, dtype=np.int64) for ids in _core.word_ids(self._core, samples)]

    def spellings(self, X):
        """How the words of each text are spelt, as a network with ``spelling`` reads it.

        Returns
        -------
        list of (letters, shapes)
            letters int64 [words, longest word]: numbers of the characters, -1 behind a word's end;
            shapes int64 [words]: the class of spellings.
        """
        found = []
        for words, shapes in _core.spellings(self._core, self._samples(X)):
            letters = np.full((len(words), max(map(len, words))), -1, dtype=np.int64)
            for row, word in zip(letters, words):
                row[: len(word)] = word
            found.append((letters, np.asarray(shapes, dtype=np.int64)))
        return found

    def activations(self, X, member=0):
        """What a network computes for each sample.

        Returns
        -------
        list of dict of ndarray
            From the ground up: "input" [T, F] as the network reads it (scaled values, then marks
            of missing ones; word vectors), layers such as "encoder.0" [T, D*H], "attention"
            [heads, T, T], "pooling" [T, heads], "vector" [V], "logits" [classes]; those that the
            network has.
        """
        samples = self._samples(X)
        return _core.activations(self._core, member, samples)

    def hidden_states(self, X, layer=-1, member=0):
        """States of a recurrent layer, one array [T, D*H] a sample, forward direction first."""
        found = []
        for sample in self.activations(X, member):
            names = sorted(
                (name for name in sample if name.startswith("encoder.")),
                key=lambda name: int(name.rsplit(".", 1)[1]),
            )
            found.append(sample[names[layer]])
        return found

    def attention(self, X, member=0):
        """Attention weights of each sample: of self-attention [heads, T, T], else of pooling
        [T, heads]. Raises ValueError where the network has no attention."""
        found = []
        for sample in self.activations(X, member):
            name = "attention" if "attention" in sample else "pooling"
            if name not in sample:
                raise ValueError(
                    "the network has no attention; train with attention='self' or "
                    "pooling='attention'"
                )
            found.append(sample[name])
        return found

    def gradients(self, X, target=None, member=0):
        """Gradient of the logit of a class with respect to what the network reads.

        Parameters
        ----------
        X : series or texts
        target : str, or list of str of length n, default=None
            The class as in ``classes``; None is the one the network prefers.
        member : int, default=0

        Returns
        -------
        list of ndarray
            One [T, F] a sample, of "input" in :meth:`activations`. With ``normalise="channel"``
            divide column c by the channel's deviation for the gradient of the raw values.
        """
        samples = self._samples(X)
        if target is None:
            seen = _core.activations(self._core, member, samples)
            numbers = [int(np.argmax(s["logits"])) for s in seen]
        else:
            names = [target] * len(samples) if isinstance(target, str) else list(target)
            numbers = [self._number(str(name)) for name in names]
        return _core.input_gradients(self._core, member, samples, numbers)

    def explain(
        self, X, method="", target="answer", segments=-1, draws=0, seed=1, checks=True, threads=0,
        train=None, y_train=None, states=False,
    ):  # fmt: skip
        """Which words or steps speak for the answers, checked before it is shown.

        A tagger has an explanation for each span that it answers.

        Parameters
        ----------
        X : series or texts
        method : str, default=""
            occlusion, phrases, shapley, rescaled, saliency, input_gradient, integrated_gradients,
            smooth_gradient or attention; "" is occlusion for texts and rescaled for series.
        target : str, default="answer"
            The class that is explained: one of ``classes``, or "answer", the model's own. Of
            taggers a type of spans, or "answer", all that are answered.
        segments : int, default=-1
            Runs of steps that a series is cut into; 0 = each step by itself.
        draws : int, default=0
            Of methods that draw; 0 = as many as are usual.
        seed : int, default=1
        checks : bool, default=True
            Compare with random orders, another seed and random weights.
        threads : int, default=0
            0 = all cores.
        train : series or texts, default=None
            The training samples, with their labels ``y_train``: which of them are nearest, and
            which speak for and against each answer. For classes, with networks.
        y_train : list, default=None
        states : bool, default=False
            Also how the answer comes about as a sample is read, and the network's states.

        Returns
        -------
        Explanation
        """
        samples = self._samples(X)
        threads = threads or os.cpu_count() or 1
        training = None
        if train is not None:
            training = self._samples(train)
            if y_train is None or len(y_train) != len(training):
                raise ValueError(f"y_train must hold a label for each of the {len(training)} samples of train")
            training.labels = [label_text(label) for label in np.asarray(y_train).tolist()]
        elif y_train is not None:
            raise ValueError("y_train are the labels of train: give both")
        return Explanation(
            _core.explain(
                self._core, samples, method, target, segments, draws, seed, checks, threads,
                training, states,
            )
        )  # fmt: skip

    def _number(self, name):
        if name not in self.classes:
            raise ValueError(f"there is no class {name!r}; the classes are {self.classes}")
        return self.classes.index(name)

    def __getstate__(self):
        return self._core.to_bytes()

    def __setstate__(self, state):
        self.__init__(_core.Model.from_bytes(state, "Model"))

    def __repr__(self):
        methods = ", ".join(f"{method} x {weight:.3g}" for method, weight in self.members)
        what = f"of {len(self.classes)} classes" if self.classes else f"to {self.task}"
        return f"<refrain.Model {what}: {methods}>"
