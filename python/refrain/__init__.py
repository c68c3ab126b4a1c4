"""Refrain: recurrent networks for small sets of series, texts and recordings.

>>> import refrain
>>> clf = refrain.SequenceClassifier(preset="fast")

Everything heavy is imported when it is first used.
"""

import importlib

from . import _core
from ._errors import NotFittedError
from ._estimators import ESTIMATORS as _ESTIMATORS

__version__ = _core.version()
_LAZY = {
    "Model": (".model", "Model"),
    "load": (".model", "load"),
    "augment": (".augment", None),
    "callbacks": (".callbacks", None),
    "data": (".data", None),
    "interchange": (".interchange", None),
}
__all__ = ["NotFittedError", "list_registry", "registries", *_ESTIMATORS, *_LAZY]

globals().update(_ESTIMATORS)


def __getattr__(name):
    if name not in _LAZY:
        raise AttributeError(f"module 'refrain' has no attribute {name!r}")
    module, attribute = _LAZY[name]
    module = importlib.import_module(module, __name__)
    value = module if attribute is None else getattr(module, attribute)
    globals()[name] = value
    return value


def __dir__():
    return sorted([*globals(), *_LAZY])


def registries():
    """Names of what there is to choose from: cells, optimisers, schedules, ..."""
    return _core.registries()


def list_registry(name):
    """(name, description) of each entry of a registry.

    Raises ValueError, with the nearest name, for one that does not exist.
    """
    return _core.registry(name)
