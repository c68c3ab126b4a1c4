# %% [markdown]
# # Classify recordings
# Whistles that rise, fall or stay, in noise, made here: a recording is a pair of sound and its rate. Paths of WAV, FLAC
# or OGG files do as well.

# %%
import numpy as np
from numpy.typing import NDArray

import refrain

RATE = 8000
rng = np.random.default_rng(1)


def whistle(kind: str) -> tuple[NDArray[np.float64], int]:
    seconds = rng.uniform(0.3, 0.6)
    t = np.arange(int(RATE * seconds)) / RATE
    turn = {"rises": 1, "falls": -1, "stays": 0}[kind] * rng.uniform(200, 500)
    phase = 2 * np.pi * (rng.uniform(600, 1200) * t + turn * t**2 / seconds / 2)
    return (np.sin(phase) * rng.uniform(0.1, 0.5) + rng.normal(0, 0.05, len(t)), RATE)


y = ["rises", "falls", "stays"] * 10
X = [whistle(kind) for kind in y]
y_test = ["rises", "falls", "stays"] * 30
X_test = [whistle(kind) for kind in y_test]

# %% [markdown]
# One small network; without options a preset trains several, of convolutions and a bidirectional GRU.

# %%
for augment in (None, "pitch_shift(semitones=-4..4) | time_stretch | add_noise"):
    clf = refrain.SoundClassifier(hidden=16, epochs=40, lr=0.01, augment=augment, random_state=1).fit(X, y)
    print(f"augment={augment}: {clf.score(X_test, y_test):.3f} on {len(y_test)} whistles never heard")

# %% [markdown]
# What a step of augmentation does to the sound itself:

# %%
made, labels, source = refrain.augment.apply(X[:1], y[:1], "speed(p=1)", copies=3)
print([f"{len(sound) / rate:.2f} s" for sound, rate in [X[0], *made]], labels)
