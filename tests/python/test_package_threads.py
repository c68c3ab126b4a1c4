"""Many threads, many fits, forked processes: nothing crashes, waits for ever or leaks."""

import multiprocessing
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

np = pytest.importorskip("numpy")
refrain = pytest.importorskip("refrain", reason="the package is not installed: pip install .")

from package_data import SMALL, matrix  # noqa: E402
from refrain import SequenceClassifier  # noqa: E402

FITS = int(os.environ.get("REFRAIN_FITS", "100"))  # 1000 for the long test


def test_two_hundred_threads_fit_and_predict_at_once():
    X, y = matrix(20)
    options = {**SMALL, "epochs": 2}
    shared = SequenceClassifier(**options).fit(X, y)
    wanted, failures = shared.predict_proba(X), []

    def work(number):
        try:
            if number % 2:
                shared.fit(X, y)
            assert np.array_equal(shared.predict_proba(X), wanted)
            own = SequenceClassifier(**options, seed=number).fit(X, y)
            assert own.predict(X).shape == (20,)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(i,)) for i in range(200)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert not failures and not any(thread.is_alive() for thread in threads)


# In a process of its own: what other tests left in the allocator is no leak.
LEAKS = """
import gc, os, sys
sys.path.insert(0, {folder!r})
from package_data import SMALL, matrix
from refrain import SequenceClassifier

X, y = matrix(20, steps=50)
options = {{**SMALL, "epochs": 1, "hidden": 32}}

def memory():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

def fail(progress):
    raise RuntimeError

def work(times):
    for _ in range(times):
        clf = SequenceClassifier(**options, callbacks=lambda p: False).fit(X, y)
        clf.predict_proba(X)
        clf.model_.activations(X[:2])
        dict(clf.model_.layers)
        try:
            clf.set_params(callbacks=fail).fit(X, y)
        except RuntimeError:
            pass
    gc.collect()

work({fits})
before = memory()
work({fits})
print(memory() - before)
"""


def test_many_fits_leak_nothing():
    script = LEAKS.format(folder=str(Path(__file__).parent), fits=FITS)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    # One model and its report are some 100 kB: a leak of one a fit would show threefold.
    assert int(done.stdout) < FITS * 20_000 + 1_000_000


def _predict(clf, X):
    os._exit(0 if clf.predict(X).shape == (len(X),) else 1)


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_process_can_predict_and_fit():
    X, y = matrix(20)
    clf = SequenceClassifier(**{**SMALL, "threads": 2}).fit(X, y)
    process = multiprocessing.get_context("fork").Process(target=_predict, args=(clf, X))
    process.start()
    process.join(60)
    assert process.exitcode == 0
