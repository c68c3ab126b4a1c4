"""Tagger: words, raw texts and series; files, scikit-learn's conventions, refusals."""

import json
import pickle

import numpy as np
import pytest
from package_data import tool

import refrain
from refrain import Tagger

SMALL = dict(preset="none", hidden=12, epochs=20, threads=1, lr=0.02, batch_size=8)
WHO, WHERE = "Ann Bob Cem Dora".split(), "Rome Oslo Cairo".split()


def sentences(n=60, seed=0):
    """Lists of words and their tags."""
    rng = np.random.default_rng(seed)
    X, y = [], []
    for _ in range(n):
        words, tags = [str(rng.choice(WHO))], ["B-PER"]
        if rng.random() < 0.4:
            words, tags = words + ["Lee"], tags + ["I-PER"]
        words += ["sees", str(rng.choice(WHERE)), "."]
        X.append(words)
        y.append(tags + ["O", "B-LOC", "O"])
    return X, y


def raw(X, y):
    """The same as texts with spans in characters."""
    texts, spans = [], []
    for words, tags in zip(X, y):
        text, own = "", []
        for word, tag in zip(words, tags):
            text += " " * (bool(text) and word != ".")
            if tag.startswith("B-"):
                own.append([len(text), 0, tag[2:]])
            text += word
            if tag != "O":
                own[-1][1] = len(text)
        texts.append(text)
        spans.append([tuple(span) for span in own])
    return texts, spans


def states(n=30, seed=0, channels=2):
    """Series whose first channel shows the state of each step: 3 or 7."""
    rng = np.random.default_rng(seed)
    X, y = [], []
    for _ in range(n):
        state = (np.arange(rng.integers(6, 12)) // 4 + rng.integers(2)) % 2
        x = rng.normal(size=(len(state), channels)) * 0.1
        x[:, 0] += state
        X.append(x)
        y.append(np.where(state == 1, 7, 3))
    return X, y


@pytest.fixture(scope="module")
def fitted():
    return Tagger(**SMALL).fit(*sentences())


def test_words_get_tags_and_raw_texts_spans(fitted):
    X, y = sentences(20, 1)
    assert fitted.score(X, y) > 0.95
    tags = fitted.predict(X)
    assert sum(a == b for a, b in zip(tags, y)) >= 19
    assert fitted.spans_ and set(fitted.tags_) == {"O", "B-PER", "I-PER", "B-LOC", "I-LOC"}
    texts, spans = raw(X, y)
    assert sum(a == b for a, b in zip(fitted.predict(texts), spans)) >= 19
    assert fitted.score(texts, spans) == fitted.score(X, y)
    assert fitted.predict([[], ["Ann"]])[0] == [] and fitted.predict(["", "Ann"])[0] == []


def test_offsets_count_characters_of_unicode(fitted):
    assert fitted.predict(["  Ann Lee sees Rome. 𝄞"]) == [[(2, 9, "PER"), (15, 19, "LOC")]]


def test_marginals_are_probabilities_of_the_tags(fitted):
    X, _ = sentences(5, 1)
    found = fitted.predict_marginals([*X, []])
    for words, rows, tags in zip(X, found, fitted.predict(X)):
        assert rows.shape == (len(words), len(fitted.tags_)) and rows.dtype == np.float64
        np.testing.assert_allclose(rows.sum(axis=1), 1, atol=1e-6)
        assert [fitted.tags_[k] for k in rows.argmax(axis=1)] == tags
    assert found[-1].shape == (0, len(fitted.tags_))
    texts, _ = raw(*sentences(5, 1))
    for a, b in zip(found, fitted.predict_marginals(texts)):
        np.testing.assert_array_equal(a, b)


def test_raw_texts_teach_the_same_as_their_words():
    X, y = sentences(30)
    words, texts = Tagger(**SMALL).fit(X, y), Tagger(**SMALL).fit(*raw(X, y))
    assert words._model.to_bytes() == texts._model.to_bytes()


def test_every_scheme_of_tags_is_read():
    X, y = sentences(30)
    iob1 = [[tag.replace("B-", "I-") for tag in tags] for tags in y]
    a, b = Tagger(**SMALL).fit(X, y), Tagger(**SMALL).fit(X, iob1)
    assert a.predict(X) == b.predict(X) and b.score(X, iob1) == a.score(X, y)
    with pytest.raises(ValueError, match="iob1|bio"):
        Tagger(**SMALL, scheme="bio").fit(X, iob1)


def test_series_get_a_label_a_step_of_the_kind_that_was_learned():
    X, y = states()
    model = Tagger(**SMALL).fit(X, y)
    assert model.tags_.tolist() == [3, 7] and not model.spans_ and model.n_channels_ == 2
    new, wanted = states(10, 1)
    assert model.score(new, wanted) > 0.95
    tags = model.predict(new)
    assert all(isinstance(tag, int) for tag in tags[0]) and len(tags[0]) == len(new[0])
    right = np.mean(np.concatenate(tags) == np.concatenate(wanted))
    assert right == pytest.approx(model.score(new, wanted))
    assert Tagger.of_model(model.model_).tags_.tolist() == [3, 7]
    with pytest.raises(ValueError, match="3 channels"):
        model.predict(states(2, 0, channels=3)[0])
    with pytest.raises(ValueError, match="fitted on series"):
        model.predict(["a text"])


def test_plain_labels_of_words_stay_as_they_are():
    X = [["the", "dog", "runs"], ["a", "cat", "sleeps"]] * 15
    y = [["DT", "a noun", "VB"]] * 30
    model = Tagger(**SMALL).fit(X, y)
    assert model.predict([["a", "dog", "runs"]]) == [["DT", "a noun", "VB"]]
    assert model.predict(["a dog"]) == [[(0, 1, "DT"), (2, 5, "a noun")]]
    assert model.score(X, y) == 1
    with pytest.raises(ValueError, match="plain labels"):
        model.score(["a dog"], [[(0, 1, "DT")]])


def test_files_pickles_and_the_tool_say_the_same(fitted, tmp_path):
    X, y = sentences(10, 1)
    path = tmp_path / "m.refrain"
    fitted.save(path)
    for other in (Tagger.load(path), pickle.loads(pickle.dumps(fitted)), refrain.load(path)):
        if isinstance(other, Tagger):
            assert other.predict(X) == fitted.predict(X)
            assert other.predict(raw(X, y)[0]) == fitted.predict(raw(X, y)[0])
    data, out = tmp_path / "a.txt", tmp_path / "b.jsonl"
    data.write_text("\n".join(raw(X, y)[0]) + "\n", encoding="utf-8")
    tool("predict", path, data, "--out", out)
    lines = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    spans = [[(s["start"], s["end"], s["label"]) for s in line["spans"]] for line in lines]
    assert spans == fitted.predict(raw(X, y)[0])
    with pytest.raises(ValueError, match="load it with Tagger"):
        refrain.TextClassifier.load(path)


def test_labels_of_whole_samples_are_learned_beside_the_tags(tmp_path):
    X, y = sentences()
    labels = ["full" if "Lee" in words else "first" for words in X]
    model = Tagger(**SMALL).fit(X, y, labels=labels)
    assert model.classes_.tolist() == ["first", "full"] and model.options_["also"] == "label"
    assert model.predict_labels(X).tolist() == labels and model.score(X, y) > 0.9
    path = tmp_path / "m.refrain"
    model.save(path)
    assert Tagger.load(path).predict_labels(raw(X, y)[0]).tolist() == labels
    plain = Tagger(**SMALL).fit(X, y)
    assert plain.classes_ is None
    with pytest.raises(ValueError, match="fitted without labels"):
        plain.predict_labels(X)
    with pytest.raises(ValueError, match="labels=.$"):
        Tagger(**SMALL, also="label").fit(X, y)
    with pytest.raises(ValueError, match="labels"):
        Tagger(**SMALL).fit(X, y, labels=labels[:-1])
    with pytest.raises(TypeError, match="labels.0. is 1"):
        Tagger(**SMALL).fit(X, y, labels=[1] * len(X))


def test_a_classifier_is_no_tagger(tmp_path):
    model = refrain.TextClassifier(preset="none", hidden=4, epochs=1).fit(["a b", "c d"] * 5, [0, 1] * 5)
    with pytest.raises(ValueError, match="load it with TextClassifier"):
        Tagger.of_model(model.model_)


def test_groups_keep_documents_whole():
    X, y = sentences(40)
    X, y = [[*words, f"no{i}"] for i, words in enumerate(X)], [[*tags, "O"] for tags in y]
    model = Tagger(**{**SMALL, "epochs": 1}, valid_fraction=0.25).fit(X, y, groups=np.arange(40) // 10)
    assert model.n_valid_ == 10


def test_scikit_learn_clones_it(fitted):
    base = pytest.importorskip("sklearn.base")
    copy = base.clone(fitted)
    assert copy.get_params() == fitted.get_params() and not hasattr(copy, "tags_")
    assert copy.set_params(head="softmax").head == "softmax"
    with pytest.raises(TypeError, match="did you mean 'hidden'"):
        Tagger(hiden=3)
    with pytest.raises(refrain.NotFittedError):
        copy.predict([["a"]])


@pytest.mark.parametrize(
    "X, y, kind, message",
    [
        ([["a", "b"]], [["O"]], ValueError, r"X\[0\] has 2 words and y\[0\] 1 tags"),
        ([["a"], []], [["O"], []], ValueError, r"X\[1\] has 0 words"),
        ([["a"], ["b"]], [["O"]], ValueError, "inconsistent numbers of samples"),
        ([["a"], "b"], [["O"], ["O"]], TypeError, r"X\[0\] is a list of words"),
        (["a b"], [["O", "O"]], TypeError, r"y is a list of \(start, end, label\)"),
        (["a bc"], [[(2, 3, "X")]], ValueError, r"X\[0\]: span 2-3 'X' ends inside the word 'bc'"),
        (["ab cd"], [[(0, 5, "X"), (3, 5, "Y")]], ValueError, "overlap"),
        ([["a", " "]] * 2, [["O", "B-X"]] * 2, ValueError, r"X\[0\] has an empty word"),
        ([["a", "b"]] * 4, [["O", "O"]] * 4, ValueError, "at least two tags"),
        (None, [], ValueError, "X is NoneType"),
        ([np.zeros(3)] * 4, [["a", "b"]] * 4, ValueError, "has 2 tags for 3 steps"),
    ],
)
def test_wrong_input_is_named(X, y, kind, message):
    with pytest.raises(kind, match=message):
        Tagger(**SMALL).fit(X, y)
