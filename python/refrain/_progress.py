"""A progress bar: tqdm's where it is installed, else one line on standard error."""

import sys
import time


_ENDLESS = 1_000_000  # epochs of a training that the time ends


def _in_notebook():
    shell = sys.modules.get("IPython")
    shell = shell.get_ipython() if shell is not None else None
    return shell is not None and hasattr(shell, "kernel")


def _looked_at():
    workers = sys.modules.get("multiprocessing")  # a worker process has loaded it
    if workers is not None and workers.parent_process() is not None:
        return False
    return _in_notebook() or (hasattr(sys.stderr, "isatty") and sys.stderr.isatty())


class _Line:
    """Where there is no tqdm."""

    def __init__(self, total, desc):
        self.total, self.desc, self.n = total, desc, 0

    def set_postfix_str(self, text, refresh):
        share = self.n / max(1, self.total) if self.total else 0
        bar = ("=" * int(24 * share)).ljust(24)
        of = f"{self.n}/{self.total}" if self.total else f"{self.n}"
        end = "" if sys.stderr.isatty() else "\n"
        start = "\r" if sys.stderr.isatty() else ""
        sys.stderr.write(f"{start}{self.desc} [{bar}] {of} {text}{end}")
        sys.stderr.flush()

    def close(self):
        if sys.stderr.isatty():
            sys.stderr.write("\r\x1b[K")


class Bar:
    """Follows a training; ``verbose`` as the estimators have it."""

    def __init__(self, verbose, title, score="accuracy"):
        self._wanted = _looked_at() if verbose is None else bool(verbose)
        self._patience = 2.0 if verbose is None else 0.0
        self._title, self._bar, self._start = title, None, time.monotonic()
        self._score = score

    def __call__(self, progress):
        if not self._wanted or time.monotonic() - self._start < self._patience:
            return
        if self._bar is None:
            total = progress["epochs"]
            self._bar = self._make(total if total < _ENDLESS else None)
        text = f"loss {progress['loss']:.4f}"
        if "valid_score" in progress:
            text += f"  valid {self._score} {progress['valid_score']:.3f}"
        self._bar.n = progress["epoch"]
        self._bar.set_postfix_str(text, refresh=True)

    def _make(self, total):
        try:
            if _in_notebook():
                from tqdm.auto import tqdm
            else:
                from tqdm import tqdm
        except ImportError:
            return _Line(total, self._title)
        return tqdm(total=total, desc=self._title, unit="epoch", leave=False)

    def close(self):
        if self._bar is not None:
            self._bar.close()
