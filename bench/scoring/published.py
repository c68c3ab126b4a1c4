"""Published scores from a TSV, the file that `refrain runs board --published` loads as well.

The first line names the columns: data, protocol, method, metric, value, source, and low, high where known; a
number may be a percentage; empty lines and lines that begin with # are passed over.
"""
NEEDED = ("data", "protocol", "method", "metric", "value", "source")


class Published(list):
    """Rows as dictionaries; `value` is a share."""

    def methods(self):
        return list(dict.fromkeys(row["method"] for row in self))

    def of(self, names, protocol, metric):
        """method -> value on the data set that has one of these names."""
        return {row["method"]: row["value"] for row in self
                if row["data"] in names and row["protocol"] == protocol and row["metric"] == metric}


def read(path):
    """Raises ValueError naming file and line."""
    rows, columns = Published(), None
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), 1):
        cells = [cell.strip() for cell in line.split("\t")]
        if not line.strip() or line.startswith("#"):
            continue
        if columns is None:
            columns = cells
            missing = [name for name in NEEDED if name not in columns]
            if missing:
                raise ValueError(f"{path}:{number}: no column '{missing[0]}'")
            continue
        if len(cells) != len(columns):
            raise ValueError(f"{path}:{number}: {len(cells)} columns, the header has {len(columns)}")
        row = dict(zip(columns, cells))
        row["value"] = share(row["value"], f"{path}:{number}")
        rows.append(row)
    return rows


def share(text, where):
    try:
        return float(text[:-1]) / 100 if text.endswith("%") else float(text)
    except ValueError:
        raise ValueError(f"{where}: value '{text}' is not a number") from None


def names_of(job_set):
    """The set's name here and the one that the tool's store gives its training file."""
    stem = job_set.train.name.removesuffix(".gz").rsplit(".", 1)[0]
    for part in ("train", "test", "valid", "dev"):
        if stem.lower().endswith(part) and stem[-len(part) - 1:-len(part)] in ("_", "-", "."):
            stem = stem[:-len(part) - 1]
            break
    return [job_set.name, stem]
