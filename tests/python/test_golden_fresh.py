"""The stored golden numbers are those that their script makes today."""

import importlib.util
import json
from pathlib import Path

import pytest

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
NEEDS = {
    "recurrent": "torch",
    "operations": "torch",
    "optimisers": "torch",
    "metrics": "sklearn",
    "scores": "sklearn",
    "regression_scores": "sklearn",
    "reply_scores": "sacrebleu jiwer",
    "tests": "scipy",
    "sound": "numpy",
}
# Made by make_encoders.py with the package transformers, which these tests do without.
OTHERS = {"encoders"}
SCRIPTS = ["make_golden", "make_scores", "make_regression_scores", "make_reply_scores", "make_sound"]


def load_generator(script):
    spec = importlib.util.spec_from_file_location(script, GOLDEN / f"{script}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def children(value):
    return value.items() if isinstance(value, dict) else enumerate(value)


def differences(stored, fresh, where=""):
    """A sentence for each place where two JSON values differ by more than 1e-8 (relative)."""
    if is_number(stored) and is_number(fresh):
        limit = 1e-8 * max(abs(stored), abs(fresh)) + 1e-12
        return [] if abs(stored - fresh) <= limit else [f"{where}: {stored} is now {fresh}"]
    if isinstance(stored, (dict, list)) and type(stored) is type(fresh):
        old, new = dict(children(stored)), dict(children(fresh))
        if old.keys() != new.keys():
            return [f"{where}: {list(old)} is now {list(new)}"]
        return [line for key in old for line in differences(old[key], new[key], f"{where}/{key}")]
    return [] if stored == fresh else [f"{where}: {stored!r} is now {fresh!r}"]


def load_without_version(path):
    content = json.loads(path.read_text(encoding="utf-8"))
    assert content.pop("made_by").startswith(tuple(f"{script}.py, " for script in SCRIPTS))
    return content


def generator_of(name):
    return next(g for g in map(load_generator, SCRIPTS) if name in g.FILES)


@pytest.mark.parametrize("name", NEEDS)
def test_stored_numbers_are_what_the_script_makes(name, tmp_path):
    for package in NEEDS[name].split():
        pytest.importorskip(package, reason=f"{package} is not installed: {name}.json is not remade")
    fresh = generator_of(name).write(tmp_path, name)
    stored = GOLDEN / f"{name}.json"
    found = differences(load_without_version(stored), load_without_version(fresh))
    assert not found, f"{len(found)} differences in {stored.name}:\n" + "\n".join(found[:20])


def test_every_file_the_script_makes_is_stored_and_no_other():
    stored = {path.stem for path in GOLDEN.glob("*.json")}
    made = {name for script in SCRIPTS for name in load_generator(script).FILES}
    assert stored - OTHERS == made == set(NEEDS)


def test_the_folder_stays_small():
    total = sum(path.stat().st_size for path in GOLDEN.rglob("*.json"))
    assert total < 1_500_000


def test_a_changed_number_name_or_length_is_seen():
    stored = {"a": [[1.0, 2.0], [3.0]], "b": None, "c": True}
    assert differences(stored, {"a": [[1.0, 2.0 + 1e-9], [3.0]], "b": None, "c": True}) == []
    assert len(differences(stored, {"a": [[1.0, 2.0001], [3.0]], "b": None, "c": True})) == 1
    assert differences(stored, {"a": [[1.0, 2.0]], "b": None, "c": True})
    assert differences(stored, {"a": [[1.0, 2.0], [3.0]], "d": None, "c": True})
    assert differences(stored, {"a": [[1.0, 2.0], [3.0]], "b": 0, "c": 1})
