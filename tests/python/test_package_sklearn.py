"""scikit-learn's own checks, and the estimators inside its tools."""

import os

import pytest

np = pytest.importorskip("numpy")
refrain = pytest.importorskip("refrain", reason="the package is not installed: pip install .")
pytest.importorskip("sklearn", reason="scikit-learn is not installed")

from package_data import SMALL, matrix, ragged, texts  # noqa: E402
from refrain import SequenceClassifier, SequenceRegressor, TextClassifier  # noqa: E402
from sklearn.base import clone, is_classifier  # noqa: E402
from sklearn.calibration import CalibratedClassifierCV  # noqa: E402
from sklearn.exceptions import NotFittedError  # noqa: E402
from sklearn.model_selection import (  # noqa: E402
    GridSearchCV,
    GroupKFold,
    cross_val_predict,
    cross_val_score,
)
from sklearn.pipeline import make_pipeline  # noqa: E402
from sklearn.preprocessing import FunctionTransformer, StandardScaler  # noqa: E402
from sklearn.utils.estimator_checks import parametrize_with_checks  # noqa: E402

# doc/python.md lists them with their reasons.
EXPECTED = {
    "check_sample_weight_equivalence_on_dense_data": "mini-batches: a sample of weight 2 is in one "
    "batch, its two copies may be in two",
}

# REFRAIN_CHECKS=good (minutes): the checks of the networks and simple methods of a preset.
# REFRAIN_CHECKS=default (minutes, the full tests): those of the estimators without any argument.
PRESET = os.environ.get("REFRAIN_CHECKS", "none")
LIGHT = {"hidden": 8, "epochs": 30, "threads": 1} if PRESET == "none" else {}
KNOWN = {"preset": PRESET, **LIGHT}
LARGER = {"hidden": 16, "epochs": 60, "lr": 0.02} if PRESET == "none" else {}
CHECKED = (
    [getattr(refrain, name)() for name in refrain._ESTIMATORS]
    if PRESET == "default"
    else [SequenceClassifier(**KNOWN), SequenceRegressor(interval=0, **KNOWN | LARGER)]
)
# Checks of the form of the input, of minutes with a regressor's default ensemble: whatever the
# networks, the same code reads it.
OF_INPUT = {
    "check_dtype_object",
    "check_regressor_data_not_an_array",
    "check_regressors_int",
    "check_sample_weight_equivalence_on_dense_data",
}


def only_reads(check):
    """Whether a check is one of the form of the input."""
    return check.func.__name__ in OF_INPUT or "readonly_memmap" in check.keywords


@parametrize_with_checks(
    CHECKED,
    expected_failed_checks=lambda estimator: EXPECTED,
)
def test_scikit_learn_accepts(estimator, check):
    if PRESET == "default" and only_reads(check):
        pytest.skip("the light networks are checked by it")
    check(estimator)


def test_it_is_a_classifier_and_can_be_cloned():
    clf = SequenceClassifier(**SMALL)
    assert is_classifier(clf) and is_classifier(TextClassifier())
    assert clone(clf).get_params() == clf.get_params()
    with pytest.raises(NotFittedError):
        clf.predict(matrix()[0])


def test_cross_validation_takes_lists_of_arrays():
    X, y = ragged(36)
    scores = cross_val_score(SequenceClassifier(**SMALL), X, y, cv=3)
    assert scores.shape == (3,) and scores.mean() > 0.7
    X, y = texts()
    p = cross_val_predict(TextClassifier(**SMALL), X, y, cv=3, method="predict_proba")
    assert p.shape == (40, 2)


def test_a_grid_is_searched_with_groups():
    X, y = ragged(36)
    search = GridSearchCV(
        SequenceClassifier(**SMALL), {"cell": ["gru", "rnn"], "hidden": [2, 4]}, cv=GroupKFold(3)
    )
    search.fit(X, y, groups=np.repeat(np.arange(6), 6))
    assert search.best_score_ > 0.7 and search.best_estimator_.predict(X[:2]).shape == (2,)


def test_it_works_at_the_end_of_a_pipeline():
    X, y = matrix()
    line = make_pipeline(StandardScaler(), SequenceClassifier(**SMALL)).fit(X, y)
    assert line.score(X, y) > 0.9
    line = make_pipeline(FunctionTransformer(), SequenceClassifier(**SMALL))
    line.fit(X, y, sequenceclassifier__sample_weight=np.ones(40))
    assert line.predict_proba(X).shape == (40, 2)


def test_probabilities_can_be_calibrated():
    X, y = matrix(60)
    for method in ("sigmoid", "isotonic"):
        clf = CalibratedClassifierCV(SequenceClassifier(**SMALL), method=method, cv=3).fit(X, y)
        assert clf.score(X, y) > 0.8
    X, y = ragged(48)
    assert CalibratedClassifierCV(SequenceClassifier(**SMALL), cv=3).fit(X, y).score(X, y) > 0.7
