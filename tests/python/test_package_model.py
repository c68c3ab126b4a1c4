"""refrain.Model: parameters, states, attention and gradients as arrays."""

import pytest

np = pytest.importorskip("numpy")
refrain = pytest.importorskip("refrain", reason="the package is not installed: pip install .")

from package_data import SMALL, ragged, texts  # noqa: E402
from refrain import SequenceClassifier, TextClassifier  # noqa: E402


def softmax(z):
    p = np.exp(z - z.max())
    return p / p.sum()


@pytest.fixture(scope="module", params=["gru", "lstm", "rnn"])
def fitted(request):
    X, y = ragged(20, missing=0.1)
    clf = SequenceClassifier(**SMALL, cell=request.param, layers=2, pooling="attention")
    return clf.fit(X, y), X


def test_parameters_are_read_only_views(fitted):
    clf, _ = fitted
    layers = clf.model_.layers
    gates = {"gru": 3, "lstm": 4, "rnn": 1}[clf.cell]
    assert layers["encoder.0.forward.w_h"].shape == (gates * 6, 6)
    assert layers["encoder.0.reverse.w_x"].shape == (gates * 6, 4)
    assert layers["head.w"].shape == (2, 12) and layers["head.b"].shape == (2,)
    assert not layers["head.w"].flags.writeable and not layers["head.w"].flags.owndata
    assert np.shares_memory(layers["head.w"], clf.model_.layers["head.w"])
    kept = clf.model_.layers["head.w"]
    wanted = kept.copy()
    del clf, layers
    assert np.array_equal(kept, wanted)


def test_what_is_seen_explains_the_probabilities(fitted):
    clf, X = fitted
    p = clf.predict_proba(X)
    for i, seen in enumerate(clf.model_.activations(X)):
        steps = len(X[i])
        assert list(seen) == ["input", "encoder.0", "encoder.1", "pooling", "vector", "logits"]
        assert seen["input"].shape == (steps, 4) and seen["encoder.1"].shape == (steps, 12)
        weights = seen["pooling"]
        assert weights.shape == (steps, 1) and np.isclose(weights.sum(), 1)
        assert np.allclose((weights * seen["encoder.1"]).sum(0), seen["vector"], atol=1e-5)
        layers = clf.model_.layers
        z = layers["head.w"] @ seen["vector"] + layers["head.b"]
        assert np.allclose(z, seen["logits"], atol=1e-5)
        assert np.allclose(softmax(z), p[i], atol=1e-5)
    assert clf.model_.hidden_states(X, layer=0)[3].shape == (len(X[3]), 12)


def test_gradients_agree_with_finite_differences():
    X, y = ragged(20)
    clf = SequenceClassifier(**SMALL, normalise="none").fit(X, y)
    model = clf.model_
    x = X[0]
    (d,) = model.gradients([x], target="up")
    assert d.shape == x.shape
    step = 1e-2
    for t, c in ((0, 0), (1, 1), (len(x) - 1, 0)):
        ends = []
        for sign in (1, -1):
            moved = x.copy()
            moved[t, c] += sign * step
            ends.append(model.activations([moved])[0]["logits"][model.classes.index("up")])
        assert np.isclose(d[t, c], (ends[0] - ends[1]) / (2 * step), atol=2e-3)
    (best,) = model.gradients([x])
    assert np.array_equal(best, d) or np.array_equal(best, model.gradients([x], target="down")[0])
    with pytest.raises(ValueError, match="there is no class 'left'"):
        model.gradients([x], target="left")


def test_self_attention_and_texts_are_seen():
    X, y = texts(20)
    clf = TextClassifier(**SMALL, attention="self", heads=2, embedding_dim=5).fit(X, y)
    model = clf.model_
    for text, a in zip(X, model.attention(X)):
        words = len(text.split())
        assert a.shape == (2, words, words) and np.allclose(a.sum(2), 1, atol=1e-5)
    assert model.gradients(X)[0].shape == (len(X[0].split()), 5)
    assert model.word_ids(["fine film zzz"])[0][2] == 0
    plain = TextClassifier(**SMALL).fit(X, y).model_
    with pytest.raises(ValueError, match="no attention"):
        plain.attention(X)


def test_only_networks_are_looked_into():
    X, y = ragged(20)
    model = SequenceClassifier(model="summary_logistic").fit(X, y).model_
    assert model.members == [("summary_logistic", 1.0)] and "summary_logistic" in repr(model)
    with pytest.raises(NotImplementedError, match="member 0 is summary_logistic, not a network"):
        model.layers
    with pytest.raises(ValueError, match="there is no member 3"):
        model.parameters(3)
