#!/usr/bin/env python3
"""Joins recordings of single digits (FSDD) into strings of 3 to 7 digits, for --task transcribe.

usage: digit_strings.py FOLDER OUT [--seed N]        FOLDER holds recordings/DIGIT_SPEAKER_NUMBER.flac

Each string is of one speaker, with silence of 0 to 0.3 s around each digit at the noise level of
zeros. OUT/same holds train and test of the same speakers: test strings are made of the recordings
0 to 4, training strings of the others (the published split). OUT/other holds train of five
speakers and test of the sixth (yweweler). Each folder has train.csv and test.csv: path, transcript,
speaker. Needs the package soundfile.
"""
import argparse
import csv
import pathlib
import random
import wave

import numpy as np
import soundfile

RATE = 8000
WORDS = "zero one two three four five six seven eight nine".split()
STRINGS = {"train": 900, "test": 200}  # of all speakers together
HELD_OUT = "yweweler"


def read_all(folder):
    """Maps speaker, digit, number to samples in [-1, 1]."""
    out = {}
    for path in sorted(folder.glob("*.flac")):
        digit, speaker, number = path.stem.split("_")
        samples, rate = soundfile.read(path)
        assert rate == RATE
        out[speaker, int(digit), int(number)] = samples
    return out


def string_of(clips, speaker, numbers, rng):
    """Samples and words of one string."""
    words, parts = [], []
    for _ in range(rng.randint(3, 7)):
        digit = rng.randrange(10)
        clip = clips[speaker, digit, rng.choice(numbers)]
        parts += [np.zeros(rng.randrange(int(0.15 * RATE))), clip,
                  np.zeros(rng.randrange(int(0.15 * RATE)))]
        words.append(WORDS[digit])
    return np.concatenate(parts), " ".join(words)


def write_part(folder, part, clips, speakers, numbers, rng):
    """Writes the recordings and the list of a part."""
    (folder / part).mkdir(parents=True, exist_ok=True)
    with open(folder / f"{part}.csv", "w", newline="") as f:
        rows = csv.writer(f)
        rows.writerow(["path", "transcript", "speaker"])
        for n in range(STRINGS[part]):
            speaker = speakers[n % len(speakers)]
            samples, words = string_of(clips, speaker, numbers, rng)
            path = folder / part / f"{n:04d}_{speaker}.wav"
            with wave.open(str(path), "wb") as w:
                w.setnchannels(1)
                w.setsampwidth(2)
                w.setframerate(RATE)
                w.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
            rows.writerow([f"{part}/{path.name}", words, speaker])


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--seed", type=int, default=1)
    a = parser.parse_args()
    clips = read_all(a.folder / "recordings")
    speakers = sorted({speaker for speaker, _, _ in clips})
    rng = random.Random(a.seed)
    train, test = list(range(5, 50)), list(range(5))
    write_part(a.out / "same", "train", clips, speakers, train, rng)
    write_part(a.out / "same", "test", clips, speakers, test, rng)
    known = [s for s in speakers if s != HELD_OUT]
    write_part(a.out / "other", "train", clips, known, train, rng)
    write_part(a.out / "other", "test", clips, [HELD_OUT], test, rng)


if __name__ == "__main__":
    main()
