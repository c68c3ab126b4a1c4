"""The experiment store: what was trained and scored before, by Python and by the tool.

Every function takes ``store``: a file, or "" for ``$REFRAIN_STORE``, else ``~/.refrain/runs.db``.
"""

import json
import os

from . import _core
from ._evaluate import _score, compare
from ._report import Page
from ._tables import html_table, score_text, text_table

__all__ = ["Board", "Run", "Runs", "board", "compare", "delete", "list", "predictions", "show"]

_list = list


class _Table(_list):
    """A list that prints as a table."""

    _names = ()

    def _rows(self):
        raise NotImplementedError

    def __repr__(self):
        return text_table(self._names, self._rows()) if self else "no runs"

    def _repr_html_(self):
        return html_table(self._names, self._rows()) if self else "no runs"


class Runs(_Table):
    """Runs, newest first: dicts with id, created, data, model, protocol, metric, score, seed."""

    _names = ("id", "created", "data", "model", "metric", "score")

    def _rows(self):
        return [
            [r["id"], r["created"][:16].replace("T", " "), r["data"], r["model"], r["metric"],
             score_text(_score(r["score"]))]
            for r in self
        ]  # fmt: skip


class Board(_Table):
    """One data set's methods, best first: dicts with rank, method, settings, score, seeds, id.

    Attributes
    ----------
    data, protocol, metric : str
    """

    _names = ("rank", "method", "settings", "score")

    def __init__(self, found):
        super().__init__(found["rows"])
        self.data, self.protocol, self.metric = found["data"], found["protocol"], found["metric"]

    def _rows(self):
        return [
            [str(r["rank"]), r["method"], r["settings"], score_text(_score(r["score"]))]
            for r in self
        ]

    def __repr__(self):
        return f"{self.data}: {self.metric}, {self.protocol}\n{super().__repr__()}"


class Run:
    """One run of the store. It prints its scores; :meth:`to_dict` has everything."""

    def __init__(self, found, store):
        self._found, self._store = found, store
        self.id, self.metric = found["id"], found["metric"]
        self.metrics = {name: _score(value) for name, value in found["metrics"].items()}
        self.score = self.metrics.get(self.metric)

    def to_dict(self):
        """As ``refrain runs export`` writes it, without predictions and curve."""
        return dict(self._found)

    def details(self):
        """Scores, simple methods, options and curves as Markdown."""
        return _core.run_markdown(self._store, self.id)

    def page(self, language="en"):
        """The report of the run as a page of HTML."""
        return Page(_core.report_page(self.id, self._store, language))

    def __repr__(self):
        f = self._found
        lines = [f"run {self.id}: {f['model']} on {f['data']}, {f['created'][:16].replace('T', ' ')}"]
        lines += [f"{self.metric}  {score_text(self.score)}", f"protocol: {f['protocol']}"]
        return "\n".join([*lines, "more: .details(), .page(), .to_dict()"])


def _id_of(run, store):
    if run != "last":
        return str(run)
    found = list(limit=1, store=store)
    if not found:
        raise ValueError("the store has no runs yet")
    return found[0]["id"]


def list(data="", model="", limit=0, store=""):
    """Runs of the store, newest first; of one data set or model where it is named.

    Returns
    -------
    Runs : a list of dicts that prints as a table
    """
    return Runs(json.loads(_core.list_runs(os.fspath(store), data, model, limit))["runs"])


def show(id="last", store=""):
    """One run, by the first digits of its id, or the newest.

    Returns
    -------
    Run
    """
    store = os.fspath(store)
    return Run(json.loads(_core.run_json(store, _id_of(id, store), False)), store)


def predictions(id="last", store=""):
    """The predictions of a run: dicts with repeat, fold, id, group, truth, prediction,
    probability."""
    store = os.fspath(store)
    return json.loads(_core.run_json(store, _id_of(id, store), True))["predictions"]


def board(data="", metric="", store=""):
    """The leaderboard of each data set and protocol.

    Returns
    -------
    list of Board
    """
    found = json.loads(_core.list_boards(os.fspath(store), data, metric))
    return [Board(one) for one in found["boards"]]


def delete(ids, store=""):
    """Removes all of these runs, or none where one is not there."""
    ids = [ids] if isinstance(ids, str) else _list(ids)
    _core.delete_runs(os.fspath(store), ids)
