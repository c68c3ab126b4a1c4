"""PyTorch's side of bench/compare.py, written the way users write it. usage: torch_worker.py [threads]"""
import sys

import torch
from torch import nn
from torch.nn import functional
from torch.nn.utils.rnn import pack_padded_sequence

import torch_replies
from protocol import repeat, repeat_streaming, serve

LAYERS = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}
CELLS = {"rnn": nn.RNNCell, "lstm": nn.LSTMCell, "gru": nn.GRUCell}
CLASSES = 4


class Recurrent(nn.Module):
    """The last state of a recurrent layer, of both directions side by side where there are two."""

    def __init__(self, cell, inputs, hidden, bidirectional):
        super().__init__()
        self.layer = LAYERS[cell](inputs, hidden, batch_first=True, bidirectional=bidirectional)
        self.features = hidden * (2 if bidirectional else 1)

    def forward(self, x):
        state = self.layer(x)[1]
        if isinstance(state, tuple):
            state = state[0]
        return state[0] if len(state) == 1 else torch.cat([state[0], state[1]], dim=1)


class DropoutLoop(nn.Module):
    """Recurrent dropout with one mask a sequence: PyTorch's layers have none, so a loop over a cell."""

    def __init__(self, cell, inputs, hidden, p=0.25):
        super().__init__()
        self.cell = CELLS[cell](inputs, hidden)
        self.features, self.p = hidden, p

    def forward(self, x):
        batch = x.shape[0]
        h = c = x.new_zeros(batch, self.features)
        mask = functional.dropout(x.new_ones(batch, self.features), self.p)
        for step in x.unbind(1):
            if isinstance(self.cell, nn.LSTMCell):
                h, c = self.cell(step, (h * mask, c))
            else:
                h = self.cell(step, h * mask)
        return h


def training(request):
    batch, steps, inputs, hidden = request["shape"]
    torch.manual_seed(0)
    if request["kind"] == "recurrent_dropout":
        net = DropoutLoop(request["cell"], inputs, hidden)
    else:
        net = Recurrent(request["cell"], inputs, hidden, request["kind"] == "bidirectional")
    head = nn.Linear(net.features, CLASSES)
    x, y = torch.randn(batch, steps, inputs), torch.randint(0, CLASSES, (batch,))
    lengths = torch.tensor(request["lengths"]) if "lengths" in request else None
    optimiser = torch.optim.Adam([*net.parameters(), *head.parameters()], lr=1e-3)
    losses = []

    def step():
        optimiser.zero_grad()
        given = x if lengths is None else pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
        loss = functional.cross_entropy(head(net(given)), y)
        loss.backward()
        optimiser.step()
        losses[1:] = [loss]

    step()
    losses.append(losses[0])
    return lambda seconds, clock: {**repeat(step, seconds, clock), "loss": [loss.item() for loss in losses]}


def streaming(request):
    inputs, hidden = request["shape"][2:]
    cell = CELLS[request["cell"]](inputs, hidden)
    x, h = torch.randn(1, inputs), torch.zeros(1, hidden)
    state = (h, h) if request["cell"] == "lstm" else h

    def step():
        nonlocal state
        state = cell(x, state)

    def measure(seconds, clock):
        with torch.no_grad():
            return repeat_streaming(step, seconds, clock)

    return measure


def encoder(request):
    from transformers import AutoModel, AutoTokenizer

    model = AutoModel.from_pretrained(request["folder"]).eval()
    tokens = AutoTokenizer.from_pretrained(request["folder"])(request["texts"], return_tensors="pt")

    def measure(seconds, clock):
        with torch.inference_mode():
            return repeat(lambda: model(**tokens), seconds, clock)

    return measure


class Chain(nn.Module):
    """A conditional random field with tensor operations, one step after the other."""

    def __init__(self, tags):
        super().__init__()
        self.begin, self.end = nn.Parameter(torch.zeros(tags)), nn.Parameter(torch.zeros(tags))
        self.transitions = nn.Parameter(torch.zeros(tags, tags))

    def forward(self, emissions, tags):
        """emissions [B,T,K], tags [B,T] -> the sum of -log p."""
        batch, steps = tags.shape
        score = self.begin[tags[:, 0]] + self.end[tags[:, -1]]
        score = score + emissions.gather(2, tags[..., None])[..., 0].sum(1)
        score = score + self.transitions[tags[:, :-1], tags[:, 1:]].sum(1)
        alpha = self.begin + emissions[:, 0]
        for t in range(1, steps):
            alpha = torch.logsumexp(alpha[:, :, None] + self.transitions, dim=1) + emissions[:, t]
        return (torch.logsumexp(alpha + self.end, dim=1) - score).sum()


def chain(request):
    batch, steps, inputs, hidden = request["shape"]
    torch.manual_seed(0)
    alone = request["kind"] == "chain"
    tags = hidden if alone else 9
    crf = Chain(tags)
    y = torch.randint(0, tags, (batch, steps))
    losses = []
    if alone:
        emissions = torch.randn(batch, steps, tags, requires_grad=True)
        leaves = [emissions, *crf.parameters()]
    else:
        layer = LAYERS[request["cell"]](inputs, hidden, batch_first=True, bidirectional=True)
        head, x = nn.Linear(2 * hidden, tags), torch.randn(batch, steps, inputs)
        leaves = [*layer.parameters(), *head.parameters(), *crf.parameters()]
        optimiser = torch.optim.Adam(leaves, lr=1e-3)

    def step():
        for leaf in leaves:
            leaf.grad = None
        loss = crf(emissions if alone else head(layer(x)[0]), y) / y.numel()
        loss.backward()
        if not alone:
            optimiser.step()
        losses[1:] = [loss]

    step()
    losses.append(losses[0])
    return lambda seconds, clock: {**repeat(step, seconds, clock), "loss": [loss.item() for loss in losses]}


def ctc(request):
    batch, steps, written, symbols = request["shape"]
    torch.manual_seed(0)
    scores = torch.randn(steps, batch, symbols, requires_grad=True)
    y = torch.randint(1, symbols, (batch, written))
    of_scores, of_y = torch.full((batch,), steps), torch.full((batch,), written)
    losses = []

    def step():
        scores.grad = None
        loss = nn.functional.ctc_loss(scores.log_softmax(2), y, of_scores, of_y, reduction="sum") / (batch * steps)
        loss.backward()
        losses[:] = [loss.item()] * 2

    step()
    return lambda seconds, clock: {**repeat(step, seconds, clock), "loss": losses}


MEASURES = {"streaming": streaming, "encoder": encoder, "chain": chain, "ctc": ctc, "tagger": chain,
            "seq2seq": torch_replies.training, "beam": torch_replies.beam}

if __name__ == "__main__":
    torch.set_num_threads(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
    serve(torch.__version__, lambda request: MEASURES.get(request["kind"], training)(request))
