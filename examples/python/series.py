# %% [markdown]
# # Classify series
# Sixty short vibrations of three kinds, of different lengths, some values missing.

# %%
import numpy as np
from numpy.typing import NDArray

import refrain

rng = np.random.default_rng(0)


def vibration(kind: str) -> NDArray[np.float64]:
    t = np.arange(rng.integers(60, 120)) / 20
    x = np.sin(2 * np.pi * (1.2 if kind == "slow" else 2.0) * t)
    if kind == "knock":
        x[:: rng.integers(9, 12)] += 2
    x += 0.3 * rng.normal(size=len(t))
    x[rng.random(len(t)) < 0.05] = np.nan
    return x


y = np.array(["slow", "fast", "knock"] * 20)
X = [vibration(kind) for kind in y]
y_test = np.array(["slow", "fast", "knock"] * 30)
X_test = [vibration(kind) for kind in y_test]

# %% [markdown]
# A list of arrays of any lengths is all that `fit` wants. `preset="fast"` takes seconds; without it
# an ensemble with a simple method beside it is trained.

# %%
clf = refrain.SequenceClassifier(preset="fast", random_state=1).fit(X, y)
print(f"{clf.score(X_test, y_test):.3f} of the test series are classified correctly")
print(dict(zip(clf.classes_, clf.predict_proba(X_test[:1])[0].round(3))))

# %% [markdown]
# One network as told, and a look into it: its states, and what in a series spoke for its class.

# %%
clf = refrain.SequenceClassifier(hidden=16, pooling="attention", epochs=40, random_state=1).fit(X, y)
print(f"{clf.score(X_test, y_test):.3f} with {clf.n_parameters_} parameters")
model = clf.model_
states = model.hidden_states(X_test[:1])[0]
attention = model.attention(X_test[:1])[0][:, 0]
gradient = model.gradients(X_test[:1])[0]
print("states", states.shape, "- most looked at: step", int(attention.argmax()))
print("gradient with respect to the inputs", gradient.shape)

# %% [markdown]
# The model file is the one the command-line tool reads: `refrain predict vibration.refrain DATA`.

# %%
clf.save("vibration.refrain")
assert (refrain.load("vibration.refrain").predict(X_test) == clf.predict(X_test)).all()
