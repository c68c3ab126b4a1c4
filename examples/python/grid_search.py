# %% [markdown]
# # Search options with scikit-learn
# The estimators are scikit-learn's kind of estimators, with lists of arrays too.

# %%
import numpy as np
from sklearn.model_selection import GridSearchCV, cross_val_score

import refrain

rng = np.random.default_rng(2)
y = np.arange(40) % 2
X = [np.cumsum(rng.normal(0.3 * k, 1, rng.integers(20, 40))) for k in y]

# %%
base = refrain.SequenceClassifier(hidden=8, epochs=20, threads=1, random_state=0)
print("cross-validation:", cross_val_score(base, X, y, cv=4).round(2))

# %%
search = GridSearchCV(base, {"cell": ["gru", "lstm"], "pooling": ["mean", "last"]}, cv=4, n_jobs=2)
search.fit(X, y)
print("best:", search.best_params_, f"{search.best_score_:.3f}")

# %% [markdown]
# `n_jobs` may be a whole cluster: inside `joblib.parallel_backend("dask")` or `"ray"` the same
# search runs there (`cluster_dask.py`).
