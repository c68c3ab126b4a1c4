"""Translator and Transcriber: fit, predict, n best, times, scores, files, and what they refuse."""

import pickle
import re

import numpy as np
import pytest
import refrain


def backwards(count, first=0):
    """Words of four letters, and the same backwards with blanks between."""
    X = ["".join("abcd"[(i // 4**k + k) % 4] for k in range(4)) for i in range(first, first + count)]
    return X, [" ".join(reversed(x)) for x in X]


def small(**more):
    how = {"preset": "none", "hidden": 8, "epochs": 3, "threads": 1, "verbose": False}
    return refrain.Translator(**{**how, **more})


def learned(**more):
    X, y = backwards(256)
    how = {"hidden": 32, "epochs": 40, "lr": 0.01, "valid_fraction": 0, "reply_units": "characters",
           "source_units": "characters"}  # fmt: skip
    return small(**{**how, **more}).fit(X, y), X, y


def at_two(progress):
    return progress["epoch"] == 2


def levels(count, seed=0):
    """Series of two levels one after the other, each of which is a letter."""
    noise = np.random.default_rng(seed)
    y = ["ab"[i % 2] + "ab"[i // 2 % 2] for i in range(count)]
    X = [np.repeat([{"a": -1.0, "b": 1.0}[c] for c in text], 10) for text in y]
    for x in X:
        x[8:10] = 0
    return [x + noise.normal(0, 0.1, len(x)) for x in X], y


def hearing(**more):
    how = {"preset": "none", "hidden": 16, "epochs": 60, "lr": 0.01, "valid_fraction": 0,
           "threads": 1, "verbose": False}  # fmt: skip
    return refrain.Transcriber(**{**how, **more})


def spoken(count):
    """Tones one after the other in place of words, with the rate of each recording."""
    y = ["ab"[i % 2] + "ab"[i // 2 % 2] for i in range(count)]
    t = np.arange(2400) / 8000
    tone = {"a": np.sin(2 * np.pi * 400 * t), "b": np.sin(2 * np.pi * 1500 * t)}
    quiet = np.zeros(400)
    return [np.concatenate([part for c in text for part in (tone[c], quiet)]) for text in y], y


def test_words_are_turned_round_and_scored():
    model, X, y = learned()
    assert model.predict(X[:5]).tolist() == y[:5]
    assert model.score(X, y) > 0.9
    found = model.evaluate(X, y)
    assert next(iter(found)) == "bleu"
    assert found["bleu"].low <= found["bleu"].value <= found["bleu"].high <= 100
    assert model.score(X, y) == found["bleu"].value / 100
    assert 0.9 < found["exact"].value <= 1
    assert model.n_train_ == 256 and model.n_valid_ == 0
    assert model.options_["hidden"] == 32


def test_several_replies_come_in_the_order_of_their_scores():
    model, X, y = learned(epochs=15)
    found = model.predict_n_best(X[:4], 3)
    assert [replies[0].text for replies in found] == model.predict(X[:4]).tolist()
    for replies in found:
        assert 1 < len(replies) <= 3
        assert sorted((r.score for r in replies), reverse=True) == [r.score for r in replies]
        assert all(r.log_probability < 0 for r in replies)
    for wrong in (0, True, 1.5):
        with pytest.raises(ValueError, match="at least 1"):
            model.predict_n_best(X, wrong)


def test_the_search_is_chosen_anew_for_each_prediction():
    X, y = backwards(40)
    model = small(decoder="both", hidden=16, epochs=20, lr=0.01).fit(X, y)

    def scores(**how):
        found = model.set_params(**how).predict_n_best(X[:4], 2)
        return [reply.score for replies in found for reply in replies]

    usual = scores()
    assert scores(ctc_weight="auto") == usual
    alone = scores(ctc_weight=0)
    assert alone != usual
    assert scores(length_penalty=0) != alone


def test_files_pickles_and_clones_keep_all(tmp_path):
    X, y = backwards(40)
    model = small(random_state=3, beam=2, callbacks=[]).fit(X, y)
    model.save(tmp_path / "m.refrain")
    own = refrain.Translator.load(tmp_path / "m.refrain")
    any_class = refrain.load(tmp_path / "m.refrain")
    assert isinstance(any_class, refrain.Translator)
    for again in (own, any_class, pickle.loads(pickle.dumps(model))):
        assert again.predict(X).tolist() == model.predict(X).tolist()
        assert {**again.options_, "threads": 1} == model.options_  # a file keeps no threads
        assert (again.random_state, again.beam, again.hidden) == (3, 2, 8)
        assert (again.n_train_, again.n_iter_) == (model.n_train_, model.n_iter_)
    assert again.predict_n_best(X[:3]) == model.predict_n_best(X[:3])
    with pytest.raises(ValueError, match="load it with Translator"):
        refrain.Transcriber.load(tmp_path / "m.refrain")
    with pytest.raises(ValueError):
        refrain.SequenceClassifier.load(tmp_path / "m.refrain")
    (tmp_path / "bad.refrain").write_bytes((tmp_path / "m.refrain").read_bytes()[:-9])
    with pytest.raises(ValueError):
        refrain.load(tmp_path / "bad.refrain")
    with pytest.raises(OSError):
        refrain.Translator.load(tmp_path / "none.refrain")


def test_parameters_are_those_of_scikit_learn():
    model = small(beam=4)
    base = pytest.importorskip("sklearn.base")
    again = base.clone(model)
    assert again.get_params() == model.get_params() and again is not model
    assert model.set_params(beam=1).beam == 1
    assert "beam=1" in repr(model)
    assert "not fitted" in model._repr_html_()
    X, y = backwards(20)
    assert "fitted on" in model.fit(X, y)._repr_html_()
    with pytest.raises(TypeError, match="did you mean 'decoder'"):
        refrain.Translator(decodr="attention")
    with pytest.raises(TypeError, match="did you mean 'beam'"):
        refrain.Translator(num_beams=3)
    with pytest.raises(ValueError, match="Invalid parameter"):
        model.set_params(beams=3)
    for hidden in ("folds", "task", "n_best", "mel_bands", "test_fraction", "pooling"):
        with pytest.raises(TypeError):
            refrain.Translator(**{hidden: 1})
    assert "mel_bands" in refrain.Transcriber().get_params()


def test_any_number_of_threads_gives_the_same_model():
    X, y = backwards(40)
    first, second = (small(threads=threads, ensemble=2).fit(X, y) for threads in (1, 2))
    own = rb'threads\W+[12]|crc32_head":"\w+'  # the arguments are kept, and the head has a checksum
    one, two = (re.sub(own, b"", m._model.to_bytes()) for m in (first, second))
    assert one == two
    assert first.predict_n_best(X, 2) == second.predict_n_best(X, 2)


def test_the_tool_writes_the_same_model_and_reads_these(tmp_path):
    X, y = backwards(60)
    asked, replies = backwards(20, 80)
    for name, sources, targets in (("a", X, y), ("b", asked, replies)):
        rows = [f"{x}\t{text}" for x, text in zip(sources, targets)]
        (tmp_path / f"{name}.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    from refrain import _core

    words = ["refrain", "train", str(tmp_path / "a.tsv"), "--test", str(tmp_path / "b.tsv"), "--task", "translate",
             "--preset", "none", "--hidden", "8", "--epochs", "3", "--threads", "1", "--allow-overlap",
             "--store", "none", "--quiet", "--out", str(tmp_path / "m.refrain")]  # fmt: skip
    assert _core.tool([word.encode() for word in words]) == 0
    tool = refrain.load(tmp_path / "m.refrain")
    model = small().fit(X, y)
    assert model.predict_n_best(asked, 1) == tool.predict_n_best(asked, 1)
    assert model.evaluate(asked, replies) == tool.evaluate(asked, replies)


def test_pairs_may_stop_the_training_and_callbacks_too():
    X, y = backwards(60)
    model = small(epochs=4).fit(X, y, eval_set=[(X[:7], y[:7])])
    assert (model.n_train_, model.n_valid_) == (60, 7)
    assert len(model.history_["valid_score"]) == 4
    stopped = small(epochs=50, callbacks=at_two, ensemble=2).fit(X, y)
    assert stopped.stop_reason_ == "interrupted"
    assert stopped.n_iter_ < 50
    assert len(pickle.loads(pickle.dumps(stopped)).predict(X)) == 60


def test_groups_are_not_torn_apart():
    X, y = backwards(60)
    model = small(valid_fraction=0.5).fit(X, y, groups=[i // 30 for i in range(60)])
    assert (model.n_train_, model.n_valid_) == (30, 30)
    assert set(model.evaluate(X, y, groups=[i // 6 for i in range(60)])) >= {"bleu", "chrf"}


def test_columns_and_arrays_are_read_as_lists():
    X, y = backwards(30)
    expected = small().fit(X, y).predict(X).tolist()
    assert small().fit(np.array(X), np.array(y, dtype=object)).predict(X).tolist() == expected
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"source": X, "target": y}, index=range(5, 35))
    model = small().fit(frame["source"], frame["target"])
    assert model.predict(frame["source"]).tolist() == expected


@pytest.mark.parametrize(
    ("X", "y", "error", "words"),
    [
        (["a", "b"], ["c"], ValueError, r"\[2, 1\]"),
        (["a", "b"], ["c", " "], ValueError, r"y\[1\] is empty"),
        (["a", ""], ["c", "d"], ValueError, r"X\[1\] is empty"),
        (["a", "b"], ["c", 3], TypeError, r"y\[1\] is int"),
        (["a", "b"], ["c", None], TypeError, r"y\[1\] is NoneType"),
        (["a", "b"], ["c", b"d"], TypeError, "decode it first"),
        (["a", 2], ["c", "d"], TypeError, r"X\[1\] is int"),
        (["a", "b"], "cd", ValueError, "a list with a text a sample"),
        ("ab", ["c", "d"], ValueError, "X is one text"),
        (["a", "b"], None, ValueError, "requires y"),
        (["a", "b"], ["c", "\ud800"], ValueError, r"y\[1\] has surrogates"),
        ([], [], ValueError, "0 sample"),
    ],
)
def test_bad_pairs_are_refused(X, y, error, words):
    with pytest.raises(error, match=words):
        small().fit(X, y)


def test_what_is_not_fitted_or_of_another_form_is_refused():
    with pytest.raises(refrain.NotFittedError):
        small().predict(["a"])
    with pytest.raises(refrain.NotFittedError):
        small().save("x.refrain")
    with pytest.raises(refrain.NotFittedError):
        hearing().predict_times([[1.0, 2.0]])
    X, y = levels(8)
    model = hearing(epochs=1).fit(X, y)
    with pytest.raises(ValueError, match="this Transcriber was fitted on series"):
        model.predict([(np.zeros(4000), 8000)])
    with pytest.raises(ValueError, match="2 channels"):
        model.predict([np.zeros((9, 2))])
    with pytest.raises(ValueError, match="text"):
        model.predict(["a", "b"] and [["a"]])


def test_series_are_transcribed_with_the_steps_of_each_symbol(tmp_path):
    X, y = levels(40)
    model = hearing().fit(X, y)
    assert model.score(X, y) > 0.8
    assert list(model.evaluate(X, y))[:2] == ["wer", "cer"]
    times = model.predict_times(X)
    for text, symbols in zip(model.predict(X), times):
        assert "".join(symbol for symbol, _, _ in symbols) == text
        assert all(0 <= begin < end <= 20 for _, begin, end in symbols)
    model.save(tmp_path / "m.refrain")
    again = refrain.load(tmp_path / "m.refrain")
    assert isinstance(again, refrain.Transcriber)
    assert again.predict(X).tolist() == model.predict(X).tolist()
    assert again.predict_times(X[:3]) == times[:3]
    assert again.n_channels_ == 1


def test_attention_tells_no_times():
    X, y = levels(8)
    assert hearing(epochs=1, decoder="attention").fit(X, y).predict_times(X) is None


def test_channels_come_first_where_layout_says_so():
    X, y = levels(12)
    pairs = [np.stack([x, -x], axis=1) for x in X]
    model = hearing(epochs=2).fit(pairs, y)
    turned = hearing(epochs=2, layout="channels_time").fit([x.T for x in pairs], y)
    assert turned.predict_n_best([x.T for x in pairs]) == model.predict_n_best(pairs)


def test_recordings_of_every_form_are_heard(tmp_path):
    import wave

    sounds, y = spoken(16)
    pairs = [(sound, 8000) for sound in sounds]
    model = hearing(mel_bands=16, epochs=2).fit(pairs, y)
    alone = hearing(mel_bands=16, epochs=2, rate=8000).fit(sounds, y)
    expected = model.predict_n_best(pairs[:4])
    assert alone.predict_n_best(sounds[:4]) == expected
    whole = [np.round(sound * 20000).astype(np.int16) for sound in sounds[:2]]
    paths = [tmp_path / f"{i}.wav" for i in range(2)]
    for path, sound in zip(paths, whole):
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(8000)
            file.writeframes(sound.tobytes())
    assert model.predict_n_best(paths) == model.predict_n_best([(w, 8000) for w in whole])
    for symbols in model.predict_times(pairs[:4]):
        assert all(0 <= begin < end < 1 for _, begin, end in symbols)  # seconds
    model.save(tmp_path / "m.refrain")
    assert refrain.load(tmp_path / "m.refrain").predict_n_best(pairs[:4]) == expected
    with pytest.raises(ValueError, match="X holds series; this Transcriber was fitted on recordings"):
        model.predict(sounds)
    with pytest.raises(OSError):
        model.predict([tmp_path / "none.wav"])


def test_transcripts_that_ctc_cannot_write_are_named():
    X = [np.zeros(3), np.zeros(30), np.zeros(30)]
    y = ["abcabcabcabcabc", "ab", "ba"]
    with pytest.raises(ValueError, match=r"X\[0\].*needs 15 steps(.|\n)*skip_impossible"):
        hearing(epochs=1, reply_units="characters").fit(X, y)
    model = hearing(epochs=1, reply_units="characters", skip_impossible=True).fit(X, y)
    assert any("left out" in remark or "skipped" in remark for remark in model.remarks_)


def test_evaluate_trains_and_scores_on_a_part():
    X, y = backwards(60)
    found = refrain.evaluate(small(), X, y, test=0.25)
    assert (found.metric, found.n_test) == ("bleu", 15)
    assert set(found.baselines) >= {"copy", "word_table"}
    one, two = (
        refrain.evaluate(small(hidden=n), X[:45], y[:45], test=(X[45:], y[45:])) for n in (8, 4)
    )
    assert refrain.compare(one, two).metric == "bleu"
    with pytest.raises(ValueError, match="trained once"):
        refrain.evaluate(small(), X, y, cv=3)
    with pytest.raises(ValueError, match="own evaluate"):
        refrain.report(small().fit(X, y), X, y)
    with pytest.raises(ValueError, match="evaluate"):
        refrain.evaluate(small().fit(X, y), X, y)


def test_files_of_pairs_and_transcripts_are_read_as_x_and_y(tmp_path):
    (tmp_path / "a.en").write_text("one\ntwo words\n", encoding="utf-8")
    (tmp_path / "a.de").write_text("eins\nzwei Wörter\n", encoding="utf-8")
    found = refrain.data.read(f"{tmp_path}/a.en,{tmp_path}/a.de", task="translate")
    assert found.X == ["one", "two words"]
    assert found.y.tolist() == ["eins", "zwei Wörter"]
    assert (found.groups, found.about["kind"], found.about["task"]) == (None, "text", "translate")
    rows = ['{"series": [[0], [1]], "transcript": "ab"}', '{"series": [[1], [0]], "transcript": "ba"}']
    (tmp_path / "t.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")
    X, y, _ = refrain.data.read(tmp_path / "t.jsonl", task="transcribe")
    assert X.tolist() == [[0, 1], [1, 0]]
    assert y.tolist() == ["ab", "ba"]
    with pytest.raises(ValueError, match="a.tsv:2"):
        (tmp_path / "a.tsv").write_text("a\tb\nc\t\nd\te\n", encoding="utf-8")
        refrain.data.read(tmp_path / "a.tsv", task="translate")
