"""The checks of the documents (tests/docs), and the blocks of Python on their pages."""

import os
import pathlib
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/docs"))

import pages  # noqa: E402
import run  # noqa: E402

TOOL = pathlib.Path(os.environ.get("REFRAIN_TOOL", ROOT / "build/refrain"))
MAKER = ROOT / "build/examples/make_bearing"


def test_a_mark_belongs_to_the_block_behind_it_and_the_text_behind_that_is_its_output():
    first, second, third = pages.blocks(
        "<!-- run -->\n\n    refrain list cells\n\n```\ngru\n```\n\n```python\nx = 1\n```\n\n"
        "<!-- not run: needs an hour -->\n\n    refrain train x.csv\n")
    assert (first.kind, first.run, first.shown) == ("shell", True, (5, 6))
    assert (second.kind, second.run, second.reason) == ("python", False, None)
    assert (third.run, third.reason) == (False, "needs an hour")


def test_blocks_that_are_no_commands_need_no_mark():
    assert [b.kind for b in pages.blocks("    θ = 1\n\n```json\n{}\n```\n\n```\na picture\n```\n")] == [
        "text", "data", "text"]


@pytest.mark.parametrize("shown, seen, same", [
    ("accuracy 0.938 (0.639 to 0.992)", "accuracy 0.941 (0.650 to 0.990)", True),
    ("accuracy 0.938", "accuracy 0.838", False),
    ("accuracy 0.938", "f1 0.938", False),
    ("ball 16 4", "ball 14 6", True),
    ("ball 16 4", "ball 6 14", False),
    ("9.9 s train", "120.3 s train", True),
    ("run: cad39f5ecb", "run: 0123456789", True),
])
def test_outputs_are_compared_by_words_and_roughly_by_numbers(shown, seen, same):
    assert (run.differs(shown, seen) is None) == same


def test_only_the_last_command_of_a_block_prints():
    block = pages.blocks("    echo one  # said\n    echo two \\\n        three\n")[0]
    done = subprocess.run(["bash", "-c", run.script(block)], stdout=subprocess.PIPE, text=True, check=True)
    assert done.stdout == "two three\n"


def test_the_blocks_of_python_do_what_the_pages_say():
    if not (TOOL.exists() and MAKER.exists()):
        pytest.skip(f"{TOOL} and {MAKER} are not built")
    done = subprocess.run([sys.executable, ROOT / "tests/docs/run.py", TOOL, MAKER, "--python", sys.executable,
                           "--with-python"], stdout=subprocess.PIPE, text=True)
    assert done.returncode == 0, done.stdout
