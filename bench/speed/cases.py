"""The grid: which training steps are compared, and how much arithmetic each takes."""
import dataclasses
import random
import re

CELLS = ("rnn", "lstm", "gru")
GATES = {"rnn": 1, "lstm": 4, "gru": 3}
SHAPES = ((1, 100, 8, 64), (8, 50, 1, 16), (16, 100, 1, 32), (32, 100, 8, 64), (32, 100, 64, 128),
          (32, 200, 64, 256), (64, 50, 300, 128), (4, 1000, 1, 64))  # B, T, I, H
WINDOW_SHAPES = ((32, 30, 17, 64), (32, 336, 7, 64))  # of sensors (C-MAPSS) and of histories (ETTh1); dense only
STREAMING_SHAPES = ((1, 1, 8, 64), (1, 1, 1, 32), (1, 1, 64, 128))
TRAINING_KINDS = ("dense", "bidirectional", "ragged", "recurrent_dropout")
PEERS = {
    "dense": ("torch", "jax"),
    "bidirectional": ("torch",),
    "ragged": ("torch",),
    "recurrent_dropout": ("torch",),
    "streaming": ("torch", "onnxruntime"),
    "encoder": ("torch",),
    "chain": ("torch",),
    "ctc": ("torch",),
    "tagger": ("torch",),
    "seq2seq": ("torch",),
    "beam": ("torch",),
}
ENCODER_SHAPES = ((1, 20, 6, 384), (16, 20, 6, 384))  # texts, words, layers, H
CHAIN_SHAPES = ((32, 30, 9, 9), (32, 30, 40, 40))  # B, T, tags, tags
CTC_SHAPES = ((16, 200, 40, 30), (16, 200, 40, 1000))  # B, T, symbols that are written, symbols
REPLY_SHAPES = ((32, 25, 4000, 256), (32, 25, 8000, 256))  # B, T at most, symbols, H
REPLY_PEERS = ("whole", "feeding")  # how PyTorch computes the decoder: all steps of a layer at once, or a loop
BEAM_SHAPES = ((5, 15, 4000, 256), (5, 15, 8000, 256))  # hypotheses, T, symbols, H
TAGGER_SHAPES = ((32, 30, 100, 100), (32, 30, 100, 200))  # B, T, I, H; 9 tags
OWN_SHAPES = ("encoder", "chain", "ctc", "tagger", "seq2seq", "beam")  # kinds that are not of every cell and shape
ENCODER_TEXT = ("the film is a quiet and moving story of two people who learn to trust each other again "
                "after years")  # 20 words, 22 tokens
LOOP_LIMIT = 32 * 100 * 128  # beyond this B*T*H PyTorch's loop over cells takes too long to wait for


@dataclasses.dataclass(frozen=True)
class Case:
    kind: str
    cell: str
    shape: tuple

    @property
    def name(self):
        return f"{self.kind}/{self.cell}/" + "x".join(map(str, self.shape))

    @property
    def lengths(self):
        """Of a ragged batch: uniform 10..T, the same for every program."""
        return self.draw_lengths("", 10)

    def draw_lengths(self, what, least):
        batch, steps = self.shape[:2]
        rng = random.Random(what + str(self.shape))
        return [rng.randint(least, steps) for _ in range(batch)]

    def pairs(self):
        """Symbols that are read and written, of each pair."""
        return self.draw_lengths("read", 15), self.draw_lengths("written", 15)

    def work(self):
        """Operations of the products, forward and backward; a ragged batch counts at its full T."""
        batch, steps, inputs, hidden = self.shape
        if self.kind == "encoder":
            return 2 * batch * (steps + 2) * inputs * 12 * hidden * hidden
        if self.kind == "ctc":  # three ways to each of 2 L + 1 states, forward and backward
            return 2 * batch * steps * 3 * (2 * inputs + 1)
        if self.kind == "chain":  # forward, backward, pairs
            return 6 * batch * steps * hidden * hidden
        if self.kind == "seq2seq":
            read, written = map(sum, self.pairs())
            return 6 * (read * encoder_weights(hidden) + written * decoder_weights(hidden, inputs))
        if self.kind == "beam":
            return 2 * batch * steps * decoder_weights(hidden, inputs)
        products = 2 if self.kind == "streaming" else 6
        directions = 2 if self.kind in ("bidirectional", "tagger") else 1
        return products * batch * steps * GATES[self.cell] * hidden * (inputs + hidden) * directions

    def live_share(self):
        """Steps that exist, of B*T."""
        return sum(self.lengths) / (self.shape[0] * self.shape[1]) if self.kind == "ragged" else 1.0

    def peers(self):
        batch, steps, _, hidden = self.shape
        if self.kind == "recurrent_dropout" and batch * steps * hidden > LOOP_LIMIT:
            return ()
        return PEERS[self.kind]

    def request(self, options):
        request = {"kind": self.kind, "cell": self.cell, "shape": list(self.shape), "seconds": options.seconds,
                   "threads": options.threads, "clock": options.clock}
        if self.kind == "ragged":
            request["lengths"] = self.lengths
        if self.kind == "seq2seq":
            request["read"], request["written"] = self.pairs()
        if self.kind == "encoder":
            request |= {"folder": str(options.encoder), "texts": [ENCODER_TEXT] * self.shape[0]}
        return request


def encoder_weights(hidden):
    """That a step of the source meets: two directions of a GRU, and the keys."""
    return 2 * 3 * hidden * 2 * hidden + 2 * hidden * hidden


def decoder_weights(hidden, symbols):
    """Two layers of a GRU, the query, the output of three parts, and the softmax."""
    return 3 * hidden * 2 * hidden + 3 * hidden * 4 * hidden + hidden * hidden + 4 * hidden * hidden + symbols * hidden


def grid(only="", kinds=TRAINING_KINDS + ("streaming",)):
    """All cases of these kinds whose name (kind/cell/BxTxIxH) the pattern finds."""
    shapes = {"streaming": STREAMING_SHAPES, "dense": SHAPES + WINDOW_SHAPES}
    cases = [Case(kind, cell, shape) for kind in kinds if kind not in OWN_SHAPES
             for cell in CELLS for shape in shapes.get(kind, SHAPES)]
    if "chain" in kinds:
        cases += [Case("chain", "crf", shape) for shape in CHAIN_SHAPES]
    if "ctc" in kinds:
        cases += [Case("ctc", "ctc", shape) for shape in CTC_SHAPES]
    if "tagger" in kinds:
        cases += [Case("tagger", cell, shape) for cell in ("lstm", "gru") for shape in TAGGER_SHAPES]
    if "seq2seq" in kinds:
        cases += [Case("seq2seq", peer, shape) for peer in REPLY_PEERS for shape in REPLY_SHAPES]
    if "beam" in kinds:
        cases += [Case("beam", "gru", shape) for shape in BEAM_SHAPES]
    if "encoder" in kinds:
        cases += [Case("encoder", "minilm", shape) for shape in ENCODER_SHAPES]
    return [case for case in cases if re.search(only, case.name)]
