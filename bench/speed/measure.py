"""One case measured in turns, and the row that comes of it."""
import math
import statistics
import sys

from speed.cases import Case


def take_turns(turns, rounds):
    """turns: name -> function that gives an answer. ({name: [ms of each round]}, the mean number of
    cores that they got); each round begins with another one. Who answers with an error is left out, with a
    remark."""
    names = list(turns)
    times, cores = {name: [] for name in names}, []
    for i in range(rounds):
        for k in range(len(names)):
            name = names[(i + k) % len(names)]
            if times[name] is None:
                continue
            answer = turns[name]()
            if "ms" in answer:
                check(name, answer)
                times[name].append(answer["ms"])
                cores.append(answer.get("cores", 1.0))
            else:
                print(f"  {name}: {answer.get('error')}", file=sys.stderr)
                times[name] = None
    return {name: t for name, t in times.items() if t}, statistics.fmean(cores) if cores else None


def check(name, answer):
    """Complains where a program did not train, or used more cores than it was given."""
    first, last = answer.get("loss", (1.0, 0.0))
    if not math.isfinite(last) or last > 20:  # ln 4 = 1.39 is chance
        print(f"  {name}: suspicious loss, {first:.4g} at first and {last:.4g} at last", file=sys.stderr)
    if answer.get("cores", 0) > answer.get("threads", math.inf) + 0.25:
        print(f"  {name} used {answer['cores']:.2f} cores", file=sys.stderr)


def ratio(peer_ms, own_ms):
    return None if peer_ms is None else peer_ms / own_ms


def spread(times, peer):
    """(largest - smallest) / median of the rounds' ratios, or of the times where there is no peer."""
    values = times["refrain"]
    if peer is not None:
        values = [theirs / own for theirs, own in zip(times[peer], values)]
    return (max(values) - min(values)) / statistics.median(values)


def peer_columns(times):
    """The part of a row that every kind shares: medians, ratios and the spread."""
    medians = {name: statistics.median(t) for name, t in times.items()}
    row = {f"{peer}_ms": medians.get(peer) for peer in ("torch", "jax", "onnxruntime")}
    peers = [p for p in ("torch", "jax", "onnxruntime") if p in medians]
    best = min(peers, key=medians.get, default=None)
    row["ratio_torch"] = ratio(medians.get("torch"), medians["refrain"])
    row["ratio_best"] = ratio(medians.get(best), medians["refrain"])
    row["spread"] = spread(times, best)
    row["rounds_ms"] = times
    return row


def measure_case(case, workers, options):
    """The row of one case (its share of the ceiling is still to come), or None where Refrain could not run it."""
    request = case.request(options)
    turns = {name: (lambda w=workers[name]: w.ask(**request))
             for name in ("refrain", *case.peers()) if workers.get(name)}
    if case.kind in ("ragged", "recurrent_dropout"):  # what the plain step takes in the same rounds
        plain = Case("dense", case.cell, case.shape).request(options)
        turns["dense"] = lambda: workers["refrain"].ask(**plain)
    times, cores = take_turns(turns, options.rounds)
    if "refrain" not in times:
        return None
    own = statistics.median(times["refrain"])
    row = {"kind": case.kind, "cell": case.cell, "shape": list(case.shape), "threads": options.threads,
           "refrain_ms": own, "gflops": case.work() / own / 1e6, "share": None, "cores": cores}
    if "dense" in times:
        row["dense_ms"] = statistics.median(times.pop("dense"))
        row["live_share"] = case.live_share()
    return {**row, **peer_columns(times)}


def geometric_mean(values):
    values = [v for v in values if v is not None]
    return math.exp(statistics.fmean(map(math.log, values))) if values else None


def geometric_means(rows):
    """{"kind/cell": {"torch": x, "best": x}}"""
    groups = {}
    for row in rows:
        groups.setdefault(f"{row['kind']}/{row['cell']}", []).append(row)
    return {name: {"torch": geometric_mean([r["ratio_torch"] for r in group]),
                   "best": geometric_mean([r["ratio_best"] for r in group])}
            for name, group in groups.items()}
