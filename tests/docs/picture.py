"""Draws doc/picture.svg from the run that doc/bearing.md shows: its accuracy beside simple methods, its confusion matrix."""

import json
import subprocess

STYLE = """text{font:13px system-ui,sans-serif;fill:#24292f}.s{font-size:11px;fill:#57606a}.b{font-weight:600}
.g{stroke:#d0d7de}.i{stroke:#8c959f;stroke-width:2}.p{fill:#8c959f}.m .i{stroke:#0969da;stroke-width:3}.m .p{fill:#0969da}
.c{fill:#0969da}.w{fill:#fff}@media(prefers-color-scheme:dark){text{fill:#e6edf3}.s{fill:#9198a1}.g{stroke:#30363d}
.m .i{stroke:#4493f8}.m .p,.c{fill:#4493f8}.w{fill:#0d1117}}"""
LEFT, RIGHT, TOP, ROW = 150, 460, 62, 26
NAMES = {"nn_dtw": "1-NN with DTW", "nn_euclidean": "1-NN, Euclidean", "summary_logistic": "summary features",
         "minirocket": "MiniRocket", "hydra": "Hydra", "majority": "most frequent class"}


def told(tool, folder, env):
    """The run on the bearing data in the store of this environment, and the confusion matrix of its model."""
    def asked(*words):
        ran = subprocess.run([tool, *words, "--json", "-"], cwd=folder, env=env, check=True, stdout=subprocess.PIPE,
                             stderr=subprocess.DEVNULL)
        return json.loads(ran.stdout)

    run = next(run["id"] for run in asked("runs", "list")["runs"] if run["data"] == "bearing")
    return asked("runs", "show", run), asked("evaluate", "demo/model.refrain", "demo/bearing_test.csv")["confusion"]


def text(x, y, words, kind="", anchor="start"):
    kind = ' class="%s"' % kind if kind else ""
    anchor = ' text-anchor="%s"' % anchor if anchor != "start" else ""
    return '<text x="%d" y="%d"%s%s>%s</text>' % (x, y, kind, anchor, words)


def across(share):
    return LEFT + round(share * (RIGHT - LEFT))


def interval(y, name, score, own):
    low, value, high = (across(score[key]) for key in ("low", "value", "high"))
    drawn = [text(LEFT - 12, y + 4, name, "b" if own else "", "end"),
             '<path class="i" d="M%d %dH%d"/>' % (low, y, high),
             '<circle class="p" cx="%d" cy="%d" r="%d"/>' % (value, y, 5 if own else 4),
             text(RIGHT + 10, y + 4, "%.1f %%" % (100 * score["value"]), "b" if own else "")]
    return '<g%s>%s</g>' % (' class="m"' if own else "", "".join(drawn))


def intervals(run):
    rows = [("Refrain", run["score"], True)]
    simple = sorted(run["baselines"], key=lambda b: -b["score"]["value"])
    rows += [(NAMES.get(b["model"], b["model"]), b["score"], False) for b in simple]
    bottom = TOP + ROW * len(rows) - 8
    out = [text(LEFT, 20, "Accuracy on machines that training never saw", "b"),
           text(LEFT, 38, "with the 95 % confidence interval", "s")]
    for share in (0, 0.25, 0.5, 0.75, 1):
        out.append('<path class="g" d="M%d %dV%d"/>' % (across(share), TOP - 14, bottom))
        out.append(text(across(share), bottom + 16, "%d %%" % round(100 * share), "s", "middle"))
    return out + [interval(TOP + ROW * i, *row) for i, row in enumerate(rows)], bottom + 28


def matrix(classes, confusion):
    left, size = 690, 40
    out = [text(left - 90, 20, "Confusion matrix", "b"), text(left - 90, 38, "rows: true class, columns: answer", "s")]
    for i, row in enumerate(confusion):
        y = TOP + 10 + size * i
        out.append(text(left - 8, y + 24, classes[i].replace("_", " "), "s", "end"))
        for j, n in enumerate(row):
            x, share = left + size * j, n / max(1, sum(row))
            out.append('<rect class="c" x="%d" y="%d" width="%d" height="%d" fill-opacity="%.2f"/>'
                       % (x, y, size - 2, size - 2, 0.06 + 0.94 * share))
            if n:
                out.append(text(x + size // 2 - 1, y + 24, n, "w" if share > 0.5 else "", "middle"))
            if i == 0:
                out.append(text(x + size // 2 - 1, y - 6, classes[j].split("_")[0], "s", "middle"))
    return out


def draw(run, confusion):
    left, height = intervals(run)
    own, best = run["score"], max(run["baselines"], key=lambda b: b["score"]["value"])
    title = ("Accuracy %.3f, 95 %% interval %.3f to %.3f; the best simple method, %s, has %.3f."
             % (own["value"], own["low"], own["high"], NAMES.get(best["model"], best["model"]), best["score"]["value"]))
    return "\n".join(['<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 870 %d" role="img">' % height,
                      "<title>%s</title>" % title, "<style>%s</style>" % STYLE, *left,
                      *matrix(run["classes"], confusion), "</svg>", ""])
