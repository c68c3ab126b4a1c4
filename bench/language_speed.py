"""Words a second of language-model training beside PyTorch, alternately in one run.

usage: bench/language_speed.py BENCH [--rounds N] [--json FILE]

BENCH is the program bench_language_speed. Two LSTM layers, vocabulary 10,000, 20 streams, windows of
35 words, tied vectors, AdamW, clipping. Each round starts one process after the other; the table has
medians over the rounds, by the clock and by the processor's seconds, which other work on the machine
disturbs less.
"""
import argparse
import json
import statistics
import subprocess
import sys

PEER = r"""
import json, sys, time, torch
hidden, threads, steps = map(int, sys.argv[1:4])
torch.set_num_threads(threads)
torch.manual_seed(0)
words, streams, window = 10000, 20, 35
embedding = torch.nn.Embedding(words, hidden)
lstm = torch.nn.LSTM(hidden, hidden, 2)
output = torch.nn.Linear(hidden, words)
output.weight = embedding.weight
parameters = [*embedding.parameters(), *lstm.parameters(), output.bias]
optimiser = torch.optim.AdamW(parameters, lr=1e-3)
state = (torch.zeros(2, streams, hidden), torch.zeros(2, streams, hidden))
text = torch.randint(0, words, (window + 1, streams))
wall, cpu = [], []
for step in range(steps + 3):
    begun, clock = time.perf_counter(), time.process_time()
    state = tuple(s.detach() for s in state)
    optimiser.zero_grad()
    y, state = lstm(embedding(text[:-1]), state)
    loss = torch.nn.functional.cross_entropy(output(y).view(-1, words), text[1:].reshape(-1))
    loss.backward()
    torch.nn.utils.clip_grad_norm_(parameters, 1.0)
    optimiser.step()
    if step >= 3:
        wall.append(time.perf_counter() - begun)
        cpu.append(time.process_time() - clock)
middle = lambda values: sorted(values)[len(values) // 2]
count = streams * window
print(json.dumps({"words_per_second": count / middle(wall), "words_per_cpu_second": count / middle(cpu)}))
"""


def run(command):
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("bench")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--steps", type=int, default=15)
    parser.add_argument("--json")
    options = parser.parse_args()
    rows = []
    for hidden in (200, 650):
        for threads in (1, 2):
            found = {"full": [], "adaptive": [], "torch": []}
            for _ in range(options.rounds):
                for form in ("full", "adaptive"):
                    found[form].append(run([options.bench, str(hidden), str(threads), form,
                                            str(options.steps)]))
                found["torch"].append(run([sys.executable, "-c", PEER, str(hidden), str(threads),
                                           str(options.steps)]))
            row = {"hidden": hidden, "threads": threads}
            for unit in ("words_per_second", "words_per_cpu_second"):
                middle = {name: statistics.median(r[unit] for r in runs)
                          for name, runs in found.items()}
                row[unit] = {name: round(value) for name, value in middle.items()}
                row[unit + "_ratio"] = {form: round(middle[form] / middle["torch"], 2)
                                        for form in ("full", "adaptive")}
            rows.append(row)
            print(json.dumps(row))
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(rows, file, indent=1)


if __name__ == "__main__":
    main()
