"""Large values with small changes: the changes are what is learned."""

import pickle

import pytest

np = pytest.importorskip("numpy")
refrain = pytest.importorskip("refrain", reason="the package is not installed: pip install .")

from package_data import SMALL, matrix  # noqa: E402
from refrain import SequenceClassifier  # noqa: E402


def far(level, size=0.01, channels=1):
    X, y = matrix(48, noise=0.2)
    X = np.repeat(size * X[:, :, None], channels, axis=2)
    X[:, :, 0] += level
    return X, y


@pytest.mark.parametrize("level", [1e7, -1e7, 1.7e9, 1e12])
@pytest.mark.parametrize("channels", [1, 2])
def test_small_changes_of_large_values_are_kept(tmp_path, level, channels):
    X, y = far(level, channels=channels)
    plain, _ = far(0, channels=channels)
    clf = SequenceClassifier(**SMALL).fit(X, y)
    assert clf.score(X, y) > 0.9
    near = SequenceClassifier(**SMALL).fit(plain, y).predict_proba(plain)
    assert np.allclose(clf.predict_proba(X), near, atol=0.05 if level < 1e10 else 0.2)
    wanted = clf.predict_proba(X)
    assert np.array_equal(clf.predict_proba(list(X)), wanted)
    assert np.array_equal(clf.predict_proba(X[:1]), wanted[:1])
    assert np.array_equal(clf.model_.predict_proba(X), wanted)
    clf.save(tmp_path / "m.refrain")
    twin = refrain.load(tmp_path / "m.refrain")
    for other in (twin, pickle.loads(pickle.dumps(clf)), clf.model_.estimator()):
        assert np.array_equal(other.predict_proba(X), wanted)
    twin.set_params(threads=1).partial_fit(X, y, epochs=2)
    assert twin.score(X, y) > 0.9
    missing = X.copy()
    missing[:, 3] = np.nan
    assert clf.score(missing, y) > 0.8
    report = refrain.data.validate(X, y)
    assert report.ok and not any("constant" in text for _, text in report.warnings)


def test_a_few_far_values_hide_no_changes():
    X, y = far(1e7)
    X[::9, 4] = 0
    assert SequenceClassifier(**SMALL, normalise="series").fit(X, y)._offset[0] > 9e6


def test_ordinary_values_are_as_they_were():
    X, y = matrix()
    for data in (X, X + 1000, 1e9 * X, X.round().astype(int)):
        assert SequenceClassifier(**SMALL).fit(data, y)._offset == []


def test_variants_have_the_level_of_their_sources():
    X, _ = far(1e7)
    more, _, source = refrain.augment.apply(X, spec="jitter(sigma=0.001, p=1)")
    assert np.abs(more - X[source]).max() < 0.01 and not np.array_equal(more, X[source])


def test_exports_that_would_lose_the_changes_say_so():
    pytest.importorskip("onnx", reason="onnx is not installed")
    X, y = far(1e7)
    with pytest.raises(NotImplementedError, match="large values with small changes"):
        refrain.interchange.to_onnx(SequenceClassifier(**SMALL).fit(X, y))
