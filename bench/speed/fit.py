"""A whole training, process start to saved model: `refrain train` beside the plain PyTorch script."""
import json
import pathlib
import statistics
import sys
import tempfile

from speed.cases import GATES
from speed.measure import peer_columns
from speed.workers import PEER_FOLDER, Worker

EPOCHS, BATCH, HIDDEN = 100, 16, 64
SAME_AS_SCRIPT = ("--cell gru --hidden 64 --layers 1 --no-bidirectional --pooling last --attention none "
                  "--dropout 0 --label-smoothing 0 --optimiser adam --lr 0.001 --schedule constant "
                  "--clip-norm 0 --batch-size 16 --epochs 100 --patience 0 --valid-fraction 0 --quiet").split()


def commands(options, folder):
    """name -> command. Both read the two files, train, score the test file and save the model."""
    name = "GunPoint"
    train, test = (str(options.data / name / f"{name}_{part}.ts") for part in ("TRAIN", "TEST"))
    threads = str(options.threads)
    refrain = [str(options.tool), "train", train, "--test", test, "--out", f"{folder}/model.refrain",
               "--json", f"{folder}/refrain.json", "--threads", threads, *SAME_AS_SCRIPT]
    torch = [options.python, str(PEER_FOLDER / "torch_fit.py"), train, test, f"{folder}/model.pt",
             f"{folder}/torch.json", "--threads", threads, "--hidden", str(HIDDEN), "--epochs", str(EPOCHS),
             "--batch-size", str(BATCH)]
    return {"refrain": refrain, "torch": torch}


def run_once(command, log, options):
    """A fresh small worker starts the program: see bench/program.h."""
    worker = Worker("refrain", [str(options.worker)])
    answer = worker.ask(kind="program", command=command, log=log)
    worker.close()
    if answer.get("exit_code") != 0:
        lines = pathlib.Path(log).read_text().strip().splitlines() if pathlib.Path(log).exists() else []
        return {"error": answer.get("error") or (lines or ["no output"])[-1]}
    return answer


def measure_fit(options, with_torch):
    """The row, or None where Refrain's training failed."""
    runs = {"refrain": [], "torch": []} if with_torch else {"refrain": []}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(options.rounds):
            for name in list(runs):
                answer = run_once(commands(options, folder)[name], f"{folder}/{name}.log", options)
                if "error" in answer:
                    print(f"  fit, {name}: {answer['error']}", file=sys.stderr)
                    del runs[name]
                else:
                    runs[name].append(answer)
        if not runs.get("refrain"):
            return None
        results = {name: json.loads(pathlib.Path(folder, f"{name}.json").read_text()) for name in runs}
    return fit_row(runs, results, options)


def fit_row(runs, results, options):
    times = {name: [r["ms"] for r in all_runs] for name, all_runs in runs.items()}
    own = statistics.median(times["refrain"])
    steps = 150  # of every GunPoint series
    work = 6 * results["refrain"]["n_train"] * EPOCHS * steps * GATES["gru"] * HIDDEN * (1 + HIDDEN)
    row = {"kind": "fit", "cell": "gru", "shape": [BATCH, steps, 1, HIDDEN], "threads": options.threads,
           "refrain_ms": own, "gflops": work / own / 1e6, "share": None, **peer_columns(times)}
    for name in ("refrain", "torch"):
        row[f"{name}_mb"] = max((r["peak_mb"] for r in runs.get(name, [])), default=None)
    row["ratio_memory"] = row["torch_mb"] and row["torch_mb"] / row["refrain_mb"]
    row["accuracy"] = {"refrain": results["refrain"]["score"]["value"],
                       "torch": results.get("torch", {}).get("accuracy")}
    return row
