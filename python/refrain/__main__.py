"""The command-line tool: the command ``refrain`` of the package, and ``python -m refrain``."""

import os
import signal
import sys

from . import _core


def main(words=None):
    """Runs the tool with these words (None: those of the command line); returns its exit code."""
    words = sys.argv[1:] if words is None else list(words)
    for name in ("SIGINT", "SIGPIPE"):  # the tool has its own ways, as without Python
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_DFL)
    return _core.tool([os.fsencode(word) for word in ["refrain", *words]])


if __name__ == "__main__":
    sys.exit(main())
