"""Constructors and docstrings made from the options that the C++ core declares.

An option is declared once, with its range, default and help; what stands here turns the
declarations into keyword arguments. ``None`` means "not given": the default, or what a preset
chooses. Only options that are given count as the user's choice, as on the command line.
"""

import functools
import inspect

from . import _core
from ._aliases import hint_for
from ._layout import LAYOUT_HELP

# What reads files, cuts test parts or scores baselines: the caller of a Python estimator does that.
_OF_FILES = ("Data",)
_OF_RECORDINGS = ("Sound",)
_OF_ENCODED = ("Encoder",)
_OF_SCORING = (
    "task",
    "folds",
    "repeats",
    "fold_by",
    "purge",
    "test_fraction",
    "allow_overlap",
    "baselines",
    "source_test",
    "verdict",
)
_OF_FILES_AND_SERIES = ("streams",)
_OF_SERIES = ("normalise", "missing", "views")
_OF_TEXTS = (
    "lowercase",
    "min_count",
    "max_vocabulary",
    "embedding_dim",
    "embedding_dropout",
)

# What other tasks have.
_SECTIONS_OF_OTHERS = {
    "classify": ("Regression", "Tagging"),
    "regress": ("Classification", "Tagging"),
    "tag": ("Regression", "Encoder"),
}
_OF_OTHERS = {
    "classify": (),
    "regress": ("cost", "calibrate"),
    "tag": ("label_smoothing", "cost", "calibrate", "mixup", "distil", "tta", "max_length", "lm_loss"),
}
_OF_FILES_AND_TAGS = ("scheme",)
_OF_WRITING = ("n_best",)  # an argument of predict_n_best

# Arguments that only Python has: name, type, help.
_EXTRA = (
    (
        "random_state",
        "int, RandomState or Generator, default=None",
        "overrides ``seed``; a generator gives one number at each fit",
    ),
    (
        "callbacks",
        "callable or list of callables, default=None",
        "called after each epoch with a dict (epoch, epochs, loss and, with a validation part, "
        "valid_score and valid_loss); one that returns True ends the training there",
    ),
    (
        "verbose",
        "bool, default=None",
        "True: progress and remarks; False: nothing; None: a progress bar where a terminal or "
        "notebook looks on and the training takes more than two seconds",
    ),
    (
        "on_interrupt",
        "{'raise', 'keep'}, default=None",
        "what Ctrl-C leaves of a training: 'keep' gives the model with the best weights so far and "
        "warns; 'raise' leaves the estimator as it was and raises KeyboardInterrupt [None = raise]",
    ),
)
# Of language models: what belongs to a training that begins with a source.
_OF_TUNING = ("freeze", "unfreeze_every", "unfreeze_words", "layer_lr_decay", "l2_sp")
_EXTRA_OF_SERIES = (
    ("layout", "{'time_channels', 'channels_time'}, default=None", LAYOUT_HELP),
)
_EXTRA_OF_RECORDINGS = (
    (
        "rate",
        "int, default=None",
        "samples a second of X, whose arrays are recordings then; None: arrays are series, and a "
        "recording is a path or a pair (samples, rate)",
    ),
)


def extra(kind):
    """Arguments that only Python has, for one kind of samples."""
    if kind == "transcribed":
        return _EXTRA + _EXTRA_OF_SERIES + _EXTRA_OF_RECORDINGS
    return _EXTRA + (_EXTRA_OF_SERIES if kind in ("series", "tagged") else ())


@functools.cache
def declared(kind, task="classify"):
    """The options of an estimator for ``"series"``, ``"text"``, ``"sound"`` or ``"tagged"`` (texts
    and series with tags), as dicts, in declared order."""
    of_kind = {"text": _OF_SERIES, "tagged": ()}.get(kind, _OF_TEXTS)
    hidden = _OF_SCORING + of_kind + _OF_OTHERS[task]
    sections = _OF_FILES if kind == "sound" else _OF_FILES + _OF_RECORDINGS
    sections += _SECTIONS_OF_OTHERS[task] + ("Forecasting", "Remaining life")
    sections += () if kind == "text" else _OF_ENCODED
    return [
        option
        for option in _core.options()
        if option["name"] not in hidden
        and (
            option["section"] not in sections
            or (kind == "series" and option["name"] in _OF_FILES_AND_SERIES)
            or (kind == "tagged" and option["name"] in _OF_FILES_AND_TAGS)
        )
    ]


@functools.cache
def declared_of_forecast():
    """The options of a forecaster, as dicts, in declared order."""
    names = set(_core.forecast_option_names()) - {"task", "baselines"}
    return [o for o in _core.options() if o["name"] in names]


@functools.cache
def declared_of_replies(task):
    """The options of a translator or transcriber, as dicts, in declared order."""
    hidden = _OF_SCORING + _OF_WRITING + (_OF_SERIES if task == "translate" else _OF_TEXTS)
    names = set(_core.reply_option_names(task)) - set(hidden)
    return [o for o in _core.options() if o["name"] in names and o["section"] not in _OF_FILES]


@functools.cache
def declared_of_language():
    """The options of a language model, as dicts, in declared order."""
    return [o for o in _core.language_options() if o["name"] not in _OF_TUNING]


def type_text(option):
    kind = option["type"]
    if option["name"] == "augment":
        return "str, refrain.augment.Spec or list of these"
    if kind == "bool":
        return "bool"
    if kind in ("integer", "number"):
        word = "int" if kind == "integer" else "float"
        words = "".join(f" or {choice!r}" for choice in option["choices"])
        return f"{word} in [{option['low']:.15g}, {option['high']:.15g}]{words}"
    if kind == "choice":
        return "{" + ", ".join(repr(choice) for choice in option["choices"]) + "}"
    return "str"


def _wrapped(text, indent):
    """Lines of at most 96 characters; textwrap would take longer than all other imports."""
    lines, line = [], indent
    for word in text.split():
        if len(line) + len(word) >= 96 and line != indent:
            lines.append(line.rstrip())
            line = indent
        line += word + " "
    return "\n".join([*lines, line.rstrip()])


def _entry(name, kind, text):
    return f"    {name} : {kind}\n{_wrapped(text, '        ')}"


def parameter_section(options, more):
    """The numpydoc section "Parameters": declared options, then (name, type, help) of others."""
    lines = ["    Parameters", "    ----------"]
    for option in options:
        default = option["default"] if option["default"] != "" else "''"
        what = f"{type_text(option)}, default=None"
        lines.append(_entry(option["name"], what, f"{option['help']} [None = {default}]"))
    lines += [_entry(*entry) for entry in more]
    return "\n".join(lines)


def parameter_names(kind, task="classify"):
    return [option["name"] for option in declared(kind, task)] + [name for name, _, _ in extra(kind)]


def constructor(names):
    """An ``__init__`` that stores its keyword arguments, with a true signature."""

    def __init__(self, **params):
        for name in params:
            if name not in names:
                hint = hint_for(name, names)
                raise TypeError(f"{type(self).__name__} has no option {name!r}{hint}")
        for name in names:
            setattr(self, name, params.get(name))

    parameter = inspect.Parameter
    __init__.__signature__ = inspect.Signature(
        [parameter("self", parameter.POSITIONAL_OR_KEYWORD)]
        + [parameter(name, parameter.KEYWORD_ONLY, default=None) for name in names]
    )
    return __init__


def as_text(name, value):
    """A value the way the command line has it."""
    if hasattr(value, "item") and not isinstance(value, (str, bytes)):
        value = value.item()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, str):
        return value
    if isinstance(value, (list, tuple)) and all(isinstance(v, str) for v in value):
        return ",".join(value)
    raise TypeError(f"{name} must be a number, a bool or text, got {type(value).__name__}")
