#!/usr/bin/env python3
"""What README and doc say, compared with what the programs do:
run.py TOOL MAKE_BEARING [--python PYTHON] [--page PAGE]... [--write] [--times]

- A block of commands or of Python has a mark in front: `<!-- run -->`, or `<!-- not run: the reason -->`.
  `<!-- prepare shell`, lines, `-->` (or python) makes the files that a page takes for granted.
- A marked block is run in a folder of its page; the block of text behind it is the output of its last command
  (of Python: all that is printed): the same words, numbers within a tolerance, durations and ids passed over.
  In Python, `expression  # -> value` shows a value.
- Every option that a documented `refrain COMMAND` names is one of that command.
- Every link between the pages leads somewhere, and doc/picture.svg is what picture.py draws.
- A page and its translation (x.zh.md) show the same commands and outputs.

Blocks of Python run with --python, an interpreter that can import refrain; --write puts what was seen into the pages.
"""

import argparse
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import pages  # noqa: E402
import picture  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("doc/**/*.md"), *ROOT.glob("examples/**/*.md")])
ABSOLUTE, RELATIVE = 0.03, 0.05  # of numbers that are no counts
NUMBER = re.compile(r"(?<![\w.])[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?(?![\w.]*\w)")
DURATION = re.compile(r"(?<![\w.])\d+(?:\.\d+)? (?:s|ms|seconds|min|minutes)\b")
ID = re.compile(r"\b(?=[0-9a-f]*\d)[0-9a-f]{10}\b")
# How many remarks had no room: slow machines are told one more, how long the training takes.
NO_ROOM = re.compile(r"\d+ more remarks?: --details shows (it|them)")


def near(a, b):
    if a == b:
        return True
    if "." not in a and "." not in b:  # counts: a few samples may fall on the other side
        return abs(int(a) - int(b)) <= 3
    x, y = float(a), float(b)
    return abs(x - y) <= max(ABSOLUTE, RELATIVE * max(abs(x), abs(y)))


def plain(line):
    return ID.sub("#id", DURATION.sub("# s", line))


def differs(shown, seen):
    """The first difference of two lines, or None."""
    shown, seen = plain(shown), plain(seen)
    words = [re.sub(r"\s+", " ", NUMBER.sub("#", line)).strip() for line in (shown, seen)]
    if words[0] != words[1]:
        return "the words differ"
    for a, b in zip(NUMBER.findall(shown), NUMBER.findall(seen)):
        if not near(a, b):
            return "%s is far from %s" % (a, b)
    return None


def trimmed(text):
    lines = [line.rstrip() for line in text.splitlines()]
    while lines and not lines[-1]:
        lines.pop()
    return lines


def script(block):
    """The block for bash; only its last command prints."""
    words = re.sub(r"\s+#\s.*$", "", block.text.replace("\\\n", " "), flags=re.M).splitlines()
    words = [w for w in words if w.strip()]
    first = "".join("{ %s\n} >/dev/null\n" % w if "=$(" not in w else w + "\n" for w in words[:-1])
    return "set -e\n" + first + words[-1]


class Folder:
    """Where the blocks of a page and of its translations run."""

    def __init__(self, check, path):
        self.check, self.path, self.done, self.python = check, path, {}, None
        for name in ("demo", "build", "home", "bin"):
            (path / name).mkdir(parents=True)
        (path / "build/examples").mkdir()
        (path / "build/examples/make_bearing").symlink_to(check.maker)
        for place in ("build", "bin"):
            (path / place / "refrain").symlink_to(check.tool)
        (path / "examples").symlink_to(ROOT / "examples")
        (path / "make_data.py").symlink_to(ROOT / "tests/docs/make_data.py")
        for name in ("train", "test"):
            (path / ("demo/bearing_%s.csv" % name)).symlink_to(check.demo / ("bearing_%s.csv" % name))
        self.env = {"HOME": str(path / "home"), "PATH": "%s/bin:/usr/bin:/bin" % path, "LC_ALL": "C.UTF-8",
                    "COLUMNS": "100", "PYTHONWARNINGS": "ignore"}

    def shell(self, block):
        command = script(block)
        if command not in self.done:
            ran = subprocess.run(["bash", "-c", command], cwd=self.path, env=self.env, text=True,
                                 stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            self.done[command] = ("" if ran.returncode == 0 else ran.stderr or "exit code %d" % ran.returncode,
                                  trimmed(ran.stdout))
        return self.done[command]

    def run_python(self, block):
        if block.text not in self.done:
            if self.python is None:
                self.python = subprocess.Popen(
                    [self.check.python, str(pathlib.Path(__file__).parent / "python_blocks.py")], cwd=self.path,
                    env=self.env, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            self.python.stdin.write(json.dumps({"code": block.text}) + "\n")
            self.python.stdin.flush()
            self.done[block.text] = json.loads(self.python.stdout.readline() or '{"error": "Python ended"}')
        return self.done[block.text]

    def close(self):
        if self.python is not None:
            self.python.stdin.close()
            self.python.wait()
            self.python.stdout.close()


class Check:
    def __init__(self, options, folder):
        self.tool, self.maker = (str(pathlib.Path(p).resolve()) for p in (options.tool, options.maker))
        self.python, self.write = options.python, options.write
        self.problems, self.times, self.helps, self.folders = [], [], {}, {}
        self.count = self.skipped = 0
        self.folder, self.demo = folder, folder / "demo"
        self.demo.mkdir()
        for name, words in (("train", ["--machines", "8"]), ("test", ["--machines", "4", "--first-machine", "9"])):
            subprocess.run([self.maker, *words, "--out", self.demo / ("bearing_%s.csv" % name)], check=True,
                           stdout=subprocess.DEVNULL)

    def problem(self, page, text):
        self.problems.append("%s: %s" % (page.relative_to(ROOT), text))

    def folder_of(self, page):
        name = str(page.relative_to(ROOT)).replace(".zh.md", ".md").replace("/", "-")
        if page.parent.name == "guide":  # pages that go on with the same files
            name = "guide"
        if name not in self.folders:
            self.folders[name] = Folder(self, self.folder / name)
        return self.folders[name]

    def compare(self, page, block, shown, seen):
        shown, seen = ([line for line in lines if not NO_ROOM.fullmatch(line)] for lines in (shown, seen))
        if self.write:
            return seen
        for a, b in zip(shown, seen):
            why = differs(a, b)
            if why:
                self.problem(page, "%s\n  %s\n  shown: %s\n  seen:  %s" % (block.lines[-1], why, a, b))
        if len(shown) != len(seen):
            self.problem(page, "%s\n  %d lines are shown, %d are printed:\n%s"
                         % (block.lines[-1], len(shown), len(seen), "\n".join(seen)))
        return shown

    def run_block(self, page, block):
        """What a block prints; None where it failed."""
        folder, begin = self.folder_of(page), time.monotonic()
        if block.kind == "shell":
            error, seen = folder.shell(block)
        else:
            answer = folder.run_python(block)
            error, seen = answer["error"], trimmed(answer.get("printed", ""))
            for shown, value in answer.get("values", []):
                why = differs(shown, value)
                if why:
                    self.problem(page, "# -> %s\n  %s\n  seen: %s" % (shown, why, value))
        self.times.append((time.monotonic() - begin, "%s: %s" % (page.relative_to(ROOT), block.lines[-1])))
        if error:
            self.problem(page, "%s\n  fails: %s" % (block.text, error.strip()))
        return None if error else seen

    def run_page(self, page):
        lines, new = page.read_text(encoding="utf-8").splitlines(), []
        for block in pages.blocks("\n".join(lines)):
            if block.kind not in ("shell", "python"):
                continue
            if not block.run and block.reason is None:
                self.problem(page, "line %d: mark the block with <!-- run --> or <!-- not run: the reason -->"
                             % block.begin)
            if not block.run:
                continue
            if block.kind == "python" and self.python is None:
                self.skipped += 1
                continue
            self.count += 1
            seen = self.run_block(page, block)
            if seen is not None and block.shown is not None:
                begin, end = block.shown
                new.append((begin, end, self.compare(page, block, lines[begin:end], seen)))
        if self.write and new:
            for begin, end, seen in reversed(new):
                lines[begin:end] = seen
            page.write_text("\n".join(lines) + "\n", encoding="utf-8")

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

    def help_of(self, *words):
        out = ""
        for flag in ("--help", "--help-all"):
            out += subprocess.run([self.tool, *words, flag], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                  text=True).stdout
        return out

    def knows(self, command, option):
        if command not in self.helps:
            text = self.help_of(command)
            for sub in re.findall(r"^  ([a-z]+) ", text, re.M):
                text += self.help_of(command, sub)
            self.helps[command] = text
        return re.search(r"(?<![\w-])%s(?![\w-])" % re.escape(option), self.helps[command])

    def check_links(self, page):
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8")):
            if re.match(r"[a-z]+:", target):
                continue
            if not (page.parent / target).exists():
                self.problem(page, "a link to %s, which is not there" % target)

    def check_translation(self, page):
        original = page.with_name(page.name.replace(".zh.md", ".md"))
        shown = []
        for each in (original, page):
            lines = each.read_text(encoding="utf-8").splitlines()
            shown.append([(b.text, lines[b.shown[0]:b.shown[1]] if b.shown else [])
                          for b in pages.blocks("\n".join(lines)) if b.run and not b.hidden])
        for a, b in zip(*shown):
            if a != b:
                self.problem(page, "the block or output differs from %s:\n  %s" % (original.name, "\n  ".join(b[0:1])))
        if len(shown[0]) != len(shown[1]):
            self.problem(page, "%d blocks are run, %d in %s" % (len(shown[1]), len(shown[0]), original.name))

    def check_picture(self):
        """Drawn from the run of doc/bearing.md, which the store of its folder keeps."""
        page = ROOT / "doc/bearing.md"
        folder = self.folder_of(page)
        drawn, path = picture.draw(*picture.told(self.tool, folder.path, folder.env)), ROOT / "doc/picture.svg"
        if self.write:
            path.write_text(drawn, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != drawn:
            self.problem(page, "doc/picture.svg is not what tests/docs/picture.py draws: run.py --write makes it anew")


def parsed():
    parser = argparse.ArgumentParser()
    parser.add_argument("tool")
    parser.add_argument("maker")
    parser.add_argument("--python")
    parser.add_argument("--page", action="append", type=lambda p: pathlib.Path(p).resolve())
    parser.add_argument("--with-python", action="store_true", help="only pages that run Python")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--times", action="store_true")
    return parser.parse_args()


def wanted(page, options):
    if options.with_python:
        return any(b.run and b.kind == "python" for b in pages.blocks(page.read_text(encoding="utf-8")))
    return not options.page or page in options.page


def main():
    options = parsed()
    with tempfile.TemporaryDirectory(prefix="refrain-docs-") as name:
        check = Check(options, pathlib.Path(name))
        for page in PAGES:
            if not wanted(page, options):
                continue
            check.run_page(page)
            check.check_options(page)
            check.check_links(page)
            if page.name.endswith(".zh.md") and not options.write:
                check.check_translation(page)
            if page == ROOT / "doc/bearing.md":
                check.check_picture()
        for folder in check.folders.values():
            folder.close()
    if check.count == 0:
        check.problems.append("no block is run")
    for problem in check.problems:
        print("FAILED " + problem)
    for seconds, what in sorted(check.times, reverse=True)[:15 if options.times else 0]:
        print("%6.1f s  %s" % (seconds, what))
    print("%d blocks run, %d of Python left to the tests of the package, %d problems"
          % (check.count, check.skipped, len(check.problems)))
    return 1 if check.problems else 0


if __name__ == "__main__":
    sys.exit(main())
