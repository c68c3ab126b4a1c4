"""One bar for one training: it is drawn in place and ends as one line.

A terminal and a notebook see the bar; a log, with ``verbose=True``, gets at most twenty lines.
"""

import sys
import time

_ENDLESS = 1_000_000  # epochs of a training that the time ends
_WIDTH = 24
_LINES = 20  # in a log, however many epochs there are
_PAUSE = 0.1  # seconds between two drawings


def _in_notebook():
    shell = sys.modules.get("IPython")
    shell = shell.get_ipython() if shell is not None else None
    return shell is not None and hasattr(shell, "kernel")


def _in_worker():
    workers = sys.modules.get("multiprocessing")  # a worker process has loaded it
    return workers is not None and workers.parent_process() is not None


def _on_terminal():
    return hasattr(sys.stderr, "isatty") and sys.stderr.isatty()


def _looked_at():
    return not _in_worker() and (_in_notebook() or _on_terminal())


class _Terminal:
    def draw(self, text, done):
        sys.stderr.write(f"\r\x1b[K{text}")
        sys.stderr.flush()

    def end(self, text):
        sys.stderr.write(f"\r\x1b[K{text}\n")
        sys.stderr.flush()


class _Notebook:
    """One output that is replaced, so that the saved notebook has the last line alone."""

    def __init__(self):
        self._handle = None

    def draw(self, text, done):
        from IPython.display import display

        shown = {"text/plain": text}
        if self._handle is None:
            self._handle = display(shown, raw=True, display_id=True)
        else:
            self._handle.update(shown, raw=True)

    def end(self, text):
        self.draw(text, 1.0)


class _Log:
    """Where nobody looks on: a line a twentieth of the way."""

    def __init__(self):
        self._next = 0.0

    def draw(self, text, done):
        if done < self._next:
            return
        self._next = done + 1.0 / (_LINES - 1)
        sys.stderr.write(text + "\n")
        sys.stderr.flush()

    def end(self, text):
        sys.stderr.write(text + "\n")
        sys.stderr.flush()


def _seconds(value):
    if value < 60:
        return f"{value:.1f} s"
    return f"{int(value) // 60} min {int(value) % 60} s"


class Bar:
    """Follows a training; ``verbose`` as the estimators have it."""

    def __init__(self, verbose, title, score="accuracy"):
        self._wanted = _looked_at() if verbose is None else bool(verbose)
        self._patience = 2.0 if verbose is None else 0.0
        self._title, self._score = title, score
        self._start, self._drawn = time.monotonic(), -_PAUSE
        self._place, self._last = None, None

    def __call__(self, progress):
        now = time.monotonic() - self._start
        if not self._wanted or now < self._patience:
            return
        self._last = dict(progress)
        if self._place is None:
            self._place = self._choose()
        if isinstance(self._place, _Log) or now - self._drawn >= _PAUSE:
            self._drawn = now
            self._place.draw(self._line(), self._share())

    @staticmethod
    def _choose():
        if _in_worker():
            return _Log()
        return _Notebook() if _in_notebook() else _Terminal() if _on_terminal() else _Log()

    def _share(self):
        total = self._last["epochs"]
        return min(1.0, self._last["epoch"] / total) if 0 < total < _ENDLESS else 0.0

    def _numbers(self):
        text = f"loss {self._last['loss']:.4f}"
        if "valid_score" in self._last:
            text += f", validation {self._score} {self._last['valid_score']:.3f}"
        return text

    def _line(self):
        epoch, total = self._last["epoch"], self._last["epochs"]
        of = f"/{total}" if total < _ENDLESS else ""
        bar = ("=" * int(_WIDTH * self._share())).ljust(_WIDTH)
        bar = "" if isinstance(self._place, _Log) else f" [{bar}]"
        return f"{self._title}{bar} epoch {epoch}{of}, {self._numbers()}"

    def close(self):
        """The line that stays."""
        if self._last is None:
            return
        seconds = _seconds(time.monotonic() - self._start)
        epochs = self._last["epoch"]
        word = "epoch" if epochs == 1 else "epochs"
        self._place.end(f"{self._title}: {epochs} {word} in {seconds}, {self._numbers()}")
        self._last = None
