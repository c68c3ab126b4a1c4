"""Writes the golden reference numbers: python make_golden.py FOLDER [NAME ...]

Every number comes from an implementation that is independent of Refrain: PyTorch in double
precision on one thread, and scikit-learn for the metrics. README.md beside this file describes
the format. Inputs are drawn from Python's own generator, seeded by the name of the case, so that
adding a case changes no other one; they are rounded to a few decimals, so that the file holds
exactly the numbers that were computed with.
"""

import argparse
import json
import math
import random
import statistics
import warnings
from pathlib import Path

LENGTHS = [3, 5, 1]  # ragged, neither sorted up nor down
DIGITS = 10
RESIDUE = 1e-14  # what rounding leaves of a mathematical zero differs between machines


class Draw:
    """Random inputs of one case."""

    def __init__(self, name):
        self.random = random.Random("refrain golden " + name)

    def number(self, scale=1.0):
        return round(self.random.uniform(-scale, scale), 4)

    def nested(self, *sizes, scale=1.0):
        if not sizes:
            return self.number(scale)
        return [self.nested(*sizes[1:], scale=scale) for _ in range(sizes[0])]

    def leaf(self, *sizes, scale=1.0):
        """A tensor that gradients are wanted for."""
        return constant(self.nested(*sizes, scale=scale)).requires_grad_()

    def leaves(self, columns, lengths=tuple(LENGTHS)):
        """A ragged batch: one leaf [length, columns] a sequence."""
        return [self.leaf(length, columns) for length in lengths]

    def upstream(self, outputs):
        """A gradient of the same shape as each output."""
        return [constant(self.nested(*y.shape)) for y in outputs]


def pytorch():
    import torch

    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)
    return torch


def constant(values):
    return pytorch().tensor(values)


def plain(value):
    """Tensors, also inside lists and dicts, as nested lists of numbers."""
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(part) for part in value]
    if hasattr(value, "detach"):
        return value.detach().tolist()
    return value


def backward(outputs, upstream):
    loss = sum((y * d_y).sum() for y, d_y in zip(outputs, upstream))
    loss.backward()


def gradients(parts):
    if isinstance(parts, dict):
        return {name: part.grad for name, part in parts.items()}
    return [part.grad for part in parts]


def fill_parameters(module, draw, scale):
    """Replaces the initial values, from PyTorch's generator, by drawn ones."""
    parameters = dict(module.named_parameters())
    for parameter in parameters.values():
        parameter.data = constant(draw.nested(*parameter.shape, scale=scale))
    return parameters


# ---------------------------------------------------------------- recurrent.json


def recurrent_module(cell, **sizes):
    torch = pytorch()
    if cell == "lstm":
        return torch.nn.LSTM(**sizes)
    if cell == "gru":
        return torch.nn.GRU(**sizes)
    if cell == "mgu":
        return of_equations(2, minimal_gated_unit, **sizes)
    if cell == "slstm":
        return of_equations(4, scalar_lstm, **sizes)
    return torch.nn.RNN(nonlinearity=cell.removeprefix("rnn_"), **sizes)


def minimal_gated_unit(of_x, of_h, h, state):
    """Zhou et al. 2016, gates in the order f, n."""
    torch, H = pytorch(), len(h)
    f = torch.sigmoid(of_x[:H] + of_h[:H])
    n = torch.tanh(of_x[H:] + f * of_h[H:])
    return (1 - f) * h + f * n, state


def scalar_lstm(of_x, of_h, h, state):
    """sLSTM (Beck et al. 2024), gates in the order i, f, z, o: with a sigmoid forget gate, and
    without the stabiliser, which numbers as small as these do not need."""
    torch = pytorch()
    i, f, z, o = (of_x + of_h).chunk(4)
    c, n = state or (torch.zeros(len(h)), torch.zeros(len(h)))
    c = torch.sigmoid(f) * c + torch.exp(i) * torch.tanh(z)
    n = torch.sigmoid(f) * n + torch.exp(i)
    return torch.sigmoid(o) * c / n, (c, n)


def of_equations(gates, step, input_size, hidden_size, num_layers, bidirectional):
    """A cell that PyTorch has not; weights are named as PyTorch names those of its cells."""
    torch = pytorch()
    H, directions = hidden_size, ("", "_reverse") if bidirectional else ("",)

    class Module(torch.nn.Module):
        def __init__(self):
            super().__init__()
            for layer in range(num_layers):
                inputs = input_size if layer == 0 else H * len(directions)
                for direction in directions:
                    for part, shape in {
                        "weight_ih": (gates * H, inputs),
                        "weight_hh": (gates * H, H),
                        "bias_ih": (gates * H,),
                        "bias_hh": (gates * H,),
                    }.items():
                        empty = torch.nn.Parameter(torch.zeros(shape))
                        self.register_parameter(f"{part}_l{layer}{direction}", empty)

        def direction(self, x, suffix):
            w_i, w_h, b_i, b_h = (
                getattr(self, part + suffix)
                for part in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
            )
            h, state, out = torch.zeros(H), None, []
            for row in x.flip(0) if suffix.endswith("_reverse") else x:
                h, state = step(w_i @ row + b_i, w_h @ h + b_h, h, state)
                out.append(h)
            final = out[-1]
            return torch.stack(out[::-1] if suffix.endswith("_reverse") else out), final

        def ragged(self, x):
            y, finals = [], []
            for sequence in x:
                final = []
                for layer in range(num_layers):
                    parts = [self.direction(sequence, f"_l{layer}{d}") for d in directions]
                    sequence = torch.cat([part[0] for part in parts], dim=1)
                    final += [part[1] for part in parts]
                y.append(sequence)
                finals.append(torch.stack(final))
            return y, {"h_n": finals}

    return Module()


def run_recurrent(module, x):
    """Outputs [length][D*H] and final states [layers*D][H], both per sequence."""
    if hasattr(module, "ragged"):
        return module.ragged(x)
    rnn = pytorch().nn.utils.rnn
    packed, state = module(rnn.pack_sequence(x, enforce_sorted=False))
    padded, lengths = rnn.pad_packed_sequence(packed, batch_first=True)
    y = [padded[b, :length] for b, length in enumerate(lengths.tolist())]
    states = state if isinstance(state, tuple) else (state,)
    finals = {name: s.transpose(0, 1) for name, s in zip(("h_n", "c_n"), states)}
    return y, finals


def recurrent_case(cell, bidirectional, layers):
    draw = Draw(f"recurrent {cell} {bidirectional} {layers}")
    sizes = {"input_size": 3, "hidden_size": 4}
    module = recurrent_module(cell, bidirectional=bidirectional, num_layers=layers, **sizes)
    weights = fill_parameters(module, draw, scale=0.7)
    x = draw.leaves(sizes["input_size"])
    y, finals = run_recurrent(module, x)
    d_y = draw.upstream(y)
    backward(y, d_y)
    head = {"cell": cell, "bidirectional": bidirectional, "layers": layers}
    return {
        **head,
        **sizes,
        "lengths": LENGTHS,
        "x": x,
        "weights": weights,
        "y": y,
        **finals,
        "d_y": d_y,
        "d_x": gradients(x),
        "d_weights": gradients(weights),
    }


def recurrent():
    return {
        "cases": [
            recurrent_case(cell, bidirectional, layers)
            for cell in ("rnn_tanh", "rnn_relu", "lstm", "gru", "mgu", "slstm")
            for bidirectional in (False, True)
            for layers in (1, 2)
        ]
    }


# --------------------------------------------------------------- operations.json


def finish(draw, head, inputs, y, options=None):
    """A case of one dense output: draws the upstream gradient and goes backward."""
    d_y = draw.upstream([y])[0]
    backward([y], [d_y])
    d_inputs = {f"d_{name}": part.grad for name, part in inputs.items()}
    return {**head, **(options or {}), **inputs, "y": y, "d_y": d_y, **d_inputs}


def linear_case(name, with_bias):
    draw = Draw("linear " + name)
    inputs = {"x": draw.leaf(4, 3), "weight": draw.leaf(5, 3)}
    if with_bias:
        inputs["bias"] = draw.leaf(5)
    y = pytorch().nn.functional.linear(*inputs.values())
    return finish(draw, {"operation": "linear", "name": name}, inputs, y)


def embedding_case():
    draw = Draw("embedding")
    ids = [2, 0, 6, 2, 5, 2]
    inputs = {"weight": draw.leaf(7, 4)}
    y = pytorch().nn.functional.embedding(constant(ids), inputs["weight"])
    head = {"operation": "embedding", "name": "repeated and unused ids"}
    return finish(draw, head, inputs, y, {"ids": ids})


def layer_norm_case(name, x):
    draw = Draw("layer_norm " + name)
    inputs = {"x": x, "weight": draw.leaf(6), "bias": draw.leaf(6)}
    y = pytorch().nn.functional.layer_norm(x, (6,), inputs["weight"], inputs["bias"], eps=1e-5)
    return finish(draw, {"operation": "layer_norm", "name": name}, inputs, y, {"eps": 1e-5})


def layer_norm_cases():
    draw = Draw("layer_norm inputs")
    shifted = [[10 + value for value in row] for row in draw.nested(3, 6)]
    small = draw.nested(3, 6, scale=0.01)
    return [
        layer_norm_case("ordinary", draw.leaf(4, 6, scale=2)),
        layer_norm_case("mean far from zero", constant(shifted).requires_grad_()),
        layer_norm_case("small values, eps counts", constant(small).requires_grad_()),
        layer_norm_case("constant row", constant([[0.5] * 6]).requires_grad_()),
    ]


def loss_case(head, inputs, loss):
    """A case of one scalar, whose upstream gradient is 1."""
    loss.backward()
    wanted = {f"d_{n}": t.grad for n, t in inputs.items() if getattr(t, "requires_grad", False)}
    return {**head, **inputs, "loss": loss, "d_loss": 1.0, **wanted}


def cross_entropy_case(name, logits, targets, class_weight=None, label_smoothing=0.0):
    loss = pytorch().nn.functional.cross_entropy(
        logits,
        constant(targets),
        weight=None if class_weight is None else constant(class_weight),
        label_smoothing=label_smoothing,
    )
    head = {"operation": "cross_entropy", "name": name, "label_smoothing": label_smoothing}
    inputs = {"logits": logits, "targets": targets, "class_weight": class_weight}
    return loss_case(head, inputs, loss)


def cross_entropy_cases():
    draw = Draw("cross_entropy")
    targets = [1, 3, 0, 1, 2, 1]
    weight = [0.5, 1.0, 2.0, 3.5]
    large = [[1000.0, -1000.0, 0.0], [-1000.0, 1000.0, 999.0], [1000.0, 1000.0, 1000.0]]

    def logits():
        return draw.leaf(6, 4, scale=2)

    return [
        cross_entropy_case("plain", logits(), targets),
        cross_entropy_case("class weights", logits(), targets, weight),
        cross_entropy_case("label smoothing", logits(), targets, None, 0.1),
        cross_entropy_case("class weights and label smoothing", logits(), targets, weight, 0.2),
        cross_entropy_case("a class of weight zero", logits(), targets, [1.0, 0.0, 2.0, 1.0], 0.1),
        cross_entropy_case("one row", draw.leaf(1, 2), [1], [0.3, 0.6], 0.1),
        cross_entropy_case("huge logits", constant(large).requires_grad_(), [0, 2, 1]),
    ]


def mse_loss_case():
    draw = Draw("mse_loss")
    inputs = {"prediction": draw.leaf(5, 2), "target": draw.nested(5, 2)}
    loss = pytorch().nn.functional.mse_loss(inputs["prediction"], constant(inputs["target"]))
    return loss_case({"operation": "mse_loss", "name": "plain"}, inputs, loss)


def finish_ragged(draw, head, x, weights, outputs):
    """A ragged case: outputs holds y (a list, one a sequence) and whatever else is to be shown."""
    d_y = draw.upstream(outputs["y"])
    backward(outputs["y"], d_y)
    case = {**head, "lengths": LENGTHS, "x": x, **weights, **outputs, "d_y": d_y}
    case["d_x"] = gradients(x)
    return {**case, **{f"d_{name}": part.grad for name, part in weights.items()}}


def multi_head_attention_case():
    torch = pytorch()
    draw = Draw("multi_head_attention")
    embed, heads = 6, 2
    module = torch.nn.MultiheadAttention(embed, heads, batch_first=True)
    weights = fill_parameters(module, draw, scale=0.8)
    x = draw.leaves(embed)
    padded = torch.nn.utils.rnn.pad_sequence(x, batch_first=True)
    steps = torch.arange(max(LENGTHS))
    mask = steps[None, :] >= constant(LENGTHS)[:, None]  # True = padding
    y, attention = module(
        padded, padded, padded, key_padding_mask=mask, average_attn_weights=False
    )
    outputs = {
        "y": [y[b, :n] for b, n in enumerate(LENGTHS)],
        "attention": [attention[b, :, :n, :n] for b, n in enumerate(LENGTHS)],
    }
    head = {"operation": "multi_head_attention", "name": "self-attention", "heads": heads}
    weights = {name.replace(".", "_"): part for name, part in weights.items()}
    return finish_ragged(draw, head, x, weights, outputs)


def additive_attention_pooling_case():
    torch = pytorch()
    draw = Draw("additive_attention_pooling")
    hidden, size = 4, 5
    weights = {"W": draw.leaf(size, hidden), "b": draw.leaf(size), "v": draw.leaf(size)}
    x = draw.leaves(hidden)
    attention = [
        torch.softmax(torch.tanh(h @ weights["W"].T + weights["b"]) @ weights["v"], dim=0)
        for h in x
    ]
    outputs = {"y": [a @ h for a, h in zip(attention, x)], "attention": attention}
    head = {"operation": "additive_attention_pooling", "name": "plain"}
    return finish_ragged(draw, head, x, weights, outputs)


def pooling_case(kind):
    draw = Draw("pooling " + kind)
    pool = {
        "last": lambda h: h[-1],
        "mean": lambda h: h.mean(dim=0),
        "max": lambda h: h.max(dim=0).values,
    }[kind]
    x = draw.leaves(4)
    head = {"operation": "pooling", "name": kind}
    return finish_ragged(draw, head, x, {}, {"y": [pool(h) for h in x]})


def ctc_loss_case(name, symbols, blank, lengths, targets):
    torch = pytorch()
    draw = Draw("ctc_loss " + name)
    x = [draw.leaf(n, symbols, scale=3) for n in lengths]
    padded = torch.nn.utils.rnn.pad_sequence([part.log_softmax(1) for part in x])
    together = constant([symbol for target in targets for symbol in target])
    sizes = constant([len(target) for target in targets])
    surprise = torch.nn.functional.ctc_loss(
        padded, together, constant(lengths), sizes, blank=blank, reduction="none"
    )
    surprise.sum().backward()
    head = {"operation": "ctc_loss", "name": name, "blank": blank, "targets": targets}
    results = {"surprise": surprise, "loss": surprise.sum(), "d_x": gradients(x)}
    return {**head, "lengths": lengths, "x": x, **results}


def ctc_loss_cases():
    draw = Draw("ctc_loss targets").random
    many = [[draw.randint(1, 5) for _ in range(12)] for _ in range(2)]
    return [
        ctc_loss_case("repeats", 4, 0, [5, 9, 3], [[2, 2, 1], [3, 3, 1, 1], [1]]),
        ctc_loss_case("no step to spare", 3, 0, [5, 2, 4], [[1, 1, 1], [1, 2], [2, 1, 1]]),
        ctc_loss_case("blank in the middle", 4, 2, [4, 6], [[0, 3], [1, 1, 0]]),
        ctc_loss_case("nothing written", 3, 0, [4, 1, 3], [[], [1], []]),
        ctc_loss_case("many symbols", 6, 0, [30, 24], many),
    ]


def operations():
    cases = [linear_case("with bias", True), linear_case("without bias", False)]
    cases += [embedding_case(), *layer_norm_cases(), *cross_entropy_cases(), mse_loss_case()]
    cases += [multi_head_attention_case(), additive_attention_pooling_case()]
    cases += [pooling_case(kind) for kind in ("last", "mean", "max")]
    cases += ctc_loss_cases()
    return {"cases": cases}


# --------------------------------------------------------------- optimisers.json


def step_gradients():
    """[8][5]: an ordinary number, a large one, one that starts with zeros, one so small that eps
    counts, one that is always zero."""
    draw = Draw("optimisers")
    rows = draw.nested(8, 5)
    for step, row in enumerate(rows):
        row[1] = round(row[1] * 50, 4)
        row[2] = 0.0 if step < 3 else row[2]
        row[3] = round(row[3] * 5e-8, 12)
        row[4] = 0.0
    return rows


def optimiser_case(kind, name, steps, start, **options):
    torch = pytorch()
    parameter = constant(start).requires_grad_()
    optimiser = getattr(torch.optim, kind)([parameter], **options)
    after = []
    for step in steps:
        parameter.grad = constant(step)
        optimiser.step()
        after.append(parameter.tolist())
    used = optimiser.param_groups[0]
    told = ("lr", "momentum", "nesterov", "betas", "alpha", "eps", "weight_decay", "amsgrad")
    shown = {key: used[key] for key in told if key in used}
    return {"optimiser": kind.lower(), "name": name, "options": shown, "params": after}


def clip_case(name, by, limit, tensors):
    torch = pytorch()
    parameters = [torch.zeros_like(constant(t)).requires_grad_() for t in tensors]
    for parameter, gradient in zip(parameters, tensors):
        parameter.grad = constant(gradient)
    case = {"clip": by, "name": name, "gradients": tensors}
    if by == "norm":
        case["max_norm"] = limit
        case["total_norm"] = torch.nn.utils.clip_grad_norm_(parameters, limit)
    else:
        case["clip_value"] = limit
        torch.nn.utils.clip_grad_value_(parameters, limit)
    return {**case, "clipped": gradients(parameters)}


def clip_cases():
    draw = Draw("clipping")
    large = [draw.nested(2, 3, scale=2), draw.nested(4, scale=2)]
    small = [draw.nested(2, 3, scale=0.1), draw.nested(4, scale=0.1)]
    return [
        clip_case("norm above the limit", "norm", 1.0, large),
        clip_case("norm below the limit", "norm", 1.0, small),
        clip_case("all zero", "norm", 1.0, [[0.0, 0.0], [0.0]]),
        clip_case("some values above the limit", "value", 0.5, large),
        clip_case("no value above the limit", "value", 0.5, small),
    ]


def optimisers():
    steps = step_gradients()
    start = [0.5, -1.0, 0.25, 2.0, -0.75]
    runs = [
        ("SGD", "plain", {"lr": 0.1}),
        ("SGD", "momentum", {"lr": 0.1, "momentum": 0.9}),
        ("SGD", "nesterov", {"lr": 0.1, "momentum": 0.9, "nesterov": True}),
        ("Adam", "default", {}),
        ("Adam", "l2", {"weight_decay": 0.1, "amsgrad": False}),
        ("AdamW", "weight decay", {"weight_decay": 0.01}),
        ("RMSprop", "default", {"alpha": 0.99}),
        ("NAdam", "default", {}),
        ("NAdam", "other betas and l2", {"betas": (0.8, 0.95), "weight_decay": 0.1}),
        ("RAdam", "default", {}),
        ("RAdam", "rectified from an early step on", {"betas": (0.8, 0.9), "lr": 0.01}),
        ("Adagrad", "default", {}),
    ]
    cases = [optimiser_case(kind, name, steps, start, **opts) for kind, name, opts in runs]
    return {"start": start, "gradients": steps, "cases": cases, "clipping": clip_cases()}


# ------------------------------------------------------------------ metrics.json


def probabilities(draw, predicted, classes):
    """Rows that add up to 1 and whose largest value is the predicted class; none is zero."""
    rows = []
    for winner in predicted:
        parts = [draw.random.randint(300, 2000) for _ in range(classes)]
        parts[winner] = max(parts) + draw.random.randint(100, 3000)
        row = [round(part / sum(parts), 4) for part in parts]
        row[winner] = round(1 - (sum(row) - row[winner]), 4)
        rows.append(row)
    return rows


def metric_values(truth, predicted, proba, classes):
    from sklearn import metrics

    every = list(range(classes))

    def f1(average, labels=None):
        return metrics.f1_score(truth, predicted, labels=labels, average=average, zero_division=0)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # classes that do not occur are the point of some cases
        return {
            "accuracy": metrics.accuracy_score(truth, predicted),
            "balanced_accuracy": metrics.balanced_accuracy_score(truth, predicted),
            "macro_f1": f1("macro"),
            "macro_f1_all_classes": f1("macro", every),
            "weighted_f1": f1("weighted"),
            "mcc": metrics.matthews_corrcoef(truth, predicted),
            "log_loss": metrics.log_loss(truth, proba, labels=every),
            "confusion": metrics.confusion_matrix(truth, predicted, labels=every).tolist(),
        }


def metric_case(name, classes, truth, predicted):
    proba = probabilities(Draw("metrics " + name), predicted, classes)
    inputs = {"classes": classes, "truth": truth, "predicted": predicted, "probabilities": proba}
    values = metric_values(truth, predicted, proba, classes)
    numbers = {key: value if key == "confusion" else float(value) for key, value in values.items()}
    return {"name": name, **inputs, **numbers}


def metric_cases():
    draw = Draw("metrics labels").random
    truth = [draw.choices(range(4), (5, 3, 2, 1))[0] for _ in range(30)]
    guess = [t if draw.random() < 0.6 else draw.randrange(4) for t in truth]
    three = [0, 1, 2, 0, 1, 2, 0, 0, 1, 2]
    return [
        metric_case("four classes of unequal size", 4, truth, guess),
        metric_case("two classes", 2, [0, 1, 1, 0, 1, 0, 0, 0], [0, 1, 0, 0, 1, 1, 0, 0]),
        metric_case("all right", 3, three, three),
        metric_case("all wrong", 3, three, [(t + 1) % 3 for t in three]),
        metric_case("a class is never predicted", 3, three, [0, 1, 0, 0, 1, 1, 0, 1, 1, 0]),
        metric_case("a class is absent from the truth", 3, [0, 1, 0, 0, 1, 1], [0, 1, 2, 0, 0, 1]),
        metric_case("a class is absent from both", 4, [0, 1, 3, 0, 1, 3], [0, 1, 1, 0, 3, 3]),
        metric_case("one class for all predictions", 3, three, [0] * 10),
        metric_case("one sample", 2, [1], [1]),
    ]


def wilson(successes, trials, confidence=0.95):
    """Wilson 1927, without continuity correction."""
    z = statistics.NormalDist().inv_cdf(0.5 + confidence / 2)
    share, z2n = successes / trials, z * z / trials
    middle = (share + z2n / 2) / (1 + z2n)
    half = z / (1 + z2n) * math.sqrt(share * (1 - share) / trials + z2n / (4 * trials))
    low = 0.0 if successes == 0 else middle - half
    high = 1.0 if successes == trials else middle + half
    return {"k": successes, "n": trials, "value": share, "low": low, "high": high}


def metrics():
    pairs = [(0, 10), (10, 10), (7, 10), (150, 150), (75, 150), (1, 1)]
    intervals = [wilson(k, n) for k, n in pairs]
    return {"cases": metric_cases(), "wilson": intervals}


# ------------------------------------------------------------------------ files


def made_by(name):
    if name == "metrics":
        import sklearn

        return f"make_golden.py, scikit-learn {sklearn.__version__}"
    return f"make_golden.py, PyTorch {pytorch().__version__.split('+')[0]}"


def number_text(value):
    if abs(value) < RESIDUE:
        value = 0.0
    if not math.isfinite(value):
        raise ValueError("a golden number is not finite")
    return f"{value:.{DIGITS}g}"


def json_text(value, indent=0):
    """JSON with one line for each innermost list, floats with ten significant digits."""
    if isinstance(value, float):
        return number_text(value)
    if not isinstance(value, (dict, list)):
        return json.dumps(value)
    parts = value.values() if isinstance(value, dict) else value
    inner = [json_text(part, indent + 1) for part in parts]
    if isinstance(value, dict):
        inner = [f"{json.dumps(key)}: {text}" for key, text in zip(value, inner)]
    elif not any(isinstance(part, (dict, list)) for part in value):
        return "[" + ", ".join(inner) + "]"
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    margin = "\n" + " " * indent
    return opening + margin + " " + ("," + margin + " ").join(inner) + margin + closing


FILES = {
    "recurrent": recurrent,
    "operations": operations,
    "optimisers": optimisers,
    "metrics": metrics,
}


def write(folder, name):
    """Writes folder/name.json and returns its path."""
    content = plain({"made_by": made_by(name), **FILES[name]()})
    path = Path(folder) / f"{name}.json"
    path.write_text(json_text(content) + "\n", encoding="utf-8")
    return path


def main():
    parser = argparse.ArgumentParser(description="write the golden reference numbers")
    parser.add_argument("folder", type=Path, help="where the files go; made if it is missing")
    parser.add_argument("names", nargs="*", metavar="name", help=f"of {', '.join(FILES)}; all")
    arguments = parser.parse_args()
    unknown = sorted(set(arguments.names) - set(FILES))
    if unknown:
        parser.error(f"no such file: {', '.join(unknown)}")
    arguments.folder.mkdir(parents=True, exist_ok=True)
    for name in arguments.names or FILES:
        path = write(arguments.folder, name)
        print(f"{path}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
