"""Channels of series divided into streams, by their numbers."""

import pytest

np = pytest.importorskip("numpy")
refrain = pytest.importorskip("refrain", reason="the package is not installed: pip install .")

from package_data import SMALL, matrix  # noqa: E402
from refrain import SequenceClassifier  # noqa: E402


def three_channels():
    X, y = matrix(48, noise=0.2)
    X = np.repeat(X[:, :, None], 3, axis=2)
    X[:, :, 2] = np.random.default_rng(1).normal(size=X.shape[:2])
    return X, y


def test_channels_become_streams_that_a_saved_model_knows(tmp_path):
    X, y = three_channels()
    clf = SequenceClassifier(streams="acc=1-2; gyro=3", **SMALL).fit(X, y)
    assert clf.score(X, y) > 0.8
    names = {p for p in clf.model_.parameters()}
    assert any(name.startswith("encoder_gyro") for name in names)
    clf.save(tmp_path / "m.refrain")
    twin = refrain.load(tmp_path / "m.refrain")
    assert np.array_equal(twin.predict_proba(X), clf.predict_proba(X))


def test_a_channel_in_no_stream_is_not_read():
    X, y = three_channels()
    clf = SequenceClassifier(streams="acc=1-2", **SMALL).fit(X, y)
    other = X.copy()
    other[:, :, 2] = 7
    assert np.array_equal(clf.predict_proba(other), clf.predict_proba(X))


def test_a_channel_that_is_not_there_is_refused():
    X, y = three_channels()
    with pytest.raises(ValueError, match="no channel 4"):
        SequenceClassifier(streams="acc=4", **SMALL).fit(X, y)


def test_layers_are_told_apart_by_stream_and_gradients_are_refused():
    X, y = three_channels()
    model = SequenceClassifier(streams="acc=1-2; gyro=3", **SMALL).fit(X, y).model_
    seen = model.activations(X[:1])[0]
    assert seen["input.acc"].shape[1] == 2
    assert seen["input.gyro"].shape[1] == 1
    with pytest.raises(Exception, match="one stream"):
        model.gradients(X[:1], y[:1])
