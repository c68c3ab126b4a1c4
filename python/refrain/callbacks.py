"""Callbacks: called after each epoch with a dict; one that returns True ends the training there.

The dict holds epoch, epochs (of all networks together), loss and, with a validation part
(``valid_fraction``), valid_score and valid_loss. An exception ends the training and leaves the
estimator as it was.
"""

import time


class StopAfter:
    """Ends the training after some seconds; the model so far is kept.

    Parameters
    ----------
    seconds : float
    """

    def __init__(self, seconds):
        self.seconds = seconds
        self._end = None

    def __call__(self, progress):
        if progress["epoch"] == 1 or self._end is None:
            self._end = time.monotonic() + self.seconds
        return time.monotonic() >= self._end


class OptunaPruning:
    """Reports each epoch to an Optuna trial and gives up hopeless ones.

    Parameters
    ----------
    trial : optuna.trial.Trial
    monitor : str, default="valid_loss"
        Entry of the progress: "valid_loss", "valid_score" or "loss". Set the study's direction to
        fit it; what starts with "valid" needs a validation part, for example valid_fraction=0.2.
    """

    def __init__(self, trial, monitor="valid_loss"):
        self.trial, self.monitor = trial, monitor

    def __call__(self, progress):
        import optuna

        if self.monitor not in progress:
            raise ValueError(
                f"there is no {self.monitor!r} in the progress, only {sorted(progress)}; "
                "a validation part comes with valid_fraction=0.2"
            )
        self.trial.report(progress[self.monitor], progress["epoch"])
        if self.trial.should_prune():
            raise optuna.TrialPruned(f"pruned at epoch {progress['epoch']}")
