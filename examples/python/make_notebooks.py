"""Makes notebooks/*.ipynb of the scripts beside it (cells begin with "# %%"); the scripts are the source.

usage: python examples/python/make_notebooks.py [--check]
"""

import json
import pathlib
import sys
from typing import Any

HERE = pathlib.Path(__file__).resolve().parent
SCRIPTS = ("series", "text", "sound", "own_data", "grid_search", "compare_pytorch")


def cells_of(script: str) -> list[dict[str, Any]]:
    cells: list[dict[str, Any]] = []
    for block in ("\n" + script).split("\n# %%")[1:]:
        head, _, body = block.partition("\n")
        lines = body.strip("\n").split("\n")
        markdown = "[markdown]" in head
        if markdown:
            lines = [line.removeprefix("#").removeprefix(" ") for line in lines]
        text = [line + "\n" for line in lines]
        text[-1] = text[-1].rstrip("\n")
        cell: dict[str, Any] = {"cell_type": "markdown" if markdown else "code", "id": f"cell-{len(cells)}"}
        cell |= {"metadata": {}, "source": text}
        if not markdown:
            cell |= {"execution_count": None, "outputs": []}
        cells.append(cell)
    return cells


def notebook_of(name: str) -> str:
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    book = {
        "cells": cells_of((HERE / f"{name}.py").read_text(encoding="utf-8")),
        "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(book, indent=1, ensure_ascii=False) + "\n"


def main() -> None:
    check, stale = "--check" in sys.argv, []
    for name in SCRIPTS:
        path, text = HERE / "notebooks" / f"{name}.ipynb", notebook_of(name)
        if check and (not path.exists() or path.read_text(encoding="utf-8") != text):
            stale.append(path.name)
        if not check:
            path.write_text(text, encoding="utf-8")
    if stale:
        sys.exit(f"stale: {', '.join(stale)}; run python examples/python/make_notebooks.py")


if __name__ == "__main__":
    main()
