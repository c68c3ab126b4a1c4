"""Weights from and to PyTorch and Keras, and ONNX."""

import json

import pytest

np = pytest.importorskip("numpy")
refrain = pytest.importorskip("refrain", reason="the package is not installed: pip install .")

from package_data import SMALL, keras_layer as layer, ragged, texts  # noqa: E402
from refrain import SequenceClassifier, TextClassifier, interchange  # noqa: E402

CELLS = ["rnn", "rnn_relu", "gru", "lstm"]


def lengths_of(X):
    return np.array([len(x) for x in X], dtype=np.int64)


def padded(X, fill=0.0):
    out = np.full((len(X), max(map(len, X)), *np.shape(X[0])[1:]), fill, dtype=np.float32)
    for row, x in zip(out, X):
        row[: len(x)] = x
    return out


def softmax(z):
    p = np.exp(z - z.max(1, keepdims=True))
    return p / p.sum(1, keepdims=True)


def torch_network(torch, cell, layers, bidirectional, inputs=3, hidden=5, classes=4):
    kinds = {"lstm": torch.nn.LSTM, "gru": torch.nn.GRU}
    more = {"nonlinearity": "relu"} if cell == "rnn_relu" else {}
    torch.manual_seed(3)
    module = torch.nn.Module()
    module.recurrent = kinds.get(cell, torch.nn.RNN)(
        inputs, hidden, layers, batch_first=True, bidirectional=bidirectional, **more
    )
    module.fc = torch.nn.Linear(hidden * (1 + bidirectional), classes)
    return module


def torch_logits(torch, module, x):
    """Of one series, from the last state of each direction of the top layer."""
    _, state = module.recurrent(torch.tensor(x)[None])
    h = state[0] if isinstance(state, tuple) else state
    top = h[-2:] if module.recurrent.bidirectional else h[-1:]
    return module.fc(torch.cat(list(top[:, 0]))).detach().numpy()


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


# PyTorch's equations, from the documentation of nn.RNN, nn.GRU and nn.LSTM, for one direction.
def torch_states(cell, x, w_ih, w_hh, b_ih, b_hh):
    h = c = np.zeros(w_hh.shape[1])
    out = []
    for step in x:
        a, b = w_ih @ step + b_ih, w_hh @ h + b_hh
        if cell == "gru":
            (ar, az, an), (br, bz, bn) = np.split(a, 3), np.split(b, 3)
            r, z = sigmoid(ar + br), sigmoid(az + bz)
            h = (1 - z) * np.tanh(an + r * bn) + z * h
        elif cell == "lstm":
            i, f, g, o = np.split(a + b, 4)
            c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
            h = sigmoid(o) * np.tanh(c)
        else:
            h = np.maximum(a + b, 0) if cell == "rnn_relu" else np.tanh(a + b)
        out.append(h)
    return np.array(out)


def random_state(cell, layers, bidirectional, inputs=3, hidden=5, classes=3):
    """A state dict with PyTorch's names and shapes."""
    rng = np.random.default_rng(6)
    rows = {"gru": 3, "lstm": 4}.get(cell, 1) * hidden
    state = {}
    for layer in range(layers):
        for suffix in ("", "_reverse")[: 1 + bidirectional]:
            shapes = {"weight_ih": (rows, inputs), "weight_hh": (rows, hidden)}
            shapes |= {"bias_ih": (rows,), "bias_hh": (rows,)}
            for name, shape in shapes.items():
                state[f"rnn.{name}_l{layer}{suffix}"] = 0.4 * rng.normal(size=shape)
        inputs = hidden * (1 + bidirectional)
    state["fc.weight"], state["fc.bias"] = rng.normal(size=(classes, inputs)), rng.normal(size=classes)
    return {name: value.astype(np.float32) for name, value in state.items()}


def states_of(cell, state, x, layers, prefix="rnn."):
    for layer in range(layers):
        halves = []
        for suffix, order in (("", 1), ("_reverse", -1)):
            names = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
            keys = [f"{prefix}{name}_l{layer}{suffix}" for name in names]
            if keys[0] in state:
                weights = [np.asarray(state[key], float) for key in keys]
                halves.append(torch_states(cell, x[::order], *weights)[::order])
        x = np.hstack(halves)
    return x


@pytest.mark.parametrize("layers", [1, 2, 3])
@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("cell", CELLS)
def test_weights_go_in_and_out_by_pytorchs_conventions(cell, bidirectional, layers):
    state = random_state(cell, layers, bidirectional)
    more = {"cell": "rnn_relu"} if cell == "rnn_relu" else {}
    model = interchange.from_torch(state, ["a", "b", "c"], pooling="mean", **more)
    back, description = interchange.to_torch(model)
    assert description["cell"] == cell and description["layers"] == layers
    X, _ = ragged(5, channels=3)
    for x, seen in zip(X, model.activations(X)):
        wanted = states_of(cell, state, x, layers)
        assert np.allclose(seen[f"encoder.{layers - 1}"], wanted, atol=1e-6)
        again = states_of(cell, back, x, layers, "recurrent.")
        assert np.allclose(again, wanted, atol=1e-6)
        z = state["fc.weight"] @ wanted.mean(0) + state["fc.bias"]
        assert np.allclose(seen["logits"], z, atol=2e-6)


@pytest.mark.parametrize("layers", [1, 2, 3])
@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("cell", CELLS)
def test_a_round_trip_through_pytorch_changes_nothing(cell, bidirectional, layers):
    torch = pytest.importorskip("torch", reason="torch is not installed")
    module = torch_network(torch, cell, layers, bidirectional)
    labels = ["d", "a", "c", "b"]
    more = {"cell": "rnn_relu"} if cell == "rnn_relu" else {}
    model = interchange.from_torch(module.state_dict(), labels, **more)
    X, _ = ragged(12, channels=3)
    wanted = np.array([torch_logits(torch, module, x) for x in X])
    order = [labels.index(label) for label in model.classes]
    got = np.array([seen["logits"] for seen in model.activations(X)])
    assert np.allclose(got, wanted[:, order], atol=1e-6)
    assert np.allclose(model.predict_proba(X), softmax(wanted[:, order]), atol=1e-6)
    state, description = interchange.to_torch(model)
    again = interchange.torch_module(json.loads(json.dumps(description)), state)
    back = again(torch.tensor(padded(X)), lengths_of(X)).detach().numpy()
    assert np.allclose(back, wanted[:, order], atol=1e-6)
    twice = interchange.from_torch(state, model.classes, head="head", **more)
    for name, value in model.layers.items():
        assert np.array_equal(twice.layers[name], value), name


@pytest.mark.parametrize("pooling", ["last", "mean", "max", "concat", "attention", "multi_head"])
def test_a_trained_network_answers_the_same_in_pytorch(pooling):
    torch = pytest.importorskip("torch", reason="torch is not installed")
    X, y = ragged(20, missing=0.1)
    clf = SequenceClassifier(**SMALL, pooling=pooling, attention="self", heads=2).fit(X, y)
    state, description = interchange.to_torch(clf)
    module = interchange.torch_module(description, state)
    z = module(torch.tensor(padded(X)), lengths_of(X)).detach().numpy()
    assert np.allclose(softmax(z), clf.predict_proba(X), atol=1e-5)


def test_words_and_scaling_come_along(tmp_path):
    torch = pytest.importorskip("torch", reason="torch is not installed")
    module = torch_network(torch, "gru", 1, True, inputs=4, classes=2)
    module.words = torch.nn.Embedding(3, 4)
    model = interchange.from_torch(module.state_dict(), ["a", "b"], words=["good", "bad", "<unk>"])
    rows = module.words.weight.detach()
    for text, ids in (("good bad", [0, 1]), ("bad other", [1, 2])):
        wanted = torch_logits(torch, module, rows[ids].numpy())
        assert np.allclose(model.activations([text])[0]["logits"], wanted, atol=1e-6)
    module = torch_network(torch, "lstm", 1, False, classes=2)
    model = interchange.from_torch(module.state_dict(), ["a", "b"], mean=[1, 2, 3], std=[2, 2, 4])
    X, _ = ragged(3, channels=3)
    for x in X:
        scaled = ((x - [1, 2, 3]) / [2, 2, 4]).astype(np.float32)
        wanted = torch_logits(torch, module, scaled)
        assert np.allclose(model.activations([x])[0]["logits"], wanted, atol=1e-5)


def test_what_does_not_fit_is_refused():
    torch = pytest.importorskip("torch", reason="torch is not installed")
    state = torch_network(torch, "gru", 1, False).state_dict()
    with pytest.raises(ValueError, match="0 candidates for the head"):
        interchange.from_torch(state, ["a", "b"])
    with pytest.raises(ValueError, match="there is no recurrent 'lstm'"):
        interchange.from_torch(state, list("abcd"), recurrent="lstm")
    with pytest.raises(ValueError, match="those of a gru, not of a lstm"):
        interchange.from_torch(state, list("abcd"), cell="lstm")
    with pytest.raises(ValueError, match="mean and std"):
        interchange.from_torch(state, list("abcd"), mean=[1])
    with pytest.raises(ValueError, match="labels must be two or more"):
        interchange.from_torch(state, ["a", "a", "b", "c"])
    projected = {"r." + k: v for k, v in torch.nn.LSTM(3, 5, proj_size=2).state_dict().items()}
    with pytest.raises(NotImplementedError, match="proj_size"):
        interchange.from_torch(projected, ["a", "b"])


def test_safetensors_are_read(tmp_path):
    save = pytest.importorskip("safetensors.numpy", reason="safetensors is not installed").save_file
    arrays = {"a": np.arange(6, dtype=np.float32).reshape(2, 3), "b": np.ones(4, np.float64)}
    save(arrays, tmp_path / "x.safetensors")
    found = interchange.read_safetensors(tmp_path / "x.safetensors")
    assert found.keys() == arrays.keys()
    assert all(np.array_equal(found[name], arrays[name]) for name in arrays)
    (tmp_path / "y").write_bytes(b"\xff" * 20)
    with pytest.raises(ValueError, match="no safetensors file"):
        interchange.read_safetensors(tmp_path / "y")


# Keras's equations, written down from its documentation, for one direction of one layer.
def keras_lstm(x, kernel, recurrent, bias):
    h = c = np.zeros(len(recurrent))
    for step in x:
        i, f, g, o = np.split(step @ kernel + h @ recurrent + bias, 4)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
    return h


def keras_gru(x, kernel, recurrent, bias):
    h = np.zeros(len(recurrent))
    for step in x:
        az, ar, ah = np.split(step @ kernel + bias[0], 3)
        bz, br, bh = np.split(h @ recurrent + bias[1], 3)
        z, r = sigmoid(az + bz), sigmoid(ar + br)
        h = z * h + (1 - z) * np.tanh(ah + r * bh)
    return h


def keras_rnn(x, kernel, recurrent, bias):
    h = np.zeros(len(recurrent))
    for step in x:
        h = np.tanh(step @ kernel + h @ recurrent + bias)
    return h


@pytest.mark.parametrize(
    ("kind", "equations", "gates", "bias"),
    [("LSTM", keras_lstm, 4, (20,)), ("GRU", keras_gru, 3, (2, 15)), ("SimpleRNN", keras_rnn, 1, (5,))],
)
def test_keras_weights_answer_the_same(kind, equations, gates, bias):
    rng = np.random.default_rng(1)
    forward, backward = (
        [rng.normal(size=s).astype(np.float32) for s in ((3, gates * 5), (5, gates * 5), bias)]
        for _ in range(2)
    )
    dense = [rng.normal(size=(10, 3)).astype(np.float32), rng.normal(size=3).astype(np.float32)]
    both = layer("Bidirectional", forward + backward, merge_mode="concat")
    both.forward_layer = layer(kind, [], reset_after=True)
    top = layer("Dense", dense, activation="softmax")
    model = interchange.from_keras([layer("Dropout", []), both, top], ["x", "y", "z"])
    for x in ragged(6, channels=3)[0]:
        h = np.concatenate([equations(x, *forward), equations(x[::-1], *backward)])
        wanted = h @ dense[0] + dense[1]
        assert np.allclose(model.activations([x])[0]["logits"], wanted, atol=1e-5)
    both.forward_layer = layer(kind, [], reset_after=False, activation="elu")
    with pytest.raises(NotImplementedError, match="cannot be imported"):
        interchange.from_keras([both, top], ["x", "y", "z"])


@pytest.fixture
def keras(monkeypatch):
    pytest.importorskip("torch", reason="torch is not installed")
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    return pytest.importorskip("keras", reason="keras is not installed")


@pytest.mark.parametrize("both", [False, True])
@pytest.mark.parametrize("kind", ["LSTM", "GRU", "SimpleRNN"])
def test_a_model_of_keras_itself(keras, kind, both):
    wrap = keras.layers.Bidirectional if both else lambda layer: layer
    cell = getattr(keras.layers, kind)
    model = keras.Sequential(
        [
            keras.Input((None, 3)),
            wrap(cell(4, return_sequences=True, bias_initializer="random_normal")),
            keras.layers.Dropout(0.2),
            wrap(cell(4, bias_initializer="random_normal")),
            keras.layers.Dense(2, activation="softmax"),
        ]
    )
    ours = interchange.from_keras(model, ["a", "b"])
    for x in ragged(4, channels=3)[0]:
        wanted = model(x[None]).detach().numpy()
        assert np.allclose(ours.predict_proba([x]), wanted, atol=1e-6)


def test_what_keras_has_and_refrain_has_not_is_refused(keras):
    def model(*layers):
        return keras.Sequential([keras.Input((None, 3)), *layers, keras.layers.Dense(2)])

    top = keras.layers.GRU(5)
    below = keras.layers.Bidirectional(keras.layers.GRU(4, return_sequences=True))
    for layers, message in (
        ((below, top), "directions"),
        ((keras.layers.GRU(4, return_sequences=True), top), r"different sizes: \[4, 5\]"),
        ((keras.layers.GRU(4, reset_after=False),), "reset_after"),
        ((keras.layers.Conv1D(4, 3), keras.layers.GRU(4)), "Conv1D"),
        ((keras.layers.LSTM(4, recurrent_activation="relu"),), "recurrent_activation"),
    ):
        with pytest.raises(NotImplementedError, match=message):
            interchange.from_keras(model(*layers), ["a", "b"])


def session(clf, path):
    pytest.importorskip("onnx", reason="onnx is not installed")
    runtime = pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")
    interchange.to_onnx(clf, path)
    return runtime.InferenceSession(str(path), providers=["CPUExecutionProvider"])


def onnx_answers(found, X, fill):
    feed = {"x": padded(X, fill), "lengths": lengths_of(X)}
    return found.run(["probabilities"], feed)[0]


OPTIONS = [
    {"cell": cell, "layers": layers, "bidirectional": both}
    for cell in CELLS
    for layers in (1, 2, 3)
    for both in (False, True)
] + [
    {"pooling": "last"},
    {"pooling": "mean", "normalise": "series"},
    {"pooling": "max", "layer_norm": True, "layers": 2, "residual": True},
    {"pooling": "attention"},
    {"pooling": "multi_head", "heads": 3, "attention": "self"},
    {"pooling": "dot", "normalise": "none"},
    {"ensemble": 2, "calibrate": True},
    {"missing": "zero"},
    {"segment": 4, "bidirectional": True},
    {"segment": 5, "stem": "full", "stem_pool": 2, "pooling": "attention", "attention": "self"},
    {"stem": "full", "stem_kernels": "1,2,5", "stem_layers": 2, "stem_skip": True, "squeeze": True},
    {"stem": "depthwise", "stem_layers": 2, "stem_channels": 7, "pooling": "last"},
    {"stem": "full", "stem_form": "branch", "stem_pool": 3, "stem_channels": 5},
    {"views": "raw,deviation,difference", "missing": "zero"},
    {"views": "raw,step_scaled,cumulative,shape_deviation"},
    {"views": "shape,shape_step_scaled,shape_difference,shape_cumulative", "normalise": "none"},
]


@pytest.mark.parametrize("options", OPTIONS, ids=lambda o: "-".join(map(str, o.values())))
def test_onnx_answers_the_same(tmp_path, options):
    X, y = ragged(30, missing=0.1)
    clf = SequenceClassifier(**{**SMALL, "epochs": 3, **options}).fit(X, y)
    found = session(clf, tmp_path / "m.onnx")
    rng = np.random.default_rng(4)
    for batch in (1, 2, 7, 64):
        some = [rng.normal(size=(rng.integers(1, 40), 2)).astype(np.float32) for _ in range(batch)]
        some[0][0, 1] = np.nan
        for fill in (0.0, 1e6, np.nan):  # what lies behind the end counts nothing
            p = onnx_answers(found, some, fill)
            assert np.allclose(p, clf.predict_proba(some), atol=1e-5)
    labels = {p.key: p.value for p in pytest.importorskip("onnx").load(tmp_path / "m.onnx").metadata_props}
    assert json.loads(labels["labels"]) == ["down", "up"]


NONE_MISSING = [
    {"cell": "gru", "bidirectional": True},
    {"cell": "lstm", "normalise": "series"},
    {"normalise": "none"},
    {"missing": "interpolate"},
    {"missing": "zero"},
    {"ensemble": 2, "views": "raw,difference,cumulative|shape,shape_deviation"},
    {"views": "raw,step_scaled,deviation", "pooling": "mean"},
    {"segment": 3, "stem": "full", "stem_pool": 2, "pooling": "attention"},
]


def with_gaps(n, channels=2):
    """Series with gaps of every kind: at both ends, long ones, channels of nothing, infinity."""
    rng = np.random.default_rng(7)
    X = [rng.normal(3, 2, (rng.integers(1, 30), channels)).astype(np.float32) for _ in range(n)]
    for i, x in enumerate(X):
        x[rng.random(x.shape) < (0.05, 0.3, 0.8)[i % 3]] = np.nan
        if i % 5 == 0:
            x[:, 0] = np.nan
        if i % 7 == 0:
            x[: len(x) // 2, 1] = np.nan
        if i % 11 == 0:
            x[len(x) // 2 :, 1] = np.nan
    return X


@pytest.mark.parametrize("options", NONE_MISSING, ids=lambda o: "-".join(map(str, o.values())))
def test_onnx_fills_gaps_as_the_core_does_where_training_had_none(tmp_path, options):
    X, y = ragged(30)
    clf = SequenceClassifier(**{**SMALL, "epochs": 3, **options}).fit(X, y)
    assert not clf.model_.about["features"]["streams"][0]["masked"]
    found = session(clf, tmp_path / "m.onnx")
    some = with_gaps(40)
    for X in (some, some[:1], [np.full((5, 2), np.nan, np.float32)]):
        for fill in (0.0, np.nan, 1e6, np.inf):
            p = onnx_answers(found, X, fill)
            assert np.allclose(p, clf.predict_proba(X), atol=1e-5)


@pytest.mark.parametrize("options", NONE_MISSING[:5], ids=lambda o: "-".join(map(str, o.values())))
def test_pytorch_fills_gaps_as_the_core_does(options):
    torch = pytest.importorskip("torch", reason="torch is not installed")
    if options.get("normalise") == "series":
        pytest.skip("the module takes series that are scaled")
    X, y = ragged(30)
    clf = SequenceClassifier(**{**SMALL, "epochs": 3, **options}).fit(X, y)
    state, description = interchange.to_torch(clf)
    module = interchange.torch_module(json.loads(json.dumps(description)), state)
    some = with_gaps(40)
    z = module(torch.tensor(padded(some)), lengths_of(some)).detach().numpy()
    assert np.allclose(softmax(z), clf.predict_proba(some), atol=1e-5)


def test_onnx_of_a_presets_networks(tmp_path):
    X, y = ragged(40, missing=0.1)
    clf = SequenceClassifier(preset="good", blend="", epochs=2, threads=1).fit(X, y)
    assert len(clf.model_.members) == 4 and clf.options_["stem"] == "full"
    found = session(clf, tmp_path / "m.onnx")
    X, _ = ragged(64, seed=3, missing=0.1)
    for batch in (1, 64):
        p = onnx_answers(found, X[:batch], np.nan)
        assert np.allclose(p, clf.predict_proba(X[:batch]), atol=1e-5)


@pytest.mark.parametrize("options", [SMALL, {"preset": "good", "blend": "", "epochs": 1}], ids=str)
def test_onnx_of_texts(tmp_path, options):
    X, y = texts()
    clf = TextClassifier(**{**options, "embedding_dim": 7}).fit(X, y)
    found = session(clf, tmp_path / "m.onnx")
    ids = clf.model_.word_ids(X)
    feed = {"ids": padded(ids).astype(np.int64), "lengths": lengths_of(ids)}
    assert np.allclose(found.run(None, feed)[0], clf.predict_proba(X), atol=1e-5)


def test_onnx_says_what_it_does_not_take(tmp_path):
    pytest.importorskip("onnx", reason="onnx is not installed")
    X, y = ragged(20)
    for options, name in (
        ({"cell": "mgu"}, "cell mgu"),
        ({"cell": "slstm"}, "cell slstm"),
        ({"parts": 2}, "parts"),
        ({"blend": "minirocket"}, "member 1 is minirocket; .* fit with blend=''"),
        ({"zoneout": 0.1}, "zoneout"),
        ({"augment": "jitter", "tta": 2}, "test-time augmentation"),
    ):
        clf = SequenceClassifier(**{**SMALL, "epochs": 1, **options}).fit(X, y)
        with pytest.raises(NotImplementedError, match=name):
            interchange.to_onnx(clf)
