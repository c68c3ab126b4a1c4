"""What the peers' workers share: the line protocol of bench/worker.cc, and repeated timing."""
import json
import statistics
import sys
import time

CLOCKS = {"wall": time.perf_counter, "cpu": time.process_time}


def repeat(step, seconds, clock=time.perf_counter):
    """Runs step() for about `seconds`, at least three times, after one run for warmth."""
    step()
    times = []
    cpu, begin = time.process_time(), time.perf_counter()
    while len(times) < 3 or time.perf_counter() - begin < seconds:
        start = clock()
        step()
        times.append(clock() - start)
    cores = (time.process_time() - cpu) / (time.perf_counter() - begin)
    return {"ms": 1e3 * statistics.median(times), "best_ms": 1e3 * min(times), "repeats": len(times), "cores": cores}


def repeat_streaming(step, seconds, clock, steps=100):
    """The same for a step too short for the clock."""

    def many():
        for _ in range(steps):
            step()

    answer = repeat(many, seconds, clock)
    return {**answer, "ms": answer["ms"] / steps, "best_ms": answer["best_ms"] / steps}


def serve(version, make):
    """Answers requests until the input ends. make(request) gives a function of the seconds and the clock; it
    is kept for as long as the case stays the same, so that a compiled step is compiled once."""
    threads = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    last, measure = None, None
    for line in sys.stdin:
        request = json.loads(line)
        if request["kind"] == "hello":
            answer = {"version": version}
        else:
            try:
                seconds, clock = request.pop("seconds"), CLOCKS[request.pop("clock", "wall")]
                if request != last:
                    last, measure = None, None
                    measure = make(request)
                    last = request
                answer = {**measure(seconds, clock), "threads": threads}
            except Exception as error:  # the comparison goes on without this case
                answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)
