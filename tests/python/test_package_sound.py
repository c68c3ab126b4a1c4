"""Recordings in memory and as files."""

import wave

import numpy as np
import pytest
import refrain

RATE = 8000
SMALL = dict(hidden=4, epochs=4, threads=1)


def tone(hertz, seconds=0.2, rate=RATE):
    return np.sin(2 * np.pi * hertz * np.arange(int(seconds * rate)) / rate).astype(np.float32)


def tones(n=24):
    X = [(tone(300 + 10 * i + 500 * (i % 2), 0.15 + 0.005 * i), RATE) for i in range(n)]
    return X, ["low", "high"] * (n // 2)


def write_wav(path, sound, rate=RATE):
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((sound * 32767).astype("<i2").tobytes())
    return path


def test_tones_are_told_apart_whatever_form_they_come_in():
    X, y = tones()
    clf = refrain.SoundClassifier(hidden=8, epochs=20, threads=1).fit(X, y)
    assert clf.score(X, y) == 1
    expected = clf.predict_proba(X[:4])
    turned = [(rate, sound) for sound, rate in X[:4]]
    assert np.array_equal(clf.predict_proba(turned), expected)
    stereo = [(np.stack([sound, sound], axis=1), rate) for sound, rate in X[:4]]
    np.testing.assert_allclose(clf.predict_proba(stereo), expected, atol=1e-6)
    pcm = [((sound.astype(float) * (2**31 - 1)).astype(np.int32), rate) for sound, rate in X[:4]]
    np.testing.assert_allclose(clf.predict_proba(pcm), expected, atol=1e-4)
    assert clf.options_["sample_rate"] == RATE


def test_files_and_arrays_give_the_same_bits(tmp_path):
    X, y = tones()
    files = [write_wav(tmp_path / f"{i}.wav", sound) for i, (sound, _) in enumerate(X)]
    arrays = [((sound * 32767).astype("<i2"), rate) for sound, rate in X]
    a = refrain.SoundClassifier(**SMALL).fit(files, y)
    b = refrain.SoundClassifier(**SMALL).fit(arrays, y)
    assert np.array_equal(a.predict_proba(files), b.predict_proba(arrays))


def test_augmentation_changes_the_sound():
    X, y = tones()
    plain = refrain.SoundClassifier(**SMALL).fit(X, y)
    loud = refrain.SoundClassifier(augment="gain(p=1)", **SMALL).fit(X, y)
    assert not np.array_equal(plain.predict_proba(X), loud.predict_proba(X))
    made, labels, source = refrain.augment.apply(X, y, "speed(p=1)", copies=2)
    assert len(made) == 2 * len(X) and list(source[:2]) == [0, 1] and labels[1] == "high"
    sound, rate = made[0]
    assert rate == RATE and sound.ndim == 1 and len(sound) != len(X[0][0])


def test_a_saved_model_is_of_the_same_kind(tmp_path):
    X, y = tones()
    clf = refrain.SoundClassifier(**SMALL).fit(X, y)
    clf.save(tmp_path / "m.model")
    back = refrain.load(tmp_path / "m.model")
    assert type(back) is refrain.SoundClassifier
    assert np.array_equal(back.predict_proba(X), clf.predict_proba(X))
    assert back.model_.kind == "sound"
    assert len(back.model_.hidden_states(X[:2])) == 2
    with pytest.raises(ValueError, match="load it with SoundClassifier"):
        refrain.SequenceClassifier.load(tmp_path / "m.model")
    again = clf.partial_fit(X, y)
    assert again.n_iter_ == 5


@pytest.mark.parametrize(
    ("item", "error", "text"),
    [
        ((np.zeros(0, np.float32), RATE), ValueError, r"X\[1\]: 0 samples"),
        ((tone(300), 5), ValueError, "5 Hz is no sample rate"),
        ((tone(300), 8000.5), ValueError, "rate of 8000.5"),
        ((np.array([0.1, np.nan]), RATE), ValueError, "no number at sample 1"),
        (tone(300), TypeError, "a path or a pair"),
        ("nowhere.wav", OSError, "nowhere.wav"),
    ],
)
def test_what_is_no_recording_is_named(item, error, text):
    X, y = tones()
    X[1] = item
    with pytest.raises(error, match=text):
        refrain.SoundClassifier(**SMALL).fit(X, y)


def test_recordings_are_validated():
    X, y = tones()
    report = refrain.data.validate(X, y)
    assert report.ok and report.samples == len(X) and report.steps[0] == len(X[0][0])


def test_series_are_no_recordings():
    X, y = tones()
    clf = refrain.SoundClassifier(**SMALL).fit(X, y)
    series = refrain.SequenceClassifier(**SMALL).fit([sound for sound, _ in X], y)
    with pytest.raises(TypeError, match="a path or a pair"):
        clf.predict([sound for sound, _ in X])
    with pytest.raises(ValueError):
        series.predict(X)
