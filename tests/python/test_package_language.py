"""Language models: what they take, learn, keep and refuse. Sources of this machine."""

import gzip
import json
import os
import pickle
import signal
import subprocess
import sys
import threading
import time

import pytest

np = pytest.importorskip("numpy")
refrain = pytest.importorskip("refrain", reason="the package is not installed: pip install .")

from package_data import ROOT, TOOL, texts, tool  # noqa: E402
from refrain import LanguageModel, TextClassifier, pretrain  # noqa: E402

TINY = {"hidden": 8, "layers": 1, "epochs": 2, "threads": 1, "baselines": False}


def prose(n=150, seed=0):
    """Sentences whose last word follows from the first one."""
    rng = np.random.default_rng(seed)
    ends = {"cats": "mice", "dogs": "bones", "cows": "grass"}
    firsts = rng.choice(list(ends), n)
    return [f"the {first} like to eat {ends[first]} ." for first in firsts]


@pytest.fixture(scope="module")
def fitted():
    return LanguageModel(**TINY).fit(prose())


def test_it_learns_and_says_what_it_learned():
    options = {**TINY, "epochs": 30, "lr": 0.02, "batch_size": 4, "baselines": True}
    model = LanguageModel(**options).fit(prose(), test=prose(40, seed=1))
    score = model.score(prose(40, seed=1))
    assert 1 < score.low < score.value < score.high < 3
    assert score == model.score_ == model.metrics_["perplexity"]
    assert float(score) == score.value
    assert model.report_["scored"] == "test" and model.report_["options"] == model.options_
    assert model.options_["hidden"] == 8 and model.unit_ == "word" and model.n_vocabulary_ > 8
    assert next(iter(model.baselines_)).startswith("kneser_ney")
    n = model.n_iter_
    assert n >= 1 and model.history_["epoch"] == list(range(1, n + 1))
    assert model.history_["valid_loss"][-1] < model.history_["valid_loss"][0]
    found = model.evaluate(prose(10, seed=2) + ["unheard of words"])
    assert found["units"] > 80 and 0 < found["unknown"] < 0.1
    assert {"nats", "word_perplexity", "bits_per_character"} <= set(found)
    assert model.generate("the cats", length=6, temperature=0).split()[-1] in ("mice", ".", "eat")


def test_the_signature_is_made_of_the_declared_options_and_slips_are_named():
    assert "unit : {'character', 'word', 'subword'}, default=None" in LanguageModel.__doc__
    assert {"unit", "hidden", "time_limit", "callbacks"} <= set(LanguageModel().get_params())
    assert not {"freeze", "l2_sp", "init"} & set(LanguageModel().get_params())
    with pytest.raises(TypeError, match="no option 'hiden'; did you mean 'hidden'"):
        LanguageModel(hiden=3)
    with pytest.raises(TypeError, match="no option 'hiden'; did you mean 'hidden'"):
        pretrain(prose(), hiden=3)
    with pytest.raises(ValueError, match=r"hidden must be .*got '0'"):
        LanguageModel(hidden=0).fit(prose())
    with pytest.raises(ValueError, match="did you mean"):
        LanguageModel(unit="words").fit(prose())
    with pytest.raises(refrain.NotFittedError, match="LanguageModel instance is not fitted"):
        LanguageModel().score(prose())
    assert repr(LanguageModel(hidden=4)) == "LanguageModel(hidden=4)"


def test_files_and_lists_give_the_same_bits(tmp_path, fitted):
    path = tmp_path / "prose.txt"
    path.write_text("\n".join(prose()), encoding="utf-8")
    packed = tmp_path / "prose.txt.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    for form in (path, str(path), packed, iter(prose()), np.array(prose())):
        model = pretrain(form, **TINY)
        assert model._model.to_bytes() == fitted._model.to_bytes()
    assert fitted.score(path) == fitted.score(prose())


@pytest.mark.skipif(not TOOL.exists(), reason=f"{TOOL} is not built")
def test_the_tool_and_the_package_write_the_same_file(tmp_path):
    path, theirs, ours = tmp_path / "a.txt", tmp_path / "tool.source", tmp_path / "ours.source"
    path.write_text("\n".join(prose()), encoding="utf-8")
    tool("pretrain", path, "--hidden", 8, "--layers", 1, "--epochs", 2, "--unit", "character",
         "--out", theirs, "--quiet", "--json", tmp_path / "r.json")  # fmt: skip
    model = pretrain(path, hidden=8, layers=1, epochs=2, unit="character", out=ours)
    assert ours.read_bytes() == theirs.read_bytes()
    assert not (tmp_path / "ours.source.checkpoint").exists()
    report = json.loads((tmp_path / "r.json").read_text())
    assert report["metrics"] == model.report_["metrics"]
    written = tool("generate", theirs, "--prompt", "the d", "--length", 30, "--seed", 3)
    assert written.rstrip("\n") == ("the d" + model.generate("the d", 30, seed=3)).rstrip("\n")


def test_what_is_saved_begins_a_classifier(tmp_path, fitted):
    path = tmp_path / "lm.source"
    fitted.save(path)
    loaded = LanguageModel.load(path)
    assert loaded.score(prose(20)) == fitted.score(prose(20))
    assert loaded.generate("the", 20) == fitted.generate("the", 20)
    assert loaded.n_train_ == fitted.n_train_ and loaded.options_["hidden"] == 8
    assert not hasattr(loaded, "score_")
    assert isinstance(refrain.load(path), LanguageModel)
    X, y = texts()
    clf = TextClassifier(init=str(path), epochs=2, preset="none", threads=1).fit(X, y)
    assert clf.options_["hidden"] == 8
    assert any("begins with" in remark for remark in clf.remarks_)
    with pytest.raises(ValueError, match="is no language model"):
        clf.save(tmp_path / "clf.refrain")
        LanguageModel.load(tmp_path / "clf.refrain")


def test_a_pickle_and_a_copy_are_the_same_model(fitted):
    again = pickle.loads(pickle.dumps(fitted))
    assert again.score(prose(20)) == fitted.score(prose(20))
    assert again.history_ == fitted.history_


@pytest.mark.parametrize(
    ("data", "error", "message"),
    [
        ("nowhere.txt", FileNotFoundError, "there is no file 'nowhere.txt'\ngive a text .* list"),
        ("two\nlines", FileNotFoundError, "as a list"),
        (b"bytes", TypeError, "decode it"),
        (3, TypeError, "data is int; give the path"),
        (["a", 3], TypeError, r"data\[1\] is int"),
        ([], ValueError, "data is empty"),
        (["", "  "], ValueError, "data is empty"),
        (["too short"], ValueError, "at least 50"),
        (["fine", "\ud800"], ValueError, r"data\[1\] has surrogates"),
        (np.zeros((4, 3)), TypeError, r"data\[0\] is ndarray"),
    ],
)
def test_what_is_no_text_is_refused(data, error, message):
    with pytest.raises(error, match=message):
        pretrain(data, **TINY)


def test_other_slips_are_refused(tmp_path, fitted):
    path = tmp_path / "a.txt"
    path.write_text("\n".join(prose()), encoding="utf-8")
    with pytest.raises(ValueError, match="data is a path, valid is a list"):
        pretrain(path, valid=prose(), **TINY)
    with pytest.raises(OSError, match="cannot write"):
        pretrain(path, out=tmp_path / "nowhere" / "x.source", **TINY)
    with pytest.raises(ValueError, match="resume needs to know where the checkpoint is"):
        pretrain(path, resume=True, **TINY)
    for how in ({"length": -1}, {"temperature": -1.0}, {"top_p": 2.0}, {"seed": -1}):
        with pytest.raises(ValueError, match=next(iter(how))):
            fitted.generate("a", **how)
    with pytest.raises(ValueError, match="whole number"):
        fitted.generate(length=1.5)
    with pytest.raises(TypeError, match="prompt is int"):
        fitted.generate(3)
    with pytest.raises(ValueError, match="prompt has surrogates"):
        fitted.generate("\ud800")
    assert fitted.generate("the", length=0) == ""


def test_callbacks_follow_the_training_and_end_it():
    seen = []
    model = LanguageModel(**{**TINY, "epochs": 50, "patience": 0}, callbacks=seen.append)
    model.set_params(callbacks=lambda progress: seen.append(progress) or progress["epoch"] == 3)
    model.fit(prose())
    assert [p["epoch"] for p in seen] == [1, 2, 3] and {"loss", "valid_score"} <= set(seen[0])
    assert model.n_iter_ == 3 and model.stop_reason_ == "interrupted" and model.score_.value > 1
    short = LanguageModel(**{**TINY, "epochs": 50, "patience": 0})
    with pytest.raises(KeyError, match="mine"):
        short.set_params(callbacks=lambda progress: {}["mine"]).fit(prose())
    assert not hasattr(short, "score_")


def test_a_training_that_was_stopped_goes_on_to_the_same_bits(tmp_path):
    options = {**TINY, "epochs": 6, "patience": 0}
    whole = pretrain(prose(), **options)

    def stop(progress):
        if progress["epoch"] == 2:
            raise KeyboardInterrupt

    state = tmp_path / "state"
    with pytest.raises(KeyboardInterrupt):
        pretrain(prose(), checkpoint=state, callbacks=stop, **options)
    assert state.exists()
    again = pretrain(prose(), checkpoint=state, resume=True, **options)
    assert again._model.to_bytes() == whole._model.to_bytes()


def test_other_threads_run_while_it_trains():
    ticks, done = [], threading.Event()

    def tick():
        while not done.wait(0.005):
            ticks.append(time.monotonic())

    thread = threading.Thread(target=tick)
    thread.start()
    LanguageModel(**{**TINY, "hidden": 100, "epochs": 20, "patience": 0}).fit(prose(400))
    done.set()
    thread.join()
    assert len(ticks) > 5


def test_ctrl_c_ends_it_within_a_moment(tmp_path):
    code = (
        "import refrain, signal\n"
        # Whoever runs the tests in the background may have had it ignored.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "lines = ['the cat sat on the mat', 'a dog lay on a rug'] * 3000\n"
        # Python loses an interrupt that meets it between two imports.
        "refrain.pretrain(lines[:40], hidden=4, epochs=1)\n"
        "print('ready', flush=True)\n"
        "refrain.pretrain(lines, hidden=200, epochs=500, patience=0)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "ready\n"
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert "KeyboardInterrupt" in errors and process.returncode != 0


# ---------------------------------------------------------------- sources of this machine


def test_sources_are_found_by_their_content(tmp_path, fitted):
    fitted.save(tmp_path / "a language model")
    X, y = texts()
    TextClassifier(hidden=8, epochs=1, preset="none").fit(X, y).save(tmp_path / "m.refrain")
    (tmp_path / "v.txt").write_text("the 1 0 0.5\ncat -1 0 0.5\n")
    (tmp_path / "table.txt").write_text("1 0 0.5 3\n2 0 0.5 4\n")
    (tmp_path / "cut.source").write_bytes((tmp_path / "a language model").read_bytes()[:900])
    os.symlink(ROOT / "tests/golden/encoders/bert", tmp_path / "tiny")
    found = {os.path.basename(s["path"]): s for s in refrain.sources(tmp_path, "none", [])}
    assert set(found) == {"a language model", "m.refrain", "v.txt", "cut.source", "tiny"}
    assert found["a language model"]["kind"] == "language model"
    assert found["m.refrain"]["task"] == "classify"
    assert found["v.txt"]["option"] == "vectors" and found["tiny"]["option"] == "encoder"
    assert found["cut.source"]["option"] == "" and "head" in found["cut.source"]["trouble"]
    assert found["m.refrain"]["option"] == "init" and "words" in found["m.refrain"]["reads"]


def test_encoders_of_packages_are_found(tmp_path):
    tiny = ROOT / "tests" / "golden" / "encoders" / "bert"
    package = tmp_path / "tiny_bert" / "model"
    package.parent.mkdir()
    os.symlink(tiny, package)
    record = tmp_path / "tiny_bert-1.2.dist-info" / "RECORD"
    record.parent.mkdir()
    record.write_text(
        "tiny_bert/__init__.py,sha256=x,1\n"
        "tiny_bert/model/config.json,sha256=x,1\ntiny_bert/model/model.safetensors,sha256=x,1\n"
        "../../outside/config.json,,\n../../outside/model.safetensors,,\n"
    )
    (found,) = refrain.sources(tmp_path / "tiny_bert-1.2.dist-info", "none", [tmp_path])
    assert found["from"] == "package tiny_bert 1.2" and found["trouble"] == ""
    assert found["kind"] == "encoder" and found["numbers"] > 0


def test_a_store_that_cannot_be_read_is_a_warning(tmp_path):
    (tmp_path / "runs.db").write_text("this is no database at all" * 100)
    with pytest.warns(UserWarning, match="the runs could not be read"):
        assert refrain.sources(tmp_path, tmp_path / "runs.db", []) == []


# ---------------------------------------------------------------- further training


def test_l2_sp_holds_a_further_training_near_the_weights_it_begins_with():
    X, y = texts()
    first = TextClassifier(hidden=6, epochs=4, preset="none", threads=1, lr=0.02)

    def moved(**options):
        clf = pickle.loads(pickle.dumps(first.fit(X, y))).set_params(**options)
        before = {k: v.copy() for k, v in clf.model_.layers.items()}
        clf.partial_fit(X, y, epochs=8)
        return {k: float(np.abs(v - before[k]).max()) for k, v in clf.model_.layers.items()}

    free, held, frozen = moved(), moved(l2_sp=100.0), moved(freeze="encoder.*")
    body = [name for name in free if not name.startswith("head")]
    assert max(held[name] for name in body) < max(free[name] for name in body) / 3
    assert all(frozen[name] == 0 for name in body) and frozen["head.w"] > 0
