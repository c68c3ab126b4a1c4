# %% [markdown]
# # Options found by Optuna, hopeless trials given up early

# %%
import numpy as np
import optuna

import refrain

rng = np.random.default_rng(5)
y = np.arange(60) % 2
X = [np.cumsum(rng.normal(0.3 * k, 1, rng.integers(20, 40))) for k in y]


# %%
def objective(trial: optuna.Trial) -> float:
    clf = refrain.SequenceClassifier(
        hidden=trial.suggest_int("hidden", 4, 32, log=True),
        lr=trial.suggest_float("lr", 1e-4, 3e-2, log=True),
        dropout=trial.suggest_float("dropout", 0, 0.5),
        epochs=30,
        valid_fraction=0.3,
        random_state=0,
        callbacks=refrain.callbacks.OptunaPruning(trial),
    )
    clf.fit(X, y)
    return float(min(clf.history_["valid_loss"]))


optuna.logging.set_verbosity(optuna.logging.WARNING)
study = optuna.create_study(
    sampler=optuna.samplers.TPESampler(seed=0), pruner=optuna.pruners.MedianPruner(n_startup_trials=3)
)
study.optimize(objective, n_trials=12)
pruned = sum(trial.state.name == "PRUNED" for trial in study.trials)
print("best:", study.best_params, f"{study.best_value:.3f}; {pruned} of 12 trials pruned")
