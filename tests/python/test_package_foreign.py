"""Models from other libraries are models like any: they are saved, loaded, copied, trained further
and used by the tool; and what cannot be imported is named."""

import json
import pickle

import pytest

np = pytest.importorskip("numpy")
refrain = pytest.importorskip("refrain", reason="the package is not installed: pip install .")

from package_data import SMALL, TOOL, keras_layer, ragged, tool  # noqa: E402
from refrain import SequenceClassifier, TextClassifier, interchange  # noqa: E402

CELLS = ["rnn", "rnn_relu", "gru", "lstm"]
GATES = {"gru": 3, "lstm": 4}
WORDS = ["good", "bad", "film", "<unk>"]
TEXTS = ["good film", "bad film", "bad bad other", "good"] * 5


def torch_state(cell, layers=1, both=False, inputs=3, hidden=5, outputs=2, seed=6):
    """A state dict with PyTorch's names and shapes."""
    rng = np.random.default_rng(seed)
    rows = GATES.get(cell, 1) * hidden
    state = {}
    for layer in range(layers):
        for suffix in ("", "_reverse")[: 1 + both]:
            for name, shape in (
                ("weight_ih", (rows, inputs)),
                ("weight_hh", (rows, hidden)),
                ("bias_ih", (rows,)),
                ("bias_hh", (rows,)),
            ):
                state[f"rnn.{name}_l{layer}{suffix}"] = 0.4 * rng.normal(size=shape)
        inputs = hidden * (1 + both)
    state["fc.weight"] = rng.normal(size=(outputs, inputs))
    state["fc.bias"] = rng.normal(size=outputs)
    return {name: value.astype(np.float32) for name, value in state.items()}


def keras_model(cell, both, inputs=3, hidden=5, outputs=2, activation="softmax"):
    """Layers with Keras's shapes."""
    rng = np.random.default_rng(3)
    kind = {"gru": "GRU", "lstm": "LSTM"}.get(cell, "SimpleRNN")
    wide = GATES.get(cell, 1) * hidden
    config = {"activation": "relu" if cell == "rnn_relu" else "tanh", "return_sequences": False}

    def draw(*shape):
        return (0.4 * rng.normal(size=shape)).astype(np.float32)

    def weights():
        bias = (2, wide) if cell == "gru" else (wide,)
        return [draw(inputs, wide), draw(hidden, wide), draw(*bias)]

    below = keras_layer(kind, weights(), **config)
    if both:
        below = keras_layer("Bidirectional", weights() + weights(), merge_mode="concat")
        below.forward_layer = below.backward_layer = keras_layer(kind, **config)
    dense = [draw(hidden * (1 + both), outputs), draw(outputs)]
    return [below, keras_layer("Dense", dense, activation=activation)]


def of_torch(cell, both, inputs):
    more = {"cell": cell} if cell == "rnn_relu" else {}
    state = torch_state(cell, layers=2, both=both, inputs=inputs)
    mean, std = np.arange(inputs) + 0.5, np.arange(inputs) + 1
    return interchange.from_torch(state, ["up", "down"], mean=mean, std=std, **more)


def of_keras(cell, both, inputs):
    return interchange.from_keras(keras_model(cell, both, inputs), ["up", "down"])


def write_jsonl(path, X, y):
    rows = ({"series": x.tolist(), "label": label} for x, label in zip(X, y))
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))


def tool_probabilities(model, data):
    lines = tool("predict", model, data, "--quiet").splitlines()
    head = lines[0].split(",")
    columns = [i for i, name in enumerate(head) if name.startswith("probability_")]
    rows = [line.split(",") for line in lines[1:]]
    return np.array([[float(row[i]) for i in columns] for row in rows])


@pytest.mark.parametrize("inputs", [1, 3])
@pytest.mark.parametrize("both", [False, True])
@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("make", [of_torch, of_keras])
def test_an_imported_series_model_is_a_model_like_any(tmp_path, make, cell, both, inputs):
    X, y = ragged(20, channels=inputs)
    model = make(cell, both, inputs)
    wanted = model.predict_proba(X)
    model.save(tmp_path / "m.refrain")
    loaded = refrain.Model.load(tmp_path / "m.refrain")
    clf = refrain.load(tmp_path / "m.refrain")
    for twin in (loaded, clf, pickle.loads(pickle.dumps(model)), pickle.loads(pickle.dumps(clf))):
        assert np.array_equal(twin.predict_proba(X), wanted)
    loaded.save(tmp_path / "again.refrain")
    assert (tmp_path / "m.refrain").read_bytes() == (tmp_path / "again.refrain").read_bytes()
    assert set(clf.predict(X)) <= {"up", "down"} and clf.classes_.tolist() == ["down", "up"]
    clf.set_params(threads=1, lr=0.01).partial_fit(X, y, epochs=30)
    assert clf.score(X, y) > 0.8
    model.partial_fit(X, y, epochs=30, lr=0.01, threads=1)
    assert np.array_equal(model.predict_proba(X), clf.predict_proba(X))
    clf.save(tmp_path / "further.refrain")
    assert np.array_equal(refrain.load(tmp_path / "further.refrain").predict(X), clf.predict(X))
    if TOOL.exists():
        write_jsonl(tmp_path / "x.jsonl", X, y)
        p = tool_probabilities(tmp_path / "m.refrain", tmp_path / "x.jsonl")
        assert np.allclose(p, wanted, atol=1e-5)


@pytest.mark.parametrize("both", [False, True])
@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("library", ["torch", "keras"])
def test_an_imported_text_model_is_a_model_like_any(tmp_path, library, cell, both):
    table = np.random.default_rng(1).normal(size=(4, 3)).astype(np.float32)
    if library == "torch":
        state = torch_state(cell, both=both) | {"words.weight": table}
        more = {"cell": cell} if cell == "rnn_relu" else {}
        model = interchange.from_torch(state, ["good", "bad"], words=WORDS, **more)
    else:
        layers = [keras_layer("Embedding", [table]), *keras_model(cell, both)]
        model = interchange.from_keras(layers, ["good", "bad"], words=WORDS)
    wanted = model.predict_proba(TEXTS)
    model.save(tmp_path / "m.refrain")
    clf = TextClassifier.load(tmp_path / "m.refrain")
    for twin in (clf, pickle.loads(pickle.dumps(model))):
        assert np.array_equal(twin.predict_proba(TEXTS), wanted)
    y = ["good" if "good" in text else "bad" for text in TEXTS]
    clf.set_params(threads=1, lr=0.02).partial_fit(TEXTS, y, epochs=30)
    assert clf.score(TEXTS, y) > 0.8


@pytest.mark.parametrize("both", [False, True])
@pytest.mark.parametrize("cell", CELLS)
def test_a_saved_model_is_exported_as_before_it_was_saved(tmp_path, cell, both):
    X, y = ragged(20, missing=0.1)
    clf = SequenceClassifier(**{**SMALL, "epochs": 2}, cell=cell, bidirectional=both).fit(X, y)
    clf.save(tmp_path / "m.refrain")
    before, about = interchange.to_torch(clf)
    after, again = interchange.to_torch(tmp_path / "m.refrain")
    assert about == again and before.keys() == after.keys()
    for name, value in before.items():
        assert np.array_equal(np.asarray(value), np.asarray(after[name])), name
    pytest.importorskip("onnx", reason="onnx is not installed")
    graphs = [interchange.to_onnx(m).SerializeToString() for m in (clf, tmp_path / "m.refrain")]
    assert graphs[0] == graphs[1]


BATCH_NORM = {
    "bn.weight": (10,),
    "bn.bias": (10,),
    "bn.running_mean": (10,),
    "bn.running_var": (10,),
    "bn.num_batches_tracked": (),
}


@pytest.mark.parametrize(
    "more",
    [
        {"fc1.weight": (7, 10), "fc1.bias": (7,)},
        {"conv.weight": (3, 3, 5), "conv.bias": (3,)},
        BATCH_NORM,
        {"norm.weight": (10,), "norm.bias": (10,)},
        {"rnn2.weight_ih_l0": (5, 10), "rnn2.weight_hh_l0": (5, 5)},
        {"rnn.h0": (2, 1, 5)},
        {"h0": (2, 1, 5)},
        {"emb.weight": (9, 3)},
        {"attention.in_proj_weight": (30, 10), "attention.in_proj_bias": (30,)},
    ],
    ids=lambda more: next(iter(more)),
)
def test_every_entry_of_a_state_dict_is_used_or_named(more):
    state = torch_state("gru", both=True)
    extra = {name: np.ones(shape, np.float32) for name, shape in more.items()}
    named = {"recurrent": "rnn"}
    with pytest.raises(NotImplementedError, match="cannot be imported") as error:
        interchange.from_torch(state | extra, ["a", "b"], **named)
    for name in more:
        assert name in str(error.value)
    ignored = interchange.from_torch(state | extra, ["a", "b"], ignore=list(more), **named)
    X, _ = ragged(4, channels=3)
    plain = interchange.from_torch(state, ["a", "b"])
    assert np.array_equal(ignored.predict_proba(X), plain.predict_proba(X))


def test_what_is_no_state_dict_gets_the_sentence_that_helps(tmp_path):
    class Net:
        def state_dict(self):
            return {}

    state = torch_state("gru")
    (tmp_path / "m.pt").write_bytes(b"PK\x03\x04" + b"x" * 40)
    for given, error, message in (
        (Net(), TypeError, r"Net is a module; give its weights: module.state_dict\(\)"),
        (tmp_path / "m.pt", ValueError, "torch.load"),
        ({"epoch": 3, "state_dict": state}, TypeError, r"checkpoint\['state_dict'\]"),
        (3, TypeError, "give a state dict"),
        ({**state, "epoch": 3}, TypeError, r"\['epoch'\] of the state dict are no tensors"),
    ):
        with pytest.raises(error, match=message):
            interchange.from_torch(given, ["a", "b"])
    with pytest.raises(ValueError, match="'fc' has 2 outputs, but labels has 3 entries"):
        interchange.from_torch(state, ["a", "b", "c"])
    with pytest.raises(ValueError, match="has 2 outputs, but labels has 3 entries"):
        interchange.from_torch(state, ["a", "b", "c"], head="fc")
    with pytest.raises(ValueError, match="Dense layer has 2 outputs, but labels has 3 entries"):
        interchange.from_keras(keras_model("gru", False), ["a", "b", "c"])
    with pytest.raises(ValueError, match=r"reads 10 numbers, but pooling='concat' .* gives 30"):
        interchange.from_torch(torch_state("gru", both=True), ["a", "b"], pooling="concat")
    broken = {**state, "fc.bias": np.array([np.nan, 0], np.float32)}
    with pytest.raises(ValueError, match="no finite numbers"):
        interchange.from_torch(broken, ["a", "b"])
    with pytest.raises(NotImplementedError, match="reads its values as they are"):
        interchange.from_torch(state, ["a", "b"], views="raw,difference")


def logits_of(model, X, labels):
    order = [model.classes.index(label) for label in labels]
    return np.array([seen["logits"] for seen in model.activations(X)])[:, order]


def test_check_compares_on_import_and_says_by_how_much_it_is_off():
    labels = ["b", "a"]  # in the order of the outputs, not sorted
    X = np.random.default_rng(2).normal(size=(6, 9, 3)).astype(np.float32)
    state = torch_state("rnn", both=True)
    model = interchange.from_torch(state, labels)
    z = logits_of(model, X, labels)
    p = np.exp(z) / np.exp(z).sum(1, keepdims=True)
    for answers in (z, p, z[:, 1] - z[:, 0], p[:, 1]):
        interchange.from_torch(state, labels, check=(X, answers))
    interchange.from_torch(state, labels, check=(X, z), mean=[1, 2, 3], std=[2, 2, 2])
    ragged_inputs = [X[0], X[1, :4]]
    both = logits_of(model, ragged_inputs, labels)
    interchange.from_torch(state, labels, check=(ragged_inputs, both))

    with pytest.raises(ValueError, match=r"off by up to 0\.004") as error:
        interchange.from_torch(state, labels, check=(X, z + 0.004))
    assert "something lies between its layers" in str(error.value)
    swapped = logits_of(model, X, labels[::-1])
    with pytest.raises(ValueError, match="off by up to"):
        interchange.from_torch(state, labels, check=(X, swapped))
    mean = logits_of(interchange.from_torch(state, labels, pooling="mean"), X, labels)
    with pytest.raises(ValueError, match="with pooling='mean' it agrees"):
        interchange.from_torch(state, labels, check=(X, mean))
    relu = logits_of(interchange.from_torch(state, labels, cell="rnn_relu"), X, labels)
    with pytest.raises(ValueError, match="with cell='rnn_relu' it agrees"):
        interchange.from_torch(state, labels, check=(X, relu))
    states = np.array([h[-1] for h in model.hidden_states(X)])
    idiom = states @ state["fc.weight"].T + state["fc.bias"]  # rnn(x)[0][:, -1]
    with pytest.raises(ValueError, match=r"reads both directions at the last step"):
        interchange.from_torch(state, labels, check=(X, idiom))
    with pytest.raises(ValueError, match=r"shape \(6, 2\)"):
        interchange.from_torch(state, labels, check=(X, z[:5]))
    with pytest.raises(ValueError, match="check is a pair"):
        interchange.from_torch(state, labels, check=X)


def test_check_takes_numbers_of_words():
    table = np.random.default_rng(1).normal(size=(4, 3)).astype(np.float32)
    state = torch_state("lstm") | {"words.weight": table}
    model = interchange.from_torch(state, ["a", "b"], words=WORDS)
    z = logits_of(model, ["good film", "bad good"], ["a", "b"])
    ids = np.array([[0, 2], [1, 0]])
    interchange.from_torch(state, ["a", "b"], words=WORDS, check=(ids, z))
    with pytest.raises(ValueError, match="off by up to"):
        interchange.from_torch(state, ["a", "b"], words=WORDS, check=(ids[::-1], z))


@pytest.mark.parametrize("library", ["torch", "keras"])
def test_one_sigmoid_unit_is_two_classes(library):
    X, _ = ragged(8, channels=3)
    if library == "torch":
        state = torch_state("gru", outputs=1)
        model = interchange.from_torch(state, [0, 1])
        w, b = state["fc.weight"], state["fc.bias"]
    else:
        layers = keras_model("gru", False, outputs=1, activation="sigmoid")
        model = interchange.from_keras(layers, [0, 1])
        w, b = layers[-1].get_weights()[0].T, layers[-1].get_weights()[1]
    h = np.array([states[-1] for states in model.hidden_states(X)])
    wanted = 1 / (1 + np.exp(-(h @ w.T + b)[:, 0]))
    assert np.allclose(model.predict_proba(X)[:, 1], wanted, atol=1e-6)
    assert model.estimator().classes_.tolist() == [0, 1]
    with pytest.raises(ValueError, match="1 output, but labels has 3 entries.*two labels"):
        if library == "torch":
            interchange.from_torch(state, [0, 1, 2], head="fc")
        else:
            interchange.from_keras(layers, [0, 1, 2])


def test_layers_of_keras_in_another_order_are_refused():
    recurrent, dense = keras_model("lstm", False)
    pool = keras_layer("GlobalAveragePooling1D")
    table = keras_layer("Embedding", [np.zeros((4, 3), np.float32)])
    each_step = keras_layer("LSTM", recurrent.get_weights(), return_sequences=True)
    for layers, message in (
        ([pool, recurrent, dense], "stands where it cannot be imported"),
        ([dense, recurrent], "stands where it cannot be imported"),
        ([recurrent, dense, dense], "several Dense layers"),
        ([each_step, table, dense], "stands where it cannot be imported"),
        ([each_step, pool, recurrent, dense], "stands where it cannot be imported"),
        ([each_step, dense], "answers at each step"),
        (keras_model("lstm", False, activation="sigmoid"), "2 units and activation sigmoid"),
        (keras_model("lstm", False, outputs=1), "1 unit and activation softmax"),
    ):
        with pytest.raises(NotImplementedError, match=message):
            interchange.from_keras(layers, ["a", "b"])
    pooled = interchange.from_keras([each_step, pool, dense], ["a", "b"])
    assert pooled.about["options"]["pooling"] == "mean"
