"""Model.explain: scores of words and steps, from Python."""

import numpy as np
import pytest

import refrain


def boxes(n, seed=1):
    random = np.random.RandomState(seed)
    X = 0.5 * random.randn(n, 12, 3)
    y = np.where(random.rand(n) < 0.5, "up", "down")
    X[:, 4:8, 1] += np.where(y == "up", 2, -2)[:, None]
    return X, y


def test_the_planted_box_has_the_highest_scores():
    X, y = boxes(120)
    estimator = refrain.SequenceClassifier(preset="none", hidden=8, epochs=12, lr=0.02).fit(X, y)
    found = estimator.model_.explain(X[:10])
    assert len(found) == 10
    assert found.faithful, found.against
    best = [divmod(int(found.map(i, channels=3).argmax()), 3) for i in range(10)]
    assert sum(channel == 1 and 4 <= step < 8 for step, channel in best) >= 9


def test_integrated_gradients_add_up():
    X, y = boxes(60)
    estimator = refrain.SequenceClassifier(preset="none", hidden=6, epochs=4).fit(X, y)
    found = estimator.model_.explain(X[:4], method="integrated_gradients", checks=False)
    assert found.checks == {}
    assert found.completeness_error < 0.01


def test_the_words_of_a_text_have_scores_under_any_model():
    texts = ["a fine film", "an awful film", "fine story", "awful story"] * 10
    labels = ["good", "bad"] * 20
    estimator = refrain.TextClassifier(model="tfidf_logistic").fit(texts, labels)
    found = estimator.model_.explain(["the fine story"], target="good")
    assert max(found.words(0), key=lambda pair: pair[1])[0] == "fine"
    assert any("random weights" in remark for remark in found.remarks)


def test_scores_are_drawn_unless_they_failed_a_check():
    figure = pytest.importorskip("matplotlib.figure").Figure
    X, y = boxes(60)
    estimator = refrain.SequenceClassifier(preset="none", hidden=6, epochs=6, lr=0.02).fit(X, y)
    found = estimator.model_.explain(X[:2], checks=False)
    drawn = refrain.plot.explanation(found, 1, series=X[1])
    assert isinstance(drawn, figure)
    assert drawn.axes[0].images[0].get_array().shape == (3, 12)
    found.faithful, found.against = False, ["no sooner than at random"]
    with pytest.raises(ValueError, match="no sooner than at random"):
        refrain.plot.explanation(found)
