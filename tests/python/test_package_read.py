"""Data files as X, y and groups: every format of the tool, every kind of samples."""

import json
import warnings

import pytest

np = pytest.importorskip("numpy")
refrain = pytest.importorskip("refrain", reason="the package is not installed: pip install .")

from package_data import ROOT, SHARED, SMALL, tool  # noqa: E402

FIXTURES = ROOT / "tests" / "data" / "readers"


def test_series_of_one_length_are_an_array(tmp_path):
    path = tmp_path / "d.csv"
    rows = "".join(f"{i},{i % 2},m{i // 3},{i + 0.5},,{i}\n" for i in range(6))
    path.write_text("id,fault,machine,t0,t1,t2\n" + rows, encoding="utf-8")
    X, y, groups = refrain.data.read(path, target="fault", group="machine", id="id")
    assert X.shape == (6, 3) and X[2, 0] == 2.5 and np.isnan(X[:, 1]).all()
    assert y.tolist() == [0, 1] * 3 and y.dtype.kind == "i"
    assert groups.tolist() == ["m0"] * 3 + ["m1"] * 3
    about = refrain.data.read(path, target="fault", group="machine", id="id").about
    assert about["kind"] == "series" and about["columns"]["target"] == "fault"


def test_series_of_several_channels_and_lengths_are_a_list(tmp_path):
    path = tmp_path / "d.jsonl"
    lines = [{"series": [[k, 1]] * (3 + k), "label": "ab"[k % 2]} for k in range(4)]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    X, y, groups = refrain.data.read(path)
    assert [one.shape for one in X] == [(3, 2), (4, 2), (5, 2), (6, 2)]
    assert y.tolist() == ["a", "b", "a", "b"] and groups is None


def test_texts_numbers_and_missing_labels(tmp_path):
    path = tmp_path / "d.csv"
    path.write_text("text,score\n" + "".join(f"text {i},{i / 7}\n" for i in range(30)), encoding="utf-8")
    X, y, _ = refrain.data.read(path, target="score")
    assert X[3] == "text 3" and y[3] == pytest.approx(3 / 7)
    assert refrain.data.read(path, target="score", task="classify").y.dtype.kind == "U"


def test_large_values_keep_their_changes(tmp_path):
    path = tmp_path / "d.jsonl"
    lines = [{"series": [1e7 + 0.01 * t + k for t in range(5)], "label": k % 2} for k in range(6)]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    X, _, _ = refrain.data.read(path)
    assert X.dtype == np.float64 and np.allclose(np.diff(X), 0.01, atol=1e-3)


def test_tagged_words(tmp_path):
    path = tmp_path / "d.conll"
    path.write_text("Ann B-PER\nsees O\nRome B-LOC\n\nBob B-PER\nleft O\n", encoding="utf-8")
    X, y, _ = refrain.data.read(path)
    assert X == [["Ann", "sees", "Rome"], ["Bob", "left"]]
    assert y == [["B-PER", "O", "B-LOC"], ["B-PER", "O"]]


def test_series_in_time(tmp_path):
    path = tmp_path / "d.csv"
    rows = "".join(f"{name},2024-{m:02}-01,{m + ord(name)}\n" for name in "ab" for m in range(1, 13))
    path.write_text("unique_id,ds,y\n" + rows, encoding="utf-8")
    found = refrain.data.read(path, task="forecast")
    assert list(found.X) == ["a", "b"] and found.X["a"][0] == 98 and found.y is None
    assert found.about["times"]["a"][0].startswith("2024-01")
    assert refrain.Forecaster(horizon=2, model="naive").fit(found.X).predict().shape == (2, 2)


def test_every_fixture_of_the_readers_is_read():
    found = 0
    for path in sorted(FIXTURES.iterdir()):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                X, y, groups = refrain.data.read(path)
        except (ValueError, OSError, NotImplementedError):
            continue  # broken on purpose, or of several streams
        found += 1
        assert y is None or len(y) == len(X), path
        assert groups is None or len(groups) == len(X), path
    assert found >= 5


def test_what_is_read_trains_the_model_of_the_tool(tmp_path):
    folder = ROOT / "examples" / "bearings"
    path = next(iter(sorted(folder.glob("*train*"))), None) if folder.is_dir() else None
    path = path or SHARED / "timeseries" / "GunPoint" / "GunPoint_TRAIN.ts"
    if not path.exists():
        pytest.skip("no series to read")
    X, y, _ = refrain.data.read(path)
    clf = refrain.SequenceClassifier(**SMALL, valid_fraction=0).fit(X, y)
    options = [word for name, value in {**SMALL, "valid_fraction": 0}.items()
               for word in ("--" + name.replace("_", "-"), str(value))]  # fmt: skip
    out = tmp_path / "m.refrain"
    tool("train", path, "--test", path, "--allow-overlap", "--out", out, "--quiet", "--store", "none", *options)
    other = refrain.load(out)
    assert np.array_equal(other.predict_proba(X), clf.predict_proba(X))


def test_wrong_options_and_files_are_refused(tmp_path):
    with pytest.raises(OSError):
        refrain.data.read(tmp_path / "nothing.csv")
    with pytest.raises(TypeError, match="did you mean 'target'"):
        refrain.data.read(tmp_path / "nothing.csv", tarket="x")
    (tmp_path / "d.csv").write_text("label,t0\na,1\nb,x\n", encoding="utf-8")
    with pytest.raises(ValueError, match="d.csv:3:2: 'x' is not a number"):
        refrain.data.read(tmp_path / "d.csv", target="label")
