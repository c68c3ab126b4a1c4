"""The examples run, as scripts and as notebooks."""

import subprocess
import sys

import pytest

pytest.importorskip("numpy")
pytest.importorskip("refrain", reason="the package is not installed: pip install .")

from package_data import ROOT  # noqa: E402

FOLDER = ROOT / "examples" / "python"
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


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_notebook(name, tmp_path):
    require(name)
    nbformat = pytest.importorskip("nbformat", reason="nbformat is not installed")
    nbclient = pytest.importorskip("nbclient", reason="nbclient is not installed")
    pytest.importorskip("ipykernel", reason="ipykernel is not installed")
    book = nbformat.read(FOLDER / "notebooks" / f"{name}.ipynb", as_version=4)
    folder = {"metadata": {"path": str(tmp_path if name != "text" else FOLDER)}}
    nbclient.NotebookClient(book, timeout=300, resources=folder).execute()


def test_the_notebooks_are_those_of_the_scripts():
    script = FOLDER / "make_notebooks.py"
    done = subprocess.run([sys.executable, str(script), "--check"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
