"""Parts of data files: so many training samples drawn by a seed, or a test part where none was published.

Both are those of the copied recipe's measurements: `random.Random(seed).sample` of the training samples (draws 0,
1, ...), and the last tenth after `random.Random(7).shuffle`. Samples are lines, but records of a CSV; a header
stays. Files are written whole or not at all.
"""
import csv
import gzip
import io
import os
import random

SHUFFLE_SEED = 7
TEST_SHARE = 0.1


def read(path):
    """(header, samples), both bytes."""
    reader = gzip.open if path.suffix == ".gz" else open
    with reader(path, "rb") as file:
        text = file.read()
    name = path.name.removesuffix(".gz")
    if name.endswith(".csv"):
        records = csv_records(text)
        return records[0], records[1:]
    lines = [line + b"\n" for line in text.replace(b"\r\n", b"\n").split(b"\n") if line.strip()]
    if name.endswith(".ts"):
        data = next(i for i, line in enumerate(lines) if line.lower().startswith(b"@data"))
        return b"".join(lines[:data + 1]), lines[data + 1:]
    return b"", lines


def csv_records(text):
    rows = csv.reader(io.StringIO(text.decode("utf-8-sig", errors="surrogateescape"), newline=""))
    out = []
    for row in rows:
        line = io.StringIO(newline="")
        csv.writer(line, lineterminator="\n").writerow(row)
        out.append(line.getvalue().encode("utf-8", errors="surrogateescape"))
    return out


def write(path, text):
    """The whole file or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(path.name + f".{os.getpid()}.new")
    new.write_bytes(text)
    os.replace(new, path)
    return path


def shuffled(path):
    """(training samples, test samples) of a file without a published split, as two byte strings with the header."""
    header, samples = read(path)
    random.Random(SHUFFLE_SEED).shuffle(samples)
    test = round(TEST_SHARE * len(samples))
    return header, samples[:len(samples) - test], samples[len(samples) - test:]


def draw(samples, size, seed):
    if size > len(samples):
        raise ValueError(f"--train-size {size}: there are {len(samples)} training samples")
    return random.Random(seed).sample(samples, size)


def draw_in_proportion(samples, seed, a_class=6, least=40, most=100):
    """(drawn, others, both shuffled) of the lines of a .ts file: `a_class` a class on average, from `least` to `most`
    but at most half of all; classes in proportion and none left out."""
    by_label = {}
    for line in samples:
        by_label.setdefault(line.rsplit(b":", 1)[-1].strip(), []).append(line)
    wanted = min(max(least, a_class * len(by_label)), most, len(samples) // 2)
    dice, drawn, others = random.Random(seed), [], []
    for label in sorted(by_label):
        lines = by_label[label]
        dice.shuffle(lines)
        share = max(1, round(wanted * len(lines) / len(samples)))
        drawn += lines[:share]
        others += lines[share:]
    dice.shuffle(drawn)
    dice.shuffle(others)
    return drawn, others
