"""Evaluations, comparisons and the experiment store: the same numbers as the tool's."""

import json

import pytest

np = pytest.importorskip("numpy")
refrain = pytest.importorskip("refrain", reason="the package is not installed: pip install .")

from package_data import SMALL, matrix, ragged, texts, tool  # noqa: E402

FAST = {**SMALL, "epochs": 4}


def write_series(path, X, y, groups=None):
    with open(path, "w", encoding="utf-8") as file:
        for i, (x, label) in enumerate(zip(X, y)):
            line = {"series": np.asarray(x, float).tolist(), "label": str(label)}
            if groups is not None:
                line["group"] = str(groups[i])
            file.write(json.dumps(line) + "\n")


def of_tool(*arguments):
    return json.loads(tool("train", *arguments, "--json", "-", "--quiet", "--store", "none"))


def options_of_tool(options):
    return [word for name, value in options.items()
            for word in ("--" + name.replace("_", "-"), str(value))]  # fmt: skip


def same_scores(report, told):
    mine = report.to_dict()
    for key in ("task", "metric", "score", "metrics", "baselines", "baseline_scores", "n_train",
                "n_test", "folds", "against_baseline", "units", "per_class", "confusion"):  # fmt: skip
        assert mine.get(key) == told.get(key), key


def test_folds_with_groups_score_as_the_tool_scores_them(tmp_path):
    X, y = ragged(36)
    groups = [f"p{i // 4}" for i in range(36)]
    write_series(tmp_path / "d.jsonl", X, y, groups)
    told = of_tool(tmp_path / "d.jsonl", "--folds", 2, "--group", "group", *options_of_tool(FAST))
    report = refrain.evaluate(refrain.SequenceClassifier(**FAST), X, y, groups=groups, cv=2)
    same_scores(report, told)
    assert report.score.low <= report.score.value <= report.score.high
    assert len(report.baselines) >= 2 and report.verdict


def test_test_samples_score_as_a_test_file(tmp_path):
    (X, y), (X_test, y_test) = texts(40), texts(24, seed=5)
    for name, part in (("a.tsv", (X, y)), ("b.tsv", (X_test, y_test))):
        rows = "".join(f"{label}\t{text}\n" for text, label in zip(*part))
        (tmp_path / name).write_text("label\ttext\n" + rows, encoding="utf-8")
    told = of_tool(tmp_path / "a.tsv", "--test", tmp_path / "b.tsv", "--allow-overlap",
                   *options_of_tool(FAST))  # fmt: skip
    clf = refrain.TextClassifier(**FAST)
    report = refrain.evaluate(clf, X, y, test=(X_test, y_test), allow_overlap=True)
    same_scores(report, told)
    with pytest.raises(ValueError, match="also stand in the training"):
        refrain.evaluate(clf, X, y, test=(X[:5], y[:5]))


def test_a_regression_is_scored_by_its_own_metric():
    X, _ = matrix(30)
    y = X.mean(axis=1)
    report = refrain.evaluate(refrain.SequenceRegressor(**FAST, interval=0), X, y, test=0.3)
    assert report.metric == "rmse" and report.n_test == 10
    values = [score.value for _, score in report.best_baselines(9)]
    assert values == sorted(values)


def test_a_fitted_estimator_is_scored_as_it_is(tmp_path):
    (X, y), (X_test, y_test) = matrix(40), matrix(30, seed=1)
    clf = refrain.SequenceClassifier(**FAST).fit(X, y)
    report = refrain.evaluate(clf, X_test, y_test)
    assert report.score.value == pytest.approx(clf.score(X_test, y_test))
    clf.save(tmp_path / "m.refrain")
    write_series(tmp_path / "t.jsonl", X_test, y_test)
    told = json.loads(tool("evaluate", tmp_path / "m.refrain", tmp_path / "t.jsonl", "--json", "-"))
    assert report.to_dict()["metrics"] == told["metrics"]


def test_what_it_prints_fits_a_screen_and_says_what_it_is():
    X, y = matrix(30)
    report = refrain.evaluate(refrain.SequenceClassifier(**FAST), X, y, cv=2, name="pumps")
    lines = repr(report).splitlines()
    assert len(lines) <= 15 and "pumps" in lines[0] and "95 % interval" in lines[1]
    assert max(map(len, lines)) <= 100
    assert report.verdict.split() == " ".join(lines[5:]).split()[: len(report.verdict.split())]
    assert "<table>" in report._repr_html_() and "confusion" in report.details().lower()
    assert "<html" in report.page().html and "<html" in refrain.report(report).html


def test_two_evaluations_are_compared_on_the_same_samples():
    X, y = matrix(40)
    a = refrain.evaluate(refrain.SequenceClassifier(**FAST), X, y, cv=2)
    b = refrain.evaluate(refrain.SequenceClassifier(**{**FAST, "hidden": 2}), X, y, cv=2)
    found = refrain.compare(a, b)
    assert found.metric == "accuracy" and found.a == a.score.value and found.b == b.score.value
    assert found.difference.value == pytest.approx(b.score.value - a.score.value)
    assert found.verdict[:40] in repr(found) and not refrain.compare(a, a).distinguishable
    other = refrain.evaluate(refrain.SequenceClassifier(**FAST), X[:30], y[:30], cv=2)
    with pytest.raises(ValueError, match="cannot be compared"):
        refrain.compare(a, other)


def test_runs_are_those_of_the_tool(tmp_path):
    store = tmp_path / "runs.db"
    X, y = matrix(30)
    clf = refrain.SequenceClassifier(**FAST)
    report = refrain.evaluate(clf, X, y, cv=2, name="pumps", store=store)
    other = refrain.evaluate(clf.set_params(seed=2), X, y, cv=2, name="pumps")
    assert report.id and not other.id
    assert other.keep(store) == other.id
    runs = refrain.runs.list(store=store)
    assert [run["id"] for run in runs] == [other.id, report.id]
    told = json.loads(tool("runs", "list", "--store", store, "--json", "-"))["runs"]
    assert list(runs) == told and report.id in repr(runs)
    shown = refrain.runs.show(report.id[:6], store=store)
    assert shown.id == report.id and shown.score == report.score
    assert refrain.runs.show(store=store).id == other.id
    assert len(refrain.runs.predictions(report.id, store=store)) == 30
    (board,) = refrain.runs.board(store=store)
    assert board.data == "pumps" and board.metric == "accuracy" and "pumps" in repr(board)
    compared = refrain.runs.compare(report.id, other.id, store=store)
    told = tool("runs", "compare", report.id, other.id, "--store", store, "--json", "-")
    assert compared.to_dict() == json.loads(told)
    refrain.runs.delete(report.id, store=store)
    assert len(refrain.runs.list(store=store)) == 1


def test_a_forecaster_is_evaluated_at_the_ends_of_its_series():
    sales = {str(k): 20 + 5 * np.sin((np.arange(48) + k) * np.pi / 6) for k in range(3)}
    model = refrain.Forecaster(horizon=4, season="12", preset="none", hidden=4, epochs=2)
    report = refrain.evaluate(model, sales)
    assert report.metric == "mase" and "seasonal_naive" in report.baselines


def test_what_makes_no_sense_is_refused():
    X, y = matrix(20)
    clf = refrain.SequenceClassifier(**FAST)
    for wrong, error in (
        ({"cv": 2, "test": 0.2}, ValueError),
        ({"repeats": 2}, ValueError),
        ({"cv": "stratified"}, TypeError),
        ({"test": X}, TypeError),
    ):
        with pytest.raises(error):
            refrain.evaluate(clf, X, y, **wrong)
    with pytest.raises(TypeError, match="cross_val_score"):
        refrain.evaluate(object(), X, y)
