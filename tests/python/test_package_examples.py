"""The examples run, as scripts and as notebooks."""

import os
import shutil
import subprocess
import sys

import pytest

pytest.importorskip("numpy")
pytest.importorskip("refrain", reason="the package is not installed: pip install .")

from package_data import ROOT  # noqa: E402

FOLDER = ROOT / "examples" / "python"
LARGEST = 50_000  # bytes of a notebook with its outputs
NEEDS = {
    "grid_search": ["sklearn"],
    "compare_pytorch": ["torch"],
    "cluster_dask": ["sklearn", "distributed"],
    "tune_optuna": ["optuna"],
}
SCRIPTS = sorted(p.stem for p in FOLDER.glob("*.py") if p.stem != "make_notebooks")
NOTEBOOKS = sorted(p.stem for p in (FOLDER / "notebooks").glob("*.ipynb"))


def require(name):
    for module in NEEDS.get(name, []):
        pytest.importorskip(module, reason=f"{module} is not installed")


@pytest.mark.parametrize("name", SCRIPTS)
def test_script(name, tmp_path):
    require(name)
    done = subprocess.run(
        [sys.executable, str(FOLDER / f"{name}.py")],
        cwd=tmp_path, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout


@pytest.mark.skipif("REFRAIN_NOTEBOOKS" not in os.environ, reason="the full tests run the notebooks")
@pytest.mark.parametrize("name", NOTEBOOKS)
def test_notebook(name):
    require(name)
    for module in ("nbconvert", "ipykernel"):
        pytest.importorskip(module, reason=f"{module} is not installed")
    folder = ROOT / "build" / "notebooks"  # inside of the project: one notebook looks for its files
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.ipynb"
    shutil.copyfile(FOLDER / "notebooks" / path.name, path)
    command = [sys.executable, "-m", "nbconvert", "--to", "notebook", "--execute", "--inplace", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert path.stat().st_size < LARGEST, f"{name} has {path.stat().st_size} bytes with its outputs"


def test_the_notebooks_are_those_of_the_scripts():
    script = FOLDER / "make_notebooks.py"
    done = subprocess.run([sys.executable, str(script), "--check"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
