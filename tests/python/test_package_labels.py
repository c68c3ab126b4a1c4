"""Labels keep their kind through files and copies, and text is never compared with numbers."""

import pickle

import pytest

np = pytest.importorskip("numpy")
refrain = pytest.importorskip("refrain", reason="the package is not installed: pip install .")

from package_data import SMALL, TOOL, matrix, texts, tool  # noqa: E402
from refrain import SequenceClassifier, TextClassifier  # noqa: E402

KINDS = {
    "text numbers": ["1", "2"],
    "text of words": ["b", "a"],
    "text bools": ["True", "False"],
    "text with zeros": ["01", "1"],
    "integers": [2, 1],
    "negative integers": [-1, 1],
    "integers by text order": [9, 10],
    "floats": [1.0, 2.0],
    "bools": [True, False],
}


@pytest.mark.parametrize("labels", KINDS.values(), ids=KINDS)
def test_the_kind_of_labels_is_kept(tmp_path, labels):
    X, y = matrix()
    named = np.array(labels)[y - 1]
    clf = SequenceClassifier(**SMALL).fit(X, named)
    clf.save(tmp_path / "m.refrain")
    again = refrain.load(tmp_path / "m.refrain")
    again.save(tmp_path / "again.refrain")
    further = refrain.load(tmp_path / "again.refrain").partial_fit(X, named)
    for twin in (again, further, pickle.loads(pickle.dumps(clf)), clf.model_.estimator()):
        assert twin.classes_.dtype == clf.classes_.dtype
        assert twin.classes_.tolist() == sorted(labels) == clf.classes_.tolist()
        assert twin.predict(X).dtype == named.dtype
        assert twin.score(X, named) > 0.9
    assert (tmp_path / "m.refrain").read_bytes() == (tmp_path / "again.refrain").read_bytes()


def test_labels_that_come_later_keep_their_kind(tmp_path):
    X, y = matrix()
    clf = SequenceClassifier(**SMALL).partial_fit(X, y.astype(str), classes=["1", "2", "3"])
    clf.save(tmp_path / "m.refrain")
    assert refrain.load(tmp_path / "m.refrain").classes_.tolist() == ["1", "2", "3"]


@pytest.mark.parametrize(("learned", "given"), [(int, str), (str, int), (str, float), (bool, str)])
def test_text_against_numbers_is_an_error(learned, given):
    X, y = matrix()
    clf = SequenceClassifier(**SMALL).fit(X, (y - 1).astype(learned))
    for call in (clf.score, clf.partial_fit):
        with pytest.raises(ValueError, match="labels in y are .* those of the model are"):
            call(X, (y - 1).astype(given))
    assert clf.score(X, (y - 1).astype(learned)) > 0.9


def test_scores_are_of_as_many_labels_as_samples():
    X, y = matrix()
    clf = SequenceClassifier(**SMALL).fit(X, y)
    with pytest.raises(ValueError, match="inconsistent numbers of samples"):
        clf.score(X, y[:-1])
    assert clf.score(X, y.astype(float)) == clf.score(X, y)
    with pytest.raises(TypeError, match="labels of y are"):
        clf.fit(X, np.where(y == 1, b"a", b"b"))


@pytest.mark.skipif(not TOOL.exists(), reason=f"{TOOL} is not built")
def test_the_tool_reads_such_a_file(tmp_path):
    X, y = texts()
    clf = TextClassifier(**SMALL).fit(X, ["1" if label == "bad" else "2" for label in y])
    clf.save(tmp_path / "m.refrain")
    (tmp_path / "x.csv").write_text("text\n" + "\n".join(X) + "\n")
    lines = tool("predict", tmp_path / "m.refrain", tmp_path / "x.csv", "--quiet").splitlines()
    assert [line.split(",")[1] for line in lines[1:]] == clf.predict(X).tolist()
