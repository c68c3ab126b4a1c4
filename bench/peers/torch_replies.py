"""Sequences written by a decoder with additive attention, in PyTorch: the network of bench/reply_step.h."""
import torch
from torch import nn
from torch.nn import functional
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence, pad_sequence

from protocol import repeat


class Encoder(nn.Module):
    """A GRU of two directions over packed sequences."""

    def __init__(self, symbols, hidden):
        super().__init__()
        self.words = nn.Embedding(symbols, hidden)
        self.layer = nn.GRU(hidden, hidden, batch_first=True, bidirectional=True)

    def forward(self, ids, lengths):
        given = pack_padded_sequence(self.words(ids), lengths, batch_first=True, enforce_sorted=False)
        return pad_packed_sequence(self.layer(given)[0], batch_first=True)[0]


class Decoder(nn.Module):
    """Two layers of a GRU, between them attention to the states [B,T,2H] of an encoder."""

    def __init__(self, symbols, hidden):
        super().__init__()
        self.words = nn.Embedding(symbols, hidden)  # also the table of the softmax
        nn.init.normal_(self.words.weight, std=hidden ** -0.5)
        self.begin = nn.Linear(2 * hidden, hidden)
        self.first = nn.GRU(hidden, hidden, batch_first=True)
        self.query = nn.Linear(hidden, hidden, bias=False)
        self.key = nn.Linear(2 * hidden, hidden, bias=False)
        self.energy = nn.Linear(hidden, 1, bias=False)
        self.second = nn.GRU(3 * hidden, hidden, batch_first=True)
        self.out_state = nn.Linear(hidden, hidden)
        self.out_found = nn.Linear(2 * hidden, hidden, bias=False)
        self.out_word = nn.Linear(hidden, hidden, bias=False)
        self.bias = nn.Parameter(torch.zeros(symbols))

    def source(self, states, lengths):
        """What all steps read, and the first state."""
        outside = torch.arange(states.shape[1]) >= lengths[:, None]
        mean = states.sum(1) / lengths[:, None]
        return (states, self.key(states), outside), torch.tanh(self.begin(mean))

    def attend(self, state, source):
        """state [B,L,H] -> [B,L,2H]"""
        states, keys, outside = source
        score = self.energy(torch.tanh(self.query(state)[:, :, None] + keys[:, None]))[..., 0]
        return score.masked_fill(outside[:, None], -1e9).softmax(-1) @ states

    def output(self, top, found, word):
        return torch.tanh(self.out_state(top) + self.out_found(found) + self.out_word(word))

    def logits(self, out):
        return functional.linear(out, self.words.weight, self.bias)

    def forward(self, ids, states, lengths):
        """ids [B,L], what each step reads -> [B,L,H], what the softmax sees."""
        source, start = self.source(states, lengths)
        word = self.words(ids)
        state, _ = self.first(word, start[None])
        found = self.attend(state, source)
        top, _ = self.second(torch.cat([state, found], 2))
        return self.output(top, found, word)


class FeedingDecoder(Decoder):
    """One step after the other, as tutorials have it: the first layer also reads what was found before."""

    def __init__(self, symbols, hidden):
        super().__init__(symbols, hidden)
        self.first, self.second = nn.GRUCell(3 * hidden, hidden), nn.GRUCell(3 * hidden, hidden)

    def forward(self, ids, states, lengths):
        source, state = self.source(states, lengths)
        top, found, out = torch.zeros_like(state), states.new_zeros(len(ids), states.shape[2]), []
        for word in self.words(ids).unbind(1):
            state = self.first(torch.cat([word, found], 1), state)
            found = self.attend(state[:, None], source)[:, 0]
            top = self.second(torch.cat([state, found], 1), top)
            out.append(self.output(top, found, word))
        return torch.stack(out, 1)


def training(request):
    symbols, hidden = request["shape"][2:]
    torch.manual_seed(0)
    encoder = Encoder(symbols, hidden)
    decoder = (FeedingDecoder if request["cell"] == "feeding" else Decoder)(symbols, hidden)
    read, written = torch.tensor(request["read"]), torch.tensor(request["written"])
    draw = lambda lengths, outside: pad_sequence([torch.randint(1, symbols, (n,)) for n in lengths], True, outside)
    source, ids, target = draw(read, 0), draw(written, 0), draw(written, -1)
    live = target >= 0
    optimiser = torch.optim.Adam([*encoder.parameters(), *decoder.parameters()], lr=1e-3)
    losses = []

    def step():
        optimiser.zero_grad()
        out = decoder(ids, encoder(source, read), read)
        loss = functional.cross_entropy(decoder.logits(out[live]), target[live], label_smoothing=0.1)
        loss.backward()
        optimiser.step()
        losses[1:] = [loss]

    step()
    losses.append(losses[0])
    return lambda seconds, clock: {**repeat(step, seconds, clock), "loss": [loss.item() for loss in losses]}


class Searcher(Decoder):
    """Beam search: all hypotheses are one batch."""

    def __init__(self, symbols, hidden, beam):
        super().__init__(symbols, hidden)
        self.first, self.second = nn.GRUCell(hidden, hidden), nn.GRUCell(3 * hidden, hidden)
        self.symbols, self.beam = symbols, beam

    def step(self, ids, state, top, source):
        word = self.words(ids)
        state = self.first(word, state)
        found = self.attend(state[None], source)[0]
        top = self.second(torch.cat([state, found], 1), top)
        return self.logits(self.output(top, found, word)).log_softmax(1), state, top

    def forward(self, states, longest):
        """states [1,T,2H] -> the best of the hypotheses: (score, symbols)"""
        source, state = self.source(states, torch.tensor([states.shape[1]]))
        top, going, ended = torch.zeros_like(state), [(0.0, [0])], []
        for _ in range(longest):
            ids = torch.tensor([written[-1] for _, written in going])
            log_p, state, top = self.step(ids, state, top, source)
            whole = log_p + torch.tensor([score for score, _ in going])[:, None]
            scores, places = whole.view(-1).topk(2 * self.beam)
            longer, kept = [], []
            for score, place in zip(scores.tolist(), places.tolist()):
                number, symbol = divmod(place, self.symbols)
                if symbol == 0:
                    ended.append((score, going[number][1]))
                    continue
                longer.append((score, going[number][1] + [symbol]))
                kept.append(number)
                if len(kept) == self.beam:
                    break
            kept = torch.tensor(kept)
            going, state, top = longer, state.index_select(0, kept), top.index_select(0, kept)
        return max(ended + going)


def beam(request):
    hypotheses, steps, symbols, hidden = request["shape"]
    torch.manual_seed(0)
    searcher = Searcher(symbols, hidden, hypotheses).eval()
    states = torch.rand(1, steps, 2 * hidden) * 2 - 1
    with torch.no_grad():
        searcher.bias[0] = -30  # so that every step is taken

    def measure(seconds, clock):
        with torch.inference_mode():
            answer = repeat(lambda: searcher(states, steps), seconds, clock)
            return {**answer, "written": len(searcher(states, steps)[1]) - 1}

    return measure
