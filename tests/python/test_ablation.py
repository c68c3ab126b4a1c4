"""bench/ablation and the pairs behind it, with a stand-in for the tool."""

import json
import subprocess
import sys

import pytest
from test_quality import ROOT, STAND_IN, TS, series

from scoring import cuts, paired


def test_the_interval_of_pairs_is_that_of_students_t():
    found = paired.summary([1.0, 2.0, 3.0, -1.0])
    assert (found["sets"], found["mean"], found["better"], found["worse"]) == (4, 1.25, 3, 1)
    half = 3.182 * (0.25**2 / 3 + 0.75**2 / 3 + 1.75**2 / 3 + 2.25**2 / 3) ** 0.5 / 2
    assert found["high"] - found["mean"] == pytest.approx(half) == pytest.approx(found["mean"] - found["low"])
    assert paired.summary([1.0])["low"] is None
    assert paired.half_width([0.0] * 40 + [1.0]) == pytest.approx(2.02 / 41, rel=0.01)


def test_a_change_is_that_of_the_seeds_that_both_have():
    assert paired.change({1: 0.5, 2: 0.6}, {2: 0.7, 3: 0.9}) == pytest.approx(10)
    assert paired.change({1: 0.5}, {2: 0.7}) is None


def test_classes_are_drawn_in_proportion_and_none_is_left_out():
    lines = [b"1,2:a\n"] * 150 + [b"1,2:b\n"] * 48 + [b"1,2:c\n"] * 2
    drawn, others = cuts.draw_in_proportion(lines, 1)
    count = [drawn.count(line) for line in (b"1,2:a\n", b"1,2:b\n", b"1,2:c\n")]
    assert count == [30, 10, 1] and len(drawn) + len(others) == len(lines)
    assert cuts.draw_in_proportion(lines, 1) == (drawn, others)
    many = [b"1:%d\n" % (i % 60) for i in range(600)]
    assert len(cuts.draw_in_proportion(many, 1)[0]) == 120  # two of each of 60 classes: 100 / 60
    assert len(cuts.draw_in_proportion(lines[:30], 1)[0]) == 15


def ablation(folder, *words):
    command = [sys.executable, ROOT / "bench" / "ablation", "--data", folder / "data", "--out", folder / "out",
               "--tool", folder / "tool", *words]
    return subprocess.run([str(w) for w in command], capture_output=True, text=True, check=False)


def test_rows_are_held_against_the_first_and_not_run_again(tmp_path):
    for part, seed in (("TRAIN", 1), ("TEST", 2)):
        path = tmp_path / "data" / "Up" / f"Up_{part}.ts"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(TS.format("Up") + series(120, seed))
    tool = tmp_path / "tool"
    tool.write_text(STAND_IN.format(python=sys.executable))
    tool.chmod(0o755)
    rows = "24 units,lstm"
    done = ablation(tmp_path, "--rows", rows)
    assert done.returncode == 0, done.stderr
    calls = (tmp_path / "calls").read_text().splitlines()
    assert len(calls) == 6 and "--no-baselines" in calls[0]  # three rows, two draws
    assert "Up_TEST" not in "".join(calls)
    table = json.loads((tmp_path / "out" / "network.json").read_text())["table"]
    assert table["24 units"]["mean"] == pytest.approx(-20) and table["lstm"]["mean"] == 0
    assert "| 24 units | `--hidden 24` | -20.0 |" in (tmp_path / "out" / "network.md").read_text()
    assert ablation(tmp_path, "--rows", rows).returncode == 0
    assert len((tmp_path / "calls").read_text().splitlines()) == 6
    assert ablation(tmp_path, "--rows", "nothing").returncode == 2
    assert ablation(tmp_path, "--least", "500").returncode == 2
