"""Data frames: a row a series, columns of arrays, or a row a step under an index of two levels."""

import sys
import warnings

import numpy as np

_IDS = {
    "id", "ids", "case_id", "case", "instance", "instances", "instance_id", "sample", "sample_id",
    "series", "series_id", "unique_id", "item_id", "ts_id", "sequence_id", "subject", "subject_id",
    "patient", "patient_id", "machine_id", "column_id",
}  # fmt: skip
_TIMES = {
    "time", "times", "timestamp", "datetime", "date", "ds", "step", "steps", "t", "frame",
    "reading_id", "timepoint", "timepoints", "time_idx", "column_sort", "cycle", "seconds",
}  # fmt: skip


def is_frame(X):
    return type(X).__module__.split(".")[0] in ("pandas", "polars") and hasattr(X, "columns")


def levels(X):
    """Levels of the index of rows; 1 where there is none to speak of."""
    return getattr(getattr(X, "index", None), "nlevels", 1)


def check_frame(X):
    """Refuses frames that would be read as what they are not, with the way."""
    if getattr(X.columns, "nlevels", 1) > 1:
        raise ValueError(
            "X has columns of several levels; give one column of arrays a channel, or an array "
            "(n, time, channels) such as np.stack([X[c].to_numpy() for c in channels], axis=2)"
        )
    by_name = {str(name).strip().lower(): name for name in X.columns}
    ids = [by_name[name] for name in by_name if name in _IDS]
    times = [by_name[name] for name in by_name if name in _TIMES]
    for name in ids:
        known = len(set(X[name].to_list() if hasattr(X[name], "to_list") else list(X[name])))
        if known == len(X):
            continue
        _refuse_long(X, name, times[0] if times else None, known)
    found = _counted(X)
    if found is not None:
        _refuse_long(X, *found)


def _counted(X):
    """(series, step, number of series) of columns of any name, where one counts up and begins anew
    exactly where the other one, whole numbers or text, changes; else None."""
    columns = {name: X[name].to_numpy() for name in X.columns} if 3 <= len(X.columns) <= 50 else {}
    changes = {
        name: np.flatnonzero(values[1:] != values[:-1])
        for name, values in columns.items()
        if values.dtype.kind in "iuOUT"
    }
    for step, values in columns.items():
        if values.dtype.kind not in "iufM" or len(values) < 6:
            continue
        begins = np.flatnonzero(~(values[1:] > values[:-1]))
        if not 1 <= len(begins) <= len(values) / 3:
            continue
        for name, at in changes.items():
            if name != step and np.array_equal(at, begins):
                return name, step, len(begins) + 1
    return None


def _refuse_long(X, name, time, known):
    others = [n for n in X.columns if n not in (name, time)]
    what = f"X looks like a long table, a row a step: column {name!r} has {known} values in {len(X)} rows"
    if type(X).__module__.startswith("polars"):
        way = f"X.group_by({name!r}, maintain_order=True).agg(pl.all()).select({others!r})"
        raise ValueError(f"{what}; make it a row a series, as {way} does, or drop the column")
    index = [name, time if time is not None else "time"]
    raise ValueError(
        f"{what}; name the series and the steps by its index, as X.set_index({index!r}) does (what "
        "is left are the channels; a label is no channel), or drop the column"
    )


def warn_of_counters(X):
    """A column that only counts the rows."""
    if len(X) < 4 or len(X.columns) < 2:
        return
    for name in X.columns:
        lower = str(name).strip().lower()
        if not (lower.startswith("unnamed:") or lower in ("", "index", "level_0", *_IDS)):
            continue
        values = X[name].to_numpy()
        if values.dtype.kind not in "iuf" or not np.all(np.diff(values.astype(float)) == 1):
            continue
        warnings.warn(
            f"column {name!r} counts the rows and is read as a value; drop it: "
            f"X.drop(columns=[{name!r}])",
            UserWarning,
            stacklevel=6,
        )


def stacked(X):
    """Arrays [time, channels] of a pandas frame (or series) under an index of (series, step)."""
    if levels(X) != 2:
        raise ValueError(
            f"the index of X has {levels(X)} levels; give two, the series and the step"
        )
    frame = X.to_frame() if not hasattr(X, "columns") else X
    pandas = sys.modules["pandas"]
    series, names = pandas.factorize(X.index.get_level_values(0))
    step, _ = pandas.factorize(X.index.get_level_values(1), sort=True)
    if (series < 0).any() or (step < 0).any():
        raise ValueError("the index of X has missing values")
    order = np.lexsort((step, series))
    series, step = series[order], step[order]
    twice = np.flatnonzero((np.diff(series) == 0) & (np.diff(step) == 0))
    if len(twice):
        row = order[twice[0] + 1]
        raise ValueError(f"the index of X has {X.index[row]} twice; each step stands there once")
    values = frame.to_numpy()[order]
    ends = np.flatnonzero(np.diff(series)) + 1
    return np.split(values, ends), list(names), list(frame.columns)
