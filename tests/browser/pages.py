"""Small data sets of every task and the pages that the tool makes of them, for the tests in the browser."""
import csv
import json
import math
import random
import subprocess

HOSTILE = ["<script>window.hacked=1</script>", "\"><img src=x onerror=window.hacked=1>", "</script><script>window.hacked=1",
           "\u202egnp.exe\u202c", "\u2066\u2067bidi\u2069", "&lt;b&gt; ' \" `${1}`", "x" * 1_000_000,
           "javascript:window.hacked=1", "<!--", "<svg onload=window.hacked=1>", "\u0000\u0007\u001b[31m", "]]>"]
WORDS = {"good": "fine warm bright happy kind".split(), "bad": "awful cold dark angry cruel".split()}
FILLERS = "the a film story day house with and this was".split()


def write_csv(path, head, rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(head)
        writer.writerows(rows)
    return str(path)


def texts(path, n, seed=0, hostile=False):
    rng = random.Random(seed)
    rows = []
    for i in range(n):
        label = ("good", "bad")[i % 2]
        words = rng.sample(FILLERS, 4) + [rng.choice(WORDS[rng.choice(("good", "bad")) if rng.random() < .15 else label])]
        rng.shuffle(words)
        text = " ".join(words)
        if hostile and i < 4 * len(HOSTILE):
            text = HOSTILE[i % len(HOSTILE)].replace("\0", "") + " " + text
        rows.append((text, ("<b>good</b>" if hostile else "good") if label == "good" else "bad"))
    return write_csv(path, ("text", "label"), rows)


def series(path, n, steps=24, seed=0, target=False, classes=3):
    rng = random.Random(seed)
    rows = []
    for i in range(n):
        k, size = i % classes, rng.uniform(1, 3)
        values = [round(size * math.sin(2 * math.pi * (k + 1) * t / steps) + rng.gauss(0, .7), 3) for t in range(steps)]
        rows.append(values + [round(10 * size + k, 2) if target else "ABC"[k], f"m{i // 3 % 6}"])
    return write_csv(path, [f"v{t}" for t in range(steps)] + ["label", "machine"], rows)


def tagged(path, n, seed=0):
    rng = random.Random(seed)
    cities, lines = ["Berlin", "Paris", "Oslo", "Rome", "Kyiv", "Delhi"], []
    for _ in range(n):
        words = [(rng.choice(FILLERS), "O") for _ in range(4)]
        words.insert(rng.randrange(5), (rng.choice(cities), "B-LOC"))
        if rng.random() < .4:
            words.insert(0, ("<b>Anna</b>", "B-PER"))
        lines += [f"{word} {tag}" for word, tag in words] + [""]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


def states(path, n, seed=0):
    rng = random.Random(seed)
    with open(path, "w", encoding="utf-8") as file:
        for _ in range(n):
            rows, tags = [], []
            for state in rng.sample(["rest", "walk", "run"], 3):
                for _ in range(rng.randrange(5, 12)):
                    rows.append([round({"rest": 0, "walk": 1, "run": 2}[state] + rng.gauss(0, .5), 3)])
                    tags.append(state)
            file.write(json.dumps({"series": rows, "tags": tags}) + "\n")
    return str(path)


def histories(path, series_count=4, steps=60, seed=0):
    rng = random.Random(seed)
    names = ["shop <1>", "shop 2", "shop 3", "shop 4"][:series_count]
    rows = [[f"2020-{1 + t // 28:02d}-{1 + t % 28:02d}"] +
            [round(10 + k + 3 * math.sin(2 * math.pi * t / 7) + rng.gauss(0, .5), 2) for k in range(series_count)]
            for t in range(steps)]
    return write_csv(path, ["day"] + names, rows)


def lives(path, units=10, seed=0):
    rng = random.Random(seed)
    rows = []
    for u in range(units):
        life = rng.randrange(30, 60)
        for t in range(life):
            wear = (t / life) ** 2
            rows.append((f"u{u}", t + 1, round(wear + rng.gauss(0, .05), 3), round(2 - wear + rng.gauss(0, .05), 3)))
    return write_csv(path, ("unit", "cycle", "heat", "flow"), rows)


def pairs(path, n, seed=0):
    """Words and the same words letter by letter backwards, hostile texts among them: TSV."""
    rng = random.Random(seed)
    lines = []
    for i in range(n):
        words = rng.sample(FILLERS, rng.randrange(1, 4))
        if i % 16 == 0:
            words.insert(0, HOSTILE[i // 16 % len(HOSTILE)].replace("\0", "").replace("\t", " ")[:60])
        lines.append(" ".join(words) + "\t" + " ".join(word[::-1] for word in words))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


def spelt(path, n, seed=0):
    """Series that spell words, a bump for each letter in a channel of its own, by four people: JSON Lines."""
    rng = random.Random(seed)
    with open(path, "w", encoding="utf-8") as file:
        for i in range(n):
            word = " ".join("".join(rng.choices("abc", k=rng.randrange(1, 4))) for _ in range(2))
            rows = [[round((c == "abc ".index(letter)) * (t < 3) + rng.gauss(0, .3), 3) for c in range(4)]
                    for letter in word for t in range(4)]
            file.write(json.dumps({"series": rows, "transcript": word, "group": f"p{i % 4}"}) + "\n")
    return str(path)


QUICK = "--hidden 8 --epochs 15 --seed 1 --threads 1".split()


class Maker:
    """Runs the tool in one folder, with a store of its own."""

    def __init__(self, tool, folder):
        self.tool, self.folder = tool, folder

    def run(self, *arguments):
        done = subprocess.run([self.tool, *map(str, arguments)], cwd=self.folder, capture_output=True, text=True,
                              env={"HOME": str(self.folder), "PATH": "/usr/bin:/bin"}, timeout=600, check=False)
        assert done.returncode == 0, f"{arguments}: {done.stderr}"
        return done.stdout

    def train(self, name, data, *options):
        page = self.folder / f"{name}.html"
        self.run("train", data, "--report", page, "--quiet", *options)
        return page

    def pages(self):
        """name -> page, one of each kind."""
        f = self.folder
        out = {
            "texts": self.train("texts", texts(f / "t.csv", 160, hostile=True), "--test", texts(f / "u.csv", 90, 5, True),
                                "--allow-overlap", "--out", f / "t.m", *QUICK),
            "series": self.train("series", series(f / "s.csv", 120), "--target", "label", "--group", "machine", "--out", f / "s.m",
                                 *QUICK),
            "folds": self.train("folds", series(f / "v.csv", 48, seed=3), "--target", "label", "--group", "machine", "--folds", "3",
                                "--repeats", "2", *QUICK),
            "numbers": self.train("numbers", series(f / "r.csv", 90, target=True), "--target", "label", "--group", "machine", "--task",
                                  "regress", *QUICK),
            "tags": self.train("tags", tagged(f / "g.conll", 80), "--task", "tag", *QUICK),
            "states": self.train("states", states(f / "p.jsonl", 40), "--task", "tag", *QUICK),
            "forecast": self.train("forecast", histories(f / "h.csv"), "--task", "forecast", "--horizon", "7", "--epochs",
                                   "3", "--hidden", "6", "--threads", "1"),
            "lives": self.train("lives", lives(f / "l.csv"), "--format", "run-to-failure", *QUICK),
        }
        quick = "--preset none --hidden 24 --lr 0.01 --epochs 20 --seed 1 --threads 1".split()
        out["translations"] = self.train("translations", pairs(f / "w.tsv", 240), "--task", "translate", "--out", f / "w.m", *quick)
        out["transcripts"] = self.train("transcripts", spelt(f / "w.jsonl", 120), "--task", "transcribe", "--out", f / "x.m", *quick)
        out["language"] = f / "language.html"
        (f / "prose.txt").write_text("the day is a warm story <b>bold</b> and the film is cold .\n" * 300, encoding="utf-8")
        self.run("pretrain", f / "prose.txt", "--unit", "word", "--hidden", "8", "--epochs", "3", "--report",
                 out["language"], "--quiet")
        out["board"] = f / "board.html"
        self.run("runs", "board", "--html", out["board"])
        columns = ("--target", "label", "--group", "machine")
        for name, data, steps, more in (("t", "u.csv", "word_dropout", ()),
                                        ("s", "s.csv", "one_of(scale(sigma=0.1..0.4), window_slice, p=0.7)", columns)):
            out[f"augment {name}"] = f / f"augment_{name}.html"
            self.run("augment", f / data, "--augment", steps, "--seed", "3", "--preview", out[f"augment {name}"], *more)
        for name, data in (("t", "u.csv"), ("s", "s.csv")):
            out[f"explain {name}"] = f / f"explain_{name}.html"
            self.run("explain", f / f"{name}.m", f / data, "--samples", "14", "--out", out[f"explain {name}"], "--quiet",
                     "--states")
        return out
