"""How arrays of several channels lie: (n, time, channels), or (n, channels, time) as other packages
have them. What could be either is not taken silently."""

import warnings

import numpy as np

_TIME_FIRST = ("time_channels", "channels_last", "ntc")
_CHANNELS_FIRST = ("channels_time", "channels_first", "nct")
LAYOUT_HELP = (
    "how arrays of several channels lie: 'time_channels' is (n, time, channels), 'channels_time' is "
    "(n, channels, time), as tsai, aeon and sktime have them [None = time_channels, and arrays that "
    "look like the other one are refused]"
)
_WAY = (
    "Where the arrays are (n, channels, time), as tsai, aeon and sktime have them, give "
    "layout='channels_time'"
)


def is_turned(layout):
    """Whether arrays come as [channels, time]."""
    if layout is None or layout in _TIME_FIRST:
        return False
    if layout in _CHANNELS_FIRST:
        return True
    raise ValueError(
        f"layout must be 'time_channels' (n, time, channels) or 'channels_time' (n, channels, "
        f"time), got {layout!r}"
    )


def refuse_channels(series, turned):
    """Series of a list that differ in their channels."""
    for i, one in enumerate(series):
        if one.shape[1] == series[0].shape[1]:
            continue
        form = "[channels, time]" if turned else "[time, channels]"
        hint = ""
        if not turned and len({len(other) for other in series}) == 1:
            hint = f". All have {len(one)} rows. {_WAY}"
        raise ValueError(
            f"X[{i}] has {one.shape[1]} channels, but X[0] has {series[0].shape[1]}; a series is "
            f"{form}{hint}"
        )


def doubt(series, form, layout):
    """(sentence, whether it is no more than a warning) on arrays that look turned, or None."""
    if layout is not None or form.kind not in ("cube", "list") or form.channels < 2:
        return None
    steps = np.array([len(one) for one in series])
    if steps.max() == 1:
        return (
            f"X has {len(series)} series of one step with {form.channels} channels: arrays are "
            f"read as (n, time, channels). {_WAY}; where each series really has a single step, give "
            "layout='time_channels'",
            False,
        )
    if form.channels > np.median(steps):
        return (
            f"X has more channels ({form.channels}) than steps ({np.median(steps):g}): arrays are "
            f"read as (n, time, channels). {_WAY}; give layout='time_channels' where they are right",
            True,
        )
    return None


def require_layout(series, form, layout):
    """Refuses what looks turned, or warns of it; for training."""
    found = doubt(series, form, layout)
    if found is None:
        return
    sentence, mild = found
    if not mild:
        raise ValueError(sentence)
    warnings.warn(sentence, UserWarning, stacklevel=5)


def hint_for(series, form, channels, layout):
    """What to try where the model wants other `channels`."""
    turned = is_turned(layout)
    if form.kind in ("cube", "list") and all(len(one) == channels for one in series):
        other = "time_channels" if turned else "channels_time"
        return f"; the arrays may lie the other way round: give layout={other!r}"
    return ""
