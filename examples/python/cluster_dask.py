# %% [markdown]
# # A search on a cluster
# Dask's workers - here two processes on this machine - take what `n_jobs` would; Ray goes the same
# way (`from ray.util.joblib import register_ray; register_ray()` and `parallel_backend("ray")`).

# %%
import joblib
import numpy as np
from distributed import Client, LocalCluster
from sklearn.model_selection import GridSearchCV

import refrain


def main() -> None:
    rng = np.random.default_rng(4)
    y = np.arange(40) % 2
    X = [np.cumsum(rng.normal(0.3 * k, 1, rng.integers(20, 40))) for k in y]
    # One thread a model: the workers are the parallel part.
    base = refrain.SequenceClassifier(hidden=8, epochs=20, threads=1, random_state=0)
    search = GridSearchCV(base, {"cell": ["gru", "lstm"], "lr": [0.01, 0.003]}, cv=4)
    with LocalCluster(n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None) as c:
        with Client(c), joblib.parallel_backend("dask"):
            search.fit(X, y)
    print("best:", search.best_params_, f"{search.best_score_:.3f}")


if __name__ == "__main__":
    main()
