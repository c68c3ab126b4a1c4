#!/usr/bin/env python3
"""make_data.py FOLDER: writes the small data sets of the guide (doc/guide). The standard library is enough.

press.csv, press_new.csv   runs of presses, a row a time step; press_new.csv has no labels
heartbeats.csv             heartbeats of patients, a row a beat; few are ectopic
calls/, calls.csv          recordings of two bird calls by 12 birds, and their list
"""

import csv
import math
import pathlib
import random
import struct
import sys
import wave


def press_run(rng, machine, state):
    """Rows (time, force, temperature) of a run. Each machine has a level of its own."""
    gain, warm = 1 + 0.25 * math.sin(1.7 * machine), 20 + 2 * math.cos(2.3 * machine)
    length, rows = rng.randint(30, 45), []
    drop = rng.uniform(0.35, 0.65)
    for t in range(length):
        at = t / length
        force = 10 * gain * math.sin(math.pi * at)
        if state == "worn":
            force *= 1 - 0.25 * math.exp(-((at - 0.75) / 0.12) ** 2)
        if state == "leak":
            force -= 1.6 * gain * (at > drop)
        heat = warm + 6 * at * (1.25 if state == "worn" else 1)
        rows.append((t, force + rng.gauss(0, 0.35), heat + rng.gauss(0, 0.4)))
    return rows


def write_press(path, rng, machines, runs, labelled):
    with open(path, "w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["run", "machine", "time", "force", "temperature"] + ["state"] * labelled)
        number = 0
        for machine in machines:
            for k in range(runs):
                number += 1
                state = ("good", "good", "worn", "leak")[k % 4]
                for t, force, heat in press_run(rng, machine, state):
                    out.writerow([number, f"press_{machine:02d}", t, f"{force:.2f}", f"{heat:.2f}"]
                                 + [state] * labelled)


def write_heartbeats(path, rng, patients=40, beats=4):
    def wave_at(at, place, width, height):
        return height * math.exp(-((at - place) / width) ** 2)

    with open(path, "w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["patient", "label"] + [f"v{i:02d}" for i in range(60)])
        for patient in range(patients):
            scale, shift = rng.uniform(0.8, 1.2), rng.uniform(-0.03, 0.03)
            for beat in range(beats):
                ectopic = beat == 0 and patient % 2 == 0
                width = (0.055 if ectopic else 0.04) * rng.uniform(0.8, 1.2)
                values = []
                for i in range(60):
                    at = i / 60
                    v = wave_at(at, 0.4 + shift, width, scale)
                    v += wave_at(at, 0.2 + shift, 0.05, 0.08 if ectopic else 0.15)
                    v += wave_at(at, 0.7 + shift, 0.08, 0.15 if ectopic else 0.28)
                    values.append(f"{v + rng.gauss(0, 0.12):.3f}")
                out.writerow([f"p{patient:02d}", "ectopic" if ectopic else "normal"] + values)


def write_calls(folder, rng, birds=12, calls=3, rate=8000):
    (folder / "calls").mkdir(exist_ok=True)
    rows = [("path", "label", "bird")]
    for bird in range(birds):
        pitch = rng.uniform(900, 1300)
        for k in range(calls):
            for kind in ("rising", "falling"):
                name, phase, samples = f"calls/{kind}_{bird:02d}_{k}.wav", 0.0, []
                length = int(rate * rng.uniform(0.35, 0.5))
                for i in range(length):
                    sweep = i / length if kind == "rising" else 1 - i / length
                    phase += 2 * math.pi * pitch * (1 + 0.5 * sweep) / rate
                    loud = math.sin(math.pi * i / length) * 0.3
                    samples.append(int(32767 * max(-1, min(1, loud * math.sin(phase) + rng.gauss(0, 0.05)))))
                with wave.open(str(folder / name), "wb") as file:
                    file.setparams((1, 2, rate, 0, "NONE", ""))
                    file.writeframes(struct.pack(f"<{length}h", *samples))
                rows.append((name, kind, f"bird_{bird:02d}"))
    with open(folder / "calls.csv", "w", newline="") as file:
        csv.writer(file).writerows(rows)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__.splitlines()[0])
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    write_press(folder / "press.csv", random.Random(1), range(1, 13), 4, True)
    write_press(folder / "press_new.csv", random.Random(2), range(13, 15), 4, False)
    write_heartbeats(folder / "heartbeats.csv", random.Random(3))
    write_calls(folder, random.Random(4))
    print(f"{folder}: press.csv, press_new.csv, heartbeats.csv, calls.csv")


if __name__ == "__main__":
    main()
