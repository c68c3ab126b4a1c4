"""Reports: a run, a model or a training as one page of HTML that stands by itself."""

import html
import os

from . import _core
from ._errors import not_fitted
from ._inputs import read_groups

__all__ = ["Page", "board", "report"]


class Page:
    """A page of HTML; a notebook shows it, :meth:`save` writes it.

    Parameters
    ----------
    text : str
        The whole page.
    """

    def __init__(self, text):
        self.html = text

    def save(self, path):
        """Write the page as a file."""
        with open(os.fspath(path), "w", encoding="utf-8", newline="") as file:
            file.write(self.html)

    def _repr_html_(self):
        # A frame of its own: neither the notebook's style nor its scripts reach the page.
        text = html.escape(self.html, quote=True)
        return (
            f'<iframe srcdoc="{text}" sandbox="allow-scripts" title="report" '
            'style="width:100%;height:40rem;border:0"></iframe>'
        )

    def __repr__(self):
        return f"<refrain report, {len(self.html):,} characters>"


def board(*, data="", store="", language="en"):
    """The board of the experiment store as a page; of one data set where ``data`` names it."""
    return Page(_core.board_page(os.fspath(store), data, language))


def report(subject, X=None, y=None, *, groups=None, store="", language="en"):
    """The report of a fitted estimator, or of a run that the experiment store keeps.

    Parameters
    ----------
    subject : estimator, str or path-like
        A fitted classifier, regressor or tagger; what :func:`evaluate` or ``runs.show`` gave; or the
        first digits of a run's id, or the model file that a run wrote, as ``refrain report`` takes
        them.
    X, y : as in ``estimator.score``; default=None
        Samples that were not trained on. None: the report tells of the training alone.
    groups : array-like of shape (n,), default=None
        What belongs together (patients, machines): an interval counts it as one.
    store : str or path-like, default=""
        The experiment store of a run; "": that of the command-line tool.
    language : {"en", "zh"}, default="en"
        What a run's report shows first; both languages are in the page.

    Returns
    -------
    Page
    """
    if isinstance(subject, (str, os.PathLike)):
        return Page(_core.report_page(os.fspath(subject), os.fspath(store), language))
    if hasattr(subject, "page"):  # what evaluate or runs.show gave
        return subject.page(language)
    if not subject.__sklearn_is_fitted__():
        raise not_fitted(subject)
    about = subject._training_report()
    if X is None:
        return Page(_core.fit_page(about, subject._task, type(subject).__name__))
    samples = subject._samples_to_score(X, y)
    if groups is not None:
        samples.groups = read_groups(len(samples), groups)
    return Page(_core.samples_page(subject._model, samples, about))
