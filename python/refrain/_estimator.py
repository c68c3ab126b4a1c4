"""What the estimators have in common, by scikit-learn's conventions.

scikit-learn itself is not needed: ``get_params``, ``set_params`` and the tags are here. A kind of
answer is a class of its own beside it: ``_classifier.py``, ``_regressor.py``.
"""

import json
import os
import types
import warnings

from . import _core
from ._configured import Configured
from ._errors import NotOffered, not_fitted
from ._inputs import Form, samples_of
from ._options import declared, parameter_names
from ._params import params_of, params_text
from ._registry import channels_of_model, class_for, kind_of_model
from ._routing import Routed
from .model import Model


class Offered:
    """A method that is there only where it can be done: ``obstacle(estimator)`` is what stands in
    the way, or None."""

    def __init__(self, function, obstacle):
        self.function, self.obstacle = function, obstacle

    def __get__(self, instance, owner):
        if instance is None:
            return self.function
        found = self.obstacle(instance)
        if found is not None:
            raise NotOffered(f"this {owner.__name__} has no {self.function.__name__}: {found}")
        return types.MethodType(self.function, instance)


class Trained(Routed, Configured):
    """What all that learns from X and y has in common: conventions of scikit-learn, progress."""

    _estimator_type = None
    _task = "classify"
    _kind = "series"

    @staticmethod
    def _train(samples, given, follow):
        """(the core's model, its report)."""
        return _core.fit(samples, given, follow)

    def _fit(self, samples, form, names, given):
        keeps = self._keeps()
        samples.given = params_text(self)
        model, report, remarks = self._watched(
            lambda follow, note: self._train(samples, given, (follow, note, keeps))
        )
        self._take(model, names)
        self._keep(report, form, remarks)
        if keeps and self.stop_reason_ == "interrupted":
            warnings.warn(
                f"the training was interrupted after {self.n_iter_} epochs; the model has the best "
                f"weights so far, those of epoch {self.best_epoch_}",
                UserWarning,
                stacklevel=3,
            )
        if self.n_valid_ == 0 and self.valid_fraction:
            lines = [text for text in remarks if text.startswith("the validation part")]
            warnings.warn(lines[0] if lines else "no validation part", UserWarning, stacklevel=3)
        return self

    def _validate_with(self, samples, valid):
        """Gives the training samples those that stop it early."""
        if len(valid) == 0:
            raise ValueError("validation has no samples")
        samples.validate_with(valid)

    def _option_text(self, name, value):
        if name == "augment":
            from .augment import spec_text

            return spec_text(value)
        return super()._option_text(name, value)

    def _keep(self, report, form, remarks):
        for name in ("n_features_in_", "feature_names_in_"):
            self.__dict__.pop(name, None)
        if form.kind == "matrix":
            self.n_features_in_ = form.width
        if form.names is not None:
            self.feature_names_in_ = form.names
        if self._kind == "series":
            self.n_channels_ = form.channels
            self._layout = form.layout
        names = {} if not report["history"] else report["history"][0]
        self.history_ = {name: [line[name] for line in report["history"]] for name in names}
        self.options_ = json.loads(report["options"])
        self.n_train_, self.n_valid_ = report["n_train"], report["n_valid"]
        self.n_parameters_ = report["params"]
        self.n_iter_, self.best_epoch_ = report["epochs"], report["best_epoch"]
        self.stop_reason_ = report["stop_reason"]
        self.fit_seconds_ = report["seconds"]
        self.remarks_ = []
        self._remark(remarks)

    def _training_report(self):
        """As the core gave it, of what is kept here."""
        names = list(self.history_)
        lines = zip(*self.history_.values(), strict=True) if names else []
        return {
            "n_train": self.n_train_,
            "n_valid": self.n_valid_,
            "params": self.n_parameters_,
            "best_epoch": self.best_epoch_,
            "stop_reason": self.stop_reason_,
            "seconds": self.fit_seconds_,
            "options": json.dumps(self.options_),
            "history": [dict(zip(names, line, strict=True)) for line in lines],
        }

    def _read(self, X, layout):
        """(core samples, Form), as they were in ``fit``."""
        if not self.__sklearn_is_fitted__():
            raise not_fitted(self)
        for usual in (getattr(self, "layout", None), getattr(self, "_layout", None)):
            layout = usual if layout is None else layout
        offset = getattr(self, "_offset", [])
        samples, form = samples_of(self._kind, X, layout, offset=offset)
        self._check_form(form)
        return samples, form

    def _check_form(self, form):
        if self._kind != "series":
            return
        expected = getattr(self, "feature_names_in_", None)
        if expected is not None and form.names is not None:
            _check_names(expected, form.names)
        wanted = getattr(self, "n_features_in_", None)
        if form.kind == "matrix" and wanted is not None and form.width != wanted:
            raise ValueError(
                f"X has {form.width} features, but {type(self).__name__} is expecting "
                f"{wanted} features as input."
            )
        if form.channels != self.n_channels_:
            raise ValueError(
                f"X has {form.channels} channels, but {type(self).__name__} was fitted on "
                f"{self.n_channels_}{form.hint(self.n_channels_)}."
            )

    def save(self, path):
        """Write the model file that the command-line tool reads too."""
        if not self.__sklearn_is_fitted__():
            raise not_fitted(self)
        self._model.save(os.fspath(path))

    def _fitted_text(self):
        return ""

    def _repr_html_(self):
        import html

        rows = [(name, repr(value)) for name, value in self._named().items()]
        state = "not fitted"
        if self.__sklearn_is_fitted__():
            state = f"fitted on {self.n_train_} samples{self._fitted_text()}"
            rows += [
                ("parameters", f"{self.n_parameters_:,}"),
                ("epochs", f"{self.n_iter_} (best {self.best_epoch_}, {self.stop_reason_})"),
            ]
        cells = "".join(
            f"<tr><td>{html.escape(name)}</td><td>{html.escape(value)}</td></tr>"
            for name, value in rows
        )
        title = html.escape(type(self).__name__)
        return (
            f"<details open><summary><b>{title}</b> <i>{state}</i></summary>"
            f"<table>{cells}</table></details>"
        )

    def __sklearn_tags__(self):
        from sklearn.utils import InputTags, Tags, TargetTags

        text, series = self._kind == "text", self._kind == "series"
        return Tags(
            estimator_type=self._estimator_type,
            target_tags=TargetTags(required=True),
            transformer_tags=None,
            classifier_tags=None,
            regressor_tags=None,
            input_tags=InputTags(
                one_d_array=text,
                two_d_array=series,
                three_d_array=series,
                string=text,
                allow_nan=series,
            ),
        )


class Estimator(Trained):
    """Of the models that answer with classes, numbers or tags."""

    @classmethod
    def _declared(cls):
        return declared(cls._kind, cls._task)

    @classmethod
    def _get_param_names(cls):
        return sorted(parameter_names(cls._kind, cls._task))

    @staticmethod
    def _core_from_bytes(state, name):
        return _core.Model.from_bytes(state, name)

    def _fit_further(self, samples, given):
        keeps = self._keeps()
        model, report, remarks = self._watched(
            lambda *follow: _core.fit_further(self._model, samples, given, (*follow, keeps))
        )
        self._model = model
        for line in report["history"]:
            line["epoch"] += self.n_iter_
            for name, value in line.items():
                self.history_.setdefault(name, []).append(value)
        self.n_train_ += report["n_train"]
        self.n_iter_ += report["epochs"]
        self.best_epoch_ = self.n_iter_
        self.stop_reason_ = report["stop_reason"]
        self.fit_seconds_ += report["seconds"]
        self._remark(remarks)
        return self

    @classmethod
    def load(cls, path):
        """A fitted estimator of a model file, written by :meth:`save` or ``refrain train --out``.

        Labels are of the kind that they were in ``fit``. In a file of the tool they are text, but
        those that all read as whole numbers are numbers.
        """
        return cls._of_core(_core.Model.load(os.fspath(path)), path)

    @classmethod
    def of_model(cls, model):
        """A fitted estimator of a :class:`refrain.Model`, also of one from another library."""
        return cls._of_core(model._core, "this")

    @classmethod
    def _of_core(cls, model, name):
        head = json.loads(_core.describe(model))
        kind, task = kind_of_model(head), head["task"]
        if (kind, task) != (cls._kind, cls._task):
            wanted = class_for(kind, task)
            raise ValueError(f"{name} is a model for {kind} ({task}); load it with {wanted}")
        out = cls(**params_of(head["given"], cls._get_param_names()))
        out._take(model, None)
        receipt = head["receipt"]
        form = Form("list", channels_of_model(head))
        report = {
            "n_train": receipt["n_train"],
            "n_valid": receipt["n_valid"],
            "params": head["params"],
            "epochs": receipt["epochs"],
            "best_epoch": receipt["best_epoch"],
            "stop_reason": receipt["stop_reason"],
            "seconds": float("nan"),
            "options": json.dumps(head["options"]),
            "history": [],
        }
        out._keep(report, form, [])
        return out

    @property
    def model_(self):
        """The fitted :class:`refrain.Model`: its layers, states and gradients."""
        if not self.__sklearn_is_fitted__():
            raise not_fitted(self)
        return Model(self._model)

    def explain(self, X, **options):
        """Which words or steps speak for the answers: :meth:`refrain.Model.explain` of ``model_``.

        Returns
        -------
        Explanation
        """
        return self.model_.explain(X, **options)


def validation_pair(validation, eval_set):
    """(X, y) of what was given as ``validation`` or as ``eval_set``; None where neither was."""
    if validation is not None and eval_set is not None:
        raise ValueError("validation and eval_set are two names of one thing: give one of them")
    found, name = (eval_set, "eval_set") if validation is None else (validation, "validation")
    if found is None:
        return None
    if isinstance(found, list) and len(found) == 1:  # as LightGBM and XGBoost have it
        found = found[0]
    if not isinstance(found, (tuple, list)) or len(found) != 2:
        raise TypeError(f"{name} is a pair (X, y) that stops the training early")
    return tuple(found)


def _check_names(expected, names):
    if list(expected) == list(names):
        return
    lines = ["The feature names should match those that were passed during fit."]
    unseen = sorted(set(names) - set(expected))
    missing = sorted(set(expected) - set(names))
    if unseen:
        lines += ["Feature names unseen at fit time:"] + [f"- {name}" for name in unseen]
    if missing:
        lines += ["Feature names seen at fit time, yet now missing:"]
        lines += [f"- {name}" for name in missing]
    if not unseen and not missing:
        lines.append("Feature names must be in the same order as they were in fit.")
    raise ValueError("\n".join(lines) + "\n")
