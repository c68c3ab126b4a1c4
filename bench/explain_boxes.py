"""Explanations against the truth: the boxes of Ismail et al. (2020), made here.

usage: explain_boxes.py [--refrain build/refrain] [--samples 10] [--method NAME ...]

Noise of 50 steps x 50 channels; the label, +1 or -1, is added to a box. An LSTM of 5 units learns
1,000 of them. The area under precision and recall tells how well the cells of the box come first
when they are ranked by score; chance is the share of the box.
"""

import argparse
import json
import pathlib
import subprocess
import tempfile

import numpy as np

BOXES = {
    "middle": (10, 40, 10, 40),
    "small": (18, 32, 18, 32),
    "rare_time": (22, 28, 5, 45),
    "rare_feature": (5, 45, 22, 28),
}
METHODS = ["rescaled", "integrated_gradients", "occlusion", "input_gradient", "saliency"]
NETWORK = "--preset none --blend= --cell lstm --hidden 5 --layers 1 --epochs 30".split()


def write_samples(path, box, n, seed):
    """Writes n samples as JSON Lines."""
    random = np.random.RandomState(seed)
    values = random.randn(n, 50, 50)
    labels = random.randint(0, 2, n) * 2 - 1
    values[:, box[0] : box[1], box[2] : box[3]] += labels[:, None, None]
    with open(path, "w", encoding="utf-8") as file:
        for series, label in zip(values, labels):
            sample = {"label": "pos" if label > 0 else "neg", "series": np.round(series, 4).tolist()}
            file.write(json.dumps(sample) + "\n")


def average_precision(score, truth):
    """Area under precision and recall of cells in the order of their scores."""
    hits = truth[np.argsort(-score, kind="stable")]
    return float((np.cumsum(hits) / np.arange(1, len(hits) + 1) * hits).sum() / hits.sum())


def map_of(sample):
    """Scores of cells [50,50]: a part's score is shared among its cells."""
    out = np.zeros((50, 50))
    for part in sample["parts"]:
        rows = slice(part["begin"], part["end"])
        columns = part["channel"] if "channel" in part else slice(None)
        out[rows, columns] = part["score"] / np.size(out[rows, columns])
    return out


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--refrain", default="build/refrain")
    parser.add_argument("--samples", type=int, default=10)
    parser.add_argument("--method", nargs="*", default=METHODS)
    args = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp())

    def run(*words):
        subprocess.run([args.refrain, *map(str, words)], check=True, stdout=subprocess.DEVNULL)

    print("| box | chance | " + " | ".join(args.method) + " |")
    print("|---|---|" + "---|" * len(args.method))
    for name, box in BOXES.items():
        train, test, model, out = (folder / f"{name}{end}" for end in ("1.jsonl", "2.jsonl", ".m", ".json"))
        write_samples(train, box, 1000, 1)
        write_samples(test, box, 100, 2)
        run("train", train, *NETWORK, "--out", model, "--quiet", "--no-baselines", "--threads", 1)
        truth = np.zeros((50, 50))
        truth[box[0] : box[1], box[2] : box[3]] = 1
        row = [f"{truth.mean():.3f}"]
        for method in args.method:
            run("explain", model, test, "--method", method, "--samples", args.samples,
                "--no-checks", "--quiet", "--out", out)
            found = json.loads(out.read_text(encoding="utf-8"))["samples"]
            areas = [average_precision(map_of(s).ravel(), truth.ravel()) for s in found]
            row.append(f"{np.mean(areas):.3f}")
        print(f"| {name} | " + " | ".join(row) + " |", flush=True)


if __name__ == "__main__":
    main()
