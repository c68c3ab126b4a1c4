#!/usr/bin/env python3
"""What README and doc say, compared with what the tool does: run.py TOOL MAKE_BEARING

- A command block behind `<!-- run -->` is run, and the fenced block after it is its output: the same
  words, numbers within a tolerance (processors round differently), seconds passed over.
- Every option that a documented `refrain COMMAND` names is one of that command.
- Every link between the pages leads somewhere.
- Both READMEs show the same commands and outputs.
"""

import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("doc/*.md"), *ROOT.glob("examples/*.md")])
ABSOLUTE, RELATIVE = 0.03, 0.05  # of numbers that are no counts
MARK = "<!-- run -->"
NUMBER = re.compile(r"(?<![\w.])[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?(?![\w.]*\w)")
SECONDS = re.compile(r"\d+(?:\.\d+)? s (?:load|train)")


def blocks(text):
    """[(marked, kind, lines)] of a page: kind "command" (indented, or a shell's) or "shown"."""
    out, lines, marked = [], text.splitlines(), False
    i = 0
    while i < len(lines):
        line = lines[i]
        i += 1
        if line.strip() == MARK:
            marked = True
        elif line.startswith("```"):
            end = next(k for k in range(i, len(lines)) if lines[k].startswith("```"))
            out.append((False, "shown", lines[i:end]))
            i = end + 1
        elif line.startswith("    ") and not lines[max(0, i - 2)].strip():
            end = i
            while end < len(lines) and lines[end].startswith("    "):
                end += 1
            out.append((marked, "command", [l[4:] for l in lines[i - 1:end]]))
            marked, i = False, end
    return out


def commands(lines):
    """Whole commands: lines that end in a backslash go on."""
    return "\n".join(lines).replace("\\\n", " ").splitlines()


def examples(page):
    """[(commands, output)] of the marked blocks."""
    found = blocks(page.read_text(encoding="utf-8"))
    out = []
    for (marked, _, lines), after in zip(found, found[1:]):
        if marked:
            out.append((commands(lines), after[2]))
    return out


def near(a, b):
    if a == b:
        return True
    if "." not in a and "." not in b:  # counts: a few samples may fall on the other side
        return abs(int(a) - int(b)) <= 3
    x, y = float(a), float(b)
    return abs(x - y) <= max(ABSOLUTE, RELATIVE * max(abs(x), abs(y)))


def differs(shown, seen):
    """The first difference of two lines, or None."""
    shown, seen = SECONDS.sub("# s", shown), SECONDS.sub("# s", seen)
    words = [re.sub(r"\s+", " ", NUMBER.sub("#", line)).strip() for line in (shown, seen)]
    if words[0] != words[1]:
        return "the words differ"
    for a, b in zip(NUMBER.findall(shown), NUMBER.findall(seen)):
        if not near(a, b):
            return "%s is far from %s" % (a, b)
    return None


class Check:
    def __init__(self, tool, maker):
        self.tool, self.maker, self.problems, self.done = tool, maker, [], {}

    def problem(self, page, text):
        self.problems.append("%s: %s" % (page.relative_to(ROOT), text))

    def prepare(self, folder):
        (folder / "demo").mkdir()
        (folder / "build").mkdir()
        (folder / "home").mkdir()
        (folder / "build/refrain").symlink_to(self.tool)
        (folder / "examples").symlink_to(ROOT / "examples")
        for name, words in (("train", ["--machines", "8"]),
                            ("test", ["--machines", "4", "--first-machine", "9"])):
            subprocess.run([self.maker, *words, "--out", folder / ("demo/bearing_%s.csv" % name)],
                           check=True, stdout=subprocess.DEVNULL)

    def output(self, command, folder):
        if command not in self.done:
            env = {"HOME": str(folder / "home"), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8",
                   "REFRAIN_STORE": "none"}
            ran = subprocess.run(["bash", "-c", command], cwd=folder, env=env, text=True,
                                 stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            self.done[command] = ran.stdout if ran.returncode == 0 else "FAILED\n" + ran.stderr
        return self.done[command]

    def run_examples(self, page, folder):
        for words, shown in examples(page):
            outputs = [self.output(c, folder) for c in words]
            seen = [line for line in outputs[-1].splitlines()
                    if not line.startswith(("model:", "run:"))]
            while seen and not seen[-1].strip():
                seen.pop()
            for a, b in zip(shown, seen):
                why = differs(a, b)
                if why:
                    self.problem(page, "%s\n  %s\n  shown: %s\n  seen:  %s" % (words[-1], why, a, b))
            if len(shown) != len(seen):
                self.problem(page, "%s\n  %d lines are shown, %d are printed:\n%s"
                             % (words[-1], len(shown), len(seen), "\n".join(seen)))

    def check_options(self, page):
        """Of commands in blocks and between backticks."""
        text = page.read_text(encoding="utf-8").replace("\\\n", " ")
        spans = re.findall(r"`([^`\n]+)`", text) + [l.strip() for l in text.splitlines()
                                                   if re.match(r"\s*(build/)?refrain ", l)]
        for span in spans:
            match = re.match(r"(?:build/)?refrain ([a-z]+)(?: |$)", span)
            if not match:
                continue
            for option in re.findall(r"(?<![\w-])--[a-z][a-z-]*", re.sub(r"'[^']*'", "", span.split(" #")[0])):
                if not self.knows(match.group(1), option):
                    self.problem(page, "'%s': no option %s" % (span, option))

    def knows(self, command, option):
        key = (command, "help")
        if key not in self.done:
            text = subprocess.run([self.tool, command, "--help-all"], stdout=subprocess.PIPE, text=True).stdout
            for sub in re.findall(r"^  ([a-z]+) ", text, re.M):
                text += subprocess.run([self.tool, command, sub, "--help-all"], stdout=subprocess.PIPE,
                                       stderr=subprocess.DEVNULL, text=True).stdout
            self.done[key] = text
        return re.search(r"(?<![\w-])%s(?![\w-])" % re.escape(option), self.done[key])

    def check_links(self, page):
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8")):
            if re.match(r"[a-z]+:", target):
                continue
            if not (page.parent / target).exists():
                self.problem(page, "a link to %s, which is not there" % target)

    def check_same(self):
        pages = [ROOT / "README.md", ROOT / "README.zh.md"]
        if examples(pages[0]) != examples(pages[1]):
            self.problem(pages[1], "its marked commands and outputs are not those of README.md")


def main():
    tool, maker = (str(pathlib.Path(a).resolve()) for a in sys.argv[1:3])
    check = Check(tool, maker)
    with tempfile.TemporaryDirectory(prefix="refrain-docs-") as name:
        folder = pathlib.Path(name)
        check.prepare(folder)
        for page in PAGES:
            check.run_examples(page, folder)
            check.check_options(page)
            check.check_links(page)
    check.check_same()
    count = sum(len(examples(page)) for page in PAGES)
    if count == 0:
        check.problems.append("no block is marked with " + MARK)
    for problem in check.problems:
        print("FAILED " + problem)
    print("%d marked blocks, %d pages, %d problems" % (count, len(PAGES), len(check.problems)))
    return 1 if check.problems else 0


if __name__ == "__main__":
    sys.exit(main())
