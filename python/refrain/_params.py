"""Parameters as a model file keeps them, so that ``load`` gives them back as they were set."""

import json
import os

_NOT_KEPT = ("callbacks", "verbose")  # of the session, and functions


def _coded(value):
    """JSON of a value; raises TypeError where it is a function, a generator or the like."""
    if hasattr(value, "item") and not isinstance(value, (str, bytes)):
        value = value.item()
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    if isinstance(value, dict):
        return {"dict": [[_coded(key), _coded(one)] for key, one in value.items()]}
    if isinstance(value, tuple):
        return {"tuple": [_coded(one) for one in value]}
    if isinstance(value, list):
        return [_coded(one) for one in value]
    raise TypeError(type(value).__name__)


def _decoded(value):
    if isinstance(value, list):
        return [_decoded(one) for one in value]
    if isinstance(value, dict) and "tuple" in value:
        return tuple(_decoded(one) for one in value["tuple"])
    if isinstance(value, dict):
        return {_decoded(key): _decoded(one) for key, one in value["dict"]}
    return value


def params_text(estimator):
    """What was set, as JSON; "" where it is nothing."""
    kept = {}
    for name, value in estimator._named().items():
        if name in _NOT_KEPT:
            continue
        if name == "augment" and not isinstance(value, str):
            value = estimator._option_text(name, value)
        try:
            kept[name] = _coded(value)
        except TypeError:
            continue
    return json.dumps(kept) if kept else ""


def params_of(text, names):
    """The same back, those that are among the names."""
    found = json.loads(text) if text else {}
    return {name: _decoded(value) for name, value in found.items() if name in names}
