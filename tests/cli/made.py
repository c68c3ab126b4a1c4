"""Files that the cases ask for with `make NAME GENERATOR ...`: small data sets, and damaged copies
of files. Everything follows from the arguments, nothing from the clock."""

import gzip
import io
import json
import math
import pathlib
import random
import shutil
import struct
import wave
import zipfile
import zlib

WORDS = {
    "good": "fine warm bright happy kind splendid gentle sweet".split(),
    "bad": "awful cold dark angry cruel dreadful harsh bitter".split(),
}
FILLERS = "the a film story day house with and this was it very one here".split()


def series_samples(n, classes, steps, channels, seed):
    """Class k is a sine of k + 1 periods with noise: [(label, [step][channel])]."""
    rng = random.Random(seed)
    samples = []
    for i in range(n):
        k = i % len(classes)
        shift = rng.uniform(0, 0.6)
        rows = []
        for t in range(steps):
            angle = 2 * math.pi * (k + 1) * t / steps + shift
            rows.append([round(math.sin(angle + c) + rng.gauss(0, 0.1), 4) for c in range(channels)])
        samples.append((classes[k], rows))
    return samples


def as_ts(samples, classes):
    channels = len(samples[0][1][0])
    head = "@problemName made\n@timeStamps false\n@univariate %s\n" % str(channels == 1).lower()
    if channels > 1:
        head += "@dimensions %d\n" % channels
    head += "@equalLength true\n@classLabel true %s\n@data\n" % " ".join(classes)
    lines = []
    for label, rows in samples:
        values = [",".join(str(row[c]) for row in rows) for c in range(channels)]
        lines.append(":".join(values + [label]))
    return head + "\n".join(lines) + "\n"


def as_wide(samples, _):
    head = "id," + ",".join("v%d" % t for t in range(len(samples[0][1]))) + ",label\n"
    rows = ["s%d,%s,%s" % (i, ",".join(str(r[0]) for r in rows), label)
            for i, (label, rows) in enumerate(samples)]
    return head + "\n".join(rows) + "\n"


def as_long(samples, _):
    out = "id,time,%s,label\n" % ",".join("c%d" % c for c in range(len(samples[0][1][0])))
    for i, (label, rows) in enumerate(samples):
        for t, row in enumerate(rows):
            out += "s%d,%d,%s,%s\n" % (i, t, ",".join(map(str, row)), label)
    return out


def as_ucr(samples, _):
    return "".join("%s\t%s\n" % (label, "\t".join(str(row[0]) for row in rows))
                   for label, rows in samples)


def as_series_jsonl(samples, _):
    return "".join(json.dumps({"series": rows, "label": label}) + "\n" for label, rows in samples)


SERIES_FORMS = {"ts": as_ts, "wide": as_wide, "long": as_long, "ucr": as_ucr,
                "jsonl": as_series_jsonl}


def make_many(_, classes, rows="3"):
    """So many classes of a few series each: CSV."""
    rng = random.Random(1)
    out = "v0,v1,v2,v3,label\n"
    for i in range(int(classes) * int(rows)):
        values = ",".join("%.3f" % rng.gauss(0, 1) for _ in range(4))
        out += "%s,c%d\n" % (values, i % int(classes))
    return out.encode()


def make_series(_, form="ts", n="24", classes="a,b", steps="12", channels="1", seed="1", level="0"):
    """With a level: its changes are a hundredth as large, and the level is added to each value."""
    names = classes.split(",")
    samples = series_samples(int(n), names, int(steps), int(channels), int(seed))
    if float(level):
        samples = [(label, [[round(float(level) + value / 100, 6) for value in row] for row in rows])
                   for label, rows in samples]
    return SERIES_FORMS[form](samples, names).encode()


def make_targets(_, n="60", count="1", seed="1"):
    """Series whose slope (y) and level (z) are to be predicted: CSV."""
    rng = random.Random(seed)
    names = ["y", "z"][: int(count)]
    out = "v0,v1,v2,v3,v4,v5,v6,v7,%s\n" % ",".join(names)
    for _ in range(int(n)):
        slope, level = rng.uniform(-1, 1), rng.uniform(-3, 3)
        values = ["%.4f" % (level + slope * t + rng.gauss(0, 0.1)) for t in range(8)]
        out += ",".join(values + ["%.4f" % v for v in (slope, level)[: int(count)]]) + "\n"
    return out.encode()


# Altitude, speed and throttle of the six operating conditions of FD002 and FD004.
FLIGHTS = [(0, 0, 100), (10, 0.25, 100), (20, 0.7, 100), (25, 0.62, 60), (35, 0.84, 100), (42, 0.84, 100)]


def make_lives(_, n="12", form="cmapss", first="1", early="0", conditions="1", seed="1"):
    """Units that wear out: NASA's columns, or a table with header; early ones end before they fail. Six conditions are
    those of FLIGHTS, and the sensors lie far apart in them."""
    rng = random.Random(seed)
    out = "" if form == "cmapss" else "unit,cycle,load,heat,noise\n"
    for unit in range(int(first), int(first) + int(n)):
        life = rng.randint(25, 45)
        for t in range(1, life + 1 - (rng.randint(3, 15) if early == "1" else 0)):
            load = rng.randrange(int(conditions))
            heat = 100 * load + 20 * t / life + rng.gauss(0, 0.5)
            if form == "cmapss" and conditions == "6":
                height, speed, throttle = FLIGHTS[load]
                rest = ["%.3f" % (heat * (1 + 2 * speed)), "%.3f" % (500 * speed - heat), "%d" % throttle] + ["7"] * 18
                settings = (height + rng.uniform(0, 0.008), speed + rng.uniform(0, 0.002), throttle)
                out += "%d %d %.4f %.4f %.1f %s \n" % (unit, t, *settings, " ".join(rest))
            elif form == "cmapss":
                rest = ["%.3f" % heat, "%.3f" % rng.gauss(0, 1)] + ["7"] * 19
                out += "%d %d %d %.4f 100 %s \n" % (unit, t, load, rng.gauss(0, 1e-4), " ".join(rest))
            else:
                out += "%d,%d,%d,%.3f,%.3f\n" % (unit, t, load, heat, rng.gauss(0, 1))
    return out.encode()


def make_events(_, n="60", seed="1"):
    """Series with spikes, to be counted: CSV."""
    rng = random.Random(seed)
    out = ",".join("v%d" % t for t in range(30)) + ",events\n"
    for _ in range(int(n)):
        count = rng.randint(0, 8)
        values = [rng.gauss(0, 0.1) for _ in range(30)]
        for at in rng.sample(range(30), count):
            values[at] += 2
        out += ",".join("%.3f" % v for v in values) + ",%d\n" % count
    return out.encode()


def text_samples(n, seed):
    rng = random.Random(seed)
    samples = []
    for i in range(n):
        label = ("good", "bad")[i % 2]
        words = [rng.choice(FILLERS) for _ in range(rng.randint(2, 6))]
        for _ in range(2):
            words.insert(rng.randint(0, len(words)), rng.choice(WORDS[label]))
        samples.append((label, " ".join(words) + " %d" % i))
    return samples


TEXT_FORMS = {
    "csv": ("text,label\n", lambda label, text: '"%s",%s\n' % (text, label)),
    "tsv": ("text\tlabel\n", lambda label, text: "%s\t%s\n" % (text, label)),
    "jsonl": ("", lambda label, text: json.dumps({"text": text, "label": label}) + "\n"),
    "fasttext": ("", lambda label, text: "__label__%s %s\n" % (label, text)),
    "label-text": ("", lambda label, text: "%s %s\n" % (label, text)),
    "text-tab-label": ("", lambda label, text: "%s\t%s\n" % (text, label)),
}


def make_text(_, form="csv", n="40", seed="1"):
    head, line = TEXT_FORMS[form]
    return (head + "".join(line(*sample) for sample in text_samples(int(n), int(seed)))).encode()


def make_named(_, n="60", seed="1"):
    """CoNLL columns: names of people and places, which the word before tells apart."""
    rng = random.Random(int(seed))
    out = ""
    for _ in range(int(n)):
        for _ in range(3):
            kind = rng.randrange(3)
            words = [("we", "O"), ("saw %s" % rng.choice("it rain snow".split()), "O")][kind % 2:]
            if kind == 1:
                words = [("mr", "O"), (rng.choice("Ash Elm Oak".split()), "B-PER")]
            elif kind == 2:
                words = [("in", "O"), (rng.choice("Ash Elm Oak".split()), "B-LOC")]
            for word, tag in words:
                out += "".join("%s\t%s\n" % (w, tag) for w in word.split())
        out += "\n"
    return out.encode()


def tagged_sentence(rng):
    """[(word, tag)]: who does something somewhere."""
    who = rng.choice("Ann Bob Cem Dora Eve".split())
    where = rng.choice("Rome Oslo Cairo 北京".split())
    words = [(who, "B-PER")] + ([("Lee", "I-PER")] if rng.random() < 0.4 else [])
    words.append((rng.choice("sees likes visits leaves".split()), "O"))
    if where == "北京":
        return words + [("北", "B-LOC"), ("京", "I-LOC"), ("。", "O")]
    return words + [(where, "B-LOC"), (".", "O")]


def make_tagged(_, n="60", seed="1"):
    """CoNLL columns: words and the names among them."""
    rng = random.Random(int(seed))
    sentences = ("".join("%s\t%s\n" % pair for pair in tagged_sentence(rng)) for _ in range(int(n)))
    return "\n".join(sentences).encode()


def make_states(_, n="30", seed="1"):
    """Long CSV: a value that shows in which of two states each step is."""
    rng = random.Random(int(seed))
    rows = ["id,time,x,state"]
    for i in range(int(n)):
        state = i % 2
        for t in range(12):
            state ^= rng.random() < 0.2
            rows.append("s%d,%d,%.3f,%s" % (i, t, state + rng.gauss(0, 0.1), ("rest", "walk up")[state]))
    return ("\n".join(rows) + "\n").encode()


def make_prose(_, n="120", seed="1"):
    """Sentences of a little grammar, one a line."""
    rng = random.Random(int(seed))
    parts = ("the a one this".split(), "dog cat bird horse".split(),
             "sees hears likes finds".split(), "rain sun wind snow".split())
    return "".join(" ".join(rng.choice(p) for p in parts) + "\n" for _ in range(int(n))).encode()


def place(text, size):
    """A place in a file of that size: 10, -3 (from the end) or 50%."""
    if text.endswith("%"):
        return min(size - 1, size * int(text[:-1]) // 100)
    return int(text) if int(text) >= 0 else size + int(text)


def flip(folder, source, at, bit="0"):
    data = bytearray(folder.read(source))
    begin = 0
    for part in ("header+", "data+"):
        if at.startswith(part):
            begin = 8 if part == "header+" else 8 + struct.unpack("<Q", data[:8])[0]
            at = at[len(part):]
            size = struct.unpack("<Q", data[:8])[0] if part == "header+" else len(data) - begin
            data[begin + place(at, size)] ^= 1 << int(bit)
            return bytes(data)
    data[place(at, len(data))] ^= 1 << int(bit)
    return bytes(data)


def split_safetensors(data):
    length = struct.unpack("<Q", data[:8])[0]
    return json.loads(data[8:8 + length]), data[8 + length:]


def join_safetensors(header, data):
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + data


def sign(header, data):
    """The two checksums that Refrain puts into a file's metadata."""
    meta = header["__metadata__"]
    entries = {name: entry for name, entry in header.items() if name != "__metadata__"}
    text = json.dumps(entries, separators=(",", ":"), ensure_ascii=False)
    sums = ("refrain.crc32_data", "refrain.crc32_head")
    text += "".join("%s\n%s\n" % (k, meta[k]) for k in sorted(meta) if k not in sums)
    meta[sums[0]] = "%08x" % zlib.crc32(data)
    meta[sums[1]] = "%08x" % zlib.crc32(text.encode())


def set_entry(head, path, value):
    keys = [int(key) if key.isdigit() else key for key in path.split(".")]
    for key in keys[:-1]:
        head = head[key]
    if value == "drop":
        del head[keys[-1]]
    else:
        head[keys[-1]] = json.loads(value)


def claim(folder, source, *claims):
    """A model whose head was changed by somebody who knows the checksums. A claim is a path and a
    JSON value, such as 'labels.0 "x"'; `drop` takes the entry away."""
    header, data = split_safetensors(folder.read(source))
    head = json.loads(header["__metadata__"]["refrain"])
    for text in claims:
        set_entry(head, *text.split(" ", 1))
    header["__metadata__"]["refrain"] = json.dumps(head)
    sign(header, data)
    return join_safetensors(header, data)


def deep_head(_, depth):
    return join_safetensors({"__metadata__": {"refrain": '{"a":' + "[" * int(depth)}}, b"")


def drop_metadata(folder, source, key):
    header, data = split_safetensors(folder.read(source))
    del header["__metadata__"][key]
    return join_safetensors(header, data)


def change_numbers(folder, source, fill):
    """A model with all its numbers replaced by the 4 bytes `fill`, and proper checksums."""
    header, data = split_safetensors(folder.read(source))
    data = bytes.fromhex(fill) * (len(data) // 4)
    sign(header, data)
    return join_safetensors(header, data)


def shrink(folder, source, name):
    """A file whose tensor `name` has lost its last number, and proper checksums."""
    header, data = split_safetensors(folder.read(source))
    entry = header[name]
    entry["shape"][0] -= 1
    entry["data_offsets"][1] -= 4
    sign(header, data)
    return join_safetensors(header, data)


def safetensors(_, header, data="0", length=None):
    text = header.encode()
    return struct.pack("<Q", len(text) if length is None else int(length)) + text + bytes(int(data))


def zip_of(_, name="a.txt"):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), "hello")
    return out.getvalue()


def lines_of(folder, source, first, last):
    lines = folder.read(source).splitlines(keepends=True)
    return b"".join(lines[int(first) - 1:place(last, len(lines) + 1)])


def unlabelled(folder, source):
    """Without the last column of a CSV."""
    lines = folder.read(source).decode().splitlines()
    return "".join(line.rpartition(",")[0] + "\n" for line in lines).encode()


def swapped(folder, source, old, new):
    data = folder.read(source)
    if old.encode() not in data:
        raise ValueError("%s does not hold %r" % (source, old))
    return data.replace(old.encode(), new.encode())


def tone(hz, seconds, rate, channels, seed):
    """A WAV file: a tone with noise, as loud in each channel."""
    rng = random.Random(seed)
    frames = bytearray()
    for i in range(int(seconds * rate)):
        x = 0.5 * math.sin(2 * math.pi * hz * i / rate) + rng.gauss(0, 0.05)
        frames += struct.pack("<h", int(20000 * max(-1, min(1, x)))) * channels
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(bytes(frames))
    return out.getvalue()


def make_wav(_, hz="440", seconds="0.1", rate="8000", channels="1", seed="1"):
    return tone(float(hz), float(seconds), int(rate), int(channels), int(seed))


def make_tones(folder, n="24", rate="8000", seed="1"):
    """A list of recordings, low tones and high ones by three speakers, and the files it names."""
    rng = random.Random(seed)
    rows = ["path,label,speaker"]
    for i in range(int(n)):
        label = ["low", "high"][i % 2]
        hz = {"low": 300, "high": 900}[label] * rng.uniform(0.9, 1.1)
        name = "%s/%s%d.wav" % (label, seed, i)
        (folder.path / label).mkdir(exist_ok=True)
        (folder.path / name).write_bytes(tone(hz, rng.uniform(0.1, 0.2), int(rate), 1, i))
        rows.append("%s,%s,s%d" % (name, label, i % 3))
    return ("\n".join(rows) + "\n").encode()


PAIR_WORDS = dict(zip("haus baum hund katze rot blau gross klein geht kommt sieht".split(),
                      "house tree dog cat red blue big small goes comes sees".split()))


def make_pairs(_, form="tsv", n="60", seed="1"):
    """Sentences of 2 to 5 German words and their English ones, word by word: TSV, JSON Lines, or one side alone."""
    rng = random.Random(int(seed))
    rows = [rng.choices(sorted(PAIR_WORDS), k=rng.randint(2, 5)) for _ in range(int(n))]
    pairs = [(" ".join(words), " ".join(PAIR_WORDS[w] for w in words)) for words in rows]
    line = {"tsv": "%s\t%s\n".__mod__, "source": lambda pair: pair[0] + "\n", "target": lambda pair: pair[1] + "\n",
            "jsonl": lambda pair: json.dumps({"source": pair[0], "target": pair[1]}) + "\n"}[form]
    return "".join(map(line, pairs)).encode()


def make_letters(_, n="60", seed="1"):
    """JSON Lines: series of four channels that spell words of 2 to 4 letters, a bump for each letter in its channel."""
    rng = random.Random(int(seed))
    out = ""
    for _ in range(int(n)):
        word = "".join(rng.choices("abcd", k=rng.randint(2, 4)))
        rows = []
        for letter in word:
            for _ in range(rng.randint(3, 4)):
                rows.append([round((c == "abcd".index(letter)) + rng.gauss(0, 0.1), 3) for c in range(4)])
            rows.append([0, 0, 0, 0])
        out += json.dumps({"series": rows, "transcript": word}) + "\n"
    return out.encode()


def make_spoken(folder, form="list", n="24", seed="1"):
    """Recordings of words of tones, 0.1 s a letter, by eight speakers: a list with transcripts, or texts beside."""
    rng = random.Random(int(seed))
    rows = ["path,transcript,speaker"]
    (folder.path / "spoken").mkdir(exist_ok=True)
    for i in range(int(n)):
        word = "".join(rng.choices("lmh", k=rng.randint(1, 3)))
        frames = b"".join(tone({"l": 300, "m": 700, "h": 1500}[letter], 0.1, 8000, 1, i)[44:] for letter in word)
        name = "spoken/%s%d.wav" % (seed, i)
        with wave.open(str(folder.path / name), "wb") as file:
            file.setparams((1, 2, 8000, 0, "NONE", ""))
            file.writeframes(frames)
        if form == "beside":
            (folder.path / name).with_suffix(".txt").write_text(word + "\n")
        rows.append("%s,%s,s%d" % (name, word, i % 8))
    return ("\n".join(rows) + "\n").encode()


def make_streams(_, n="24", channels="ax,ay,gx,extra", seed="1"):
    """Long CSV of two sensors by four people: ax and ay rise or fall with the label."""
    rng = random.Random(int(seed))
    wanted = channels.split(",")
    rows = ["id,who,label," + channels]
    for i in range(int(n)):
        sign = 1 if i % 2 == 0 else -1
        for t in range(6 + i % 3):
            ax = sign * 0.2 * t + rng.gauss(0, 0.1)
            values = {"ax": ax, "ay": -ax, "gx": rng.gauss(0, 1), "extra": i}
            cells = ",".join("%.3f" % values[name] for name in wanted)
            rows.append("s%d,p%d,%s,%s" % (i, i // 2 % 4, "ab"[i % 2], cells))
    return ("\n".join(rows) + "\n").encode()


def make_mixed(_, n="40", seed="1"):
    """JSON Lines: a series and a text in each sample, both of which tell the label."""
    rng = random.Random(int(seed))
    lines = []
    for i in range(int(n)):
        k = i % 2
        rows = [[round((2 * k - 1) * 0.3 * t + rng.gauss(0, 0.2), 3) for _ in range(2)]
                for t in range(5 + i % 3)]
        words = " ".join(rng.choice(WORDS["good" if k else "bad"]) for _ in range(4))
        lines.append(json.dumps({"id": "s%d" % i, "group": "g%d" % (i // 2 % 8), "label": "ab"[k],
                                 "streams": {"ankle": rows, "note": words}}))
    return ("\n".join(lines) + "\n").encode()


def make_encoder(folder, kind):
    """The folder `encoder` with a tiny text encoder of random weights; a name of what was made."""
    source = pathlib.Path(__file__).resolve().parent.parent / "golden" / "encoders" / kind
    shutil.copytree(source, folder.path / "encoder", dirs_exist_ok=True)
    return kind.encode()


MAKERS = {
    "encoder": make_encoder,
    "many": make_many,
    "targets": make_targets,
    "events": make_events,
    "lives": make_lives,
    "series": make_series,
    "named": make_named,
    "prose": make_prose,
    "tagged": make_tagged,
    "states": make_states,
    "text": make_text,
    "wav": make_wav,
    "tones": make_tones,
    "pairs": make_pairs,
    "letters": make_letters,
    "spoken": make_spoken,
    "streams": make_streams,
    "mixed": make_mixed,
    "model": lambda folder, kind: folder.model(kind),
    "copy": lambda folder, source: folder.read(source),
    "bytes": lambda _, *parts: bytes.fromhex("".join(parts)),
    "repeat": lambda _, count, text: text.encode().decode("unicode_escape").encode() * int(count),
    "gzip": lambda folder, source: gzip.compress(folder.read(source), mtime=0),
    "gzip-repeat": lambda _, count, text: gzip.compress(text.encode() * int(count), mtime=0),
    "truncate": lambda folder, source, to: folder.read(source)[:place(to, len(folder.read(source)))],
    "flip": flip,
    "encode": lambda folder, source, name: folder.read(source).decode().encode(name),
    "bom": lambda folder, source: b"\xef\xbb\xbf" + folder.read(source),
    "crlf": lambda folder, source: folder.read(source).replace(b"\n", b"\r\n"),
    "cat": lambda folder, *sources: b"".join(folder.read(s) for s in sources),
    "lines": lines_of,
    "unlabelled": unlabelled,
    "swap": swapped,
    "claim": claim,
    "head": lambda folder, source, path, value: claim(folder, source, path + " " + value),
    "deep-head": deep_head,
    "drop-metadata": drop_metadata,
    "numbers": change_numbers,
    "shrink": shrink,
    "safetensors": safetensors,
    "nested": lambda _, depth: safetensors(None, '{"a":' + "[" * int(depth)),
    "zip": zip_of,
}


def make(folder, generator, words):
    if generator in ("series", "targets", "events", "lives", "text", "prose", "tagged", "states", "wav", "tones", "streams", "mixed", "pairs",
                     "letters", "spoken"):
        is_named = lambda word: "=" in word
    else:
        is_named = lambda word: word.startswith(("data=", "length="))
    named = dict(word.split("=", 1) for word in words if is_named(word))
    return MAKERS[generator](folder, *[w for w in words if not is_named(w)], **named)
