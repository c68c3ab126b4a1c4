"""One run of `refrain train`, as a small dictionary."""
import hashlib
import json
import subprocess

INTERRUPTED = 130


class Failed(Exception):
    """The tool refused or broke; the text is its error and remedy."""


class Tool:
    def __init__(self, path, threads=0):
        self.path = path
        self.extra = ["--threads", threads] if threads else []
        self.version = self._ask("--version").strip()
        self.build = hashlib.sha256(path.read_bytes()).hexdigest()[:12]

    def _ask(self, *words):
        return subprocess.run([self.path, *words], capture_output=True, text=True, check=True).stdout

    def train(self, arguments, seed):
        """Raises Failed, or KeyboardInterrupt where the tool was stopped by Ctrl-C."""
        command = [self.path, "train", *arguments, "--seed", seed, *self.extra,
                   "--json", "-", "--quiet", "--store", "none", "--allow-overlap"]
        done = subprocess.run([str(word) for word in command], capture_output=True, check=False)
        if done.returncode == INTERRUPTED:
            raise KeyboardInterrupt
        if done.returncode != 0:
            raise Failed(error_of(done.stderr.decode("utf-8", errors="replace")) or f"exit code {done.returncode}")
        return result(json.loads(done.stdout), seed, self.build, "--valid" in command)


def error_of(text):
    """From the line "error: ..." on, as one line; the last line where there is none."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    begin = next((i for i, line in enumerate(lines) if line.startswith("error:")), len(lines) - 1)
    return " ".join(lines[max(begin, 0):]).removeprefix("error:").strip()[:500]


def result(report, seed, build, valid_file):
    """What is kept of a report; training samples held out for validation count as training samples."""
    took, scores = report["baseline_seconds"], report["baseline_scores"]
    return {
        "seed": seed, **report["score"], "seconds": sum(report["seconds"].values()),
        "n_train": report["n_train"] + (0 if valid_file else report["n_valid"]), "n_test": report["n_test"],
        "metric": report["metric"], "protocol": report["protocol"], "leaks": report["leaks"],
        "params": report["params"], "against_baseline": report["against_baseline"], "build": build,
        "baselines": {name: {**score, "seconds": took[name]} for name, score in scores.items()},
    }
