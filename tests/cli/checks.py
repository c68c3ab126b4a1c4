"""What must hold of a run of the tool: what every command promises, and what a case asks for."""

import csv
import json
import re

# Words of libraries and of the language; a person who reads them has been left alone.
RAW = re.compile(r"terminate called|what\(\)|std::|json\.exception|basic_string|vector::|toml::|"
                 r"filesystem error|Sanitizer|Segmentation|core dumped|bad_alloc|stod|stoi|ENOENT")

REPORT = {
    "task": str, "n_train": int, "n_valid": int, "n_test": int, "classes": list, "metric": str,
    "score": dict, "metrics": dict, "baselines": dict, "params": int, "epochs": int,
    "best_epoch": int, "stop_reason": str, "seconds": dict, "seed": int, "threads": int,
    "model": (str, type(None)),
}


class Failed(Exception):
    """A check that does not hold; the text says what was expected."""


def require(holds, text):
    if not holds:
        raise Failed(text)


def check_laws(result, late):
    """What holds for every command that ends by itself, whatever a case asks for."""
    both = result.out + result.err
    raw = RAW.search(both)
    require(not raw, "a raw message of a library: %r" % (raw and raw.group()))
    errors = re.findall(r"^error: .*$", result.err, re.M)
    if result.code in (1, 2):
        require(len(errors) == 1, "one line 'error: ...', there are %d" % len(errors))
        hints = re.findall(r"^  try: \S.*$", result.err, re.M)
        require(len(hints) == 1, "one line '  try: ...', there are %d" % len(hints))
        require(result.err.endswith(hints[0] + "\n"), "the remedy as the last line")
        require(late or result.out == "", "nothing on standard output")
        require(late or result.before == result.after, "files as before: %s" % difference(result))
    else:
        require(not errors, "no error")
    left = [name for name in set(result.after) - set(result.before) if name.endswith(".tmp")]
    require(not left, "no temporary files, there is %s" % left)


def difference(result):
    names = set(result.before) | set(result.after)
    return ", ".join(sorted(n for n in names if result.before.get(n) != result.after.get(n)))


def interval(score, what):
    require(isinstance(score, dict) and set(score) == {"value", "low", "high"},
            "%s with value, low and high" % what)
    require(all(isinstance(score[k], (int, float)) for k in score), "%s of numbers" % what)
    require(score["low"] <= score["value"] <= score["high"], "low <= value <= high of " + what)


def check_report(text, result):
    """One JSON object with every key of the contract and nothing else; returns it."""
    try:
        report, end = json.JSONDecoder().raw_decode(text)
    except ValueError as problem:
        raise Failed("JSON (%s)" % problem) from None
    require(text[end:] == "\n", "nothing but one JSON object and a line end")
    for key, kind in REPORT.items():
        require(key in report, "the key %r" % key)
        value = report[key]
        require(isinstance(value, kind) and not isinstance(value, bool), "%r as %s" % (key, kind))
    require(set(report["seconds"]) == {"load", "train", "evaluate"}, "the parts of seconds")
    require(all(s >= 0 for s in report["seconds"].values()), "seconds not below 0")
    interval(report["score"], "score")
    for name, score in report["metrics"].items():
        interval(score, name)
    require(report["metrics"].get(report["metric"]) == report["score"], "the metric as the score")
    require(all(isinstance(b, (int, float)) for b in report["baselines"].values()), "baselines")
    require(all(isinstance(c, str) for c in report["classes"]), "class names")
    require(report["model"] is None or report["model"] in result.after, "the model's file")
    return report


def look_up(report, path):
    for key in path.split("."):
        require(isinstance(report, dict) and key in report, "the key %s" % path)
        report = report[key]
    return report


def check_value(report, path, wanted):
    """`wanted` is low..high, or JSON."""
    value = look_up(report, path)
    if ".." in wanted:
        low, high = map(float, wanted.split(".."))
        require(low <= value <= high, "%s in [%g, %g], it is %s" % (path, low, high, value))
    else:
        require(value == json.loads(wanted), "%s %s, it is %r" % (path, wanted, value))


def check_probabilities(rows, classes):
    for row in rows:
        total = sum(row["probability"].values())
        require(abs(total - 1) < 1e-4, "probabilities that add to 1, they add to %g" % total)
        require(list(row["probability"]) == classes, "a probability for each of %s" % classes)
        best = max(row["probability"], key=row["probability"].get)
        require(row["prediction"] == best, "the likeliest class as the prediction")


def check_predictions(text, lines, rows, classes):
    """A file of predictions with so many rows over these classes; CSV or JSON Lines."""
    if lines:
        found = [json.loads(line) for line in text.splitlines()]
        require(all(set(r) == {"id", "prediction", "probability"} for r in found), "three keys")
    else:
        table = list(csv.reader(text.splitlines()))
        head = ["id", "prediction"] + ["probability_" + c for c in classes]
        require(table[0] == head, "the columns %s, they are %s" % (head, table[0]))
        found = [{"id": r[0], "prediction": r[1],
                  "probability": dict(zip(classes, map(float, r[2:])))} for r in table[1:]]
    require(len(found) == rows, "%d predictions, there are %d" % (rows, len(found)))
    check_probabilities(found, classes)
    require(len({r["id"] for r in found}) == rows, "ids that differ")
