"""Writes the reference numbers of the front end for recordings: python make_sound.py FOLDER

The formulae are those that librosa and torchaudio publish (mel scale and filters of unit area after
Slaney's Auditory Toolbox, power spectrum under a periodic Hann window, orthonormal cosine transform,
regression deltas), written in NumPy by themselves: a transform by its definition, filters one by
one. Nothing is shared with Refrain. The recordings are made by rule, so that the test makes them too.
"""

import json
import sys
from pathlib import Path

import numpy as np

CASES = [
    {"name": "log_mel", "rate": 8000, "samples": 1300, "spec": {"sound_features": "log_mel", "deltas": 0}},
    {"name": "log_mel of 24 bands, frames of no power of two", "rate": 16000, "samples": 2001,
     "spec": {"sound_features": "log_mel", "deltas": 0, "mel_bands": 24, "frame_ms": 20,
              "hop_ms": 12.5}},
    {"name": "mfcc with deltas", "rate": 8000, "samples": 1100,
     "spec": {"sound_features": "mfcc", "mfcc_count": 12, "deltas": 2}},
    {"name": "one frame", "rate": 8000, "samples": 7, "spec": {"sound_features": "log_mel", "mel_bands": 8, "deltas": 1}},
]


def recording(rate, count):
    """Two tones, one of them dying away, and a hum that a small generator draws."""
    t = np.arange(count) / rate
    state, hum = 1, []
    for _ in range(count):
        state = (state * 1103515245 + 12345) % 2**31
        hum.append(state / 2**31 - 0.5)
    x = 0.4 * np.sin(2 * np.pi * 440 * t) + 0.3 * np.exp(-9 * t) * np.sin(2 * np.pi * 1870 * t)
    return (x + 0.05 * np.array(hum)).astype(np.float32).astype(np.float64)


def mel(hz):
    return hz * 3 / 200 if hz < 1000 else 15 + 27 * np.log(hz / 1000) / np.log(6.4)


def hertz(m):
    return m * 200 / 3 if m < 15 else 1000 * 6.4 ** ((m - 15) / 27)


def filters(bands, rate, size):
    corner = [hertz(mel(rate / 2) * i / (bands + 1)) for i in range(bands + 2)]
    out = np.zeros((bands, size // 2 + 1))
    for b in range(bands):
        low, middle, high = corner[b:b + 3]
        for k in range(size // 2 + 1):
            hz = k * rate / size
            if low < hz <= middle:
                out[b, k] = (hz - low) / (middle - low)
            elif middle < hz < high:
                out[b, k] = (high - hz) / (high - middle)
        out[b] *= 2 / (high - low)
    return out


def features(x, rate, sound_features="mfcc", mel_bands=40, frame_ms=25, hop_ms=10, mfcc_count=13,
             deltas=0):
    window = int(round(frame_ms / 1000 * rate))
    hop = int(round(hop_ms / 1000 * rate))
    size = 1 << max(2, (window - 1).bit_length())
    shape = 0.5 * (1 - np.cos(2 * np.pi * np.arange(window) / window))
    taper = np.zeros(size)
    taper[(size - window) // 2:(size - window) // 2 + window] = shape
    padded = np.concatenate([np.zeros(size // 2), x, np.zeros(size)])
    wave = np.exp(-2j * np.pi * np.outer(np.arange(size // 2 + 1), np.arange(size)) / size)
    bank = filters(mel_bands, rate, size)
    rows = []
    for t in range(1 + len(x) // hop):
        spectrum = wave @ (taper * padded[t * hop:t * hop + size])
        rows.append(10 * np.log10(np.maximum(bank @ np.abs(spectrum) ** 2, 1e-10)))
    rows = np.array(rows)
    if sound_features == "mfcc":
        k, n = np.arange(mfcc_count)[:, None], np.arange(mel_bands)[None]
        table = np.cos(np.pi * k * (2 * n + 1) / (2 * mel_bands)) * np.sqrt(2 / mel_bands)
        table[0] /= np.sqrt(2)
        rows = rows @ table.T
    blocks = [rows]
    for _ in range(deltas):
        last = blocks[-1]
        long = np.concatenate([last[:1], last[:1], last, last[-1:], last[-1:]])
        n = len(last)
        blocks.append(sum(k * (long[2 + k:2 + k + n] - long[2 - k:2 - k + n]) for k in (1, 2)) / 10)
    return np.concatenate(blocks, axis=1)


def sound():
    out = []
    for case in CASES:
        rows = features(recording(case["rate"], case["samples"]), case["rate"], **case["spec"])
        out.append({**case, "features": [[float("%.9g" % v) for v in row] for row in rows]})
    return {"made_by": f"make_sound.py, NumPy {np.__version__}", "cases": out}


FILES = {"sound": sound}


def write(folder, name):
    """Writes folder/name.json and returns its path."""
    path = Path(folder) / f"{name}.json"
    path.write_text(json.dumps(FILES[name]()).replace("]], ", "]],\n") + "\n", encoding="utf-8")
    return path


def main():
    for name in FILES:
        write(sys.argv[1], name)


if __name__ == "__main__":
    main()
