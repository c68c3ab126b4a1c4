"""The estimators: what they take, learn, keep and refuse."""

import copy
import inspect
import pickle
import signal
import subprocess
import sys
import threading
import warnings

import pytest

np = pytest.importorskip("numpy")
refrain = pytest.importorskip("refrain", reason="the package is not installed: pip install .")

from package_data import SMALL, matrix, ragged, texts  # noqa: E402
from refrain import SequenceClassifier, TextClassifier  # noqa: E402


@pytest.fixture(scope="module")
def fitted():
    X, y = matrix()
    return SequenceClassifier(**SMALL).fit(X, y)


def test_the_signature_is_made_of_the_declared_options():
    names = inspect.signature(SequenceClassifier).parameters
    assert {"hidden", "cell", "dropout", "preset", "seed", "random_state"} <= set(names)
    assert "format" not in names and "folds" not in names and "lowercase" not in names
    assert "lowercase" in inspect.signature(TextClassifier).parameters
    assert "layers : int in [0, 16], default=None" in SequenceClassifier.__doc__
    assert "list of str" in TextClassifier.fit.__doc__


def test_an_unknown_option_is_a_type_error_with_the_nearest_name():
    with pytest.raises(TypeError, match="no option 'hiden'; did you mean 'hidden'"):
        SequenceClassifier(hiden=3)
    with pytest.raises(ValueError, match="Invalid parameter 'hiden'"):
        SequenceClassifier().set_params(hiden=3)


def test_a_value_out_of_range_is_a_value_error_at_fit():
    X, y = matrix()
    with pytest.raises(ValueError, match=r"hidden must be a whole number in \[1, 4096\].*got '0'"):
        SequenceClassifier(hidden=0).fit(X, y)
    with pytest.raises(ValueError, match="did you mean"):
        SequenceClassifier(cell="gruu").fit(X, y)
    with pytest.raises(TypeError, match="hidden must be a number"):
        SequenceClassifier(hidden=object()).fit(X, y)


def test_it_learns_and_keeps_what_it_learned(fitted):
    X, y = matrix(seed=5)
    assert fitted.score(X, y) > 0.9
    assert fitted.classes_.tolist() == [1, 2]
    assert fitted.n_features_in_ == 12 and fitted.n_channels_ == 1
    assert fitted.history_["epoch"] == list(range(1, 9))
    assert fitted.n_iter_ == 8 and fitted.stop_reason_ == "epochs"
    assert fitted.options_["hidden"] == 6
    p = fitted.predict_proba(X)
    assert p.shape == (40, 2) and np.allclose(p.sum(1), 1)
    assert np.array_equal(fitted.classes_[p.argmax(1)], fitted.predict(X))
    assert np.allclose(np.exp(fitted.predict_log_proba(X)), p)


def test_lists_cubes_matrices_and_frames_are_one_and_the_same():
    pd = pytest.importorskip("pandas")
    pl = pytest.importorskip("polars")
    X, y = matrix()
    wanted = SequenceClassifier(**SMALL).fit(X, y).predict_proba(X)
    forms = {
        "list": list(X),
        "lists": X.tolist(),
        "cube": X[:, :, None],
        "float32": X.astype(np.float32),
        "frame": pd.DataFrame(X, columns=[f"t{i}" for i in range(X.shape[1])]),
        "column": pd.Series(list(X)),
        "nested": pd.DataFrame({"x": list(X)}),
        "polars": pl.DataFrame(X),
        "polars column": pl.Series(values=X.tolist()),
        "object": np.array(list(X) + [None], dtype=object)[:-1],
    }
    for name, form in forms.items():
        got = SequenceClassifier(**SMALL).fit(form, pd.Series(y)).predict_proba(form)
        assert np.array_equal(got, wanted), name


def test_nested_columns_are_channels():
    pd = pytest.importorskip("pandas")
    X, y = ragged()
    frame = pd.DataFrame({"a": [x[:, 0] for x in X], "b": [x[:, 1] for x in X]})
    a = SequenceClassifier(**SMALL).fit(X, y).predict_proba(X)
    assert np.array_equal(SequenceClassifier(**SMALL).fit(frame, y).predict_proba(frame), a)


def test_tensors_come_through_dlpack():
    torch = pytest.importorskip("torch", reason="torch is not installed")
    X, y = matrix()
    clf = SequenceClassifier(**SMALL).fit(torch.tensor(X), torch.tensor(y))
    assert np.array_equal(clf.predict_proba(torch.tensor(X)), clf.predict_proba(X))


def test_texts_are_learned_from_lists_and_columns():
    pd = pytest.importorskip("pandas")
    pl = pytest.importorskip("polars")
    X, y = texts()
    clf = TextClassifier(**SMALL).fit(X, y)
    assert clf.score(X, y) > 0.9
    for form in (np.array(X), pd.Series(X), pl.Series(X), pd.DataFrame({"t": X})):
        assert np.array_equal(clf.predict_proba(form), clf.predict_proba(X))


def test_labels_may_be_text_numbers_and_bools():
    X, y = matrix()
    for labels in (["b", "a"], [10, 9], [True, False], [2.0, 1.0], [-1, 1]):
        named = np.array(labels)[y - 1]
        clf = SequenceClassifier(**SMALL).fit(X, named)
        assert clf.classes_.tolist() == sorted(labels)
        assert np.mean(clf.predict(X) == named) > 0.9
        assert clf.predict(X).dtype == np.array(labels).dtype


def test_missing_values_are_taken_and_infinite_ones_refused():
    X, y = ragged(missing=0.2)
    assert SequenceClassifier(**SMALL).fit(X, y).score(X, y) > 0.7
    X[3] = X[3].copy()
    X[3][2, 1] = np.inf
    with pytest.raises(ValueError, match=r"X\[3\] has an infinite value at step 2, channel 1"):
        SequenceClassifier(**SMALL).fit(X, y)


@pytest.mark.parametrize(
    ("X", "error", "message"),
    [
        ([], ValueError, "0 sample"),
        (None, ValueError, "got None"),
        ("text", ValueError, "got str"),
        ([1.0, 2.0], ValueError, "Reshape your data"),
        (np.zeros((2, 2, 2, 2)), ValueError, "expected <= 3"),
        ([np.zeros(3), np.zeros((3, 2))], ValueError, r"X\[1\] has 2 channels, but X\[0\] has 1"),
        ([np.zeros(3), np.zeros(0)], ValueError, r"X\[1\] has no steps"),
        ([np.zeros(3), "abc"], ValueError, r"X\[1\] is text"),
        ([np.zeros(3), None], (TypeError, ValueError), r"X\[1\]"),
        ([[1, 2], [1, "a"]], ValueError, "number"),
        ([np.zeros(3), np.zeros(3) + 1j], ValueError, "Complex data not supported"),
        (np.array([[1, {}], [1, 2]], dtype=object), TypeError, "number"),
        (np.full((2, 3), 1e300), ValueError, "too large for float32"),
    ],
)
def test_a_wrong_input_is_named(X, error, message):
    with pytest.raises(error, match=message):
        SequenceClassifier(**SMALL).fit(X, [1, 2])


@pytest.mark.parametrize(
    ("y", "error", "message"),
    [
        (None, ValueError, "requires y to be passed"),
        ([1, 2, 1], ValueError, "inconsistent numbers of samples"),
        ([1, 1], ValueError, "at least two classes"),
        ([0.5, 1.5], ValueError, "Unknown label type"),
        ([1, np.nan], ValueError, "contains NaN"),
        ([["a", "b"], ["c", "d"]], ValueError, "1d array"),
        (np.array(["a", None], dtype=object), ValueError, r"y\[1\] is None"),
        (np.array(["a", 1], dtype=object), TypeError, "different types"),
    ],
)
def test_wrong_labels_are_named(y, error, message):
    X = [np.zeros(3), np.ones(3)]
    with pytest.raises(error, match=message):
        SequenceClassifier(**SMALL).fit(X, y)


def test_wrong_texts_are_named():
    for X, message in (
        ("abc", "one text"),
        ([b"abc", "d"], "decode"),
        (["a", None], r"X\[1\] is NoneType"),
        ([], "0 sample"),
        (["a", "\ud800"], "surrogates"),
    ):
        with pytest.raises((TypeError, ValueError), match=message):
            TextClassifier(**SMALL).fit(X, ["a", "b"])


def test_an_unfitted_estimator_says_so():
    with pytest.raises(refrain.NotFittedError, match="is not fitted yet. Call 'fit'"):
        SequenceClassifier().predict(matrix()[0])
    with pytest.raises(AttributeError):
        SequenceClassifier().model_


def test_other_channels_and_lengths_are_refused(fitted):
    X, _ = matrix()
    with pytest.raises(ValueError, match="X has 3 features, but SequenceClassifier is expecting 12"):
        fitted.predict(X[:, :3])
    with pytest.raises(ValueError, match="X has 2 channels"):
        fitted.predict(np.zeros((3, 12, 2)))
    assert len(fitted.predict([x[:5] for x in X])) == len(X)


def test_pickles_and_copies_predict_the_same(fitted):
    X, _ = matrix(seed=3)
    wanted = fitted.predict_proba(X)
    for twin in (pickle.loads(pickle.dumps(fitted)), copy.deepcopy(fitted)):
        assert np.array_equal(twin.predict_proba(X), wanted)
        assert twin.history_ == fitted.history_
    assert np.array_equal(pickle.loads(pickle.dumps(fitted.model_)).predict_proba(X), wanted)


def test_a_saved_model_is_loaded_with_its_labels(tmp_path):
    for (X, y), cls in ((matrix(), SequenceClassifier), (ragged(), SequenceClassifier),
                        (texts(), TextClassifier)):  # fmt: skip
        clf = cls(**SMALL).fit(X, y)
        clf.save(tmp_path / "m.refrain")
        twin = refrain.load(tmp_path / "m.refrain")
        assert type(twin) is cls and twin.classes_.tolist() == clf.classes_.tolist()
        assert np.array_equal(twin.predict_proba(X), clf.predict_proba(X))
        assert np.array_equal(twin.predict(X), clf.predict(X))
    with pytest.raises(ValueError, match="load it with TextClassifier"):
        SequenceClassifier.load(tmp_path / "m.refrain")
    with pytest.raises(OSError, match="none"):
        refrain.load(tmp_path / "none")
    (tmp_path / "m.refrain").write_bytes(b"abc")
    with pytest.raises(ValueError, match="m.refrain"):
        refrain.load(tmp_path / "m.refrain")


def test_a_sample_of_weight_zero_is_as_if_it_were_not_there():
    X, y = matrix(60)
    weights = np.ones(60)
    weights[40:] = 0
    a = SequenceClassifier(**SMALL).fit(X, y, sample_weight=weights)
    b = SequenceClassifier(**SMALL).fit(X[:40], y[:40])
    assert np.array_equal(a.predict_proba(X), b.predict_proba(X)) and a.n_train_ == 40
    c = SequenceClassifier(**SMALL).fit(X[:40], y[:40], sample_weight=np.full(40, 1.0))
    assert np.array_equal(c.predict_proba(X), b.predict_proba(X))


def test_heavier_samples_pull_harder():
    X, y = matrix(noise=8.0)
    many = np.where(y == 1, 20.0, 1.0)
    a = SequenceClassifier(**SMALL).fit(X, y, sample_weight=many).predict_proba(X)
    b = SequenceClassifier(**SMALL).fit(X, y, sample_weight=21 - many).predict_proba(X)
    assert a[:, 0].mean() > b[:, 0].mean() + 0.3
    sharp = dict(SMALL, label_smoothing=0)
    by_sample = SequenceClassifier(**sharp).fit(X, y, sample_weight=many).predict_proba(X)
    by_class = SequenceClassifier(**sharp, class_weight={1: 20.0}).fit(X, y).predict_proba(X)
    assert np.allclose(by_sample, by_class, atol=1e-3)


def test_weights_of_classes_keep_the_members_that_balanced_has():
    X, y = matrix()
    known = dict(preset="fast", threads=1, epochs=2)
    balanced = SequenceClassifier(**known, class_weight="balanced").fit(X, y)
    clf = SequenceClassifier(**known, class_weight={1: 3, 2: 0.5}).fit(X, y)
    assert clf.model_.members == balanced.model_.members and len(clf.model_.members) > 1
    assert not any("without" in text for text in clf.remarks_)
    even = SequenceClassifier(**known, class_weight={1: 1.0}).fit(X, y)
    plain = SequenceClassifier(**known).fit(X, y)
    assert np.array_equal(even.predict_proba(X), plain.predict_proba(X))
    assert not np.array_equal(clf.predict_proba(X), plain.predict_proba(X))
    count = {label: len(y) / (2 * (y == label).sum()) for label in (1, 2)}
    same = SequenceClassifier(**known, class_weight=count).fit(X, y)
    assert np.array_equal(same.predict_proba(X), balanced.predict_proba(X))
    for weight in (-1, np.nan, np.inf):
        with pytest.raises(ValueError, match="the weight of class 2 is"):
            SequenceClassifier(**SMALL, class_weight={2: weight}).fit(X, y)
    with pytest.raises(ValueError, match="have the same label"):
        SequenceClassifier(**SMALL, class_weight={2: 0}).fit(X, y)


def test_a_validation_part_that_came_out_empty_is_said():
    X, y = matrix(40)
    two = np.where(y == 1, "a", "b")
    with pytest.warns(UserWarning, match="the validation part came out empty"):
        clf = SequenceClassifier(**SMALL, valid_fraction=0.3).fit(X, y, groups=two)
    assert clf.n_valid_ == 0 and any("came out empty" in text for text in clf.remarks_)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert SequenceClassifier(**SMALL, valid_fraction=0.3).fit(X, y).n_valid_ > 0
        assert SequenceClassifier(**SMALL, valid_fraction=0).fit(X, y).n_valid_ == 0
        SequenceClassifier(preset="fast", epochs=2, threads=1).fit(X[:6], y[:6])


def test_partial_fit_is_there_only_where_it_can_be_done():
    X, y = matrix()
    blended = SequenceClassifier(preset="fast", epochs=2, threads=1)
    assert hasattr(blended, "partial_fit")  # its first call makes a network
    blended.fit(X, y)
    assert not hasattr(blended, "partial_fit") and "partial_fit" in dir(SequenceClassifier)
    assert hasattr(blended.set_params(blend="").fit(X, y), "partial_fit")
    assert not hasattr(SequenceClassifier(blend="minirocket"), "partial_fit")
    assert not hasattr(SequenceClassifier(model="minirocket"), "partial_fit")


def test_wrong_weights_are_refused():
    X, y = matrix()
    clf = SequenceClassifier(**SMALL)
    with pytest.raises(ValueError, match="the weight of sample 2 is -1"):
        clf.fit(X, y, sample_weight=[1, 1, -1] + [1] * 37)
    with pytest.raises(ValueError, match="all sample weights are zero"):
        clf.fit(X, y, sample_weight=np.zeros(40))
    with pytest.raises(ValueError, match="inconsistent numbers of samples"):
        clf.fit(X, y, sample_weight=[1, 2])
    with pytest.raises(NotImplementedError, match="nn_dtw takes no sample weights"):
        SequenceClassifier(model="nn_dtw").fit(X, y, sample_weight=np.arange(40) + 1)


def test_the_simple_methods_of_a_preset_learn_from_weights():
    X, y = matrix(noise=3.0)
    weights = np.where(y == 1, 9.0, 1.0)
    plain = SequenceClassifier(preset="fast", threads=1).fit(X, y)
    heavy = SequenceClassifier(preset="fast", threads=1).fit(X, y, sample_weight=weights)
    names = [name for name, _ in heavy.model_.members]
    assert names == [name for name, _ in plain.model_.members] and len(set(names)) > 1
    alone, new = SequenceClassifier(model="minirocket", threads=1), matrix(60, seed=9, noise=3.0)[0]
    first = alone.fit(X, y).predict_proba(new)
    later = alone.fit(X, y, sample_weight=weights).predict_proba(new)
    assert later[:, 0].mean() > first[:, 0].mean() + 0.01


def test_groups_are_not_torn_apart():
    X, y = matrix(60)
    groups = np.repeat(np.arange(6), 10)
    clf = SequenceClassifier(**SMALL, valid_fraction=0.3).fit(X, y, groups=groups)
    assert clf.n_valid_ % 10 == 0 and clf.n_valid_ + clf.n_train_ == 60
    assert "valid_score" in clf.history_


def test_the_random_state_decides():
    X, y = matrix()
    fit = lambda s: SequenceClassifier(**SMALL, random_state=s).fit(X, y).predict_proba(X)  # noqa: E731
    assert np.array_equal(fit(7), fit(7)) and not np.array_equal(fit(7), fit(8))
    rng = np.random.RandomState(0)
    assert not np.array_equal(fit(rng), fit(rng))
    assert np.array_equal(fit(np.random.default_rng(1)), fit(np.random.default_rng(1)))
    a = SequenceClassifier(**SMALL, seed=7).fit(X, y).predict_proba(X)
    assert np.array_equal(a, fit(7))


def test_a_callback_follows_stops_and_raises(fitted):
    X, y = matrix()
    seen = []
    clf = SequenceClassifier(**SMALL, callbacks=seen.append).fit(X, y)
    assert [p["epoch"] for p in seen] == list(range(1, 9)) and seen[0]["epochs"] == 8
    clf = SequenceClassifier(**SMALL, callbacks=lambda p: p["epoch"] == 3).fit(X, y)
    assert clf.n_iter_ == 3 and clf.stop_reason_ == "interrupted"
    assert clf.predict(X).shape == (40,)

    def fail(progress):
        raise KeyError("mine")

    before = fitted.predict_proba(X)
    with pytest.raises(KeyError, match="mine"):
        fitted.set_params(callbacks=[fail]).fit(X, y)
    fitted.set_params(callbacks=None)
    assert np.array_equal(fitted.predict_proba(X), before)
    with pytest.raises(TypeError, match="callables"):
        SequenceClassifier(**SMALL, callbacks=[3]).fit(X, y)


def test_networks_are_trained_further(tmp_path):
    X, y = matrix(60)
    clf = SequenceClassifier(**{**SMALL, "epochs": 2, "lr": 0.005}).fit(X[:40], y[:40])
    begin, before = clf.history_["loss"][-1], clf.predict_proba(X)
    clf.save(tmp_path / "m.refrain")
    twin = SequenceClassifier.load(tmp_path / "m.refrain")
    assert clf.partial_fit(X[40:], y[40:], epochs=10) is clf
    assert not np.array_equal(clf.predict_proba(X), before)
    assert clf.n_iter_ == 12 and clf.n_train_ == 60 and clf.history_["epoch"] == list(range(1, 13))
    assert clf.history_["loss"][-1] < begin
    clf.partial_fit(X[:1], y[:1], sample_weight=[0.5])
    assert clf.n_iter_ == 13
    twin.set_params(lr=0.005, threads=1).partial_fit(X[40:], y[40:], epochs=10)
    twin.partial_fit(X[:1], y[:1], sample_weight=[0.5])
    assert np.array_equal(twin.predict_proba(X), clf.predict_proba(X))


def test_a_training_can_come_in_pieces():
    X, y = ragged(90)
    clf = SequenceClassifier(**{**SMALL, "lr": 0.01})
    for _ in range(5):
        for at in range(0, 90, 30):
            clf.partial_fit(X[at : at + 30], y[at : at + 30], classes=["down", "other", "up"])
    assert clf.classes_.tolist() == ["down", "other", "up"] and clf.n_iter_ == 15
    assert clf.score(X, y) > 0.8 and clf.predict_proba(X).shape == (90, 3)
    assert clf.partial_fit(X[:3], ["other"] * 3, epochs=20).predict_proba(X[:3])[:, 1].min() > 0.3
    X, y = texts()
    clf = TextClassifier(**SMALL)
    for _ in range(8):
        clf.partial_fit(X, y)
    assert clf.score(X, y) > 0.9
    assert len(SequenceClassifier(epochs=3).partial_fit(*matrix()).model_.members) == 1


def test_what_cannot_be_trained_further_says_so(fitted):
    X, y = matrix()
    before = fitted.predict_proba(X)
    for call, error, message in (
        (lambda: fitted.partial_fit(X, y + 1), ValueError, "y has labels .* first fit: 3"),
        (lambda: fitted.partial_fit(X, y, classes=[1, 2, 5]), ValueError, "classes has labels .* 5"),
        (lambda: fitted.partial_fit(X[:, :3], y), ValueError, "X has 3 features"),
        (lambda: fitted.partial_fit(X, y, epochs=0.5), ValueError, "epochs must be a whole number"),
        (lambda: fitted.partial_fit(X, y[:3]), ValueError, "inconsistent numbers of samples"),
    ):
        with pytest.raises(error, match=message):
            call()
    assert np.array_equal(fitted.predict_proba(X), before)
    blended = SequenceClassifier(**SMALL, blend="nn_dtw").fit(X, y)
    with pytest.raises(NotImplementedError, match="nn_dtw cannot be trained further"):
        blended.partial_fit(X, y)


def test_time_can_be_limited():
    X, y = matrix()
    options = {**SMALL, "epochs": 1000000}
    clf = SequenceClassifier(**options, callbacks=refrain.callbacks.StopAfter(0.3)).fit(X, y)
    assert clf.n_iter_ < 1000000


@pytest.fixture
def heeds_ctrl_c():
    """Where tests run as a job in the background, Python starts without a handler of its own."""
    held = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, held)


def test_ctrl_c_ends_a_fit_and_leaves_the_object_usable(fitted, heeds_ctrl_c):
    X, y = matrix()
    before = fitted.predict_proba(X)
    main = threading.main_thread().ident
    timer = threading.Timer(0.5, signal.pthread_kill, [main, signal.SIGINT])
    old = fitted.get_params()
    fitted.set_params(epochs=1000000)
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        fitted.fit(X, y)
    fitted.set_params(**old)
    assert np.array_equal(fitted.predict_proba(X), before)
    assert fitted.fit(X, y).n_iter_ == 8


def test_progress_is_shown_when_asked_for(capsys):
    X, y = matrix()
    SequenceClassifier(**SMALL, verbose=True).fit(X, y)
    assert "8/8" in capsys.readouterr().err
    SequenceClassifier(**SMALL).fit(X, y)
    shown = capsys.readouterr()
    assert shown.err == "" and shown.out == ""


def test_what_is_shown_of_an_estimator(fitted):
    assert repr(SequenceClassifier(hidden=3)) == "SequenceClassifier(hidden=3)"
    html = fitted._repr_html_()
    assert "fitted on 40 samples, 2 classes" in html and "<td>hidden</td><td>6</td>" in html
    assert "not fitted" in SequenceClassifier(cost="<b>")._repr_html_()
    assert "<b>'" not in SequenceClassifier(cost="<b>")._repr_html_()


def test_importing_loads_numpy_alone():
    heavy = "sklearn pandas polars scipy torch onnx tqdm joblib optuna IPython".split()
    code = f"import refrain, sys; sys.exit(' '.join(m for m in {heavy} if m in sys.modules) or 0)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_every_public_name_is_there_and_documented():
    for name in refrain.__all__:
        assert getattr(refrain, name).__doc__, name
    assert "gru" in [name for name, _ in refrain.list_registry("cells")]
    with pytest.raises(ValueError, match="cells"):
        refrain.list_registry("cell")
    with pytest.raises(AttributeError, match="no attribute 'Sequence'"):
        refrain.Sequence


def test_data_are_validated():
    X, y = ragged(missing=0.1)
    X[4] = X[2]
    y[4] = "other"
    X[6] = X[6].copy()
    X[6][0, 0] = np.inf
    report = refrain.data.validate(X, y)
    assert report.samples == 30 and report.channels == 2 and 0.05 < report.missing < 0.15
    assert (4, "the same values as X[2], but another label") in report.warnings
    assert (-1, "class 'other' has a single sample") in report.warnings
    assert not report.ok and [i for i, _ in report.problems] == [6]
    with pytest.raises(ValueError, match=r"X\[6\]: the series has infinite values"):
        report.raise_if_bad()
    assert "class down: 14" in repr(report)
    assert refrain.data.validate(*texts()).classes == {"bad": 20, "good": 20}


def test_all_series_that_cannot_be_read_are_reported_at_once():
    X, y = ragged()
    X[3], X[5], X[8] = np.zeros((0, 2)), [["a", "b"]], np.zeros((4, 3))
    report = refrain.data.validate(X, y)
    assert [i for i, _ in report.problems] == [3, 5, 8]
    with pytest.raises(ValueError, match=r"X\[3\]: the series has no steps(.|\n)*3 channels"):
        report.raise_if_bad()
