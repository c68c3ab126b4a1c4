"""SequenceRegressor and TextRegressor: numbers, intervals, files, scikit-learn's conventions."""

import pickle

import numpy as np
import pytest

import refrain
from refrain import SequenceRegressor, TextRegressor

SMALL = dict(hidden=8, epochs=40, lr=0.01, threads=1)


def slopes(n=80, seed=0):
    rng = np.random.default_rng(seed)
    y = rng.uniform(-1, 1, n)
    X = y[:, None] * np.arange(8) + 0.1 * rng.normal(size=(n, 8))
    return X, 1000 + 100 * y


def test_a_slope_is_learned_in_units_of_the_target():
    X, y = slopes()
    model = SequenceRegressor(**SMALL, interval=0).fit(X, y)
    new, wanted = slopes(40, 1)
    assert np.sqrt(np.mean((model.predict(new) - wanted) ** 2)) < 20
    assert model.score(new, wanted) > 0.85
    assert model.n_targets_ == 1 and model.predict(new).shape == (40,)
    with pytest.raises(ValueError, match="no prediction intervals"):
        model.predict_interval(new)


def test_score_is_r2_as_scikit_learn_has_it():
    metrics = pytest.importorskip("sklearn.metrics")
    X, y = slopes()
    model = SequenceRegressor(**SMALL, interval=0).fit(X, y)
    weight = np.arange(len(y)) % 3
    wanted = metrics.r2_score(y, model.predict(X), sample_weight=weight)
    assert model.score(X, y, sample_weight=weight) == pytest.approx(wanted, abs=1e-12)


def test_intervals_hold_about_their_share():
    X, y = slopes()
    model = SequenceRegressor(hidden=8, epochs=15, threads=1, interval=0.8).fit(X, y)
    new, wanted = slopes(300, 1)
    low, high = model.predict_interval(new)
    assert low.shape == high.shape == (300,)
    assert (low <= model.predict(new)).all() and (model.predict(new) <= high).all()
    assert np.mean((low <= wanted) & (wanted <= high)) == pytest.approx(0.8, abs=0.13)


def test_several_targets_have_a_column_each():
    X, y = slopes()
    both = np.column_stack([y, -2 * y])
    model = SequenceRegressor(**SMALL, interval=0.9).fit(X, both)
    assert model.predict(X).shape == (80, 2) and model.n_targets_ == 2
    low, high = model.predict_interval(X)
    assert low.shape == (80, 2) and (low < high).all()
    assert model.score(X, both) > 0.8


def test_texts_are_read():
    X = ["very good", "good", "bad", "very bad"] * 8
    y = [5.0, 4.0, 2.0, 1.0] * 8
    model = TextRegressor(hidden=8, epochs=60, lr=0.01, threads=1, interval=0).fit(X, y)
    good, bad = model.predict(["good", "bad"])
    assert good > bad + 1


def test_files_and_pickles_answer_the_same(tmp_path):
    X, y = slopes(60)
    model = SequenceRegressor(preset="fast", epochs=3, threads=1).fit(X, y)
    assert {method for method, _ in model.model_.members} == {
        "network",
        "rocket_ridge",
        "summary_ridge",
        "neighbour_mean_dtw",
        "interval_forest",
        "mean",
    }
    model.save(tmp_path / "m.refrain")
    for twin in (refrain.load(tmp_path / "m.refrain"), pickle.loads(pickle.dumps(model))):
        assert type(twin) is SequenceRegressor
        assert np.array_equal(twin.predict(X), model.predict(X))
        assert np.array_equal(twin.predict_interval(X), model.predict_interval(X))
    with pytest.raises(ValueError, match="load it with SequenceRegressor"):
        refrain.SequenceClassifier.load(tmp_path / "m.refrain")


def test_two_threads_give_the_same_bits():
    X, y = slopes(40)
    one = SequenceRegressor(preset="fast", epochs=2, threads=1).fit(X, y).predict(X)
    two = SequenceRegressor(preset="fast", epochs=2, threads=2).fit(X, y).predict(X)
    assert np.array_equal(one, two)


def test_what_is_no_target_is_refused():
    X, y = slopes(20)
    for bad, words in (
        (np.where(y > 1000, np.nan, y), "contains NaN"),
        (np.where(y > 1000, np.inf, y), "infinity"),
        (["a"] * 20, "holds no numbers"),
        (None, "requires y"),
        (y[:10], "20"),
        (np.full(20, 3.0), "the same target"),
    ):
        with pytest.raises(ValueError, match=words):
            SequenceRegressor(**SMALL).fit(X, bad)
    with pytest.raises(TypeError, match="class_weight"):
        SequenceRegressor(class_weight="balanced")


def test_parameters_are_those_of_the_task():
    names = SequenceRegressor().get_params()
    assert {"loss", "interval", "huber_delta"} <= set(names)
    assert not {"class_weight", "label_smoothing", "cost"} & set(names)
    assert "loss" not in refrain.SequenceClassifier().get_params()


@pytest.mark.parametrize("loss", ["squared", "quantile"])
@pytest.mark.parametrize("interval", [0, 0.8])
def test_onnx_gives_the_same_numbers_and_intervals(loss, interval):
    pytest.importorskip("onnx")
    runtime = pytest.importorskip("onnxruntime")
    from refrain.interchange import to_onnx

    X, y = slopes(50)
    both = np.column_stack([y, -y / 10])
    model = SequenceRegressor(
        hidden=6, epochs=5, ensemble=2, threads=1, loss=loss, interval=interval
    ).fit(X, both)
    session = runtime.InferenceSession(to_onnx(model).SerializeToString())
    feed = {"x": X[:, :, None].astype(np.float32), "lengths": np.full(50, 8, dtype=np.int64)}
    (numbers,) = session.run(["numbers"], feed)
    wanted = model.model_.predict(X)
    assert numbers.shape == wanted.shape == (50, 2 if interval == 0 else 6)
    assert np.allclose(numbers, wanted, rtol=1e-4, atol=1e-2)


def test_what_is_of_classes_is_refused():
    from refrain.interchange import to_torch

    X, y = slopes(30)
    model = SequenceRegressor(hidden=4, epochs=2, threads=1, interval=0).fit(X, y).model_
    with pytest.raises(ValueError, match="has no probabilities"):
        model.predict_proba(X)
    with pytest.raises(NotImplementedError, match="a model to regress"):
        to_torch(model)
    assert "to regress" in repr(model) and model.columns == ["prediction"]
