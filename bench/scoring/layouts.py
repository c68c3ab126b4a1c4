"""Which data sets a folder holds, found by the names and the form of files.

A set is a folder with one of these, in this order:
- series: NAME/NAME_TRAIN.ts and NAME/NAME_TEST.ts (or .tsv, .txt, .csv; each also .gz);
- a file with `train` in its name and the same name with `test` (and one with `dev`, `valid` or `val`);
- `dev` and `test` without `train`: trained on dev;
- folders `train` and `test` (and `valid`) with seq.in and seq.out, or columns of words and tags with an empty line
  behind each text: tagged texts, also under CoNLL-2003's names (`train`, `testa`, `testb`);
- a single file: no published split.
A folder within a set's folder is a set of its own, NAME-FOLDER. A folder that holds neither is left aside, with
the reason. `find` looks into DIR, or into DIR/timeseries and DIR/text where these exist.
"""
import gzip
import pathlib
import re
from typing import NamedTuple

SERIES_ENDINGS = (".ts", ".tsv", ".txt", ".csv")
NO_DATA = re.compile(r"^(licen[cs]e|readme|sha256sums|class(es)?\.txt|\.)", re.IGNORECASE)
LABEL_COLUMNS = {"label", "target", "class", "y", "sentiment", "category"}
MOST_LABELS = 0.2         # distinct labels by lines, above which it is no label
MOST_BLANK = 0.002        # share of empty lines, above which they mean something


class Set(NamedTuple):
    name: str
    kind: str             # series, text, tags
    train: pathlib.Path
    test: pathlib.Path | None = None
    valid: pathlib.Path | None = None


class Aside(NamedTuple):
    name: str
    reason: str


def find(root):
    """(sets, folders left aside), by name."""
    parts = [root / part for part in ("timeseries", "text") if (root / part).is_dir()]
    sets, asides = [], []
    for part in parts or [root]:
        for folder in sorted(f for f in part.iterdir() if f.is_dir()):
            found = look(folder, folder.name)
            (sets if isinstance(found, Set) else asides).append(found)
            inner = [look(f, f"{folder.name}-{f.name}") for f in sorted(folder.iterdir()) if f.is_dir()]
            sets += [f for f in inner if isinstance(f, Set)]
    return sets, asides


def look(folder, name):
    series = ucr_pair(folder)
    if series:
        return Set(name, "series", *series)
    tagged = slot_folders(folder)
    if tagged:
        return Set(name, "tags", *tagged)
    files = sorted(f for f in folder.iterdir() if f.is_file() and not NO_DATA.match(f.name))
    train, test, valid = named_pair(files)
    if train is None and len(files) == 1:
        train = files[0]
    if train is None:
        return Aside(name, "no pair of train and test, and not a single file")
    if test is not None and all(are_columns(f) for f in (train, test)):
        return Set(name, "tags", train, test, valid)
    bad = next((why for f in (train, test, valid) if f is not None and (why := not_labelled(f))), "")
    return Aside(name, bad) if bad else Set(name, "text", train, test, valid)


def ucr_pair(folder):
    for ending in SERIES_ENDINGS:
        for packed in ("", ".gz"):
            pair = [folder / f"{folder.name}_{part}{ending}{packed}" for part in ("TRAIN", "TEST")]
            if all(f.is_file() for f in pair):
                return pair
    return None


def slot_folders(folder):
    """train, test, valid of folders with seq.in and seq.out; None where there are none."""
    train, test, valid = (folder / part if (folder / part / "seq.out").is_file() else None
                          for part in ("train", "test", "valid"))
    return (train, test, valid) if train and test else None


PARTS = re.compile(r"(train|testa\b|testb\b|test|dev|valid|val)", re.IGNORECASE)
USUAL = {"testa": "valid", "testb": "test"}    # CoNLL-2003's names


def named_pair(files):
    """train, test, valid by their names; None where there is none."""
    by_shape = {}
    for f in files:
        parts = PARTS.findall(f.name)
        if len(parts) == 1:
            shape = f.name.removesuffix(".gz").replace(parts[0], "*")
            part = parts[0].lower()
            by_shape.setdefault(shape, {})[USUAL.get(part, part)] = f
    for found in by_shape.values():
        valid = found.get("dev") or found.get("valid") or found.get("val")
        if "test" in found and "train" in found:
            return found["train"], found["test"], valid
        if "test" in found and valid:
            return valid, found["test"], None
    return None, None, None


def lines_of(path):
    reader = gzip.open if path.suffix == ".gz" else open
    with reader(path, "rb") as file:
        return file.read().decode("utf-8", errors="surrogateescape").split("\n")


def are_columns(path):
    """Whether its lines are words with tags, an empty line behind each text."""
    lines = [line.split() for line in lines_of(path)]
    full = [line for line in lines if line]
    if len(full) < 2 or len(full) + 1 >= (1 - MOST_BLANK) * len(lines) or any(len(line) < 2 for line in full):
        return False
    tags = {line[-1] for line in full}
    return "O" in tags and 2 <= len(tags) <= max(2, MOST_LABELS * len(full))


def not_labelled(path):
    """Why its lines are no texts with labels, or ""."""
    lines = lines_of(path)
    full = [line.rstrip("\r") for line in lines if line.strip()]
    if not full:
        return f"{path.name} is empty"
    if len(full) + 1 < (1 - MOST_BLANK) * len(lines):
        return f"{path.name} has empty lines between others: one sample is more than a line"
    if re.match(r'^\s*\{.*"(label|target|class)"', full[0]) or full[0].startswith("__label__"):
        return ""
    if LABEL_COLUMNS & {c.strip().lower() for c in re.split(r"[,\t;]", full[0])}:
        return ""
    first = [line.split(None, 1) for line in full]
    last = [line.rsplit("\t", 1) for line in full]
    if are_labels([p[0] for p in first], [p[1] for p in first if len(p) == 2], len(full)):
        return ""
    if are_labels([p[-1] for p in last if len(p) == 2], [p[0] for p in last if len(p) == 2], len(full)):
        return ""
    return f"{path.name} holds no texts with labels"


def are_labels(labels, texts, lines):
    """Few different labels, a text with letters beside nearly each."""
    with_letters = sum(any(c.isalpha() or c > "\x7f" for c in text) for text in texts)
    few = 2 <= len(set(labels)) <= max(2, MOST_LABELS * lines)
    return few and with_letters >= 0.8 * lines
