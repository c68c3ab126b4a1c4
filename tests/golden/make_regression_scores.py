"""Writes the reference numbers of regression metrics: python make_regression_scores.py FOLDER [NAME ...]

regression_scores.json comes from scikit-learn and scipy. Where theirs are undefined, the convention in
src/refrain/score/regression.h is worked out here with them (README.md). Numbers carry all their
digits: the C++ test compares to 1e-12.
"""

import argparse
import json
import random
import warnings
from pathlib import Path


def draw_case(name, n, width=1, **options):
    """Truths, predictions and prediction intervals (ties wanted: few decimals) and weights."""
    draw = random.Random("refrain regression scores " + name)
    digits = options.get("digits", 1)

    def table(number):
        return [[round(number(i, k), digits) for k in range(width)] for i in range(n)]

    truth = table(lambda i, k: options.get("constant") or draw.gauss(3 * k, 1 + k))
    if options.get("perfect"):
        predicted = truth
    elif options.get("same_prediction"):
        predicted = table(lambda i, k: 0.5)
    else:
        predicted = table(lambda i, k: truth[i][k] + draw.gauss(0, 0.5))
    half = [[draw.choice([0, 0.25, 0.5, 1]) for _ in range(width)] for _ in range(n)]
    weights = {"any": lambda: round(draw.uniform(0.1, 3), 2), "whole": lambda: draw.randint(0, 3)}
    weigh = weights.get(options.get("weights"))
    return {
        "name": name,
        "width": width,
        "truth": truth,
        "predicted": predicted,
        "low": [[x - h for x, h in zip(*rows)] for rows in zip(predicted, half)],
        "high": [[x + h for x, h in zip(*rows)] for rows in zip(predicted, half)],
        "weight": [weigh() for _ in range(n)] if weigh else [],
    }


def repeated(rows, weight):
    """Each row as often as its whole weight says."""
    return [row for row, times in zip(rows, weight) for _ in range(times)]


def weighted_ranks(column, weight):
    """The weight below each number, and half of that of its equals."""
    return [sum(w for x, w in zip(column, weight) if x < y)
            + sum(w for x, w in zip(column, weight) if x == y) / 2 for y in column]


def spearman_of_column(truth, predicted, weight):
    """scipy's, of repeated rows where weights are whole; of others the weighted correlation of weighted ranks."""
    import numpy as np
    from scipy import stats

    if len(set(truth)) == 1 or len(set(predicted)) == 1:
        return 0.0
    if not weight or all(isinstance(w, int) for w in weight):
        times = weight or [1] * len(truth)
        return stats.spearmanr(repeated(truth, times), repeated(predicted, times)).statistic
    cov = np.cov(weighted_ranks(truth, weight), weighted_ranks(predicted, weight),
                 aweights=weight, ddof=0)
    return cov[0, 1] / np.sqrt(cov[0, 0] * cov[1, 1])


def values_of(case):
    import numpy as np
    from sklearn import metrics

    truth, predicted = np.array(case["truth"]), np.array(case["predicted"])
    low, high = np.array(case["low"]), np.array(case["high"])
    weight = case["weight"] or None
    of_column = [spearman_of_column(*(table[:, k].tolist() for table in (truth, predicted)),
                                    case["weight"]) for k in range(case["width"])]
    one = len(truth) == 1  # scikit-learn has no R2 of one sample
    return {
        "rmse": metrics.root_mean_squared_error(truth, predicted, sample_weight=weight),
        "mae": metrics.mean_absolute_error(truth, predicted, sample_weight=weight),
        "r2": float(np.all(truth == predicted)) if one else metrics.r2_score(
            truth, predicted, sample_weight=weight),
        "median_absolute_error": metrics.median_absolute_error(truth, predicted,
                                                               sample_weight=weight),
        "spearman": sum(of_column) / len(of_column),
        "coverage": np.average(np.mean((low <= truth) & (truth <= high), axis=1), weights=weight),
        "interval_width": np.average(np.mean(high - low, axis=1), weights=weight),
    }


def cases():
    made = [
        draw_case("few ties", 40, digits=6),
        draw_case("few ties, weights", 40, digits=6, weights="any"),
        draw_case("many ties", 40),
        draw_case("many ties, weights", 40, weights="any"),
        draw_case("many ties, whole weights", 40, weights="whole"),
        draw_case("an odd number", 7, digits=3),
        draw_case("three columns", 30, 3),
        draw_case("three columns, weights", 30, 3, weights="any"),
        draw_case("three columns, whole weights", 30, 3, weights="whole"),
        draw_case("whole numbers, weights", 30, digits=0, weights="any"),
        draw_case("constant truths", 12, constant=0.1, weights="any", digits=3),
        draw_case("constant truths that are all right", 12, constant=0.1, perfect=True),
        draw_case("two columns of constant truths", 12, 2, constant=2.5),
        draw_case("constant predictions", 12, same_prediction=True, weights="any"),
        draw_case("all is right", 12, perfect=True, weights="any"),
        draw_case("two samples", 2),
        draw_case("one sample", 1),
        draw_case("one sample that is right", 1, perfect=True),
    ]
    for case in made:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # undefined numbers are the point of some cases
            case["values"] = {key: float(value) for key, value in values_of(case).items()}
    return made


def regression_scores():
    import sklearn

    return {"made_by": f"make_regression_scores.py, scikit-learn {sklearn.__version__}",
            "cases": cases()}


FILES = {"regression_scores": regression_scores}


def write(folder, name):
    """Writes folder/name.json and returns its path."""
    path = Path(folder) / f"{name}.json"
    content = FILES[name]()
    lines = ",\n  ".join(map(json.dumps, content["cases"]))
    path.write_text(f'{{\n "made_by": {json.dumps(content["made_by"])},\n "cases": [\n  {lines}\n ]\n}}\n',
                    encoding="utf-8")
    return path


def main():
    parser = argparse.ArgumentParser(description="write the reference numbers of regression metrics")
    parser.add_argument("folder", type=Path, help="where the files go")
    parser.add_argument("names", nargs="*", metavar="name", help=f"of {', '.join(FILES)}; all")
    options = parser.parse_args()
    for name in options.names or FILES:
        print(write(options.folder, name))


if __name__ == "__main__":
    main()
