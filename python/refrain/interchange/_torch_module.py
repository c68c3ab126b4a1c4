"""A network of Refrain as a PyTorch module; imported only where PyTorch is wanted."""

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

_LOW = -3.4e38


def _interpolated(x, lengths, mean):
    """Missing values on the line between their neighbours, as the core does it; the nearest one at
    the ends, and the mean in training where a channel of a series has none at all."""
    steps = x.shape[1]
    t = torch.arange(steps, device=x.device)[None, :, None].expand_as(x)
    here = ~torch.isnan(x) & (t < lengths.to(x.device)[:, None, None])
    left = torch.where(here, t, -1).cummax(1).values
    right = torch.where(here, t, steps).flip(1).cummin(1).values.flip(1)
    left, right = torch.where(left < 0, right, left), torch.where(right >= steps, left, right)
    none = ~here.any(1, keepdim=True)
    left, right = left.clamp(0, steps - 1), right.clamp(0, steps - 1)
    share = ((t - left) / (right - left).clamp(min=1)).clamp(0, 1).double()
    line = x.gather(1, left) * (1 - share) + x.gather(1, right) * share
    filled = torch.where(none, torch.tensor(mean, dtype=torch.float64, device=x.device), line)
    return torch.where(here, x, filled)


class RefrainNetwork(nn.Module):
    """Built from a description; see :func:`refrain.interchange.torch_module`."""

    def __init__(self, description):
        super().__init__()
        self.about = d = description
        kind = {"lstm": nn.LSTM, "gru": nn.GRU}.get(d["cell"], nn.RNN)
        more = {"nonlinearity": "relu"} if d["cell"] == "rnn_relu" else {}
        self.recurrent = kind(
            d["inputs"],
            d["hidden"],
            d["layers"],
            batch_first=True,
            bidirectional=d["bidirectional"],
            **more,
        )
        width = d["hidden"] * (2 if d["bidirectional"] else 1)
        if "words" in d:
            self.embedding = nn.Embedding(len(d["words"]), d["inputs"])
        if d["attention"] == "self":
            self.attention = nn.MultiheadAttention(width, d["heads"], batch_first=True)
        if d["pooling"] == "attention":
            self.pool = nn.Linear(width, width)
            self.pool_vector = nn.Linear(width, 1, bias=False)
        elif d["pooling"] in ("dot", "multi_head"):
            heads = d["heads"] if d["pooling"] == "multi_head" else 1
            self.pool = nn.Linear(width, heads, bias=False)
        factor = 3 if d["pooling"] == "concat" else 1
        self.head = nn.Linear(width * factor, len(d["labels"]))

    def forward(self, x, lengths):
        """Logits [batch, classes]; their softmax are the probabilities."""
        lengths = torch.as_tensor(lengths)
        x = self.embedding(x) if "words" in self.about else self._scaled(x, lengths)
        packed = pack_padded_sequence(x, lengths.cpu(), batch_first=True, enforce_sorted=False)
        h, _ = pad_packed_sequence(self.recurrent(packed)[0], batch_first=True)
        live = torch.arange(h.shape[1])[None, :] < lengths[:, None]  # [B,T]
        if self.about["attention"] == "self":
            h = h + self.attention(h, h, h, key_padding_mask=~live, need_weights=False)[0]
        return self.head(self._pooled(h, lengths, live)) / self.about["temperature"]

    def _scaled(self, x, lengths):
        x = torch.where(torch.isinf(x), torch.nan, x)
        missing = torch.isnan(x)
        scale = self.about["normaliser"]
        if not self.about["masked"] and self.about.get("missing") != "zero":
            x = _interpolated(x.double(), lengths, scale["mean"]).float()
        if scale["mode"] == "series":
            raise NotImplementedError("series are scaled by themselves; scale them before")
        x = x.double()
        if scale["mode"] == "channel":
            x = (x - torch.tensor(scale["mean"]).double()) / torch.tensor(scale["std"]).double()
        x = x.clamp(-1e6, 1e6).float()
        if self.about["masked"]:
            return torch.cat([torch.where(missing, 0.0, x), missing.float()], dim=-1)
        return torch.where(torch.isnan(x), 0.0, x)

    def _pooled(self, h, lengths, live):
        how = self.about["pooling"]
        if how == "attention":
            return self._weighted(h, self.pool_vector(torch.tanh(self.pool(h))), live)
        if how in ("dot", "multi_head"):
            return self._weighted(h, self.pool(h) / h.shape[-1] ** 0.5, live)
        last = self._last(h, lengths)
        mean = (h * live[:, :, None]).sum(1) / lengths[:, None]
        most = h.masked_fill(~live[:, :, None], _LOW).max(1).values
        parts = {"last": last, "mean": mean, "max": most}
        return torch.cat([last, mean, most], 1) if how == "concat" else parts[how]

    def _last(self, h, lengths):
        hidden = self.about["hidden"]
        last = h[torch.arange(len(h)), lengths - 1, :hidden]
        return torch.cat([last, h[:, 0, hidden:]], 1)

    def _weighted(self, h, scores, live):
        a = scores.masked_fill(~live[:, :, None], _LOW).softmax(1)  # [B,T,heads]
        parts = h.reshape(*h.shape[:2], a.shape[2], -1)
        return (a[..., None] * parts).sum(1).flatten(1)
