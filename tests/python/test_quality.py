"""bench/quality on a made-up folder: with a stand-in for the tool where only the script is looked at, and once with
the tool itself."""

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOOL = Path(os.environ.get("REFRAIN", ROOT / "build" / "refrain"))
sys.path.insert(0, str(ROOT / "bench"))

from scoring import cuts, published, ranks, results, student  # noqa: E402

STAND_IN = '''#!{python}
import json, pathlib, sys
words = sys.argv[1:]
if words == ["--version"]:
    sys.exit(print("refrain 9.9"))
here = pathlib.Path(__file__).parent
with open(here / "calls", "a") as file:
    print(*words, file=file)
seed, calls = int(words[words.index("--seed") + 1]), (here / "calls").read_text().count("\\n")
if "Broken" in words[1]:
    sys.exit("error: Broken_TRAIN.ts:3: 'x' is not a number\\n  try: mend it")
if (here / "stop_at").exists() and calls >= int((here / "stop_at").read_text()):
    sys.exit(130)
value = 0.5 + seed / 100 + (0.2 if "--hidden" not in words else 0) + (0.02 * seed if "--augment" in words else 0)
score = dict(value=value, low=value - 0.1, high=value + 0.1)
names = ["majority"] if "--no-baselines" in words else ["majority", "minirocket"]
print(json.dumps(dict(score=score, seconds=dict(load=0.1, train=1, evaluate=0.2), n_train=18, n_valid=2, n_test=10,
    metric="accuracy", protocol="test file", leaks="none found", params=5, against_baseline=None, baseline_seconds=dict.fromkeys(names, 0.1),
    baseline_scores={{n: dict(value=0.8, low=0.7, high=0.9) for n in names}})))
'''
TS = "@problemName {0}\n@classLabel true a b\n@data\n"
ROW_KEYS = {"value", "low", "high", "per_seed", "seconds"}


def series(samples, seed):
    rng = random.Random(seed)
    lines = []
    for i in range(samples):
        slope = 0.3 if i % 2 else -0.3
        values = [f"{slope * t + rng.gauss(0, 0.3):.3f}" for t in range(12)]
        lines.append(",".join(values) + (":a" if i % 2 else ":b"))
    return "\n".join(lines) + "\n"


def texts(samples, seed, pattern="{0} {1}\n"):
    rng = random.Random(seed)
    words = [["good", "fine"], ["bad", "poor"]]
    return "".join(
        pattern.format(i % 2, " ".join(rng.choice([*words[i % 2], "film", "plot"]) for _ in range(5)))
        for i in range(samples)
    )


@pytest.fixture
def folder(tmp_path):
    """Two series sets, one of them broken, texts with and without a split, and a folder of something else."""
    for name in ("Broken", "Up"):
        for part, seed in (("TRAIN", 1), ("TEST", 2)):
            path = tmp_path / "data" / name / f"{name}_{part}.ts"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(TS.format(name) + series(20, seed))
    for name, text in (
        ("split/film.train.txt", texts(40, 1)),
        ("split/film.test.txt", texts(20, 2)),
        ("split/film.dev.txt", texts(20, 3)),
        ("whole/all.txt", texts(60, 4)),
        ("pages/words.train", "EU\nsays\n\nUK no\n\n" * 20),
        ("pages/words.test", "EU\nsays\n\nUK no\n\n" * 20),
    ):
        path = tmp_path / "data" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    tool = tmp_path / "tool"
    tool.write_text(STAND_IN.format(python=sys.executable))
    tool.chmod(0o755)
    (tmp_path / "published.tsv").write_text(
        "data\tprotocol\tmethod\tmetric\tvalue\tsource\n# a remark\nUp\ttest file\tBest\taccuracy\t91.5%\tA paper\n"
    )
    return tmp_path


def quality(folder, *words, tool=None, code=0):
    command = [sys.executable, ROOT / "bench" / "quality", "--data", folder / "data", "--out", folder / "out",
               "--published", folder / "published.tsv", "--tool", tool or folder / "tool", *words]
    done = subprocess.run([str(w) for w in command], capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stderr
    return done.stderr


def calls(folder):
    return (folder / "calls").read_text().splitlines()


def read(folder, name):
    return json.loads((folder / "out" / f"{name}.json").read_text())


def test_each_set_has_a_file_of_the_agreed_form(folder):
    quality(folder)
    found = read(folder, "Up")
    assert (found["set"], found["n_train"], found["n_test"], found["metric"]) == ("Up", 20, 10, "accuracy")
    assert list(found["rows"]) == ["refrain", "plain", "majority", "minirocket"]
    assert all(ROW_KEYS <= set(row) for row in found["rows"].values())
    assert found["rows"]["refrain"]["per_seed"] == [pytest.approx(0.71)]
    assert found["rows"]["refrain"]["seconds"] == pytest.approx(1.3)
    assert found["rows"]["plain"]["value"] == pytest.approx(0.51)


def test_a_set_that_fails_is_a_row_with_its_error_and_the_others_go_on(folder):
    quality(folder)
    row = read(folder, "Broken")["rows"]["refrain"]
    assert row["value"] is None and "'x' is not a number" in row["error"]
    assert read(folder, "whole")["rows"]["refrain"]["value"] > 0
    table = (folder / "out" / "table.md").read_text()
    assert "Broken, refrain: error: Broken_TRAIN.ts:3: 'x' is not a number" in table
    assert "pages: left aside: words.train has empty lines" in table


def test_tagged_texts_are_learned_as_such(folder):
    columns = "EU I-ORG\nsays O\n\nUK I-LOC\n\n" * 20
    for name in ("eng.train", "eng.testa", "eng.testb"):
        (folder / "data" / "news").mkdir(exist_ok=True)
        (folder / "data" / "news" / name).write_text(columns)
    for part in ("train", "test"):
        (folder / "data" / "slots" / part).mkdir(parents=True)
        for name, text in (("seq.in", "to Oslo\n"), ("seq.out", "O B-city\n"), ("label", "fly\n")):
            (folder / "data" / "slots" / part / name).write_text(text * 20)
    quality(folder, "--sets", "news,slots")
    news, copied = [call for call in calls(folder) if "eng.train" in call]
    assert "--test" in news and "eng.testb" in news and "eng.testa" in news and "--task tag" in news
    assert "--head softmax" in copied and "--pooling" not in copied
    slots = [call for call in calls(folder) if "slots" in call]
    assert all(f"{folder}/data/slots/train --test {folder}/data/slots/test --task tag" in call for call in slots)
    assert "## Tagged texts" in (folder / "out" / "table.md").read_text()
    quality(folder, "--sets", "slots", "--train-size", "5")
    assert "a tagged text has several" in read(folder, "slots-n5")["rows"]["refrain"]["error"]


def test_what_is_done_is_not_done_again(folder):
    quality(folder, "--sets", "Up", "--seeds", "2")
    before, n = read(folder, "Up"), len(calls(folder))
    quality(folder, "--sets", "Up", "--seeds", "2")
    assert len(calls(folder)) == n == 4
    assert read(folder, "Up") == before
    quality(folder, "--sets", "Up", "--seeds", "3")
    assert len(calls(folder)) == n + 2
    quality(folder, "--sets", "Up", "--seeds", "3-5")
    assert len(calls(folder)) == n + 6
    assert len(read(folder, "Up")["rows"]["refrain"]["per_seed"]) == 5
    quality(folder, "--sets", "Up", "--seeds", "3", "--preset", "fast")  # of the row refrain alone
    assert len(calls(folder)) == n + 6 + 3
    assert all("--preset fast" in call for call in calls(folder)[-3:])


def test_other_data_or_another_version_is_run_again(folder):
    quality(folder, "--sets", "Up")
    (folder / "data" / "Up" / "Up_TEST.ts").write_text(TS.format("Up") + series(20, 5))
    quality(folder, "--sets", "Up")
    assert len(calls(folder)) == 4
    (folder / "tool").write_text((folder / "tool").read_text().replace("refrain 9.9", "refrain 9.10"))
    quality(folder, "--sets", "Up")
    assert len(calls(folder)) == 6


def test_a_stopped_run_loses_one_run_at_most_and_goes_on(folder):
    (folder / "stop_at").write_text("4")
    said = quality(folder, "--sets", "Up,split", "--seeds", "3", code=130)
    assert "goes on from here" in said
    assert read(folder, "Up")["rows"]["refrain"]["per_seed"] == pytest.approx([0.71, 0.72, 0.73])
    assert (folder / "out" / "table.md").exists()
    (folder / "stop_at").unlink()
    quality(folder, "--sets", "Up,split", "--seeds", "3")
    assert len(calls(folder)) == 4 + 9
    assert not list((folder / "out").glob("*.new"))


def test_protocols_follow_from_the_files(folder):
    quality(folder)
    asked = {word: next(c for c in calls(folder) if word in c) for word in ("Up_TRAIN", "film.train", "whole/all")}
    assert "--test" in asked["Up_TRAIN"] and "--valid" not in asked["Up_TRAIN"]
    assert "film.test.txt" in asked["film.train"] and "film.dev.txt" in asked["film.train"]
    assert "--folds 10" in asked["whole/all"]
    plain = [c for c in calls(folder) if "film.train" in c and "--hidden 256" in c]
    assert len(plain) == 1 and "--valid " not in plain[0] and "--no-baselines" in plain[0]
    assert all("--store none" in c and "--json -" in c for c in calls(folder))


def test_draws_of_training_samples_are_those_of_python(folder):
    quality(folder, "--train-size", "10", "--draws", "3", "--sets", "split,whole", "--rows", "refrain")
    assert len(calls(folder)) == 6
    assert len(read(folder, "split-n10")["rows"]["refrain"]["per_seed"]) == 3
    lines = (folder / "data" / "split" / "film.train.txt").read_text().splitlines(keepends=True)
    drawn = (folder / "out" / "cuts" / "split-n10-draw2.txt").read_text()
    assert drawn == "".join(random.Random(1).sample(lines, 10))
    whole = (folder / "data" / "whole" / "all.txt").read_text().splitlines(keepends=True)
    random.Random(7).shuffle(whole)
    assert (folder / "out" / "cuts" / "whole-test.txt").read_text() == "".join(whole[54:])
    quality(folder, "--train-size", "99", "--sets", "split")
    assert "there are 40 training samples" in read(folder, "split-n99")["rows"]["refrain"]["error"]


def test_the_table_shows_ours_baselines_published_ranks_and_times(folder):
    quality(folder, "--sets", "Up,split")
    table = (folder / "out" / "table.md").read_text()
    assert "| Up | 20 | 10 | 71.0 (61.0 to 81.0) | 1.3 | 51.0 (41.0 to 61.0) | 1.3 |" in table
    assert "| set | refrain | plain | majority | minirocket | Best (published) |" in table
    assert "| Up | 71.0 | 51.0 | 80.0 | 80.0 | 91.5 |" in table
    assert "| average rank, 1 sets | 4.00 | 5.00 | 2.50 | 2.50 | 1.00 |" in table


def test_what_a_row_changes_of_another_one_is_in_the_table(folder):
    quality(folder, "--sets", "Up", "--rows", "refrain,plain")
    assert "Points gained" not in (folder / "out" / "table.md").read_text()
    quality(folder, "--sets", "Up,whole", "--seeds", "2", "--rows", "refrain,augmented")
    table = (folder / "out" / "table.md").read_text()
    assert ("- `augmented` - `refrain`: by set (1) +3.00, 1 better and 0 worse; "
            "by pair (2) +3.00 (-9.71 to 15.71), 2 better and 0 worse; "
            "by seed (2) +3.00 (-9.71 to 15.71), 2 better and 0 worse") in table


def test_wrong_names_are_refused(folder):
    assert "no set Down" in quality(folder, "--sets", "Down", code=2)
    assert "empty lines" in quality(folder, "--sets", "pages", code=2)
    assert "--rows" in quality(folder, "--rows", "fancy", code=2)
    (folder / "published.tsv").write_text("data\tvalue\n")
    assert "published.tsv:1: no column 'protocol'" in quality(folder, code=2)


def test_several_seeds_widen_the_interval():
    runs = [{"value": v, "low": v - 0.03, "high": v + 0.03, "seconds": 1} for v in (0.7, 0.8)]
    row = results.joined(runs)
    assert row["value"] == pytest.approx(0.75)
    half = 12.706 * 0.0707107 / 2**0.5  # Student, one degree of freedom
    assert row["low"] == pytest.approx(max(0, 0.75 - (0.03**2 + half**2) ** 0.5), abs=1e-4)
    assert results.joined(runs[:1])["low"] == pytest.approx(0.67)
    assert student.t975(30) == pytest.approx(2.0423, abs=1e-3)


def test_ranks_share_ties():
    assert ranks.ranks([0.9, 0.5, 0.9, 0.7]) == [1.5, 4, 1.5, 3]
    columns = {"a": {"x": 1, "y": 2}, "b": {"x": 0, "y": 3, "z": 1}}
    assert ranks.average_ranks(columns, ["x", "y", "z"]) == {"a": 1.5, "b": 1.5}
    assert ranks.mean(columns["a"], ["x", "z"]) is None


def test_records_of_a_csv_keep_their_header_and_line_breaks(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('label,review\n1,"two\nlines"\n0,plain\n')
    header, samples = cuts.read(path)
    assert header == b"label,review\n" and samples == [b'1,"two\nlines"\n', b"0,plain\n"]


def test_the_published_table_that_comes_along_can_be_read():
    rows = published.read(ROOT / "bench" / "published.tsv")
    assert rows.of(["GunPoint"], "test file", "accuracy")["MiniRocket"] == pytest.approx(0.993)
    assert all(row["source"] for row in rows)
    column = {row["data"]: row["value"] for row in rows if row["method"] == "MiniRocket"}
    assert ranks.mean(column, ranks.SMALLEST_16) == pytest.approx(0.943, abs=5e-4)
    assert ranks.mean(column, ranks.CLEAN_22) == pytest.approx(0.936, abs=5e-4)


@pytest.mark.skipif(not TOOL.exists(), reason=f"{TOOL} is not built; REFRAIN names another one")
def test_with_the_tool_itself(folder):
    quality(folder, "--sets", "Up,whole", "--rows", "plain", "--single", "cut", tool=TOOL)
    for name, n_test in (("Up", 20), ("whole", 6)):
        found = read(folder, name)
        assert found["n_test"] == n_test
        assert all(row["low"] <= row["value"] <= row["high"] for row in found["rows"].values())
    assert {"plain", "minirocket", "nn_dtw"} <= set(read(folder, "Up")["rows"])
    assert "tfidf_logistic" in read(folder, "whole")["rows"]
