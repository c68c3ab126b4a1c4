"""Writes tiny encoders with random weights, and what Hugging Face Transformers makes of texts with
them: python make_encoders.py FOLDER

FOLDER/encoders/<name>/ gets the files of each, FOLDER/encoders.json the token numbers and states.
Made with transformers 5.x and torch 2.13.0; the weights come from a seed, so the files are the same
each time.
"""

import json
import shutil
import sys
from pathlib import Path

import torch
import transformers
from safetensors.torch import load_file, save_file
from transformers import BertConfig, BertModel, BertTokenizerFast, DistilBertConfig, DistilBertModel

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
WORDS = """the film movie is was good bad not very un ##aff ##able ##s ##ing ##ed play hello world cafe
naive ##ly don t s Hello The Café istanbul café""".split()
LETTERS = "abcdefghiklmnoprstuvwy"
CHINESE = list("我爱北京天安门电影很好不坏")
MARKS = list("!,.?'-$+<3") + ["。", "，", "’"]


def vocabulary():
    pieces = [c for letter in LETTERS for c in (letter, "##" + letter)]
    return list(dict.fromkeys(SPECIAL + WORDS + pieces + CHINESE + MARKS))


TEXTS = [
    "The film was good, not bad!",
    "",
    "unaffable",
    "Café naïve NAÏVELY cafe\u0301 Hello",
    "我爱北京天安门。 hello电影很好，不坏",
    "good\u0000bad\u200bplay\ufffded\tplays\r\nplaying\u0007 movie",
    "a" * 100 + " " + "a" * 101 + " film",
    "don't don’t $3+<3 -- world...",
    "İstanbul \u2028istanbul\u00a0\u3000movie",
    "한국 \U0001f600 hello \ue000x",
    "[MASK] is [SEP] not[CLS]good [unk]",
    "zzz q the xylo",
    "the " * 60,
    " \n\t ",
]
WITH_STATES = [0, 1, 3, 4, 5, 7, 12]

ENCODERS = {
    "bert": {
        "config": BertConfig(vocab_size=0, hidden_size=24, num_hidden_layers=2, num_attention_heads=3,
                             intermediate_size=40, max_position_embeddings=36, hidden_dropout_prob=0.0),
        "model": BertModel, "lower": True, "type": torch.float32, "prefix": "", "json": True},
    "distilbert": {
        "config": DistilBertConfig(vocab_size=0, dim=20, n_layers=2, n_heads=2, hidden_dim=36,
                                   max_position_embeddings=30),
        "model": DistilBertModel, "lower": False, "type": torch.float32, "prefix": "distilbert.",
        "json": False},
    "minilm": {
        "config": BertConfig(vocab_size=0, hidden_size=16, num_hidden_layers=3, num_attention_heads=4,
                             intermediate_size=12, max_position_embeddings=32, layer_norm_eps=1e-5,
                             hidden_act="gelu_new", type_vocab_size=1),
        "model": BertModel, "lower": True, "type": torch.float16, "prefix": "bert.", "json": False},
}


def make(name, entry, folder):
    folder.mkdir(parents=True)
    words = vocabulary()
    entry["config"].vocab_size = len(words)
    (folder / "vocab.txt").write_text("\n".join(words) + "\n")
    tokenizer = BertTokenizerFast(vocab=str(folder / "vocab.txt"), do_lower_case=entry["lower"])
    if entry["json"]:
        tokenizer.backend_tokenizer.save(str(folder / "tokenizer.json"))
        (folder / "vocab.txt").unlink()
    elif not entry["lower"]:
        settings = {"do_lower_case": False, "strip_accents": None, "tokenize_chinese_chars": True}
        (folder / "tokenizer_config.json").write_text(json.dumps(settings, indent=1) + "\n")

    torch.manual_seed(7)
    model = entry["model"](entry["config"]).eval()
    with torch.no_grad():  # weights large enough that every part shows in the states
        for parameter in model.parameters():
            parameter.copy_((parameter + 0.3 * torch.randn_like(parameter)).to(entry["type"]))
    tensors = {entry["prefix"] + k: v.to(entry["type"]).contiguous() for k, v in model.state_dict().items()
               if "pooler" not in k and "position_ids" not in k}
    if name == "bert":  # a buffer of integers, as older files have it
        tensors["embeddings.position_ids"] = torch.arange(36).unsqueeze(0)
    save_file(tensors, str(folder / "model.safetensors"), metadata={"format": "pt"})
    assert set(load_file(str(folder / "model.safetensors"))) == set(tensors)
    (folder / "config.json").write_text(entry["config"].to_json_string())

    longest = entry["config"].max_position_embeddings
    result = {"ids": [], "states": {}}
    for i, text in enumerate(TEXTS):
        ids = tokenizer(text, truncation=True, max_length=longest)["input_ids"]
        result["ids"].append(ids)
        if i in WITH_STATES:
            with torch.inference_mode():
                states = model.double()(torch.tensor([ids])).last_hidden_state[0]
            result["states"][str(i)] = [[round(x, 6) for x in row] for row in states.tolist()]
    return result


def main():
    target = Path(sys.argv[1])
    shutil.rmtree(target / "encoders", ignore_errors=True)
    made_by = f"make_encoders.py, transformers {transformers.__version__}, torch {torch.__version__}"
    out = {"made_by": made_by, "texts": TEXTS,
           "encoders": {name: make(name, e, target / "encoders" / name) for name, e in ENCODERS.items()}}
    (target / "encoders.json").write_text(json.dumps(out, ensure_ascii=True) + "\n")


if __name__ == "__main__":
    main()
