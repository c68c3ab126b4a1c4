"""Errors that Python code expects, without importing scikit-learn."""

import sys


class NotFittedError(ValueError, AttributeError):
    """The estimator was used before ``fit``; where scikit-learn is loaded, also its error."""


class NotOffered(AttributeError, NotImplementedError):
    """The estimator, as it is, has no such method."""


def not_fitted(estimator):
    """The error to raise for an estimator that was not fitted."""
    name = type(estimator).__name__
    text = (
        f"This {name} instance is not fitted yet. Call 'fit' with appropriate arguments, "
        "or 'load', before using this estimator."
    )
    loaded = sys.modules.get("sklearn.exceptions")
    if loaded is None:
        return NotFittedError(text)
    both = type(
        "NotFittedError",
        (NotFittedError, loaded.NotFittedError),
        {"__reduce__": lambda self: (NotFittedError, self.args)},  # joblib sends errors home
    )
    return both(text)


def conversion_warning():
    """The class of warnings about a ``y`` that had to be flattened."""
    loaded = sys.modules.get("sklearn.exceptions")
    return UserWarning if loaded is None else loaded.DataConversionWarning
