"""A model file read by other programs: the `safetensors` package opens it, numpy and PyTorch
compute what `refrain predict` says."""

import csv
import json
import os
import subprocess
from pathlib import Path

import pytest

np = pytest.importorskip("numpy", reason="numpy is not installed: model files are not read")
pytest.importorskip("safetensors", reason="safetensors is not installed: model files are not read")

from model_reader import ModelReader  # noqa: E402  (needs the packages above)

ROOT = Path(__file__).resolve().parents[2]
TOOL = Path(os.environ.get("REFRAIN", ROOT / "build" / "refrain"))
GATES = {"gru": 3, "lstm": 4, "rnn": 1}
HIDDEN = 6

pytestmark = pytest.mark.skipif(
    not TOOL.exists(), reason=f"{TOOL} is not built; REFRAIN names another one"
)


def refrain(*arguments):
    command = [str(TOOL), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}\n{done.stderr}"
    return done.stdout


def make_series(missing):
    """60 series of two channels and 3 to 11 steps: class "up" where the first channel rises."""
    rng = np.random.default_rng(1)
    samples = []
    for i in range(60):
        steps = rng.integers(3, 12)
        slope = 0.5 if i % 2 else -0.5
        x = rng.normal(5, 2, (steps, 2)).astype(np.float32).astype(float)
        x[:, 0] += slope * np.arange(steps)
        if missing:
            x[rng.random(x.shape) < 0.1] = np.nan
        samples.append((x, "up" if i % 2 else "down"))
    return samples


def write_series(path, samples):
    with open(path, "w", encoding="utf-8") as file:
        for x, label in samples:
            rows = [[None if np.isnan(v) else v for v in row] for row in x.tolist()]
            file.write(json.dumps({"series": rows, "label": label}) + "\n")


class Trained:
    """A small network of one cell, trained for two epochs, and what the tool predicts with it."""

    def __init__(self, folder, cell, *, missing=False, **options):
        self.samples = make_series(missing)
        data, model = folder / "data.jsonl", folder / "model.refrain"
        write_series(data, self.samples)
        settings = {"hidden": HIDDEN, "epochs": 2, "seed": 3, "threads": 1, **options}
        flags = [f"--{name.replace('_', '-')}={value}" for name, value in settings.items()]
        refrain("train", data, "--test", data, "--allow-overlap", "--store", "none", "--out", model, "--quiet", "--cell", cell,
                *flags)
        self.reader = ModelReader(model)
        rows = csv.DictReader(refrain("predict", model, data, "--quiet").splitlines())
        names = [f"probability_{label}" for label in self.reader.head["labels"]]
        self.predicted = np.array([[float(row[name]) for name in names] for row in rows])
        assert self.predicted.shape == (60, 2)
        assert np.ptp(self.predicted[:, 0]) > 0.02, "all predictions are alike: nothing is compared"

    def compare(self, predict):
        expected = np.array([predict(x) for x, _ in self.samples])
        np.testing.assert_allclose(self.predicted, expected, rtol=0, atol=1e-5)


@pytest.mark.parametrize("cell", GATES)
def test_tensors_have_pytorchs_shapes(tmp_path, cell):
    tensors = Trained(tmp_path, cell, layers=2, pooling="concat").reader.tensors
    G, H = GATES[cell] * HIDDEN, HIDDEN
    expected = {"head.w": (2, 6 * H), "head.b": (2,)}
    for layer, inputs in enumerate([2, 2 * H]):
        for direction in ("forward", "reverse"):
            prefix = f"encoder.{layer}.{direction}."
            expected |= {prefix + "w_x": (G, inputs), prefix + "w_h": (G, H), prefix + "b": (G,)}
            if cell == "gru":
                expected[prefix + "b_h"] = (H,)
    assert {name: tensor.shape for name, tensor in tensors.items()} == expected


def test_tensors_are_single_precision(tmp_path):
    from safetensors.numpy import load_file

    Trained(tmp_path, "gru")
    tensors = load_file(str(tmp_path / "model.refrain"))
    assert tensors and all(tensor.dtype == np.float32 for tensor in tensors.values())
    assert all(np.isfinite(tensor).all() for tensor in tensors.values())


def test_the_head_tells_all_that_prediction_needs(tmp_path):
    reader = Trained(tmp_path, "lstm", lr=0.0125).reader
    head = reader.head
    assert head["format"] == 1
    assert head["task"] == "classify"
    assert head["labels"] == ["down", "up"]
    assert head["options"]["cell"] == "lstm"
    assert head["options"]["hidden"] == HIDDEN
    assert head["options"]["lr"] == 0.0125
    assert head["receipt"]["n_train"] == 60
    assert head["receipt"]["epochs"] == 2
    stream = head["features"]["streams"][0]
    assert stream["kind"] == "series" and stream["channels"] == 2 and not stream["masked"]
    values = np.vstack([x for x, _ in make_series(False)])
    np.testing.assert_allclose(stream["normaliser"]["mean"], values.mean(axis=0), rtol=1e-6)
    np.testing.assert_allclose(stream["normaliser"]["std"], values.std(axis=0), rtol=1e-6)


@pytest.mark.parametrize("cell", GATES)
@pytest.mark.parametrize("bidirectional", ["true", "false"])
@pytest.mark.parametrize("pooling", ["last", "mean", "max", "concat"])
def test_numpy_predicts_what_the_tool_predicts(tmp_path, cell, bidirectional, pooling):
    options = {"bidirectional": bidirectional, "pooling": pooling, "layers": 2}
    trained = Trained(tmp_path, cell, **options)
    trained.compare(trained.reader.predict)


@pytest.mark.parametrize("cell", GATES)
def test_numpy_predicts_series_with_missing_values(tmp_path, cell):
    trained = Trained(tmp_path, cell, missing=True)
    assert trained.reader.head["features"]["streams"][0]["masked"]
    trained.compare(trained.reader.predict)


def torch_layer(torch, reader):
    """torch.nn.GRU or LSTM with the file's numbers; they go in as they are."""
    kind = {"gru": torch.nn.GRU, "lstm": torch.nn.LSTM}[reader.options["cell"]]
    layers, both = reader.options["layers"], reader.options["bidirectional"]
    inputs = reader.weights(0, "forward")[0].shape[1]
    net = kind(inputs, HIDDEN, num_layers=layers, bidirectional=both).double()
    with torch.no_grad():
        for layer in range(layers):
            for direction in reader.directions():
                end = f"_l{layer}" + ("_reverse" if direction == "reverse" else "")
                w_x, w_h, b, b_h = map(
                    torch.from_numpy, with_second_bias(reader, layer, direction)
                )
                getattr(net, "weight_ih" + end).copy_(w_x)
                getattr(net, "weight_hh" + end).copy_(w_h)
                getattr(net, "bias_ih" + end).copy_(b)
                getattr(net, "bias_hh" + end).copy_(b_h)
    return net


def with_second_bias(reader, layer, direction):
    """With PyTorch's second bias: zero but for the candidate of a gru."""
    w_x, w_h, b, b_h = reader.weights(layer, direction)
    second = np.zeros_like(b)
    if b_h is not None:
        second[2 * HIDDEN :] = b_h
    return w_x, w_h, b, second


@pytest.mark.parametrize("cell", ["gru", "lstm"])
@pytest.mark.parametrize("bidirectional", ["true", "false"])
@pytest.mark.parametrize("missing", [False, True])
def test_pytorch_predicts_what_the_tool_predicts(tmp_path, cell, bidirectional, missing):
    torch = pytest.importorskip("torch", reason="PyTorch is not installed: it predicts nothing")
    trained = Trained(tmp_path, cell, missing=missing, bidirectional=bidirectional, layers=2)
    reader = trained.reader
    net = torch_layer(torch, reader)

    def predict(series):
        with torch.no_grad():
            states, _ = net(torch.from_numpy(reader.inputs(series))[:, None, :])
        return reader.classify(reader.pool(states[:, 0, :].numpy()))

    trained.compare(predict)
