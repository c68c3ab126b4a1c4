"""What holds options that the core declares, and trains by them: parameters, progress, pickles."""

import numpy as np

from ._aliases import hint_for
from ._options import as_text
from ._progress import Bar

_SEEDS = 2**31 - 1  # seeds that the core takes


class Configured:
    """Options by name, as scikit-learn has them. ``_model`` is the core's model, once fitted."""

    _score_name = "accuracy"  # in the progress bar

    @classmethod
    def _declared(cls):
        """The declared options."""
        raise NotImplementedError

    @classmethod
    def _get_param_names(cls):
        raise NotImplementedError

    @staticmethod
    def _core_from_bytes(state, name):
        raise NotImplementedError

    def get_params(self, deep=True):
        """The constructor's arguments by name."""
        return {name: getattr(self, name) for name in self._get_param_names()}

    def set_params(self, **params):
        """Sets arguments of the constructor; returns the estimator."""
        names = self._get_param_names()
        for name, value in params.items():
            if name not in names:
                raise ValueError(
                    f"Invalid parameter {name!r} for estimator {self}{hint_for(name, names)}. "
                    f"Valid parameters are: {names!r}."
                )
            setattr(self, name, value)
        return self

    def _given(self):
        """Options that were given, as text by name."""
        given = {}
        for option in self._declared():
            name = option["name"]
            value = getattr(self, name)
            if value is not None:
                given[name] = self._option_text(name, value)
        seed = self.random_state
        if isinstance(seed, np.random.Generator):
            given["seed"] = str(seed.integers(_SEEDS))
        elif hasattr(seed, "randint"):
            given["seed"] = str(seed.randint(_SEEDS))
        elif seed is not None:
            given["seed"] = as_text("random_state", seed)
        return given

    def _option_text(self, name, value):
        return as_text(name, value)

    def _watched(self, training):
        """What a training gives, and its remarks; with progress and callbacks."""
        remarks = []
        bar = Bar(self.verbose, type(self).__name__, self._score_name)
        try:
            found = training(self._follower(bar), lambda text, warning: remarks.append(text))
        finally:
            bar.close()
        return (*found, remarks)

    def _keeps(self):
        """Whether an interrupted training gives its model so far."""
        if self.on_interrupt not in (None, "raise", "keep"):
            raise ValueError(f"on_interrupt must be 'raise' or 'keep', got {self.on_interrupt!r}")
        return self.on_interrupt == "keep"

    def _follower(self, bar):
        calls = self.callbacks or []
        calls = [calls] if callable(calls) else list(calls)
        for call in calls:
            if not callable(call):
                raise TypeError(f"callbacks must be callables, got {type(call).__name__}")

        def follow(progress):
            bar(progress)
            return any([bool(call(dict(progress))) for call in calls])  # noqa: C419 (all are called)

        return follow

    def _remark(self, remarks):
        self.remarks_ = self.remarks_ + remarks
        if self.verbose:
            for text in remarks:
                print(text)

    def __sklearn_is_fitted__(self):
        return "_model" in self.__dict__

    def __getstate__(self):
        state = dict(self.__dict__)
        if "_model" in state:
            state["_model"] = state["_model"].to_bytes()
        return state

    def __setstate__(self, state):
        self.__dict__.update(state)
        if "_model" in state:
            self._model = self._core_from_bytes(state["_model"], type(self).__name__)

    def _named(self):
        return {k: v for k, v in self.get_params().items() if v is not None}

    def __repr__(self):
        named = ", ".join(f"{name}={value!r}" for name, value in self._named().items())
        return f"{type(self).__name__}({named})"
