"""Writes the reference numbers of the layer score: python make_scores.py FOLDER [NAME ...]

scores.json comes from scikit-learn, tests.json from scipy. Where scikit-learn raises or gives nan, the convention in
src/refrain/score/metrics.h is worked out here with them (README.md). Numbers carry all their digits:
the C++ test compares to 1e-12.
"""

import argparse
import json
import math
import random
import warnings
from pathlib import Path


def draw_case(name, classes, n, **options):
    """Truths, predictions, probabilities (ties wanted: few decimals) and weights."""
    draw = random.Random("refrain scores " + name)
    known = options.get("truths", range(classes))
    truth = [draw.choice(list(known)) for _ in range(n)]
    rows = []
    for t in truth:
        parts = [draw.randint(1, options.get("levels", 4)) for _ in range(classes)]
        if t >= 0 and not options.get("flat") and draw.random() < 0.5:
            parts[t] += 2
        for k in options.get("never", []):
            parts[k] = 0
        rows.append([part / sum(parts) for part in parts])
    weight = [round(draw.uniform(0.1, 3), 2) for _ in range(n)] if options.get("weights") else []
    return {
        "name": name,
        "classes": classes,
        "truth": truth,
        "predicted": [row.index(max(row)) for row in rows],
        "probability": rows,
        "weight": weight,
    }


def against_the_rest(function, case, classes):
    """Mean over those classes of function(is it the class, its probability)."""
    truth, weight = case["truth"], case["weight"] or None
    values = [
        float(function([t == k for t in truth], [row[k] for row in case["probability"]],
                       sample_weight=weight))
        for k in classes
    ]
    return sum(values) / len(values) if values else None


def ranking_values(case):
    from sklearn import metrics

    truth = case["truth"]
    every = [1] if case["classes"] == 2 else range(case["classes"])
    occurring = [k for k in every if k in truth]
    mixed = [k for k in occurring if len(set(truth)) > 1]
    auroc = against_the_rest(metrics.roc_auc_score, case, mixed)
    precision = against_the_rest(metrics.average_precision_score, case, occurring)
    return {"auroc": 0.5 if auroc is None else auroc,
            "average_precision": 0.0 if precision is None else precision}


def calibration_error(case):
    import numpy as np

    confidence = np.array([row[p] for row, p in zip(case["probability"], case["predicted"])])
    hit = np.array(case["truth"]) == np.array(case["predicted"])
    weight = np.array(case["weight"] or [1.0] * len(hit))
    total = 0.0
    for m in range(15):
        inside = np.clip(np.ceil(confidence * 15) - 1, 0, 14) == m
        if weight[inside].sum() > 0:
            gap = np.average(confidence[inside], weights=weight[inside]) - np.average(
                hit[inside], weights=weight[inside])
            total += abs(gap) * weight[inside].sum()
    return total / weight.sum()


def probability_values(case):
    """A class unseen in training is one more class, -1, with probability 0."""
    from sklearn import metrics

    unseen = -1 in case["truth"]
    labels = ([-1] if unseen else []) + list(range(case["classes"]))
    rows = [([0.0] if unseen else []) + row for row in case["probability"]]
    weight = case["weight"] or None
    brier = metrics.brier_score_loss(case["truth"], rows, labels=labels, sample_weight=weight,
                                     scale_by_half=case["classes"] == 2)
    loss = metrics.log_loss(case["truth"], rows, labels=labels, sample_weight=weight)
    return {"log_loss": loss, "brier": brier, "calibration_error": calibration_error(case)}


def label_values(case):
    from sklearn import metrics

    truth, predicted, weight = case["truth"], case["predicted"], case["weight"] or None

    def f1(average):
        return metrics.f1_score(truth, predicted, average=average, sample_weight=weight)

    one_class = len(set(truth) | set(predicted)) == 1  # kappa is nan there
    return {
        "accuracy": metrics.accuracy_score(truth, predicted, sample_weight=weight),
        "balanced_accuracy": metrics.balanced_accuracy_score(truth, predicted,
                                                             sample_weight=weight),
        "macro_f1": f1("macro"),
        "weighted_f1": f1("weighted"),
        "matthews": metrics.matthews_corrcoef(truth, predicted, sample_weight=weight),
        "kappa": 0.0 if one_class else metrics.cohen_kappa_score(truth, predicted,
                                                                  sample_weight=weight),
    }


def class_rows(case):
    from sklearn import metrics

    every = list(range(case["classes"]))
    parts = metrics.precision_recall_fscore_support(
        case["truth"], case["predicted"], labels=every, zero_division=0,
        sample_weight=case["weight"] or None)
    mixed = [0 < case["truth"].count(k) < len(case["truth"]) for k in every]
    auroc = [against_the_rest(metrics.roc_auc_score, case, [k]) if mixed[k] else 0.5
             for k in every]
    return [[float(part[k]) for part in parts] + [auroc[k]] for k in every]


def cases():
    made = [
        draw_case("two classes", 2, 40),
        draw_case("two classes, weights", 2, 40, weights=True),
        draw_case("five classes", 5, 80),
        draw_case("five classes, weights", 5, 80, weights=True),
        draw_case("hardly a tie", 3, 60, levels=100000),
        draw_case("many ties", 3, 40, levels=1),
        draw_case("all probabilities are equal", 3, 12, levels=1, flat=True),
        draw_case("a class is absent from the truth", 4, 30, truths=[0, 1, 3], weights=True),
        draw_case("a class is never predicted", 3, 30, never=[1]),
        draw_case("a class is absent from both", 4, 30, truths=[0, 1, 3], never=[2]),
        draw_case("a class is unseen in training", 3, 30, truths=[-1, 0, 1, 2], weights=True),
        draw_case("of two classes and an unseen one", 2, 30, truths=[-1, 0, 1]),
        draw_case("only unseen classes", 3, 5, truths=[-1]),
        draw_case("the truth is one class", 3, 10, truths=[1]),
        draw_case("truth and prediction are one class", 2, 6, truths=[0], never=[1]),
        draw_case("two classes, no positive", 2, 10, truths=[0]),
        draw_case("one sample", 2, 1),
    ]
    for case in made:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # undefined numbers are the point of some cases
            values = {**label_values(case), **probability_values(case), **ranking_values(case)}
            case["per_class"] = class_rows(case)
        case["values"] = {key: float(value) for key, value in values.items()}
    return made


def scores():
    import sklearn

    return {"made_by": f"make_scores.py, scikit-learn {sklearn.__version__}", "cases": cases()}


# ------------------------------------------------------------------- tests.json


def distributions():
    from scipy import stats

    return [
        {
            "function": name,
            "cases": [[*arguments, float(function(*arguments))] for arguments in inputs],
        }
        for name, function, inputs in [
            ("normal_cdf", stats.norm.cdf, [[-8.0], [-1.5], [0.0], [2.0]]),
            ("normal_quantile", stats.norm.ppf, [[1e-6], [0.025], [0.5], [0.9]]),
            ("t_two_sided", lambda t, df: 2 * stats.t.sf(abs(t), df),
             [[0.0, 3], [2.5, 1], [-2.5, 4.5], [12.0, 79], [1.0, 100000]]),
            ("t_quantile", stats.t.ppf, [[0.975, 1], [0.975, 2.7], [0.8, 19], [0.1, 5]]),
            ("chi_square_above", stats.chi2.sf, [[0.1, 3], [5.0, 1], [30.0, 4], [200.0, 180]]),
            ("f_above", stats.f.sf, [[0.1, 2, 7], [4.0, 3, 40], [30.0, 1, 5]]),
            ("fair_coin_two_sided", lambda k, n: stats.binomtest(int(k), int(n)).pvalue,
             [[0, 1], [3, 15], [8, 15], [7, 14], [400, 1000], [12, 12]]),
            ("normal_range_quantile", lambda p, k: stats.studentized_range.ppf(p, k, math.inf),
             [[0.95, 2], [0.95, 3], [0.95, 10], [0.9, 5]]),
        ]
    ]


def signed_rank(name, n, digits, shift):
    from scipy import stats

    draw = random.Random("refrain signed ranks " + name)
    differences = [round(draw.gauss(shift, 1), digits) for _ in range(n)]
    tied = len(set(map(abs, differences))) < n or 0 in differences
    few = n <= 13  # scipy is exact with ties for so few
    method = stats.PermutationMethod(n_resamples=math.inf) if few and tied else (
        "exact" if n <= 50 else "asymptotic")
    result = stats.wilcoxon(differences, zero_method="wilcox", correction=False, method=method)
    return {"name": name, "differences": differences, "statistic": float(result.statistic),
            "p": float(result.pvalue)}


def ranking(name, sets, methods, digits):
    from scipy import stats

    draw = random.Random("refrain ranking " + name)
    table = [[round(draw.uniform(0.5, 0.8) + 0.03 * m, digits) for m in range(methods)]
             for _ in range(sets)]
    ranks = [stats.rankdata([-x for x in row]) for row in table]
    chi_square, p = stats.friedmanchisquare(*zip(*table))
    f = (sets - 1) * chi_square / (sets * (methods - 1) - chi_square)
    q = stats.studentized_range.ppf(0.95, methods, math.inf)
    pairs = [(a, b) for a in range(methods) for b in range(a + 1, methods)]
    single = [stats.wilcoxon([row[b] - row[a] for row in table], method="exact").pvalue
              if digits > 4 else None for a, b in pairs]
    return {
        "name": name,
        "table": table,
        "average_rank": [float(sum(r[m] for r in ranks) / sets) for m in range(methods)],
        "friedman": [float(chi_square), float(p), float(f),
                     float(stats.f.sf(f, methods - 1, (methods - 1) * (sets - 1)))],
        "critical_difference": float(q / math.sqrt(2) * math.sqrt(methods * (methods + 1)
                                                                  / (6 * sets))),
        "pairs": [[a, b, holm(single, i)] for i, (a, b) in enumerate(pairs)] if single[0] else [],
    }


def holm(p, i):
    order = sorted(p)
    return float(min(1, max(order[j] * (len(p) - j) for j in range(len(p)) if order[j] <= p[i])))


def resampled_t(name, folds, ratio):
    from scipy import stats

    draw = random.Random("refrain resampled t " + name)
    values = [round(draw.gauss(0.03, 0.05), 4) for _ in range(folds)]
    error = stats.tstd(values) * math.sqrt(1 / folds + ratio)
    mean = sum(values) / folds
    return {"differences": values, "ratio": ratio, "p": float(2 * stats.t.sf(abs(mean / error),
                                                                             folds - 1)),
            "low": float(mean - stats.t.ppf(0.975, folds - 1) * error)}


def tests():
    import scipy

    return {
        "made_by": f"make_scores.py, scipy {scipy.__version__}",
        "distributions": distributions(),
        "wilcoxon": [
            signed_rank("ten", 10, 6, 0.5),
            signed_rank("ties and zeros", 12, 0, 0.5),
            signed_rank("fifty", 50, 6, 0.2),
            signed_rank("many", 80, 6, 0.2),
            signed_rank("many with ties", 80, 1, 0.1),
        ],
        "rankings": [
            ranking("six methods", 15, 6, 6),
            ranking("three methods", 8, 3, 6),
            ranking("ties", 20, 4, 1),
        ],
        "resampled_t": [resampled_t("five", 5, 0.25), resampled_t("fifty", 50, 1 / 9)],
    }


FILES = {"scores": scores, "tests": tests}


def write(folder, name):
    """Writes folder/name.json and returns its path."""
    path = Path(folder) / f"{name}.json"
    content = FILES[name]()
    lines = ",\n".join(f" {json.dumps(key)}: " + (
        "[\n  " + ",\n  ".join(map(json.dumps, value)) + "\n ]"
        if isinstance(value, list) and value and isinstance(value[0], dict) else json.dumps(value))
        for key, value in content.items())
    path.write_text("{\n" + lines + "\n}\n", encoding="utf-8")
    return path


def main():
    parser = argparse.ArgumentParser(description="write the reference numbers of the layer score")
    parser.add_argument("folder", type=Path, help="where the files go")
    parser.add_argument("names", nargs="*", metavar="name", help=f"of {', '.join(FILES)}; all")
    options = parser.parse_args()
    for name in options.names or FILES:
        print(write(options.folder, name))


if __name__ == "__main__":
    main()
