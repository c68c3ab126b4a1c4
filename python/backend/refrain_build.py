"""The build backend of ``pip install .``: scikit-build-core, with a first line about how long the
build takes and lines about how far it is. pip keeps what a backend prints to itself (but for
``pip install -v .``), so these lines go to the terminal, where there is one.
"""

import contextlib
import os
import pathlib
import re
import threading
import time

from scikit_build_core import build as _backend
from scikit_build_core.build import *  # noqa: F403

_PROCESSOR_MINUTES = 7  # of the whole core, g++ 12 without ccache
_STEP = 0.1  # of the files, from one line to the next


def _cores():
    with contextlib.suppress(AttributeError):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _terminal():
    """The terminal, or None."""
    with contextlib.suppress(OSError):
        return open("/dev/tty", "w", encoding="utf-8")
    return None


def _first_line():
    cores = _cores()
    minutes = max(1, round(_PROCESSOR_MINUTES / cores))
    word = "core" if cores == 1 else "cores"
    return (
        f"refrain: compiling the C++ core takes about {minutes} min on {cores} idle {word}, longer "
        "where they are busy; what was compiled stays in build-pip/ and is not compiled again"
    )


class _Progress:
    """Counts the object files of the build folder while Ninja makes them."""

    def __init__(self, say, folder):
        self._say, self._folder = say, folder
        self._start, self._told = time.monotonic(), 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *error):
        self._over.set()
        self._thread.join()

    def _run(self):
        while not self._over.wait(2.0):
            with contextlib.suppress(OSError):
                self._look()

    def _look(self):
        plans = sorted(self._folder(), key=lambda path: path.stat().st_mtime)
        if not plans:
            return
        plan = plans[-1]
        objects = re.findall(r"^build (\S+\.o):", plan.read_text(encoding="utf-8"), re.MULTILINE)
        done = sum((plan.parent / name).exists() for name in objects)
        share = done / max(1, len(objects))
        if share < self._told + _STEP or done == len(objects):
            return
        self._told = share
        seconds = round(time.monotonic() - self._start)
        self._say(f"refrain: {done} of {len(objects)} files compiled after {seconds} s")


def _plans(config_settings):
    """Finds the build folder's plan."""
    given = (config_settings or {}).get("build-dir")
    if given:
        return lambda: [path for path in [pathlib.Path(given) / "build.ninja"] if path.exists()]
    return lambda: list(pathlib.Path("build-pip").glob("build.ninja"))


@contextlib.contextmanager
def _told(config_settings):
    print(_first_line(), flush=True)
    terminal = _terminal()
    if terminal is None:
        yield
        return

    def say(text):
        terminal.write(f"\n{text}")
        terminal.flush()

    with terminal:
        say(_first_line())
        with _Progress(say, _plans(config_settings)):
            yield
        say("")


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    with _told(config_settings):
        return _backend.build_wheel(wheel_directory, config_settings, metadata_directory)


def build_editable(wheel_directory, config_settings=None, metadata_directory=None):
    with _told(config_settings):
        return _backend.build_editable(wheel_directory, config_settings, metadata_directory)
