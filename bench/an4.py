#!/usr/bin/env python3
"""Writes CMU AN4 (MFCC, speakers of the test part unseen) as JSON Lines for --task transcribe.

usage: an4.py FOLDER OUT        FOLDER holds feat.tar.gz and etc/

OUT/train.jsonl and OUT/test.jsonl are the published split; each line has "series" (a row of 13
cepstra a frame, 100 frames a second), "transcript" (lower case) and "speaker". OUT/fit.jsonl and
OUT/valid.jsonl divide the training part by speaker, about one in ten for choices.
"""
import json
import pathlib
import struct
import sys
import tarfile

VALID_SPEAKERS = 8  # of 74, the last ones by name


def transcripts(path):
    """Maps the utterance's name to its words; the list is 'WORDS (name)' a line."""
    out = {}
    for line in path.read_text().splitlines():
        words, _, name = line.rpartition("(")
        words = words.replace("<s>", "").replace("</s>", "")
        out[name.rstrip(")")] = " ".join(words.split()).lower()
    return out


def frames(data):
    """Rows of 13 numbers from a big-endian file: a count, then the numbers."""
    (count,) = struct.unpack(">i", data[:4])
    values = struct.unpack(f">{count}f", data[4:4 + 4 * count])
    return [[round(v, 4) for v in values[i:i + 13]] for i in range(0, count, 13)]


def main():
    folder, out = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    out.mkdir(parents=True, exist_ok=True)
    features = {}
    with tarfile.open(folder / "feat.tar.gz") as tar:
        for member in tar:
            if member.isfile() and member.name.endswith(".mfc"):
                features[pathlib.Path(member.name).stem] = tar.extractfile(member).read()
    for part in ("train", "test"):
        words = transcripts(folder / "etc" / f"an4_{part}.transcription")
        rows = []
        for line in (folder / "etc" / f"an4_{part}.fileids").read_text().split():
            name = pathlib.Path(line).name
            speaker = pathlib.Path(line).parent.name
            rows.append({"id": name, "speaker": speaker, "transcript": words[name],
                         "series": frames(features[name])})
        files = {part: rows}
        if part == "train":
            held = set(sorted({r["speaker"] for r in rows})[-VALID_SPEAKERS:])
            files["fit"] = [r for r in rows if r["speaker"] not in held]
            files["valid"] = [r for r in rows if r["speaker"] in held]
        for name, list_ in files.items():
            with open(out / f"{name}.jsonl", "w") as f:
                f.writelines(json.dumps(r) + "\n" for r in list_)
            print(f"{out / name}.jsonl: {len(list_)} utterances")


if __name__ == "__main__":
    main()
