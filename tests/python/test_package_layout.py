"""Arrays of several channels either way round, and data frames of a row a step."""

import warnings

import pytest

np = pytest.importorskip("numpy")
refrain = pytest.importorskip("refrain", reason="the package is not installed: pip install .")

from package_data import SMALL, matrix, ragged  # noqa: E402
from refrain import SequenceClassifier, TextClassifier  # noqa: E402


def cube(n=24, steps=12, channels=3, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, steps, channels))
    y = np.arange(n) % 2
    X[:, :, 0] += np.where(y, 0.4, -0.4)[:, None] * np.arange(steps)
    return X, y


def fitted(X, y, **more):
    return SequenceClassifier(**SMALL).fit(X, y, **more)


@pytest.mark.parametrize("layout", ["channels_time", "channels_first"])
def test_arrays_of_other_packages_are_read_by_their_layout(layout):
    X, y = cube()
    wanted = fitted(X, y).predict_proba(X)
    turned = X.transpose(0, 2, 1)
    as_argument = fitted(turned, y, layout=layout)
    assert np.array_equal(as_argument.predict_proba(turned), wanted)  # remembered
    assert np.array_equal(as_argument.predict_proba(turned, layout=layout), wanted)
    assert np.array_equal(as_argument.predict_proba(X, layout="time_channels"), wanted)
    assert as_argument.score(turned, y, layout=layout) == fitted(X, y).score(X, y)
    clf = SequenceClassifier(**SMALL, layout=layout).fit(turned, y)
    assert np.array_equal(clf.predict_proba(turned), wanted) and clf.n_channels_ == 3
    listed = fitted(list(turned), y, layout=layout)
    assert np.array_equal(listed.predict(list(turned)), fitted(X, y).predict(X))
    assert np.array_equal(listed.model_.predict_proba(turned, layout=layout), wanted)
    clf.partial_fit(turned, y)
    assert clf.n_channels_ == 3


def test_lists_of_series_of_unequal_length_have_a_layout_too():
    X, y = ragged(24, channels=3)
    wanted = fitted(X, y).predict_proba(X)
    turned = [x.T for x in X]
    assert np.array_equal(fitted(turned, y, layout="channels_time").predict_proba(turned), wanted)
    with pytest.raises(ValueError, match="All have 3 rows. .*layout='channels_time'"):
        fitted(turned, y)


@pytest.mark.parametrize("form", [np.asarray, list, lambda X: X.astype(np.float32)])
def test_series_of_one_step_and_many_channels_are_refused(form):
    X, y = matrix()
    one = form(X[:, None, :])
    with pytest.raises(ValueError, match="40 series of one step with 12 channels.*channels_time"):
        fitted(one, y)
    with pytest.raises(ValueError, match="layout='channels_time'"):
        SequenceClassifier(**SMALL).partial_fit(one, y)
    report = refrain.data.validate(one, y)
    assert not report.ok and "layout='channels_time'" in report.problems[-1][1]
    assert refrain.data.validate(one, y, layout="channels_time").ok
    wanted = fitted(X, y).predict_proba(X)
    assert np.array_equal(fitted(one, y, layout="channels_time").predict_proba(one), wanted)
    assert fitted(one, y, layout="time_channels").n_channels_ == 12


def test_more_channels_than_steps_are_a_warning():
    X, y = cube(channels=3, steps=12)
    turned = X.transpose(0, 2, 1)
    with pytest.warns(UserWarning, match=r"more channels \(12\) than steps \(3\).*channels_time"):
        fitted(turned, y)
    report = refrain.data.validate(turned, y)
    assert report.ok and "layout='channels_time'" in report.warnings[-1][1]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fitted(turned, y, layout="time_channels")
        fitted(turned, y, layout="channels_time")
        fitted(X, y)
        fitted(*matrix(steps=1))
        fitted(*ragged(channels=2))


def test_what_is_predicted_must_lie_as_what_was_learned():
    X, y = cube()
    clf = fitted(X, y)
    with pytest.raises(ValueError, match="12 channels, .* 3; the arrays may lie the other way"):
        clf.predict(X.transpose(0, 2, 1))
    with pytest.raises(ValueError, match="layout must be 'time_channels'"):
        fitted(X, y, layout="time")
    with pytest.raises(ValueError, match="layout is for arrays of series, not for text"):
        TextClassifier(**SMALL).fit(["a", "b"], [0, 1], layout="channels_time")


def stacked(pd, X, names):
    parts = [pd.DataFrame(x, columns=names) for x in X]
    frame = pd.concat(parts, keys=range(len(X)), names=["id", "time"])
    return frame


def test_a_frame_with_an_index_of_series_and_step_is_read():
    pd = pytest.importorskip("pandas")
    X, y = ragged(24, channels=2)
    wanted = fitted(X, y)
    frame = stacked(pd, X, ["a", "b"])
    clf = fitted(frame, y)
    assert np.array_equal(clf.predict_proba(frame), wanted.predict_proba(X))
    assert clf.feature_names_in_.tolist() == ["a", "b"]
    shuffled = frame.sample(frac=1, random_state=1)
    order = list(dict.fromkeys(shuffled.index.get_level_values(0)))
    p = clf.predict_proba(shuffled)
    assert np.array_equal(p, wanted.predict_proba([X[i] for i in order]))
    with pytest.raises(ValueError, match="same order as they were in fit"):
        clf.predict(frame[["b", "a"]])
    one = frame["a"]
    assert fitted(one, y).n_channels_ == 1
    with pytest.raises(ValueError, match="twice; each step stands there once"):
        fitted(pd.concat([frame, frame.iloc[:1]]), y)
    with pytest.raises(ValueError, match="3 levels"):
        fitted(pd.concat([frame], keys=["x"]), y)
    with pytest.raises(ValueError, match="columns of several levels"):
        fitted(frame.unstack(), y)


@pytest.mark.parametrize(
    ("series", "step"),
    [("id", "time"), ("case_id", "reading_id"), ("unique_id", "ds"), ("ID", "t"), ("wafer", "place")],
)
def test_a_long_frame_is_refused_with_the_way(series, step):
    pd = pytest.importorskip("pandas")
    pl = pytest.importorskip("polars")
    X, y = ragged(24, channels=2)
    long = stacked(pd, X, ["a", "b"]).reset_index()
    long.columns = [series, step, "a", "b"]
    rows = np.repeat(y, [len(x) for x in X])
    with pytest.raises(ValueError, match=f"long table.*set_index.*'{series}', '{step}'"):
        fitted(long, rows)
    with pytest.raises(ValueError, match="long table"):
        refrain.data.validate(long, rows)
    with pytest.raises(ValueError, match="long table.*group_by"):
        fitted(pl.DataFrame({name: long[name].to_numpy() for name in long}), rows)
    index = long.set_index([series, step])
    assert np.array_equal(fitted(index, y).predict_proba(index), fitted(X, y).predict_proba(X))


def test_a_column_that_counts_the_rows_is_told():
    pd = pytest.importorskip("pandas")
    X, y = matrix()
    frame = pd.DataFrame(X, columns=[f"v{i}" for i in range(12)])
    with pytest.warns(UserWarning, match="column 'Unnamed: 0' counts the rows"):
        fitted(frame.reset_index(names="Unnamed: 0"), y)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fitted(frame, y)
