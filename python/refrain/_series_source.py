"""Sources of series: what a training begins with, learned without labels or with them."""

import json
import os

from . import _core


def _text(name, value):
    """An option as the command line has it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (str, int, float)):
        return str(value)
    raise TypeError(f"{name} is {type(value).__name__}; give text or a number")


def pretrain_series(data, *, out=None, checkpoint=None, resume=False, callback=None, **options):
    """Train a source on series or recordings, as ``refrain pretrain DATA... --out SOURCE`` does.

    Parameters
    ----------
    data : path (str or path-like), or list of paths
        Tables, series, folders of recordings; several files are learned from as one.
    out : path, default=None
        Where to save the source; ``init=`` of estimators and ``--init`` begin with that file.
    checkpoint : path, default=None
        Where to keep the state of the training; None: beside ``out`` while it lasts.
    resume : bool, default=False
        Continue from the checkpoint; the result is the same, to the bit.
    callback : callable, default=None
        Called after each epoch with a dict of epoch, epochs, loss and valid_loss; True stops it:
        nothing is written but the checkpoint.
    **options
        objective ("contrast", "mask", "next" or "labels"), augment, channels, mask_share, horizon,
        hidden, epochs, time_limit, seed, ...: all of ``refrain pretrain --help`` for series.

    Returns
    -------
    dict
        The report, as ``refrain pretrain --json`` writes it: metric, score (value, low, high),
        baselines, loss, epochs, model, ...

    Raises
    ------
    ValueError
        For options and data that are not sound.
    FileNotFoundError

    Examples
    --------
    >>> import refrain
    >>> report = refrain.pretrain_series(
    ...     ["a.csv", "b.csv"], out="machines.source")  # doctest: +SKIP
    >>> refrain.SequenceClassifier(init="machines.source")  # doctest: +SKIP
    """
    paths = [data] if isinstance(data, (str, os.PathLike)) else list(data)
    if not paths or not all(isinstance(p, (str, os.PathLike)) for p in paths):
        raise TypeError("data: give the path of a file, or a list of paths")
    for path in paths:
        if not os.path.exists(path):
            raise FileNotFoundError(f"data: there is no file {os.fspath(path)!r}")
    remarks = []
    job = {
        "data": [os.fspath(p) for p in paths],
        "out": "" if out is None else os.fspath(out),
        "checkpoint": "" if checkpoint is None else os.fspath(checkpoint),
        "resume": bool(resume),
    }
    given = {name: _text(name, value) for name, value in options.items()}
    follow = None if callback is None else (lambda progress: bool(callback(dict(progress))))
    report = json.loads(
        _core.pretrain_series(job, given, follow, lambda text, warning: remarks.append(text))
    )
    report["remarks"] = remarks
    return report
