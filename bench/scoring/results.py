"""SET.json: the runs of a set so far and the rows that follow from them. Written after every run, whole or not."""
import json
import math
import statistics

from . import cuts
from .student import half_width


def joined(runs):
    """Mean of the seeds and its interval: the runs' own and Student's over the seeds, as independent errors."""
    values = [run["value"] for run in runs]
    mean = statistics.fmean(values)
    below = statistics.fmean(run["value"] - run["low"] for run in runs)
    above = statistics.fmean(run["high"] - run["value"] for run in runs)
    scatter = half_width(values) or 0
    low, high = mean - math.hypot(below, scatter), mean + math.hypot(above, scatter)
    seconds = [run["seconds"] for run in runs]
    return {"value": mean, "low": max(0.0, low), "high": min(1.0, high), "per_seed": values,
            "seconds": None if None in seconds else statistics.fmean(seconds)}


class Results:
    """Of one set, in one file."""

    def __init__(self, path, name, kind):
        self.path, self.name, self.kind = path, name, kind
        self.rows = {}  # name -> {"made_by":, "runs": [...], "error":}
        if path.exists():
            self.rows = json.loads(path.read_text()).get("runs", {})

    def row(self, name, made_by):
        """The runs so far of a row made in this way; those made in another way are given up."""
        if self.rows.get(name, {}).get("made_by") != made_by:
            self.rows[name] = {"made_by": made_by, "runs": []}
        self.rows[name].pop("error", None)  # tried again
        return self.rows[name]

    def done(self, name, made_by, seed):
        return any(run["seed"] == seed for run in self.row(name, made_by)["runs"])

    def add(self, name, run):
        self.rows[name]["runs"].append(run)
        self.save()

    def fail(self, name, made_by, error):
        self.row(name, made_by)["error"] = error
        self.save()

    def as_json(self):
        runs = [run for row in self.rows.values() for run in row["runs"]]
        first = runs[0] if runs else {}
        return {"set": self.name, "n_train": first.get("n_train"), "n_test": first.get("n_test"),
                "metric": first.get("metric", "accuracy"), "kind": self.kind, "protocol": first.get("protocol"),
                "leaks": first.get("leaks"), "rows": self.summary(), "runs": self.rows}

    def summary(self):
        out = {}
        for name, row in self.rows.items():
            if "error" in row:
                out[name] = {"value": None, "low": None, "high": None, "error": row["error"],
                             "per_seed": [run["value"] for run in row["runs"]], "seconds": None}
            elif row["runs"]:
                out[name] = joined(row["runs"])
        for name, runs in self.baselines().items():
            out.setdefault(name, joined(runs))
        return out

    def baselines(self):
        """Those of the row that ran them with the most seeds; one that a seed lacks is left out."""
        carriers = [row["runs"] for row in self.rows.values() if row["runs"] and len(row["runs"][0]["baselines"]) > 1]
        runs = max(carriers, key=len, default=[])
        names = list(runs[0]["baselines"]) if runs else []
        return {name: [run["baselines"][name] for run in runs] for name in names
                if all(name in run["baselines"] for run in runs)}

    def save(self):
        cuts.write(self.path, (json.dumps(self.as_json(), indent=1) + "\n").encode())
