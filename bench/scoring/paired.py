"""Pairs of scores: the same data and seed with and without something, and how sure their mean difference is."""
import json
import statistics

from . import cuts
from .student import half_width


def change(without, with_it):
    """Points, the mean over the seeds that both have; None where there are none."""
    seeds = without.keys() & with_it.keys()
    return statistics.mean(100 * (with_it[s] - without[s]) for s in seeds) if seeds else None


def summary(changes):
    """Mean over sets with its 95 % interval, and how many sets got better and worse."""
    mean, half = statistics.mean(changes), half_width(changes)
    ends = {"low": None, "high": None} if half is None else {"low": mean - half, "high": mean + half}
    return {"sets": len(changes), "mean": mean, **ends,
            "better": sum(c > 0 for c in changes), "worse": sum(c < 0 for c in changes)}


def text(found):
    """A cell of a table; bold where the interval leaves out 0."""
    if found is None:
        return ""
    if found["low"] is None:
        return f"{found['mean']:+.1f}"
    mark = "**" if found["low"] > 0 or found["high"] < 0 else ""
    return (f"{mark}{found['mean']:+.1f}{mark} [{found['low']:+.1f}, {found['high']:+.1f}] "
            f"{found['better']}:{found['worse']}")


def sentence(changes):
    """Their mean with its interval, in words."""
    found = summary(changes)
    ends = "" if found["low"] is None else f" ({found['low']:.2f} to {found['high']:.2f})"
    return f"{found['mean']:+.2f}{ends}, {found['better']} better and {found['worse']} worse"


class Scores:
    """A file SET.json: scores by row and seed, each row with the mark of what made it."""

    def __init__(self, path):
        self.path = path
        self.data = json.loads(path.read_text()) if path.is_file() else {}

    def get(self, mark, row, seed):
        found = self.data.get(row, {})
        return found.get("per_seed", {}).get(str(seed)) if found.get("mark") == mark else None

    def put(self, mark, row, seed, value):
        if self.data.get(row, {}).get("mark") != mark:
            self.data[row] = {"mark": mark, "per_seed": {}}
        self.data[row]["per_seed"][str(seed)] = value
        cuts.write(self.path, (json.dumps(self.data, indent=1) + "\n").encode())
