"""Three doors, one truth: the tool and the package give the same model, to the bit."""

import csv
import json

import pytest

np = pytest.importorskip("numpy")
refrain = pytest.importorskip("refrain", reason="the package is not installed: pip install .")

from package_data import ROOT, SHARED, TOOL, ragged, tool  # noqa: E402
from refrain import SequenceClassifier, TextClassifier  # noqa: E402
from refrain.interchange import read_safetensors  # noqa: E402

pytestmark = pytest.mark.skipif(not TOOL.exists(), reason=f"{TOOL} is not built")


def flags(options):
    for name, value in options.items():
        name = name.replace("_", "-")
        if isinstance(value, bool):
            yield f"--{name}" if value else f"--no-{name}"
        else:
            yield from (f"--{name}", str(value))


def compare(folder, estimator, train, test, X_train, y_train, X_test, **options):
    """Trains both ways; tensors, predictions and the loaded file agree to the bit."""
    theirs, ours = folder / "tool.refrain", folder / "python.refrain"
    tool("train", train, "--test", test, "--out", theirs, "--quiet", "--store", "none",
         "--no-baselines", *flags(options))  # fmt: skip
    clf = estimator(**options).fit(X_train, y_train)
    clf.save(ours)
    a, b = read_safetensors(theirs), read_safetensors(ours)
    assert a.keys() == b.keys()
    for name in a:
        assert np.array_equal(a[name], b[name]), name
    p = clf.predict_proba(X_test)
    assert np.array_equal(p, estimator.load(theirs).predict_proba(X_test))
    out = folder / "predicted.csv"
    tool("predict", ours, test, "--out", out, "--quiet")
    with open(out, newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    names = [name.removeprefix("probability_") for name in rows[0][2:]]
    printed = np.array([row[2:] for row in rows[1:]], float)
    order = [names.index(str(label)) for label in clf.classes_]
    assert np.allclose(p, printed[:, order], rtol=2e-5, atol=2e-6)
    assert [row[1] for row in rows[1:]] == [str(label) for label in clf.predict(X_test)]
    return clf


def write_series(path, X, y):
    with open(path, "w", encoding="utf-8") as file:
        for x, label in zip(X, y):
            rows = [[None if np.isnan(v) else v for v in row] for row in x.astype(float).tolist()]
            file.write(json.dumps({"series": rows, "label": label}) + "\n")


@pytest.mark.parametrize(
    "options",
    [
        {"preset": "none", "hidden": 6, "epochs": 3, "valid_fraction": 0.2},
        {"preset": "none", "cell": "lstm", "layers": 2, "pooling": "attention", "epochs": 2,
         "hidden": 5, "class_weight": "balanced", "seed": 7},
        {"ensemble": 2, "hidden": 4, "epochs": 2, "blend": "minirocket", "threads": 2},
        {"model": "summary_logistic"},
        {"preset": "good", "epochs": 2, "seed": 3},
        {"preset": "none", "hidden": 5, "epochs": 3, "seed": 2, "threads": 2,
         "augment": "jitter(p=1) | one_of(time_warp, mixup, p=1)"},
    ],
    ids=lambda options: "-".join(map(str, options.values())),
)  # fmt: skip
def test_made_up_series(tmp_path, options):
    X, y = ragged(50, missing=0.1)
    X_test, y_test = ragged(20, seed=9, missing=0.1)
    write_series(tmp_path / "train.jsonl", X, y)
    write_series(tmp_path / "test.jsonl", X_test, y_test)
    options = {"missing": "mask", **options}
    compare(tmp_path, SequenceClassifier, tmp_path / "train.jsonl", tmp_path / "test.jsonl",
            X, y, X_test, **options)  # fmt: skip


@pytest.mark.parametrize(
    "language, options",
    [("en", {}), ("zh", {}), ("en", {"augment": "typo(p=1) | random_swap"})],
    ids=lambda value: value if isinstance(value, str) else "-".join(value.values()) or "plain",
)
def test_the_sentences_of_the_examples(tmp_path, language, options):
    parts = []
    for part in ("train", "test"):
        path = ROOT / "examples" / "sentences" / f"{part}_{language}.tsv"
        with open(path, newline="", encoding="utf-8") as file:
            rows = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]
        parts.append((path, [row[0] for row in rows], [row[1] for row in rows]))
    (train, X, y), (test, X_test, _) = parts
    compare(tmp_path, TextClassifier, train, test, X, y, X_test,
            preset="none", hidden=8, epochs=2, embedding_dim=16, **options)  # fmt: skip


def read_ts(path):
    X, y, data = [], [], False
    with open(path, encoding="utf-8") as file:
        for line in file:
            if data and line.strip():
                *channels, label = line.strip().split(":")
                X.append(np.array([c.split(",") for c in channels], float).T)
                y.append(label)
            data = data or line.lower().startswith("@data")
    return X, y


@pytest.mark.parametrize("preset", ["none", "fast"])
def test_gunpoint(tmp_path, preset):
    folder = SHARED / "timeseries" / "GunPoint"
    if not folder.exists():
        pytest.skip(f"{folder} is absent")
    train, test = folder / "GunPoint_TRAIN.ts", folder / "GunPoint_TEST.ts"
    X, y = read_ts(train)
    X_test, _ = read_ts(test)
    compare(tmp_path, SequenceClassifier, train, test, X, y, X_test, preset=preset, epochs=10)
