"""Forecaster: fit, predict, quantiles, scores, files."""

import pickle

import numpy as np
import pytest
import refrain


def sales(steps, level=20.0, seed=0):
    months = np.arange(steps)
    noise = np.random.default_rng(seed).normal(0, 0.2, steps)
    return level + 0.1 * months + 5 * np.sin(months * np.pi / 6) + noise


def small(**more):
    return refrain.Forecaster(horizon=6, season="12", ensemble=1, epochs=3, verbose=False, **more)


def test_one_series_is_continued():
    model = small().fit(sales(60))
    next_values = model.predict()
    assert next_values.shape == (1, 6)
    assert np.abs(next_values[0] - sales(66)[60:]).max() < 4
    quantiles = model.predict_quantiles()
    assert quantiles.shape == (1, 6, len(model.quantiles_))
    assert (np.diff(quantiles, axis=2) >= 0).all()
    assert abs(sum(model.weights_.values()) - 1) < 1e-9


def test_series_that_training_did_not_have_are_continued():
    model = small().fit({"a": sales(60), "b": sales(48, 40, 1)})
    assert model.predict().shape == (2, 6)
    assert model.predict([sales(30, 30, 2)]).shape == (1, 6)


def test_the_same_seed_gives_the_same_forecast_and_so_does_a_pickle(tmp_path):
    model = small(random_state=3).fit(sales(60))
    assert (model.predict() == small(random_state=3).fit(sales(60)).predict()).all()
    assert (pickle.loads(pickle.dumps(model)).predict() == model.predict()).all()
    model.save(tmp_path / "m.rfr")
    again = refrain.Forecaster.load(tmp_path / "m.rfr")
    assert isinstance(refrain.load(tmp_path / "m.rfr"), refrain.Forecaster)
    assert (again.predict(sales(60)) == model.predict()).all()
    with pytest.raises(ValueError, match="give the series"):
        again.predict()


def test_a_frame_gives_a_frame():
    pandas = pytest.importorskip("pandas")
    days = pandas.date_range("2024-01-01", periods=60, freq="D")
    X = pandas.DataFrame(
        {"unique_id": ["a"] * 60 + ["b"] * 60, "ds": list(days) * 2,
         "y": np.concatenate([sales(60), sales(60, 50, 1)])}
    )  # fmt: skip
    found = small().fit(X).predict(X)
    assert list(found.columns[:3]) == ["unique_id", "ds", "prediction"]
    assert len(found) == 12
    assert found["ds"][0].startswith("2024-03-01")


def test_scores_have_intervals_and_simple_methods_beside():
    found = small().cross_validate([sales(60, 20 + k, k) for k in range(6)], origins=2)
    mase = found["metrics"]["mase"]
    assert 0 < mase.low <= mase.value <= mase.high
    assert "theta" in found["baselines"]


def test_what_cannot_be_read_is_refused():
    with pytest.raises(ValueError, match="dimensions"):
        small().fit(np.zeros((2, 3, 4)))
    with pytest.raises(ValueError, match="no series"):
        small().fit([])
    with pytest.raises(TypeError, match="did you mean 'horizon'"):
        refrain.Forecaster(horizn=3)
    with pytest.raises(ValueError):
        small().predict()


def test_a_forecaster_begins_with_the_networks_of_another(tmp_path):
    source = small(hidden=8).fit(sales(60))
    source.save(tmp_path / "source.rfr")
    begun = small(init=str(tmp_path / "source.rfr")).fit(sales(48, 40, 1))
    assert begun.n_parameters_ == source.n_parameters_
    assert np.isfinite(begun.predict()).all()
    with pytest.raises(ValueError, match="hidden=9 does not go with init"):
        small(hidden=9, init=str(tmp_path / "source.rfr")).fit(sales(48))
