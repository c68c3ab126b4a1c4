"""Reports and pictures in Python."""

import numpy as np
import pytest

import refrain


def waves(n=60, seed=0):
    rng = np.random.default_rng(seed)
    steps = np.linspace(0, 6, 24)
    X = [np.sin(steps * (1 + i % 2)) + rng.normal(0, 0.6, 24) for i in range(n)]
    return X, np.array(["slow", "<b>fast</b>"])[np.arange(n) % 2]


@pytest.fixture(scope="module")
def fitted():
    X, y = waves()
    return refrain.SequenceClassifier(hidden=6, epochs=12, valid_fraction=0.2, seed=1).fit(X, y)


def test_a_report_tells_of_the_training(fitted):
    page = refrain.report(fitted)
    assert "SequenceClassifier" in page.html and 'id="figure-loss"' in page.html
    assert "Nothing was scored" in page.html


def test_a_report_on_samples_has_their_answers(fitted, tmp_path):
    X, y = waves(40, seed=2)
    page = refrain.report(fitted, X, y)
    assert 'id="confusion"' in page.html and "40 test samples" in page.html
    assert "<b>fast" not in page.html and "&lt;b&gt;fast" in page.html
    assert f"{fitted.score(X, y):.3f}" in page.html
    page.save(tmp_path / "page.html")
    assert (tmp_path / "page.html").read_text(encoding="utf-8") == page.html
    grouped = refrain.report(fitted, X, y, groups=np.arange(40) // 4)
    assert "10 groups" in grouped.html


def test_a_notebook_shows_the_page_in_a_frame_of_its_own(fitted):
    shown = refrain.report(fitted)._repr_html_()
    assert shown.startswith("<iframe srcdoc=") and 'sandbox="allow-scripts"' in shown
    assert "<script" not in shown and "&lt;script" in shown


def test_numbers_and_tags_have_their_reports():
    X, _ = waves()
    y = [float(np.mean(np.abs(x))) for x in X]
    model = refrain.SequenceRegressor(hidden=6, epochs=8).fit(X, y)
    assert 'id="figure-scatter0"' in refrain.report(model, X, y).html
    words = [["Ann", "sees", "Rome"], ["Bob", "left", "Oslo"]] * 20
    tags = [["B-PER", "O", "B-LOC"]] * 40
    tagger = refrain.Tagger(preset="none", hidden=6, epochs=8).fit(words, tags)
    assert 'id="types"' in refrain.report(tagger, words, tags).html


def test_a_model_that_is_not_fitted_and_a_run_that_is_not_there_are_errors(tmp_path):
    with pytest.raises(refrain.NotFittedError):
        refrain.report(refrain.SequenceClassifier())
    with pytest.raises(ValueError, match="no store"):
        refrain.report("abcd", store=tmp_path / "none.db")


def test_an_empty_board_is_a_page(tmp_path):
    assert "no runs for a board" in refrain.board(store=tmp_path / "none.db").html


def test_pictures_are_figures_of_matplotlib(fitted):
    figure = pytest.importorskip("matplotlib.figure").Figure
    X, y = waves(40, seed=2)
    curves = refrain.plot.curves(fitted)
    assert isinstance(curves, figure)
    assert len(curves.axes[0].lines) == 3 and curves.axes[0].lines[0].get_xdata()[0] == 1
    matrix = refrain.plot.confusion(fitted, X, y)
    counts = [int(text.get_text()) for text in matrix.axes[0].texts]
    assert sum(counts) == 40 and counts[0] + counts[3] == round(40 * fitted.score(X, y))
    assert isinstance(refrain.plot.calibration(fitted, X, y), figure)
    target = [float(np.mean(np.abs(x))) for x in X]
    model = refrain.SequenceRegressor(hidden=6, epochs=4, interval=0).fit(X, target)
    drawn = refrain.plot.predicted(model, X, target)
    assert len(drawn.axes[0].lines[0].get_xdata()) == 40
    history = 10 + np.sin(np.arange(80) / 3)
    forecaster = refrain.Forecaster(horizon=5, epochs=2, hidden=4).fit([history])
    assert isinstance(refrain.plot.forecast(forecaster, history), figure)


def test_a_model_without_a_history_has_no_curves():
    pytest.importorskip("matplotlib")
    X, y = waves()
    simple = refrain.SequenceClassifier(model="summary_logistic").fit(X, y)
    with pytest.raises(ValueError, match="no curves"):
        refrain.plot.curves(simple)
