# %% [markdown]
# # Classify short texts
# Messages to a maintenance hotline, English or Chinese: `examples/sentences`.

# %%
import pathlib

import refrain

here = pathlib.Path(globals().get("__file__", "x")).resolve().parent
places = (p / "examples" / "sentences" for p in (here, *here.parents))
folder = next(place for place in places if place.is_dir())

# %% [markdown]
# `refrain.data.read` takes every format that the command-line tool takes.

# %%
for language in ("en", "zh"):
    X, y, _ = refrain.data.read(folder / f"train_{language}.tsv")
    X_test, y_test, _ = refrain.data.read(folder / f"test_{language}.tsv")
    clf = refrain.TextClassifier(hidden=32, epochs=12, embedding_dim=64, random_state=1).fit(X, y)
    print(f"{language}: {clf.score(X_test, y_test):.3f} on {len(y_test)} messages never seen")
    for text in X_test[:2]:
        print("  ", clf.predict([text])[0], "-", text)

# %% [markdown]
# Which words speak for the class? The gradient with respect to each word's vector tells.

# %%
text = X_test[0]
gradient = clf.model_.gradients([text])[0]
print(text, abs(gradient).sum(axis=1).round(2))
