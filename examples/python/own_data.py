# %% [markdown]
# # Your own data
# A long table, one row a time step, as loggers write them; several runs of one machine.

# %%
import io

import numpy as np

import refrain

rng = np.random.default_rng(1)
table = io.StringIO()
for run in range(48):
    machine, worn = run % 8, run % 2
    for t in range(rng.integers(30, 50)):
        heat = 20 + machine + (0.2 if worn else 0.1) * t + rng.normal()
        print(run, machine, t, heat, rng.normal(), "worn" if worn else "new", sep=",", file=table)
table.seek(0)

# %% [markdown]
# From rows to one array `[time, channels]` a run (with pandas: `frame.groupby("run")`).

# %%
rows = [line.strip().split(",") for line in table]
runs = sorted({row[0] for row in rows}, key=int)
X = [np.array([row[3:5] for row in rows if row[0] == run], dtype=float) for run in runs]
first = {run: next(row for row in rows if row[0] == run) for run in runs}
y = [first[run][5] for run in runs]
machines = [first[run][1] for run in runs]
print(refrain.data.validate(X, y, groups=machines))

# %% [markdown]
# Runs of one machine resemble each other: with `groups` none of them is split from the others, here
# when part of the data is held out for early stopping.

# %%
clf = refrain.SequenceClassifier(hidden=16, epochs=60, valid_fraction=0.25, random_state=1)
clf.fit(X, y, groups=machines)
print(f"stopped by {clf.stop_reason_} after {clf.n_iter_} epochs, the best was {clf.best_epoch_}")
print("validation accuracy", [round(v, 2) for v in clf.history_["valid_score"]][-5:])

# %% [markdown]
# How good is it, on machines that it has not seen? Folds keep a machine together, the interval counts
# a machine as one, and simple methods on the same folds stand beside.

# %%
fast = refrain.SequenceClassifier(preset="fast", random_state=1)
print(refrain.evaluate(fast, X, y, groups=machines, cv=4, name="runs"))

# %% [markdown]
# Few runs, many variants: in each epoch the network meets other ones. `augment.apply` shows them.

# %%
steps = refrain.augment.jitter(sigma=0.1) | refrain.augment.OneOf("scale", "time_warp", "crop")
varied = refrain.SequenceClassifier(hidden=16, epochs=60, augment=steps, random_state=1).fit(X, y)
more, labels, source = refrain.augment.apply(X, y, steps, copies=2)
print(steps, "makes", len(more), "variants of", len(X), "runs;", f"{varied.score(X, y):.2f}")

# %% [markdown]
# Mistakes need not cost the same. To call a worn machine new costs ten times the reverse:

# %%
careful = refrain.SequenceClassifier(hidden=16, epochs=60, cost="worn>new=10", random_state=1)
careful.fit(X, y)
print((careful.predict(X) == "worn").sum(), "of", len(y), "runs called worn")
