"""What the tool is asked to do for one data set: which files, which protocol, which seeds."""
import hashlib
import json
import pathlib
from typing import NamedTuple

from . import cuts

FOLDS = 10


class Job(NamedTuple):
    name: str                # of the result: the set, and -n500 for so many training samples
    kind: str
    seeds: list
    arguments: dict          # seed -> arguments of `refrain train`
    valid: list              # ["--valid", FILE] where one was published
    data: str                # hash of the files


def seeds(text):
    """`5`: 1 to 5; `6-10`: 6 to 10. The type of an option."""
    first, dash, last = text.rpartition("-")
    found = range(int(first) if dash else 1, int(last) + 1)
    if not found:
        raise ValueError(text)
    return found


def plan(found, options):
    """The job of a set; `options` has seeds, train_size, draws, single and out."""
    if found.kind == "tags" and options.train_size:
        raise ValueError("--train-size draws lines, and a tagged text has several")
    files = [f for path in (found.train, found.test, found.valid) if path is not None for f in files_in(path)]
    chosen = list(options.seeds)
    name, valid = found.name, ["--valid", found.valid] if found.valid else []
    common = [*encoding(files), *(["--task", "tag"] if found.kind == "tags" else [])]
    if options.train_size:
        name, valid = f"{found.name}-n{options.train_size}", []
        chosen = list(range(1, options.draws + 1))
        arguments = {seed: files_of_draw(found, seed, options) for seed in chosen}
    elif found.test is not None:
        arguments = dict.fromkeys(chosen, [found.train, "--test", found.test])
    elif options.single == "folds":
        arguments = dict.fromkeys(chosen, [found.train, "--folds", FOLDS])
    else:
        arguments = dict.fromkeys(chosen, files_of_cut(found, options.out))
    arguments = {seed: [*some, *common] for seed, some in arguments.items()}
    return Job(name, found.kind, chosen, arguments, valid, digest(files))


def files_in(path):
    return sorted(f for f in path.iterdir() if f.is_file()) if path.is_dir() else [path]


def part(found, out, label):
    """Where a cut part of a set's training file lies."""
    path = pathlib.PurePath(found.train.name.removesuffix(".gz"))
    return out / "cuts" / f"{found.name}-{label}{path.suffix}"


def files_of_cut(found, out):
    header, train, test = cuts.shuffled(found.train)
    return [cuts.write(part(found, out, "train"), header + b"".join(train)),
            "--test", cuts.write(part(found, out, "test"), header + b"".join(test))]


def files_of_draw(found, seed, options):
    """The draws of the seeds 1, 2, ... are the draws 0, 1, ... of the copied recipe's measurements."""
    if found.test is None:
        header, samples, rest = cuts.shuffled(found.train)
        test = cuts.write(part(found, options.out, "test"), header + b"".join(rest))
    else:
        header, samples = cuts.read(found.train)
        test = found.test
    chosen = cuts.draw(samples, options.train_size, seed - 1)
    label = f"n{options.train_size}-draw{seed}"
    return [cuts.write(part(found, options.out, label), header + b"".join(chosen)), "--test", test]


def encoding(files):
    """What is not UTF-8 is taken for Latin-1; series and packed files are left to the tool."""
    for file in files:
        if file.suffix in (".ts", ".gz"):
            continue
        try:
            file.read_bytes().decode("utf-8")
        except UnicodeDecodeError:
            return ["--encoding", "latin-1"]
    return []


def digest(files):
    total = hashlib.sha256()
    for file in files:
        total.update(file.read_bytes())
    return total.hexdigest()[:16]


def made_by(tool, job, arguments):
    """Changes with the tool's version, the options and the data, but not with where files lie."""
    options = [str(a) for a in arguments if not isinstance(a, pathlib.Path)]
    return hashlib.sha256(json.dumps([tool.version, job.name, job.data, options]).encode()).hexdigest()[:16]
