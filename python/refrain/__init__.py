"""Refrain: recurrent networks for small sets of series, texts and recordings.

>>> import refrain
>>> clf = refrain.SequenceClassifier(preset="fast")

Everything heavy is imported when it is first used.
"""

import importlib

from . import _core
from ._errors import NotFittedError

__version__ = _core.version()
_ESTIMATORS = (
    "SequenceClassifier",
    "SequenceRegressor",
    "SoundClassifier",
    "Tagger",
    "TextClassifier",
    "TextRegressor",
)
_LAZY = {
    **{name: ("._estimators", name) for name in _ESTIMATORS},
    "Comparison": ("._evaluate", "Comparison"),
    "Explanation": ("._explanation", "Explanation"),
    "Forecaster": ("._forecaster", "Forecaster"),
    "LanguageModel": ("._language", "LanguageModel"),
    "Model": (".model", "Model"),
    "Reply": ("._writers", "Reply"),
    "Score": ("._language", "Score"),
    "Transcriber": ("._writers", "Transcriber"),
    "Translator": ("._writers", "Translator"),
    "load": (".model", "load"),
    "Page": ("._report", "Page"),
    "Report": ("._evaluate", "Report"),
    "board": ("._report", "board"),
    "compare": ("._evaluate", "compare"),
    "evaluate": ("._evaluate", "evaluate"),
    "plot": (".plot", None),
    "runs": (".runs", None),
    "pretrain": ("._language", "pretrain"),
    "pretrain_series": ("._series_source", "pretrain_series"),
    "report": ("._report", "report"),
    "augment": (".augment", None),
    "callbacks": (".callbacks", None),
    "data": (".data", None),
    "interchange": (".interchange", None),
}
__all__ = ["NotFittedError", "list_registry", "registries", "sources", *_LAZY]


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


def sources(folder=".", store="", packages=None):
    """What ``init``, ``encoder`` and ``vectors`` can begin with on this machine.

    Parameters
    ----------
    folder : str or path-like, default="."
        Its files, and encoders in it and right below.
    store : str or path-like, default=""
        The experiment store, whose runs say where models were saved; "": as the command-line
        tool, "none": no store.
    packages : list of path-like, default=None
        Folders where packages lie; None: those of this Python.

    Returns
    -------
    list of dict
        path, kind, task, option (that takes it; "" where none does), reads, numbers, bytes, from
        and trouble ("" where it is sound). Damaged files are among them. What could not be looked
        at is a warning.
    """
    import json
    import os
    import sys
    import warnings

    if packages is None:
        packages = [p for p in dict.fromkeys(sys.path) if p.rstrip("/").endswith("-packages")]
    packages = [os.fspath(path) for path in packages]
    found = json.loads(_core.sources(os.fspath(folder), os.fspath(store), packages))
    for remark in found["remarks"]:
        warnings.warn(remark, UserWarning, stacklevel=2)
    return found["sources"]
