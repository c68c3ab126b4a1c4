"""What speaks for a model's answers, and whether that can be trusted."""

import json

import numpy as np


def _related(listed):
    """Training samples by their numbers from 0."""
    return [{"sample": int(one.pop("id")), **one} for one in listed]


class Explanation:
    """Scores of the words or steps of samples.

    Attributes
    ----------
    method : str
    unit : str
        Of values and scores: log odds, or units of the number that is predicted.
    values : list of float
        What is explained of each sample: the log odds of its target, or the number.
    targets : list of str
        The class of each sample that is explained; "" of numbers.
    spans : list of dict or None
        Of taggers, which have one explanation a span: begin and end (words or steps, from 0), text.
    samples : list of str
        The number of each sample, from 0, or the name of its series.
    nearest, supporting, opposing : list of list of dict
        With ``train``: its samples (number from 0, label, and distance or influence) that are
        nearest, that speak for the answer, and against it.
    readings : list of dict or None
        With ``states``: the answer to the beginnings of the sample (steps, answer by class), and
        the states of the network (size, speed, first_axis, second_axis).
    times : list of list of str
        Of forecasts: what each step is called.
    parts : list of list of dict
        Of each sample: stream, begin and end (words or steps, from 0), score; channel where the part
        is of one channel, text where it is a word.
    faithful : bool
        False where the scores failed a check: do not look at them.
    against : list of str
        Why not.
    checks : dict
        Gains of deletion and insertion over random orders with intervals, stability, randomised
        weights, curves; empty without checks.
    completeness_error : float
        The largest relative difference between the sum of scores and what it should be.
    """

    def __init__(self, text):
        found = json.loads(text)
        samples = found["samples"]
        self.method = found["method"]
        self.unit = found["unit"]
        self.values = [sample["value"] for sample in samples]
        self.targets = [sample.get("target", "") for sample in samples]
        self.parts = [sample["parts"] for sample in samples]
        self.spans = [sample.get("span") for sample in samples]
        self.samples = [sample["id"] for sample in samples]
        self.nearest, self.supporting, self.opposing = (
            [_related(sample.get(kind, [])) for sample in samples]
            for kind in ("nearest", "supporting", "opposing")
        )
        self.readings = [sample.get("reading") for sample in samples]
        self.times = [sample.get("times", []) for sample in samples]
        self.faithful = found["faithful"]
        self.checks = found.get("checks", {})
        self.against = self.checks.get("against", [])
        self.completeness_error = found["completeness_error"]
        self.remarks = found["remarks"]

    def words(self, sample=0):
        """The words of a text with their scores: list of (str, float)."""
        return [(part["text"], part["score"]) for part in self.parts[sample]]

    def map(self, sample=0, channels=1):
        """The scores of a series as an array [T, channels]: a part's score is shared among its cells."""
        steps = max((part["end"] for part in self.parts[sample]), default=0)
        out = np.zeros((steps, channels))
        for part in self.parts[sample]:
            rows = slice(part["begin"], part["end"])
            columns = part["channel"] if "channel" in part else slice(None)
            out[rows, columns] = part["score"] / np.size(out[rows, columns])
        return out

    def __len__(self):
        return len(self.parts)

    def __repr__(self):
        trust = "faithful" if self.faithful else "not to be trusted: " + "; ".join(self.against)
        return f"<refrain.Explanation by {self.method} of {len(self)} samples, {trust}>"
