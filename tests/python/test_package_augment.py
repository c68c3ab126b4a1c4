"""refrain.augment: specifications, derived samples, and the estimators' option augment."""

import copy
import json
import pickle

import pytest

np = pytest.importorskip("numpy")
refrain = pytest.importorskip("refrain", reason="the package is not installed: pip install .")

from package_data import SMALL, TOOL, matrix, ragged, texts, tool  # noqa: E402
from refrain import SequenceClassifier, TextClassifier  # noqa: E402
from refrain import augment as aug  # noqa: E402


def test_every_operation_is_listed_with_its_options_and_is_a_function():
    listed = {entry["name"]: entry for entry in aug.operations()}
    assert {"jitter", "mixup", "typo", "speed", "one_of", "repeat"} <= set(listed)
    sigma = listed["jitter"]["options"][0]
    assert sigma["name"] == "sigma" and sigma["default"] == 0.03 and sigma["range"] == (0, 1000)
    assert listed["repeat"]["options"][0]["range"] == (1, 100)
    assert listed["mixup"]["mixes"] and not listed["jitter"]["mixes"]
    assert {entry["kind"] for entry in aug.operations("text")} == {"text"}
    for entry in aug.operations():
        last = entry["options"][-1]
        assert last["name"] == "p" and last["range"] == (0, 1) and entry["description"]
        if entry["kind"] == "group":
            continue
        text = str(getattr(aug, entry["name"])(p=0.25))
        assert text == f"{entry['name']}(p=0.25)"
        assert str(aug.Operation(entry["name"])) == entry["name"]
    assert "sigma : number in [0, 1000], default=0.03" in aug.jitter.__doc__
    assert "jitter" in dir(aug)
    with pytest.raises(AttributeError, match="no attribute 'jiter'"):
        aug.jiter


def test_specifications_are_the_text_of_the_grammar():
    steps = aug.jitter(sigma=(0.01, 0.05), p=np.float64(0.5)) | "scale | flip"
    assert str(steps) == "jitter(sigma=0.01..0.05, p=0.5) | scale | flip"
    assert str(aug.Compose("scale", steps)) == "scale | " + str(steps)
    assert str(aug.Compose("scale", "flip", p=0.5)) == "compose(scale, flip, p=0.5)"
    assert str(aug.OneOf("scale | flip", aug.drift(), p=1)) == (
        "one_of(compose(scale, flip), drift, p=1)"
    )
    assert str(aug.SomeOf("scale", "flip", n=(1, 2))) == "some_of(scale, flip, n=1..2)"
    assert str("scale" | aug.Repeat(aug.time_shift(fill="wrap"), n=3)) == (
        "scale | repeat(time_shift(fill=wrap), n=3)"
    )
    jitter, group = {"name": "jitter", "sigma": [0.01, 0.05]}, {"name": "one_of", "of": ["flip"]}
    as_json = ["scale", jitter, group]
    assert str(aug.Spec(as_json)) == "scale | jitter(sigma=0.01..0.05) | one_of(flip)"
    for again in (eval(repr(steps), {"Spec": aug.Spec}), pickle.loads(pickle.dumps(steps)),
                  copy.deepcopy(steps)):  # fmt: skip
        assert again == steps and hash(again) == hash(steps)
    assert steps != aug.jitter()


def test_wrong_specifications_are_named_at_once():
    with pytest.raises(ValueError, match="unknown augmentation 'jiter'(.|\n)*mean 'jitter'"):
        aug.Compose("scale", "jiter")
    with pytest.raises(ValueError, match="jitter: unknown option 'sigm'"):
        aug.jitter(sigm=1)
    with pytest.raises(ValueError, match=r"sigma must be a number in \[0, 1000\]"):
        aug.Operation("jitter", sigma=-1)
    with pytest.raises(ValueError, match="one_of has no parts"):
        aug.OneOf()
    with pytest.raises(ValueError, match="n is 3, of 2 parts"):
        aug.SomeOf("scale", "flip", n=3)
    with pytest.raises(TypeError, match="not object"):
        aug.jitter(sigma=object())
    with pytest.raises(TypeError, match="augment must be text or steps, got int"):
        SequenceClassifier(augment=3).fit(*matrix())


def test_derived_series_come_as_the_sources_came():
    X, y = matrix(10)
    got, labels, source = aug.apply(X, y, "jitter(p=1)", copies=3)
    assert got.shape == (30, 12) and got.dtype == np.float32
    assert labels.tolist() == y.tolist() * 3 and labels.dtype == y.dtype
    assert source.tolist() == list(range(10)) * 3
    assert not np.allclose(got[:10], got[10:20]) and np.allclose(got[:10], X, atol=1)
    assert aug.apply(X[:, :, None], spec="jitter").X.shape == (10, 12, 1)
    assert 0 < aug.apply(X, spec="crop(p=1)").X.shape[1] < 12
    some = aug.apply(X, spec="crop(p=0.5)").X
    assert isinstance(some, list) and {x.ndim for x in some} == {1}
    assert len({len(x) for x in some}) == 2
    X, y = ragged(10, missing=0.1)
    derived = aug.apply(X, y, "jitter(p=1)")
    assert [x.shape for x in derived.X] == [x.shape for x in X] and derived.y.tolist() == y
    assert all(np.array_equal(np.isnan(a), np.isnan(b)) for a, b in zip(X, derived.X))
    assert aug.apply([x[:, 0] for x in X], spec="scale").X[0].ndim == 1
    assert derived.shares is None and "10 derived samples" in repr(derived)
    assert aug.apply(X, spec="jitter").y is None


def test_the_same_seed_gives_the_same_samples_on_any_number_of_threads():
    X, y = ragged(20)
    spec = aug.jitter() | aug.OneOf("time_warp", "crop")
    one = aug.apply(X, y, spec, copies=2, seed=5, threads=1)
    two = aug.apply(X, y, str(spec), copies=2, seed=5, threads=3)
    assert all(np.array_equal(a, b) for a, b in zip(one.X, two.X))
    other = aug.apply(X, y, spec, copies=2, seed=6)
    assert not all(np.array_equal(a, b) for a, b in zip(one.X, other.X))


def test_mixed_samples_have_shares_of_the_labels():
    X, y = ragged(30)
    derived = aug.apply(X, y, "mixup(p=1)", copies=2)
    assert derived.shares.shape == (60, 2) and derived.classes.tolist() == ["down", "up"]
    assert np.allclose(derived.shares.sum(1), 1)
    assert (derived.shares.max(1) < 1).any()
    assert (derived.classes[derived.shares.argmax(1)] == derived.y).all()
    assert "shares" in repr(derived)
    assert aug.apply(X, spec="mixup(p=1)").shares is None


def test_texts_are_derived_too():
    X, y = texts(20)
    derived = aug.apply(X, y, aug.random_swap(p=1, lexicon="auto"), seed=3)
    assert all(sorted(a.split()) == sorted(b.split()) for a, b in zip(X, derived.X))
    assert derived.X != X and derived.y.tolist() == y
    assert aug.apply(np.array(X), y, "typo(p=1)").X[0] != X[0]


def test_what_cannot_be_applied_is_a_value_error():
    X, y = ragged(10)
    with pytest.raises(ValueError, match="typo changes texts, and the samples of 'X' are series"):
        aug.apply(X, y, "typo")
    with pytest.raises(ValueError, match="auto chooses while training"):
        aug.apply(X, y, "auto")
    with pytest.raises(ValueError, match="augment is missing"):
        aug.apply(X, y)
    with pytest.raises(ValueError, match="copies is 0"):
        aug.apply(X, y, "jitter", copies=0)
    with pytest.raises(ValueError, match="inconsistent numbers of samples"):
        aug.apply(X, y[:3], "jitter")
    for spec in ("typo", aug.typo(), [{"name": "typo"}]):
        with pytest.raises(ValueError, match="typo changes texts, and the samples of 'X' are"):
            SequenceClassifier(**SMALL, augment=spec).fit(X, y)
    with pytest.raises(ValueError, match="refrain.augment.operations()"):
        TextClassifier(**SMALL, augment="jitter").fit(*texts(10))


def test_estimators_take_specifications_of_every_form():
    X, y = ragged(20)
    steps = aug.jitter(sigma=0.1) | aug.OneOf("scale", "flip")
    plain = SequenceClassifier(**SMALL).fit(X, y).predict_proba(X)
    wanted = SequenceClassifier(**SMALL, augment=str(steps)).fit(X, y).predict_proba(X)
    assert not np.array_equal(plain, wanted)
    for form in (steps, ["jitter(sigma=0.1)", {"name": "one_of", "of": ["scale", "flip"]}]):
        clf = SequenceClassifier(**SMALL, augment=form).fit(X, y)
        assert np.array_equal(clf.predict_proba(X), wanted)
    assert clf.options_["augment"] == str(steps)
    clf = SequenceClassifier(**SMALL, augment=steps)
    for again in (copy.deepcopy(clf), pickle.loads(pickle.dumps(clf))):
        assert again.get_params()["augment"] == steps
        assert np.array_equal(again.fit(X, y).predict_proba(X), wanted)
    assert "augment=Spec('jitter(sigma=0.1)" in repr(clf)
    sklearn = pytest.importorskip("sklearn.base", reason="scikit-learn is not installed")
    assert sklearn.clone(clf).augment == steps


@pytest.mark.skipif(not TOOL.exists(), reason=f"{TOOL} is not built")
@pytest.mark.parametrize("spec", ["jitter | time_warp", "crop(p=1) | mixup(p=1)"])
def test_copies_of_series_are_those_that_the_tool_writes(tmp_path, spec):
    X, y = ragged(16, missing=0.1)
    with open(tmp_path / "a.jsonl", "w", encoding="utf-8") as file:
        for x, label in zip(X, y):
            rows = [[None if np.isnan(v) else v for v in row] for row in x.astype(float).tolist()]
            file.write(json.dumps({"series": rows, "label": label}) + "\n")
    out = tmp_path / "b.jsonl"
    tool("augment", tmp_path / "a.jsonl", "--augment", spec, "--copies", 2, "--seed", 4,
         "--out", out, "--quiet")  # fmt: skip
    with open(out, encoding="utf-8") as file:
        written = [json.loads(line) for line in file][len(X):]
    derived = aug.apply(X, y, spec, copies=2, seed=4)
    ours = {f"{s + 1}#{1 + i // len(X)}": i for i, s in enumerate(derived.source)}
    assert len(written) > len(X)
    for line in written:
        i = ours[line["id"]]
        assert np.array_equal(np.array(line["series"], np.float32), derived.X[i], equal_nan=True)
        assert line["label"] == derived.y[i]


def test_a_copy_is_what_an_epoch_of_training_meets():
    X, y = ragged(30)
    options = {**SMALL, "epochs": 1, "normalise": "none", "seed": 4}
    spec = "jitter(p=1) | time_warp"
    wanted = SequenceClassifier(**options, augment=spec).fit(X, y).predict_proba(X)
    derived = aug.apply(X, y, spec, seed=4).X
    assert np.array_equal(SequenceClassifier(**options).fit(derived, y).predict_proba(X), wanted)
    assert not np.array_equal(SequenceClassifier(**options).fit(X, y).predict_proba(X), wanted)
