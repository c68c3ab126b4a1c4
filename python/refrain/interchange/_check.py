"""Whether an imported network answers what the original did: ``check=(x, answers)``."""

import numpy as np

_SAME = 1e-4  # of the answers' size: float32 on both sides


def _arrays(x, of_words):
    """Inputs of the original module as a list of arrays [time, ...]."""
    if hasattr(x, "detach"):
        x = x.detach().cpu().numpy()
    items = [np.asarray(item.detach().cpu() if hasattr(item, "detach") else item) for item in x]
    if of_words:
        return [np.asarray(item, dtype=np.int64) for item in items]
    return [item[:, None] if item.ndim == 1 else item for item in items]


def _answers(values, n, classes):
    """[n, classes] logits or probabilities; one output of two classes is their difference."""
    if hasattr(values, "detach"):
        values = values.detach().cpu().numpy()
    values = np.asarray(values, dtype=np.float64)
    if classes == 2 and values.shape in ((n,), (n, 1)):
        return values.reshape(n, 1)
    if values.shape != (n, classes):
        raise ValueError(
            f"check needs answers of shape ({n}, {classes}) for its {n} inputs, got {values.shape}"
        )
    return values


def _kinds(logits):
    """What the answers may be of these logits, by name."""
    shifted = np.exp(logits - logits.max(1, keepdims=True))
    p = shifted / shifted.sum(1, keepdims=True)
    if logits.shape[1] == 2:
        return {"logits": logits, "probabilities": p, "logit": np.diff(logits), "probability": p[:, 1:]}
    return {"logits": logits, "probabilities": p}


def distance(logits, wanted):
    """The largest difference from the answers, whichever kind of them they are nearest to."""
    gaps = [
        np.abs(found - wanted).max()
        for found in _kinds(logits).values()
        if found.shape == wanted.shape
    ]
    return min(gaps)


def _is_same(gap, wanted):
    return np.isfinite(gap) and gap <= _SAME * max(1.0, np.abs(wanted).max())


class Comparison:
    """The answers that an import is compared with."""

    def __init__(self, check, labels, of_words):
        try:
            x, answers = check
        except (TypeError, ValueError):
            raise ValueError("check is a pair: inputs of the module, and its answers") from None
        self.inputs = _arrays(x, of_words)
        if not self.inputs:
            raise ValueError("check has no inputs")
        self.wanted = _answers(answers, len(self.inputs), len(labels))
        self.labels = [str(label) for label in labels]

    def gap(self, model, inputs):
        """How far a model is off; its classes are put in the order of the labels."""
        order = [model.classes.index(label) for label in self.labels]
        logits = np.array([seen["logits"] for seen in model.activations(inputs)], dtype=np.float64)
        return distance(logits[:, order], self.wanted)

    def same(self, gap):
        return _is_same(gap, self.wanted)


def last_step_gap(comparison, model, inputs):
    """The difference where the head reads both directions at the last step, ``rnn(x)[0][:, -1]``."""
    layers = model.layers
    states = np.array([h[-1] for h in model.hidden_states(inputs)], dtype=np.float64)
    logits = states @ np.asarray(layers["head.w"], float).T + layers["head.b"]
    order = [model.classes.index(label) for label in comparison.labels]
    return distance(logits[:, order], comparison.wanted)
