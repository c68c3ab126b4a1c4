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


def test_training_samples_that_an_answer_rests_on():
    X, y = boxes(40)
    estimator = refrain.SequenceClassifier(preset="none", hidden=6, epochs=6, lr=0.02).fit(X, y)
    found = estimator.explain(X[3:6], method="saliency", checks=False, train=X, y_train=y)
    for i in range(3):
        assert found.nearest[i][0] == {"sample": 3 + i, "label": y[3 + i], "distance": pytest.approx(0, abs=1e-6)}
        assert len(found.supporting[i]) == len(found.opposing[i]) == 5
        assert found.supporting[i][0]["influence"] > 0 > found.opposing[i][0]["influence"]
    with pytest.raises(ValueError, match="y_train must hold a label for each of the 40 samples"):
        estimator.explain(X[:2], train=X)
    with pytest.raises(ValueError, match="give both"):
        estimator.explain(X[:2], y_train=y)


def test_how_an_answer_comes_about():
    X, y = boxes(40)
    estimator = refrain.SequenceClassifier(preset="none", hidden=6, epochs=6, lr=0.02).fit(X, y)
    found = estimator.explain(X[:2], method="saliency", checks=False, states=True)
    reading = found.readings[0]
    assert reading["steps"][-1] == 12
    last = [reading["answer"][name][-1] for name in estimator.classes_]
    assert last == pytest.approx(estimator.predict_proba(X[:1])[0], abs=1e-6)
    assert len(reading["states"]["speed"]) == len(reading["states"]["first_axis"]) == 12


def test_each_span_of_a_tagger_has_its_words():
    X = [["we", "saw", kind, name] for kind in ("mr", "in") for name in ("Ash", "Elm", "Oak") * 6]
    y = [["O", "O", "O", "B-PER" if words[2] == "mr" else "B-LOC"] for words in X]
    tagger = refrain.Tagger(preset="none", hidden=12, epochs=25, lr=0.02).fit(X, y)
    found = tagger.explain(X[:1] + X[-1:], checks=False)
    assert found.targets == ["PER", "LOC"]
    assert found.spans[0] == {"begin": 3, "end": 4, "text": "Ash"}
    assert max(found.words(0)[:3], key=lambda pair: pair[1])[0] == "mr"


def test_past_steps_of_a_forecast_have_scores():
    months = np.arange(60)
    sales = 20 + 5 * np.cos(months * np.pi / 6)
    model = refrain.Forecaster(horizon=2, season="12", model="seasonal_naive").fit(sales)
    found = model.explain(step=1, checks=False)
    scores = found.map(0)[:, 0]
    assert len(found.times[0]) == len(scores)
    assert np.flatnonzero(scores).tolist() == [len(scores) - 12]


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
