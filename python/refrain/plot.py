"""Pictures of models as figures of matplotlib, which must be installed: ``pip install matplotlib``.

Each function takes ``ax``, the axes to draw on, and returns the figure. Nothing else is changed: colours and
fonts are those of the style in use.
"""

import numpy as np

__all__ = ["calibration", "confusion", "curves", "explanation", "forecast", "predicted"]


def _axes(ax):
    if ax is not None:
        return ax
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise ImportError("pictures need matplotlib: pip install matplotlib") from None
    return Figure(figsize=(6, 4), layout="constrained").add_subplot()


def curves(model, ax=None):
    """Losses of each epoch, of the first network; the epoch that was kept is marked.

    Parameters
    ----------
    model : a fitted estimator
        With ``history_``; one that was loaded from a file has none.
    """
    history = model.history_
    if not history:
        raise ValueError("there are no curves: a simple method or a loaded model has no history")
    ax = _axes(ax)
    ax.plot(history["epoch"], history["loss"], label="training")
    if "valid_loss" in history:
        ax.plot(history["epoch"], history["valid_loss"], label="validation")
    ax.axvline(model.best_epoch_, color="0.5", linestyle="--", linewidth=1)
    ax.set(xlabel="epoch", ylabel="loss", title=f"kept: epoch {model.best_epoch_}")
    ax.legend()
    return ax.figure


def confusion(model, X, y, ax=None):
    """Counts of true class (rows) and answer (columns)."""
    answers, y = model.predict(X), np.asarray(y)
    classes = list(model.classes_)
    classes += sorted(set(y.tolist()) - set(classes), key=str)  # never answered, but there
    place = {name: i for i, name in enumerate(classes)}
    counts = np.zeros((len(classes), len(classes)), int)
    for wanted, answer in zip(y.tolist(), np.asarray(answers).tolist(), strict=True):
        counts[place[wanted], place[answer]] += 1
    ax = _axes(ax)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    ax.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    if len(classes) <= 30:
        for (i, j), count in np.ndenumerate(counts):
            ax.text(j, i, count, ha="center", va="center", color="white" if shares[i, j] > 0.5 else "black")
    names = [str(name) for name in classes]
    ax.set_xticks(range(len(names)), names, rotation=45, ha="right")
    ax.set_yticks(range(len(names)), names)
    ax.set(xlabel="answer", ylabel="true class")
    return ax.figure


def calibration(model, X, y, bins=10, ax=None):
    """The share of answers that are right, by the probability that they were given with.

    Bins hold as many samples each.
    """
    probability = model.predict_proba(X)
    right = model.classes_[probability.argmax(axis=1)] == np.asarray(y)
    said = probability.max(axis=1)
    parts = [part for part in np.array_split(np.argsort(said, kind="stable"), bins) if len(part)]
    ax = _axes(ax)
    ax.plot([0, 1], [0, 1], color="0.5", linestyle="--", linewidth=1)
    ax.plot([said[part].mean() for part in parts], [right[part].mean() for part in parts], marker="o")
    ax.set(xlabel="probability given", ylabel="share that was right", xlim=(0, 1), ylim=(0, 1.02))
    return ax.figure


def predicted(model, X, y, ax=None):
    """Predicted against true numbers, with prediction intervals where the model has them; of several targets the
    first."""
    wanted = np.asarray(y, float).reshape(len(X), -1)[:, 0]
    answers = np.asarray(model.predict(X), float).reshape(len(wanted), -1)[:, 0]
    ax = _axes(ax)
    try:
        low, high = (np.asarray(side, float).reshape(len(wanted), -1)[:, 0] for side in model.predict_interval(X))
        ax.vlines(wanted, low, high, color="C0", alpha=0.25, linewidth=1)
    except (AttributeError, NotImplementedError, ValueError):
        pass  # a model without intervals
    ax.plot(wanted, answers, "o", color="C0", markersize=4)
    ends = [min(wanted.min(), answers.min()), max(wanted.max(), answers.max())]
    ax.plot(ends, ends, color="0.5", linestyle="--", linewidth=1)
    ax.set(xlabel="true", ylabel="predicted")
    return ax.figure


def forecast(model, history, ax=None):
    """The last values of one series, the forecast behind them, and its bands of quantiles.

    Parameters
    ----------
    model : refrain.Forecaster
    history : array of shape (time,)
    """
    history = np.asarray(history, float)
    quantiles = np.asarray(model.predict_quantiles([history]))[0]  # [horizon, quantiles]
    ahead = np.arange(len(history), len(history) + len(quantiles))
    shown = history[-max(3 * len(quantiles), 12) :]
    ax = _axes(ax)
    ax.plot(np.arange(len(history) - len(shown), len(history)), shown, color="0.3")
    count = quantiles.shape[1]
    for k in range(count // 2):
        ax.fill_between(ahead, quantiles[:, k], quantiles[:, count - 1 - k], color="C0", alpha=0.2, linewidth=0)
    ax.plot(ahead, quantiles[:, count // 2], color="C0")
    ax.set(xlabel="step")
    return ax.figure


def explanation(found, sample=0, series=None, ax=None):
    """Scores of one sample: words as bars, channels over steps as a map, one channel behind its curve.

    Parameters
    ----------
    found : Explanation
        Of ``model.explain``. One that failed a check is refused.
    sample : int, default=0
    series : array-like [T] or [T, C], default=None
        The values of that sample, to draw them over the scores.
    """
    if not found.faithful:
        raise ValueError("these scores are not to be trusted: " + "; ".join(found.against))
    ax = _axes(ax)
    parts = found.parts[sample]
    title = f"{found.targets[sample]} ({found.unit} {found.values[sample]:+.2f})".strip()
    if any("text" in part for part in parts):
        words, scores = zip(*found.words(sample), strict=True)
        ax.bar(range(len(words)), scores, color=["tab:blue" if s >= 0 else "tab:orange" for s in scores])
        ax.set_xticks(range(len(words)), words, rotation=90)
        ax.set(ylabel="score", title=title)
        return ax.figure
    values = None if series is None else np.asarray(series, float)
    channels = 1 + max((part.get("channel", 0) for part in parts), default=0)
    if values is not None and values.ndim == 2:
        channels = values.shape[1]
    scores = found.map(sample, channels)
    most = np.abs(scores).max() or 1
    ax.imshow(scores.T, aspect="auto", cmap="PuOr_r", vmin=-most, vmax=most, interpolation="nearest")
    ax.set(xlabel="step", ylabel="channel" if channels > 1 else "", title=title)
    if values is not None and channels == 1:
        over = ax.twinx()
        over.plot(values.ravel(), color="black", linewidth=1)
    return ax.figure
