# %% [markdown]
# # Classify short texts
# Messages to a maintenance hotline, English or Chinese: `examples/sentences`.

# %%
import csv
import pathlib

import refrain

here = pathlib.Path(globals().get("__file__", "x")).resolve().parent
folder = next(p / "examples" / "sentences" for p in (here, *here.parents) if (p / "examples").is_dir())


def read(name):
    with open(folder / name, encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]
    return [text for text, _ in rows], [label for _, label in rows]


# %%
for language in ("en", "zh"):
    X, y = read(f"train_{language}.tsv")
    X_test, y_test = read(f"test_{language}.tsv")
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
