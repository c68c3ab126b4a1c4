"""joblib, Dask and Optuna: a search over estimators on engines that exist."""

import pytest

np = pytest.importorskip("numpy")
refrain = pytest.importorskip("refrain", reason="the package is not installed: pip install .")

from package_data import SMALL, ragged  # noqa: E402
from refrain import SequenceClassifier  # noqa: E402
from refrain.callbacks import OptunaPruning  # noqa: E402


def search():
    pytest.importorskip("sklearn", reason="scikit-learn is not installed")
    from sklearn.model_selection import GridSearchCV

    return GridSearchCV(SequenceClassifier(**SMALL), {"cell": ["gru", "rnn"]}, cv=3)


def test_joblib_processes_find_the_same(tmp_path):
    X, y = ragged(24)
    alone = search().fit(X, y)
    spread = search().set_params(n_jobs=2).fit(X, y)
    for name in ("mean_test_score", "split0_test_score"):
        assert np.array_equal(alone.cv_results_[name], spread.cv_results_[name])


def test_a_dask_cluster_of_two_processes_finds_the_same():
    distributed = pytest.importorskip("distributed", reason="dask.distributed is not installed")
    joblib = pytest.importorskip("joblib")
    X, y = ragged(24)
    alone = search().fit(X, y)
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address=None
    ) as cluster, distributed.Client(cluster):  # fmt: skip
        with joblib.parallel_backend("dask"):
            spread = search().set_params(n_jobs=2).fit(X, y)
    assert np.array_equal(
        alone.cv_results_["mean_test_score"], spread.cv_results_["mean_test_score"]
    )
    assert spread.best_estimator_.predict(X[:3]).shape == (3,)


def test_ray_finds_the_same():
    ray = pytest.importorskip("ray", reason="ray is not installed")
    joblib = pytest.importorskip("joblib")
    from ray.util.joblib import register_ray

    X, y = ragged(24)
    alone = search().fit(X, y)
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
    try:
        register_ray()
        with joblib.parallel_backend("ray"):
            spread = search().set_params(n_jobs=2).fit(X, y)
    finally:
        ray.shutdown()
    assert np.array_equal(
        alone.cv_results_["mean_test_score"], spread.cv_results_["mean_test_score"]
    )


def test_optuna_prunes_hopeless_trials():
    optuna = pytest.importorskip("optuna", reason="optuna is not installed")
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    X, y = ragged(40)

    def objective(trial):
        lr = trial.suggest_float("lr", 1e-6, 1e-1, log=True)
        clf = SequenceClassifier(
            **{**SMALL, "lr": lr}, valid_fraction=0.3, callbacks=OptunaPruning(trial)
        )
        clf.fit(X, y)
        return min(clf.history_["valid_loss"])

    study = optuna.create_study(
        sampler=optuna.samplers.RandomSampler(seed=0),
        pruner=optuna.pruners.MedianPruner(n_startup_trials=2, n_warmup_steps=1),
    )
    study.optimize(objective, n_trials=8)
    states = [trial.state.name for trial in study.trials]
    assert "PRUNED" in states and "COMPLETE" in states
    with pytest.raises(ValueError, match="there is no 'valid_loss'"):
        callback = OptunaPruning(study.ask())
        SequenceClassifier(**SMALL, valid_fraction=0, callbacks=callback).fit(X, y)
