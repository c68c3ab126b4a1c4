"""What people expect of such a package: names, validation samples, routing, progress, Ctrl-C, files."""

import os
import re
import shutil
import signal
import subprocess
import sys

import pytest

np = pytest.importorskip("numpy")
refrain = pytest.importorskip("refrain", reason="the package is not installed: pip install .")

from package_data import ROOT, SMALL, TOOL, matrix, texts  # noqa: E402
from refrain._aliases import _ALIASES  # noqa: E402

from refrain import SequenceClassifier, SequenceRegressor, Tagger, TextClassifier  # noqa: E402

FAST = {**SMALL, "epochs": 4}


@pytest.mark.parametrize(
    ("given", "meant"),
    [("learning_rate", "lr"), ("n_estimators", "ensemble"), ("max_epochs", "epochs"), ("units", "hidden"),
     ("early_stopping_rounds", "patience"), ("module", "cell"), ("batchsize", "batch_size"),
     ("n_jobs", "threads"), ("optimizer", "optimiser"), ("hiden", "hidden")],
)  # fmt: skip
def test_names_of_other_libraries_are_answered_with_ours(given, meant):
    with pytest.raises(TypeError, match=f"did you mean '{meant}'"):
        SequenceClassifier(**{given: 1})
    with pytest.raises(ValueError, match=f"did you mean '{meant}'"):
        SequenceClassifier().set_params(**{given: 1})


def test_every_answer_is_an_option():
    names = set(refrain.Forecaster._get_param_names()) | set(refrain.Transcriber._get_param_names())
    for name in refrain._ESTIMATORS:
        names |= set(getattr(refrain, name)._get_param_names())
    assert set(_ALIASES) <= names


def test_errors_name_arguments_of_python():
    X, y = matrix()
    with pytest.raises(ValueError) as error:
        SequenceClassifier(hidden=8, lr=-1.0).fit(X, y)
    assert "lr" in str(error.value) and "--" not in str(error.value)
    with pytest.raises(ValueError) as error:
        SequenceClassifier(l2_sp=0.1, **FAST).fit(X, y)
    assert "l2_sp" in str(error.value) and "--" not in str(error.value)


def test_remarks_name_arguments_of_python():
    X, y = matrix()
    clf = SequenceClassifier(**FAST, valid_fraction=0.25).fit(X, y)
    assert not any("--" in text for text in clf.remarks_)


def test_validation_samples_stop_the_training():
    (X, y), (X_valid, y_valid) = matrix(40), matrix(20, seed=3)
    clf = SequenceClassifier(**FAST).fit(X, y, validation=(X_valid, y_valid))
    assert (clf.n_train_, clf.n_valid_) == (40, 20)
    assert len(clf.history_["valid_score"]) == clf.n_iter_
    again = SequenceClassifier(**FAST).fit(X, y, eval_set=[(X_valid, y_valid)])
    assert np.array_equal(clf.predict_proba(X), again.predict_proba(X))
    with pytest.raises(ValueError, match="labels that y has not"):
        SequenceClassifier(**FAST).fit(X, y, validation=(X_valid, y_valid + 5))
    with pytest.raises(ValueError, match="two names"):
        SequenceClassifier(**FAST).fit(X, y, validation=(X, y), eval_set=(X, y))
    with pytest.raises(TypeError, match="pair"):
        SequenceClassifier(**FAST).fit(X, y, validation=X)


def test_validation_samples_of_the_other_tasks():
    X, _ = matrix(30)
    reg = SequenceRegressor(**FAST, interval=0).fit(X, X[:, 0], validation=(X[:8], X[:8, 0]))
    assert reg.n_valid_ == 8
    words, tags = [["Ann", "sees", "Rome"]] * 20, [["B-P", "O", "B-L"]] * 20
    tagger = Tagger(**FAST).fit(words, tags, validation=(words[:5], tags[:5]))
    assert tagger.n_valid_ == 5
    X, y = texts(40)
    clf = TextClassifier(**FAST).fit(X[:30], y[:30], validation=(X[30:], y[30:]))
    assert clf.n_valid_ == 10


def test_load_gives_the_parameters_back(tmp_path):
    X, y = matrix()
    given = {**FAST, "class_weight": {1: 2.0, 2: 1.0}, "augment": "jitter(sigma=0.1)", "random_state": 3}
    clf = SequenceClassifier(**given, verbose=False).fit(X, y)
    clf.save(tmp_path / "m.refrain")
    again = refrain.load(tmp_path / "m.refrain")
    wanted = {**clf.get_params(), "verbose": None}
    assert again.get_params() == wanted
    assert np.array_equal(again.predict_proba(X), clf.predict_proba(X))
    again.fit(X, y)
    assert np.array_equal(again.predict_proba(X), clf.predict_proba(X))


def test_load_gives_the_parameters_of_a_forecaster_back(tmp_path):
    model = refrain.Forecaster(horizon=3, season="4", model="naive").fit(np.arange(20.0))
    model.save(tmp_path / "f.refrain")
    again = refrain.Forecaster.load(tmp_path / "f.refrain")
    assert again.get_params() == model.get_params() and again.horizon_ == 3


@pytest.fixture
def heeds_ctrl_c():
    """Where tests run as a job in the background, Python starts without a handler of its own."""
    held = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, held)


def test_ctrl_c_keeps_the_best_weights_where_that_was_asked(heeds_ctrl_c):
    X, y = matrix()

    def interrupt(progress):
        if progress["epoch"] == 3:
            os.kill(os.getpid(), signal.SIGINT)

    how = {**SMALL, "epochs": 100000, "patience": 0, "valid_fraction": 0.25, "callbacks": interrupt}
    with pytest.raises(KeyboardInterrupt):
        SequenceClassifier(**how).fit(X, y)
    with pytest.warns(UserWarning, match="best weights so far"):
        clf = SequenceClassifier(**how, on_interrupt="keep").fit(X, y)
    assert clf.stop_reason_ == "interrupted" and 3 <= clf.n_iter_ < 100000
    scores = clf.history_["valid_score"]
    assert scores[clf.best_epoch_ - 1] == max(scores) and clf.predict(X).shape == (40,)
    with pytest.raises(ValueError, match="on_interrupt"):
        SequenceClassifier(**FAST, on_interrupt="maybe").fit(X, y)


def test_an_interrupted_ensemble_has_the_networks_that_were_begun(heeds_ctrl_c):
    X, y = matrix()

    def interrupt(progress):
        if progress["epoch"] == 1:
            os.kill(os.getpid(), signal.SIGINT)

    how = {**SMALL, "epochs": 100000, "ensemble": 3, "callbacks": interrupt, "on_interrupt": "keep"}
    with pytest.warns(UserWarning, match="interrupted"):
        clf = SequenceClassifier(**how).fit(X, y)
    weights = [weight for _, weight in clf.model_.members]
    assert 1 <= len(weights) < 3 and sum(weights) == pytest.approx(1)


def test_a_log_gets_few_lines_and_one_that_ends(capfd):
    X, y = matrix()
    SequenceClassifier(**{**SMALL, "epochs": 300, "hidden": 2}, verbose=True).fit(X, y)
    lines = [line for line in capfd.readouterr().err.splitlines() if line.startswith("Sequence")]
    assert 2 <= len(lines) <= 22
    assert re.fullmatch(r"SequenceClassifier: 300 epochs in .* s, loss [0-9.]+", lines[-1])


def test_metadata_is_routed():
    sklearn = pytest.importorskip("sklearn", reason="scikit-learn is not installed")
    from sklearn.base import clone
    from sklearn.model_selection import GroupKFold, cross_validate

    X, y = matrix()
    seen = []

    class Watching(SequenceClassifier):
        def fit(self, X, y, sample_weight=None, groups=None):
            seen.append((sample_weight, groups))
            return super().fit(X, y, sample_weight=sample_weight, groups=groups)

    with pytest.raises(RuntimeError, match="enable_metadata_routing"):
        SequenceClassifier().set_fit_request(groups=True)
    with sklearn.config_context(enable_metadata_routing=True):
        clf = Watching(**FAST).set_fit_request(sample_weight=True, groups="patients")
        request = clone(clf).get_metadata_routing()
        assert request.fit.requests["groups"] == "patients"
        params = {"sample_weight": np.ones(40), "patients": np.arange(40), "groups": np.arange(40) // 4}
        clf.set_score_request(sample_weight=False)
        cross_validate(clf, X, y, cv=GroupKFold(2), params=params)
        with pytest.raises(TypeError, match="Unexpected args"):
            clf.set_fit_request(colour=True)
    assert len(seen) == 2 and all(w is not None and g is not None for w, g in seen)


def test_a_dict_of_class_weights_goes_through_the_whole_preset():
    X, y = matrix(40, noise=3.0)
    plain = SequenceClassifier(preset="fast", threads=1).fit(X, y)
    heavy = SequenceClassifier(preset="fast", threads=1, class_weight={1: 8.0, 2: 1.0}).fit(X, y)
    assert [name for name, _ in heavy.model_.members] == [name for name, _ in plain.model_.members]
    methods = {name for name, _ in heavy.model_.members}
    assert len(methods) > 1
    assert heavy.predict_proba(X)[:, 0].mean() > plain.predict_proba(X)[:, 0].mean() + 0.03


def words(*arguments):
    return [sys.executable, "-m", "refrain", *map(str, arguments)]


def test_the_command_inside_the_package_is_the_tool(tmp_path):
    for arguments in (["--version"], ["list", "cells"], ["train", "--helpp"], ["train", tmp_path / "no"]):
        mine = subprocess.run(words(*arguments), capture_output=True, text=True)
        other = subprocess.run([TOOL, *map(str, arguments)], capture_output=True, text=True)
        assert (mine.returncode, mine.stdout, mine.stderr) == (
            other.returncode, other.stdout, other.stderr,
        )  # fmt: skip
    script = os.path.join(os.path.dirname(sys.executable), "refrain")
    if os.path.exists(script):
        done = subprocess.run([script, "--version"], capture_output=True, text=True)
        assert done.stdout == f"refrain {refrain.__version__}\n"


def test_the_command_ends_with_130_after_ctrl_c(tmp_path):
    X, y = texts(40)
    rows = "".join(f"{label}\t{text}\n" for text, label in zip(X, y))
    (tmp_path / "d.tsv").write_text("label\ttext\n" + rows, encoding="utf-8")
    command = words("train", tmp_path / "d.tsv", "--epochs", 10**6, "--patience", 0, "--hidden", 4,
                    "--store", "none")  # fmt: skip
    running = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, cwd=tmp_path)
    for line in running.stderr:
        if b"epoch" in line:
            break
    running.send_signal(signal.SIGINT)
    running.communicate(timeout=60)
    assert running.returncode == 130


def test_the_version_is_that_of_the_changes():
    from importlib import metadata

    first = re.search(r"^## ([0-9.]+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert first.group(1) == refrain.__version__ == metadata.version("refrain-rnn")


def test_the_stubs_have_every_public_name():
    stub = (ROOT / "python" / "refrain" / "__init__.pyi").read_text(encoding="utf-8")
    missing = [n for n in refrain.__all__ if not re.search(rf"\b{n}\b", stub)]
    assert not missing


@pytest.mark.skipif(shutil.which("cmake") is None, reason="CMake is not installed")
def test_missing_libraries_are_named_at_once(tmp_path):
    command = ["cmake", "-S", str(ROOT), "-B", str(tmp_path), "-DREFRAIN_TESTS=OFF",
               "-DCMAKE_DISABLE_FIND_PACKAGE_TBB=ON"]  # fmt: skip
    lacking = {**os.environ, "PKG_CONFIG_LIBDIR": str(tmp_path / "none")}
    done = subprocess.run(command, capture_output=True, text=True, env=lacking)
    assert done.returncode != 0
    (line,) = [line for line in done.stderr.splitlines() if "apt-get install" in line]
    assert "libtbb-dev" in line and "libhwy-dev" in line and "libsentencepiece-dev" in line
