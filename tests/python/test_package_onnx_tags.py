"""ONNX of taggers: emissions and the scores of the chain, decoded here by hand."""

import json

import numpy as np
import pytest

from refrain import Tagger, interchange

SMALL = dict(preset="none", hidden=6, epochs=6, threads=1, lr=0.05, batch_size=8)
WORDS = ["Ann", "Bob", "sees", "Rome", "Lima", "the", "of", "X1", "1996", "straße"]


def sentences(n=30, seed=0):
    rng = np.random.default_rng(seed)
    X = [[str(w) for w in rng.choice(WORDS, rng.integers(1, 9))] for _ in range(n)]
    tags = {"Ann": "B-PER", "Bob": "I-PER", "Rome": "B-LOC", "Lima": "I-LOC", "X1": "B-PER"}
    return X, [[tags.get(w, "O") for w in words] for words in X]


def padded(items, fill):
    shape = [len(items), *(max(item.shape[d] for item in items) for d in range(items[0].ndim))]
    out = np.full(shape, fill, dtype=items[0].dtype)
    for row, item in zip(out, items):
        row[tuple(slice(size) for size in item.shape)] = item
    return out


def run(model, path, feed):
    onnx = pytest.importorskip("onnx", reason="onnx is not installed")
    runtime = pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")
    proto = interchange.to_onnx(model, path)
    found = runtime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    wanted = {i.name for i in found.get_inputs()}
    answer = found.run(None, {name: feed[name] for name in wanted})[0]
    chain = {t.name: onnx.numpy_helper.to_array(t) for t in proto.graph.initializer}
    facts = {p.key: json.loads(p.value) for p in proto.metadata_props}
    return answer, chain, facts


def words_feed(model, X, fill):
    ids = model.model_.word_ids(X)
    feed = {"ids": padded(ids, fill), "lengths": np.array([len(i) for i in ids])}
    if model.options_["spelling"] != "none":
        letters, shapes = zip(*model.model_.spellings(X))
        feed |= {"letters": padded(letters, -1), "shapes": padded(shapes, fill)}
    return feed


def marginals(emissions, chain):
    """Of each tag at each step, by sums over all sequences forward and backward."""
    e = emissions.astype(np.float64)
    pairs, begin, end = (chain[n].astype(np.float64) for n in ("transitions", "begin", "end"))
    forward, backward = [begin + e[0]], [end]
    for t in range(1, len(e)):
        forward.append(e[t] + np.logaddexp.reduce(forward[-1][:, None] + pairs, axis=0))
        backward.append(np.logaddexp.reduce(pairs + (e[-t] + backward[-1])[None], axis=1))
    score = np.array(forward) + np.array(backward[::-1])
    return np.exp(score - np.logaddexp.reduce(score, axis=1, keepdims=True))


def as_bio(p, names, wanted):
    """Columns of BIOES as those of BIO."""
    out = np.zeros((len(p), len(wanted)))
    for k, name in enumerate(names):
        name = {"S": "B", "E": "I"}.get(name[0], name[0]) + name[1:] if name != "O" else name
        out[:, list(wanted).index(name)] += p[:, k]
    return out


@pytest.mark.parametrize(
    "options",
    [
        {"spelling": "none"},
        {"spelling": "convolution"},
        {"span_tags": "bio", "cell": "lstm", "layers": 2},
        {"span_tags": "bio", "stem": "full", "stem_form": "branch", "stem_channels": 5},
        {"attention": "self", "heads": 2, "bidirectional": True},
    ],
    ids=str,
)
def test_emissions_and_the_chain_give_the_marginals(tmp_path, options):
    X, y = sentences()
    model = Tagger(**{**SMALL, **options}).fit(X, y)
    for fill in (0, 1):  # what lies behind the end counts nothing
        e, chain, facts = run(model, tmp_path / "m.onnx", words_feed(model, X, fill))
        assert e.shape == (len(X), max(map(len, X)), len(facts["tags"]))
        for words, rows, wanted in zip(X, e, model.predict_marginals(X)):
            p = as_bio(marginals(rows[: len(words)], chain), facts["tags"], model.tags_)
            np.testing.assert_allclose(p, wanted, atol=2e-5)


def test_steps_of_series_have_probabilities_without_a_chain(tmp_path):
    rng = np.random.default_rng(0)
    X = [rng.normal(size=(n, 2)).astype(np.float32) for n in rng.integers(3, 9, 20)]
    y = [np.where(x[:, 0] > 0, "up", "down") for x in X]
    model = Tagger(**SMALL, head="softmax").fit(X, y)
    feed = {"x": padded(X, np.nan), "lengths": np.array([len(x) for x in X])}
    p, _, facts = run(model, tmp_path / "m.onnx", feed)
    assert facts["tags"] == model.tags_.tolist() == ["down", "up"]
    for rows, wanted in zip(p, model.predict_marginals(X)):
        np.testing.assert_allclose(rows[: len(wanted)], wanted, atol=1e-5)


@pytest.mark.parametrize(
    "options, what",
    [({"spelling": "recurrent"}, "spelling recurrent"), ({"ensemble": 2}, "taggers of one network")],
)
def test_what_it_does_not_take_is_named(tmp_path, options, what):
    pytest.importorskip("onnx", reason="onnx is not installed")
    model = Tagger(**{**SMALL, "epochs": 1, **options}).fit(*sentences())
    with pytest.raises(NotImplementedError, match=what):
        interchange.to_onnx(model)


def test_what_looks_at_whole_samples_refuses_a_tagger():
    model = Tagger(**{**SMALL, "epochs": 1}).fit(*sentences()).model_
    for look in (model.activations, model.gradients):
        with pytest.raises(NotImplementedError, match="tags has no vector"):
            look(["Ann sees"])
    with pytest.raises(ValueError, match="word by word"):
        model.predict(["Ann sees"])
    with pytest.raises(NotImplementedError):
        interchange.to_torch(model)
