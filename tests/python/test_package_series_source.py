"""refrain.pretrain_series: a source of series from Python."""

import numpy as np
import pytest
import refrain


def write_series(path, n=24, seed=0):
    rng = np.random.default_rng(seed)
    rows = ["a,b,c,d,e,f,g,h,label"]
    for i in range(n):
        wave = np.sin((0.6 if i % 2 else 1.3) * np.arange(8) + i) + 0.1 * rng.normal(size=8)
        rows.append(",".join(f"{x:.4f}" for x in wave) + f",{'slow' if i % 2 else 'quick'}")
    path.write_text("\n".join(rows) + "\n")
    return path


SMALL = dict(hidden=4, epochs=2, threads=1)


def test_a_source_begins_an_estimator(tmp_path):
    data = write_series(tmp_path / "a.csv")
    source = tmp_path / "a.source"
    report = refrain.pretrain_series(data, out=source, objective="mask", **SMALL)
    assert report["objective"] == "mask" and report["model"] == str(source)
    assert 0 < report["n_valid"] < report["n_train"]
    x = np.random.default_rng(1).normal(size=(12, 8, 1))
    clf = refrain.SequenceClassifier(init=str(source), epochs=1, preset="none")
    clf.fit(x, ["a", "b"] * 6)
    assert any("a.source" in remark for remark in clf.remarks_)


def test_the_file_is_that_of_one_seed_and_follows_the_files(tmp_path):
    a, b = write_series(tmp_path / "a.csv"), write_series(tmp_path / "b.csv", seed=3)
    files = []
    for name, data, seed in (("1", [a], 1), ("2", a, 1), ("3", a, 2), ("4", [a, b], 1)):
        refrain.pretrain_series(data, out=tmp_path / name, seed=seed, **SMALL)
        files.append((tmp_path / name).read_bytes())
    assert files[0] == files[1]
    assert len(set(files)) == 3


def test_a_callback_sees_the_epochs_and_ends_the_training(tmp_path):
    data = write_series(tmp_path / "a.csv")
    seen = []
    report = refrain.pretrain_series(
        data, out=tmp_path / "s", callback=lambda p: seen.append(p["epoch"]), **SMALL
    )
    assert seen == [1, 2] and report["stop_reason"] == "epochs"
    report = refrain.pretrain_series(data, out=tmp_path / "t", callback=lambda p: True, **SMALL)
    assert report["stop_reason"] == "interrupted" and not (tmp_path / "t").exists()


def test_what_is_wrong_is_named(tmp_path):
    data = write_series(tmp_path / "a.csv")
    with pytest.raises(FileNotFoundError, match="nothing.csv"):
        refrain.pretrain_series(tmp_path / "nothing.csv")
    with pytest.raises(TypeError, match="data"):
        refrain.pretrain_series([])
    with pytest.raises(ValueError, match="hiden"):
        refrain.pretrain_series(data, hiden=4)
    with pytest.raises(ValueError, match="objective"):
        refrain.pretrain_series(data, objective="maks")
