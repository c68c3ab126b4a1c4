#!/usr/bin/env python3
"""Runs the command cases: run.py TOOL [--only REGEX] [--verbose] [FILE.case ...]

A case file is lines of words, quoted as in a shell; README.md lists the words. Each case runs in a
folder of its own. The last line says how many passed; the exit code is 1 if any failed.
"""

import argparse
import os
import pathlib
import re
import resource
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

import checks
import made

HERE = pathlib.Path(__file__).resolve().parent
SECONDS = 300  # the longest that one command may take
TAGGER = ["--task", "tag", "--preset", "none", "--hidden", "16", "--no-baselines"]
MODELS = {  # trained once a run, on these data, for cases that use or damage a model
    "series": (["series", "ts"], ["--hidden", "8"]),
    "wide": (["series", "wide"], ["--hidden", "8"]),
    "channels": (["series", "ts", "channels=2"], ["--hidden", "8"]),
    "tags": (["tagged"], TAGGER),
    "pos": (["tagged"], [*TAGGER, "--scheme", "plain"]),
    "states": (["states"], [*TAGGER, "--format", "long-csv", "--tag-column", "state"]),
    "text": (["text"], ["--hidden", "8", "--embedding-dim", "8"]),
}


class Skipped(Exception):
    pass


class Case:
    def __init__(self, path, line, title):
        self.path, self.line, self.title = path, line, title
        self.steps = []  # (line number, words)

    def with_value(self, name, value):
        case = Case(self.path, self.line, "%s (%s %s)" % (self.title, name, value))
        mark = "%" + name + "%"
        case.steps = [(n, [w.replace(mark, value) for w in words]) for n, words in self.steps]
        return case


class Result:
    def __init__(self, command, code, out, err):
        self.command, self.code, self.out, self.err = command, code, out, err
        self.before, self.after = {}, {}


def parse(path):
    """All cases of a file; one with `for` becomes several."""
    cases, loops = [], {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("== "):
            cases.append(Case(path, number, line[3:]))
        elif line.startswith("  |"):
            cases[-1].steps[-1][1].append(line[3:])
        elif line.strip() and not line.startswith("#"):
            words = shlex.split(line)
            if words[0] == "for":
                loops[id(cases[-1])] = words[1], words[3:]
            else:
                cases[-1].steps.append((number, words))
    out = []
    for case in cases:
        name, values = loops.get(id(case), ("", []))
        out += [case.with_value(name, value) for value in values] if values else [case]
    return out


class Tool:
    """The program under test, and the models that it trained for this run."""

    def __init__(self, path, folder):
        self.path, self.folder, self.models = path, folder, {}

    def command(self, words, folder, variables=None, largest=None, stdin=subprocess.DEVNULL):
        # A home of its own: the store of whoever runs the cases is left alone.
        env = dict(os.environ, LC_ALL="C.UTF-8", HOME=str(self.folder / "home"))
        (self.folder / "home").mkdir(exist_ok=True)
        env.pop("REFRAIN_STORE", None)
        env.update(variables or {})
        limit = largest and (lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest)))
        return subprocess.Popen([self.path, *words], cwd=folder, env=env, stdin=stdin,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=limit,
                                restore_signals=True)

    def model(self, kind):
        if kind not in self.models:
            data, options = MODELS[kind]
            source = self.folder / (kind + ".data")
            source.write_bytes(made.make(None, data[0], data[1:]))
            words = ["train", source.name, "--out", kind + ".refrain", "--epochs", "20", *options]
            process = self.command(words, self.folder)
            _, err = process.communicate(timeout=SECONDS)
            if process.returncode != 0:
                raise checks.Failed("a model for the case; training it said: " + err.decode())
            self.models[kind] = (self.folder / (kind + ".refrain")).read_bytes()
        return self.models[kind]


class Folder:
    """The folder of one case, as the makers of files see it."""

    def __init__(self, path, tool):
        self.path, self.tool = path, tool

    def read(self, name):
        return (self.path / name).read_bytes()

    def model(self, kind):
        return self.tool.model(kind)

    def listing(self):
        return {str(p.relative_to(self.path)): content(p) for p in sorted(self.path.rglob("*"))}


def content(path):
    try:
        return path.read_bytes()
    except OSError:
        return None  # a folder, a link that leads nowhere, a file that may not be read


class Runner:
    """Runs the steps of one case; each word at the start of a line is a method `do_word`."""

    def __init__(self, case, folder, tool):
        self.case, self.folder, self.tool = case, folder, tool
        self.result = None
        self.variables = {}  # of the environment
        self.largest = None  # bytes that a file may have
        self.input = None  # of the next run
        self.pending = False  # a run whose exit code no line has named yet
        self.report = None

    def run(self):
        for self.line, words in self.case.steps:
            action = getattr(self, "do_" + words[0].replace("-", "_"), None)
            if action is None:
                raise checks.Failed("a known word, not %r" % words[0])
            if self.pending and words[0] != "exit":
                self.do_exit("0")
            action(*words[1:])
        if self.pending:
            self.do_exit("0")

    def path(self, name):
        return self.folder.path / name

    def do_file(self, name, *lines):
        self.path(name).write_text("".join(line + "\n" for line in lines), encoding="utf-8")

    def do_folder(self, name):
        self.path(name).mkdir()

    def do_link(self, name, target):
        self.path(name).symlink_to(target)

    def do_unreadable(self, name):
        self.path(name).chmod(0)

    def do_make(self, name, generator, *words):
        self.path(name).write_bytes(made.make(self.folder, generator, words))

    def do_env(self, name, value):
        self.variables[name] = value

    def do_largest_file(self, size):
        self.largest = int(size)

    def do_input(self, name):
        self.input = self.path(name)

    def do_needs(self, what):
        have = {"full-device": os.path.exists("/dev/full"), "user": os.geteuid() != 0}
        if not have[what]:
            raise Skipped("needs " + what)

    def do_run(self, *words):
        self.execute(words, lambda process: process.communicate(timeout=SECONDS))

    def do_shell(self, text):
        if shutil.which("bash") is None:
            raise Skipped("needs bash")
        done = subprocess.run(["bash", "-c", text], cwd=self.folder.path, capture_output=True, text=True, timeout=SECONDS,
                              check=False)
        self.result = Result([text], done.returncode, done.stdout, done.stderr)
        self.result.before = self.result.after = self.folder.listing()
        self.report, self.pending = None, True

    def do_stop(self, name, epoch, milliseconds, *words):
        """Sends a signal so long after that many epochs or, fold2, folds; the rest of the line is the command."""
        number = getattr(signal, "SIG" + name)
        mark = "fold %s/" % epoch[4:] if epoch.startswith("fold") else "epoch %s/" % epoch
        if epoch == "again":
            mark = "training again on all"
        self.execute(words, lambda p: interrupt(p, number, mark.encode(), int(milliseconds) / 1000))

    def execute(self, words, wait):
        before = self.folder.listing()
        given, self.input = self.input, None
        with open(given or os.devnull, "rb") as stdin:
            process = self.tool.command(words, self.folder.path, self.variables, self.largest, stdin)
        try:
            out, err = wait(process)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            raise checks.Failed("an end within %d s" % SECONDS) from None
        self.result = Result(words, process.returncode, out.decode("utf-8", "backslashreplace"),
                             err.decode("utf-8", "backslashreplace"))
        self.result.before, self.result.after = before, self.folder.listing()
        self.report, self.pending = None, True

    def do_exit(self, code, late=None):
        """`late`: it fails after the work was done, whose results stay."""
        self.pending = False
        checks.require(self.result.code == int(code),
                       "exit code %s, it is %d" % (code, self.result.code))
        if self.result.code >= 0:
            checks.check_laws(self.result, late)

    def do_out(self, how, text):
        compare("standard output", self.result.out, how, text)

    def do_err(self, how, text):
        compare("standard error", self.result.err, how, text)

    def do_text(self, name, how, text):
        compare(name, self.folder.read(name).decode(), how, text)

    def do_exists(self, *names):
        for name in names:
            checks.require(self.path(name).exists(), "a file " + name)

    def do_absent(self, *names):
        for name in names:
            checks.require(not self.path(name).exists(), "no file " + name)

    def do_remove(self, *names):
        for name in names:
            self.path(name).unlink()

    def do_same(self, *names):
        first = self.folder.read(names[0])
        for name in names[1:]:
            checks.require(self.folder.read(name) == first, "%s as %s" % (name, names[0]))

    def do_differ(self, a, b):
        checks.require(self.folder.read(a) != self.folder.read(b), "%s unlike %s" % (b, a))

    def do_alike(self, a, b, *keys):
        """Two reports, but for the time that they took, the threads and where things were put."""
        first, second = (checks.check_report(self.folder.read(name).decode(), self.result)
                         for name in (a, b))
        for report in (first, second):
            for key in ("seconds", "baseline_seconds", "threads", "model", "run"):
                report.pop(key, None)
        for key in keys:
            checks.look_up(first, key)
        for key in keys or sorted(set(first) | set(second)):
            checks.require(first.get(key) == second.get(key), "%s of %s as of %s" % (key, b, a))

    def do_save(self, name):
        self.path(name).write_text(self.result.out, encoding="utf-8")

    def do_report(self, name="-"):
        text = self.result.out if name == "-" else self.folder.read(name).decode()
        self.report = checks.check_report(text, self.result)

    def do_value(self, path, wanted):
        checks.check_value(self.report, path, wanted)

    def do_predictions(self, name, rows, classes):
        text = self.result.out if name == "-" else self.folder.read(name).decode()
        checks.check_predictions(text, name.endswith(".jsonl"), int(rows), classes.split(","))


def compare(what, text, how, wanted):
    """= holds the words; ~ matches the pattern; ! does not hold; is: the very text."""
    flat = re.sub(r"\s*\n\s+", " ", text)  # a sentence that was folded is one again
    if how == "=":
        checks.require(wanted in text or wanted in flat, "%s with %r" % (what, wanted))
    elif how == "~":
        checks.require(re.search(wanted, text, re.M), "%s like /%s/" % (what, wanted))
    elif how == "!":
        checks.require(wanted not in text and wanted not in flat, "%s without %r" % (what, wanted))
    else:
        checks.require(how == "is" and text == wanted, "%s %r and nothing else" % (what, wanted))


def interrupt(process, number, mark, seconds):
    lines, out = [], []
    reader = threading.Thread(target=lambda: out.append(process.stdout.read()))
    reader.start()
    watchdog = threading.Timer(SECONDS, process.kill)
    watchdog.start()
    for line in process.stderr:
        lines.append(line)
        if number and line.startswith(mark):
            time.sleep(seconds)
            process.send_signal(number)
            number = 0
    reader.join()
    process.stdout.close()
    process.stderr.close()
    process.wait()
    watchdog.cancel()
    return out[0], b"".join(lines)


def shorten(text):
    lines = text.splitlines()
    return "".join("      %s\n" % line[:300] for line in lines[:25]) + (
        "      ... %d lines more\n" % (len(lines) - 25) if len(lines) > 25 else "")


def explain(case, runner, problem):
    print("FAILED %s:%d: %s" % (case.path.name, getattr(runner, "line", case.line), case.title))
    print("    expected: %s" % problem)
    result = runner.result
    if result is not None:
        print("    command: refrain %s\n    exit code: %d" % (shlex.join(result.command), result.code))
        for name, text in (("stdout", result.out), ("stderr", result.err)):
            print("    %s:%s" % (name, "\n" + shorten(text).rstrip() if text else " empty"))


def run_case(case, tool):
    """"passed", "failed" or "skipped"; says what went wrong."""
    path = pathlib.Path(tempfile.mkdtemp(prefix="case", dir=tool.folder))
    runner = Runner(case, Folder(path, tool), tool)
    try:
        runner.run()
        return "passed"
    except Skipped as reason:
        print("SKIPPED %s:%d: %s: %s" % (case.path.name, case.line, case.title, reason))
        return "skipped"
    except checks.Failed as problem:
        explain(case, runner, problem)
    except (OSError, ValueError, KeyError, TypeError) as problem:
        explain(case, runner, "a case that makes sense: %r" % problem)
    finally:
        shutil.rmtree(path, ignore_errors=True)
    return "failed"


def main():
    parser = argparse.ArgumentParser(description="Runs the command cases.")
    parser.add_argument("tool", type=pathlib.Path)
    parser.add_argument("files", nargs="*", type=pathlib.Path)
    parser.add_argument("--only", default="", help="titles that match this pattern")
    parser.add_argument("--verbose", action="store_true", help="name each case and its time")
    arguments = parser.parse_args()
    files = arguments.files or sorted(HERE.glob("*.case"))
    cases = [case for path in files for case in parse(path) if re.search(arguments.only, case.title)]
    count = {"passed": 0, "failed": 0, "skipped": 0}
    with tempfile.TemporaryDirectory(prefix="refrain-cases-") as folder:
        tool = Tool(arguments.tool.resolve(), pathlib.Path(folder))
        for case in cases:
            start = time.monotonic()
            verdict = run_case(case, tool)
            count[verdict] += 1
            if arguments.verbose:
                print("%-7s %5.2f s  %s" % (verdict, time.monotonic() - start, case.title))
    print("%d passed, %d failed%s" % (count["passed"], count["failed"],
                                      ", %d skipped" % count["skipped"] if count["skipped"] else ""))
    return 1 if count["failed"] or not count["passed"] else 0


if __name__ == "__main__":
    sys.exit(main())
