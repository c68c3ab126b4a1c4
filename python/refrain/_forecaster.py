"""The estimator that continues series in time."""

import contextlib
import csv
import json
import os
import tempfile

import numpy as np

from . import _core
from ._configured import Configured
from ._errors import not_fitted
from ._explanation import Explanation
from ._frames import is_frame
from ._language import Score
from ._options import constructor, declared_of_forecast, extra, parameter_section
from ._params import params_of, params_text

_OF_FILES = ("format", "id", "time_column", "target", "encoding", "decimal", "missing_values")


def _text_of(value):
    """A cell as the core reads it; missing values are empty."""
    if value is None or value != value:
        return ""
    if isinstance(value, (float, np.floating)):
        return repr(float(value))
    return str(value)


def _write(path, rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)


def _is_columns(X):
    """Whether X holds a row a step: a data frame, or a dict of its columns."""
    return is_frame(X) or (isinstance(X, dict) and {"ds", "y"} <= set(X))


def _frame_rows(X):
    wanted = list(X) if isinstance(X, dict) else list(X.columns)
    names = [str(name) for name in wanted]
    columns = [X[name] for name in wanted]
    columns = [c.to_list() if hasattr(c, "to_list") else list(c) for c in columns]
    yield names
    for row in zip(*columns):
        yield [_text_of(value) for value in row]


def _named_series(X):
    """(id, values) of each series."""
    if isinstance(X, dict):
        items = list(X.items())
    elif isinstance(X, np.ndarray) and X.ndim == 1 and X.dtype != object:
        items = [("1", X)]
    else:
        items = [(str(i + 1), values) for i, values in enumerate(X)]
        if items and all(np.ndim(values) == 0 for _, values in items):
            items = [("1", X)]
    if not items:
        raise ValueError("X is empty: there is no series to continue")
    out = []
    for name, values in items:
        values = np.asarray(values, dtype=float)
        if values.ndim != 1:
            raise ValueError(
                f"series {name!r} has {values.ndim} dimensions; give a list of numbers a series, or "
                "a data frame with the columns unique_id, ds and y"
            )
        out.append((str(name), values))
    return out


@contextlib.contextmanager
def _file_of(X):
    """(path, options of reading) of what the core reads."""
    if isinstance(X, (str, os.PathLike)):
        yield os.fspath(X), {}
        return
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "X.csv")
        if _is_columns(X):
            _write(path, _frame_rows(X))
            yield path, {}
        else:
            rows = [[name, *("NaN" if v != v else repr(float(v)) for v in values)]
                    for name, values in _named_series(X)]  # fmt: skip
            _write(path, rows)
            yield path, {"format": "rows"}


_DOC = """Continues series of numbers in time, with quantiles.

{parameters}

    Attributes
    ----------
    horizon_ : int
        Steps that are forecast.
    quantiles_ : list of float
        Levels of the quantiles, ascending.
    seasons_ : list of int
    weights_ : dict
        What the networks and each simple method weigh in the mean.
    n_parameters_ : int
    remarks_ : list of str

    Examples
    --------
    >>> import numpy as np
    >>> import refrain
    >>> months = np.arange(60)
    >>> sales = 20 + 0.1 * months + 5 * np.sin(months * np.pi / 6)
    >>> model = refrain.Forecaster(horizon=6, season="12", preset="fast").fit(sales)
    >>> model.predict().shape
    (1, 6)
    """


class Forecaster(Configured):
    _score_name = "error"
    __init__ = constructor([o["name"] for o in declared_of_forecast()] + [e[0] for e in extra("")])

    @classmethod
    def _declared(cls):
        return declared_of_forecast()

    @classmethod
    def _get_param_names(cls):
        return sorted([o["name"] for o in cls._declared()] + [entry[0] for entry in extra("")])

    @staticmethod
    def _core_from_bytes(state, name):
        return _core.Forecaster.from_bytes(state, name)

    def _options(self, more):
        return {**self._given(), **more, "task": "forecast"}

    def fit(self, X, y=None, *, horizon=None):
        """Learn to continue series; all their values are trained on.

        Parameters
        ----------
        X : path, data frame, dict, array or list of arrays
            A file as ``refrain train --task forecast`` reads it; a frame of pandas or polars with
            a value a row (columns unique_id, ds, y and covariates) or a series a column beside
            one of times; or the values of one or of several series, shape (n_steps,) each, NaN is
            missing.
        y : None
            Not used.
        horizon : int, default=None
            In place of the constructor's.

        Returns
        -------
        self
        """
        if horizon is not None:
            self.horizon = horizon
        with _file_of(X) as (path, how):
            given = self._options(how)
            model, remarks = self._watched(
                lambda follow, note: (_core.fit_forecaster(path, given, follow, note),)
            )
        model.keep_given(params_text(self))
        self._model = model
        self._X = X
        about = json.loads(model.describe())
        self.horizon_ = about["horizon"]
        self.quantiles_ = list(model.quantiles)
        self.seasons_ = about["seasons"]
        self.weights_ = about["weights"]
        self.n_parameters_ = about["parameters"]
        self.remarks_ = []
        self._remark(remarks)
        return self

    def _require_fitted(self):
        if "_model" not in self.__dict__:
            raise not_fitted(self)

    def _continued(self, X):
        self._require_fitted()
        if X is None and self._X is None:
            raise ValueError("this forecaster was loaded: give the series to continue")
        X = self._X if X is None else X
        with _file_of(X) as (path, how):
            reading = {**self._reading(), **how}
            return X, self._model.predict(path, reading, lambda text, warning: None)

    def predict(self, X=None):
        """The next ``horizon_`` values of each series.

        Parameters
        ----------
        X : as in ``fit``, default=None
            Series to continue, also such as were not there in training; None: those of ``fit``.

        Returns
        -------
        ndarray of shape (n_series, horizon_), or for a data frame or a file a frame of pandas (or
        the library of X) with the columns unique_id, ds, prediction and one a quantile; a dict of
        lists where pandas is not there.
        """
        X, (ids, times, point, quantiles) = self._continued(X)
        if not is_frame(X) and not isinstance(X, (str, os.PathLike)):
            return point.reshape(-1, self.horizon_)
        columns = {"unique_id": ids, "ds": times, "prediction": point}
        for k, level in enumerate(self.quantiles_):
            columns[f"q{level:g}"] = quantiles[:, k]
        if is_frame(X) and type(X).__module__.startswith("polars"):
            import polars

            return polars.DataFrame(columns)
        try:
            import pandas
        except ImportError:
            return {name: list(values) for name, values in columns.items()}
        return pandas.DataFrame(columns)

    def predict_quantiles(self, X=None):
        """Quantiles of the next values, shape (n_series, horizon_, len(quantiles_))."""
        _, (_, _, _, quantiles) = self._continued(X)
        return quantiles.reshape(-1, self.horizon_, len(self.quantiles_))

    def explain(self, X=None, *, method="", step=0, segments=-1, draws=0, seed=1, checks=True):
        """Which past steps and covariates move the forecasts.

        Parameters
        ----------
        X : as in ``predict``
        method : str, default=""
            occlusion (which "" is), shapley or rescaled.
        step : int, default=0
            Of the forecast, from 1; 0 = the mean of its steps.
        segments, draws, seed, checks : as in :meth:`refrain.Model.explain`

        Returns
        -------
        Explanation
            One for each series; ``times`` has the steps.
        """
        self._require_fitted()
        if X is None and self._X is None:
            raise ValueError("this forecaster was loaded: give the series to explain")
        with _file_of(self._X if X is None else X) as (path, how):
            return Explanation(
                self._model.explain(
                    path, {**self._reading(), **how}, method, step, segments, draws, seed, checks
                )
            )

    def _reading(self):
        """Options of how files are read."""
        given = self._given()
        return {name: given[name] for name in (*_OF_FILES, "threads") if name in given}

    def cross_validate(self, X, *, origins=1):
        """Scores at the ends of the series, from several origins, by a training that saw nothing
        of them.

        Returns
        -------
        dict : ``{"metrics": {name: Score}, "baselines": {name: Score}}``, ``mase`` first.
        """
        with _file_of(X) as (path, how):
            given = self._options({**how, "origins": str(origins)})
            report, _ = self._watched(
                lambda follow, note: (_core.score_forecaster(path, given, follow, note),)
            )
        report = json.loads(report)
        return {
            "metrics": {name: Score(**s) for name, s in report["metrics"].items()},
            "baselines": {name: Score(**s) for name, s in report["baseline_scores"].items()},
        }

    def score(self, X, y=None):
        """The negative ``mase`` of ``cross_validate(X)``: larger is better."""
        return -self.cross_validate(X)["metrics"]["mase"].value

    def save(self, path):
        """Writes the file that ``Forecaster.load`` and ``refrain predict`` read."""
        self._require_fitted()
        self._model.save(os.fspath(path))

    @classmethod
    def load(cls, path):
        """A forecaster of a file; it continues series that are given to ``predict``."""
        with open(path, "rb") as file:
            state = file.read()
        model = cls._core_from_bytes(state, os.fspath(path))
        about = json.loads(model.describe())
        out = cls(**params_of(about["given"], cls._get_param_names()))
        out._model = model
        out._X = None
        out.horizon_, out.quantiles_ = about["horizon"], list(out._model.quantiles)
        out.seasons_, out.weights_ = about["seasons"], about["weights"]
        out.n_parameters_, out.remarks_ = about["parameters"], []
        return out


Forecaster.__doc__ = _DOC.format(
    parameters=parameter_section(declared_of_forecast(), extra("")).lstrip()
)
