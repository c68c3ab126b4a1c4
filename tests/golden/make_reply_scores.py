"""Writes the reference numbers of texts as answers: python make_reply_scores.py FOLDER [NAME ...]

reply_scores.json comes from sacreBLEU and jiwer; all sentences are made up here. Whole weights are
repeated samples. Numbers carry all their digits: the C++ test compares to 1e-12.
"""

import argparse
import json
import random
from pathlib import Path

GERMAN = [
    ("Die Waage im Hof zeigt heute 12,5 kg zu viel an.", "Die Waage im Hof zeigte heute 12,5 kg zuviel an."),
    ("„Wer hat meinen Schirm?“, fragte die Köchin.", "\"Wer hat meinen Regenschirm?\", fragte die Köchin."),
    ("Übermorgen kommen Ärzte, Öltechniker und ein Maler.", "übermorgen kommen ärzte, Öltechniker und ein Maler."),
    ("Der Zug um 7.45 Uhr fällt aus; der nächste fährt um 8.10 Uhr.", "Der Zug um 7.45 Uhr fällt aus."),
    ("Straße, Fuß und Maß schreibt man mit ß.", "STRASSE, Fuß und Maß schreibt man mit ß ."),
    ("Das E-Bike kostet 1.299,- Euro (mit Korb).", "Das E-Bike kostet 1.299,- Euro ( mit Korb )."),
]
ENGLISH = [
    ("The ferry to the island leaves at 6:15 a.m., not at noon.", "The ferry to the island leaves at 6:15 a.m., not at noon."),
    ("Don't put the clay pots on the stove!", "Do not put the clay pots on the stove!"),
    ("She paid $3.50 for two pears & a lemon.", "She paid $3,50 for two pears &amp; a lemon."),
    ("Page 12-14 of the well-thumbed atlas is missing.", "Pages 12 - 14 of the well thumbed atlas are missing"),
    ("\"Turn left,\" said the guide, \"then follow the river.\"", "&quot;Turn left&quot;, said the guide, &quot;follow the river.&quot;"),
    ("A goat, a goat, a goat and one more goat stood there.", "a goat and a goat and a goat and a goat and a goat stood there."),
    ("x < y, y > z and <skipped> nothing else", "x &lt; y, y &gt; z and nothing else"),
    ("version 2.0.1,build 7... done", "version 2.0.1, build 7 ... done"),
]
CHINESE = [
    ("今天下午三点，图书馆二楼开放。", "今天下午三点图书馆的二楼开放。"),
    ("他买了3斤苹果和12.5公斤大米！", "他买了三斤苹果和12.5公斤大米！"),
    ("“请把窗户关上。”老师说。", "“请关上窗户”，老师说。"),
    ("这台Model-3打印机（黑色）坏了……", "这台model-3打印机(黑色)坏了…"),
    ("明天去ABC商店→买面包", "明天去 ABC 商店 → 买面包"),
    ("门票１２０元，儿童半价", "门票120元，儿童半价"),
]
JAPANESE = [
    ("あしたは東京へ行きます。", "あした東京に行きます。"),
    ("この本はとてもおもしろいです。", "この本はおもしろいです。"),
    ("カメラをかばんに入れた。", "カメラをバッグに入れた。"),
]
THAI = [("แมวนอนบนโต๊ะ", "แมวนั่งบนโต๊ะ"), ("วันนี้ฝนตกหนัก", "วันนี้ฝนตก")]
CASES = [  # letters whose lower case is special
    ("ΟΔΥΣΣΕΥΣ ΚΑΙ Ο ΛΟΓΟΣ.", "Οδυσσευς και ο λογος."),
    ("Σ ΑΣ' Σ. ΑΣΑ ΣΑΣ", "σ ας' σ. ασα σας"),
    ("İSTANBUL Ilgaz ÇAĞRI", "i̇stanbul ilgaz çağrı"),
    ("ЖЁЛТЫЙ ДОМ Ǆ Ⅷ ẞ", "жёлтый дом ǆ ⅷ ß"),
]
SHORT = [("ja", "ja"), ("nein danke", "nein"), ("2021-03-04", "2021-03-05"), ("k a t", "k a t s"), ("b i t", "p i t")]
EMPTY = [("", ""), ("", "too much"), ("nothing came back", ""), ("  blanks   around ", "blanks around"), ("one\ttab", "one tab")]
SPOKEN = [
    ("seven four one nine", "seven for one nine"),
    ("please call the harbour office", "please call harbour the office office"),
    ("  spell  it   B O A T ", "spell it B O T"),
    ("zero", ""),
    (" right   on", "right on"),
    ("", "noise"),
    ("left left right left", "left right left left left"),
]
SILENCE = [("", "two words"), (" ", "")]
NO_MATCH = [("alpha beta gamma delta", "eins zwei drei vier"), ("1 2", "3 4")]
NO_LONG_MATCH = [("one two x three four y", "two one x four three y"), ("red green blue", "green red z blue")]


def spoiled(words, draw):
    """Some words left out, doubled, exchanged or capitalised."""
    out = []
    for word in words:
        chance = draw.random()
        if chance < 0.1:
            continue
        out.append(word.upper() if chance < 0.15 else word)
        if 0.15 <= chance < 0.2:
            out.append(word)
        if 0.2 <= chance < 0.3 and len(out) > 1:
            out[-1], out[-2] = out[-2], out[-1]
    return out


def long_lines(count, length):
    draw = random.Random("refrain replies")
    parts = ["ka", "lo", "mi", "ter", "Süd", "wal", "x-9", "3.5", "an,", "(du)", "o'n", "ende."]
    lines = []
    for _ in range(count):
        words = ["".join(draw.choices(parts, k=draw.randint(1, 3))) for _ in range(length)]
        lines.append((" ".join(words), " ".join(spoiled(words, draw))))
    return lines


def repeated(rows, weight):
    return [row for row, times in zip(rows, weight or [1] * len(rows)) for _ in range(times)]


def sacre_values(truth, predicted, tokens):
    from sacrebleu.metrics import BLEU, CHRF

    metrics = {"bleu": BLEU(tokenize=tokens), "bleu_lower": BLEU(tokenize=tokens, lowercase=True),
               "chrf": CHRF()}
    values = {name: metric.corpus_score(predicted, [truth]).score for name, metric in metrics.items()}
    return values, {name: str(metric.get_signature()) for name, metric in metrics.items()}


def error_values(truth, predicted, kind):
    """A translation's characters are compared as they are, a transcript's with single blanks."""
    import jiwer

    blanks = [jiwer.RemoveWhiteSpace(replace_by_space=True), jiwer.RemoveMultipleSpaces(), jiwer.Strip()]
    characters = jiwer.Compose((blanks if kind == "transcript" else []) + [jiwer.ReduceToListOfListOfChars()])
    words = jiwer.Compose(blanks + [jiwer.ReduceToListOfListOfWords()])
    found = jiwer.process_characters(truth, predicted, characters, characters)
    edits = found.substitutions + found.deletions + found.insertions
    exact = [a == b for a, b in zip(found.references, found.hypotheses)]
    return {"exact": sum(exact) / len(exact), "edit_distance": edits / len(truth), "cer": float(found.cer),
            "wer": float(jiwer.wer(truth, predicted, words, words))}


def case(name, rows, tokens="auto", chosen="13a", **options):
    kind, weight = options.get("kind", "translation"), options.get("weight", [])
    truth, predicted = zip(*repeated(rows, weight))
    values, signatures = sacre_values(list(truth), list(predicted), chosen)
    values.update(error_values(list(truth), list(predicted), kind))
    return {"name": name, "kind": kind, "tokens": tokens, "weight": weight, "truth": [row[0] for row in rows],
            "predicted": [row[1] for row in rows], "values": values, "signatures": signatures}


def cases():
    mixed = GERMAN + ENGLISH
    return [
        case("German", GERMAN),
        case("English", ENGLISH),
        case("German and English", mixed),
        case("weights", mixed, weight=[2, 0, 1, 3, 1, 1, 0, 1, 2, 1, 1, 5, 1, 1]),
        case("Chinese", CHINESE, "auto", "zh"),
        case("Chinese by characters", CHINESE, "char", "char"),
        case("Chinese as if it were English", CHINESE, "13a"),
        case("Japanese", JAPANESE, "auto", "char"),
        case("Thai", THAI, "auto", "char"),
        case("English by zh", ENGLISH, "zh", "zh"),
        case("tokens as they are", mixed, "none", "none"),
        case("special lower case", CASES),
        case("short answers", SHORT),
        case("one word", SHORT[:1]),
        case("empty lines", EMPTY),
        case("only empty answers", [("a b c d e", ""), ("f", "")]),
        case("nothing in common", NO_MATCH),
        case("no long n-gram in common", NO_LONG_MATCH),
        case("long lines", long_lines(3, 150)),
        case("transcripts", SPOKEN, kind="transcript"),
        case("transcripts with weights", SPOKEN, kind="transcript", weight=[1, 2, 1, 0, 1, 3, 1]),
        case("transcripts of silence", SILENCE, kind="transcript"),
    ]


def tokens():
    """Each text as each tokeniser cuts it."""
    from sacrebleu.metrics import BLEU

    texts = [text for rows in (GERMAN, ENGLISH, CHINESE, JAPANESE, EMPTY) for row in rows for text in row]
    texts += ["a..b,,c", "1.,2", "3-4-5 -6", "…—“”‘’→☀", "&amp;quot; &amp;amp;lt;", "line-\nbreak\nand end\n",
              "{[(~`^_|\\*+/:;<=>?@#%$)]}", "\u00a0no\u2003break\u3000", "é.è,ü-5-"]
    return [{"tokeniser": name, "cuts": [[text, BLEU(tokenize=name)._preprocess_segment(text).split()]
                                          for text in texts]} for name in ("13a", "zh", "char", "none")]


def reply_scores():
    from importlib.metadata import version

    return {"made_by": f"make_reply_scores.py, sacrebleu {version('sacrebleu')}, jiwer {version('jiwer')}",
            "cases": cases(), "tokens": tokens()}


FILES = {"reply_scores": reply_scores}


def write(folder, name):
    """Writes folder/name.json and returns its path."""
    path = Path(folder) / f"{name}.json"
    lines = ",\n".join(f" {json.dumps(key)}: " + (
        "[\n  " + ",\n  ".join(json.dumps(item, ensure_ascii=False) for item in value) + "\n ]"
        if isinstance(value, list) else json.dumps(value)) for key, value in FILES[name]().items())
    path.write_text("{\n" + lines + "\n}\n", encoding="utf-8")
    return path


def main():
    parser = argparse.ArgumentParser(description="write the reference numbers of texts as answers")
    parser.add_argument("folder", type=Path, help="where the files go")
    parser.add_argument("names", nargs="*", metavar="name", help=f"of {', '.join(FILES)}; all")
    options = parser.parse_args()
    for name in options.names or FILES:
        print(write(options.folder, name))


if __name__ == "__main__":
    main()
