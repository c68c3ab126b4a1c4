"""A whole training in plain PyTorch: reads two .ts files, trains a GRU on the first, scores it on the
second, saves it. What `refrain train` is compared with (bench/speed/fit.py).

usage: torch_fit.py TRAIN.ts TEST.ts MODEL RESULT.json [--hidden 64] [--epochs 100] [--batch-size 16] [--threads 1]
"""
import argparse
import json

import torch
from torch import nn
from torch.nn import functional


def read(path):
    """Series of one length: [N,T,C] and the labels."""
    series, labels, in_data = [], [], False
    with open(path, encoding="utf-8") as file:
        for line in map(str.strip, file):
            if in_data and line:
                *channels, label = line.split(":")
                series.append([[float(v) for v in channel.split(",")] for channel in channels])
                labels.append(label)
            in_data = in_data or line.lower() == "@data"
    return torch.tensor(series).transpose(1, 2).contiguous(), labels


class Classifier(nn.Module):
    def __init__(self, channels, hidden, classes):
        super().__init__()
        self.gru = nn.GRU(channels, hidden, batch_first=True)
        self.head = nn.Linear(hidden, classes)

    def forward(self, x):
        return self.head(self.gru(x)[1][0])


def train(net, x, y, options):
    optimiser = torch.optim.Adam(net.parameters(), lr=1e-3)
    for _ in range(options.epochs):
        for chosen in torch.randperm(len(x)).split(options.batch_size):
            optimiser.zero_grad()
            functional.cross_entropy(net(x[chosen]), y[chosen]).backward()
            optimiser.step()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    for name in ("train", "test", "model", "result"):
        parser.add_argument(name)
    for name, default in (("hidden", 64), ("epochs", 100), ("batch-size", 16), ("threads", 1)):
        parser.add_argument("--" + name, type=int, default=default)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    (x, labels), (x_test, labels_test) = read(options.train), read(options.test)
    number = {label: i for i, label in enumerate(sorted(set(labels)))}
    mean, deviation = x.mean((0, 1)), x.std((0, 1))
    y, y_test = (torch.tensor([number[label] for label in part]) for part in (labels, labels_test))
    net = Classifier(x.shape[2], options.hidden, len(number))
    train(net, (x - mean) / deviation, y, options)
    with torch.no_grad():
        hits = (net((x_test - mean) / deviation).argmax(1) == y_test).float().mean().item()
    torch.save(net.state_dict(), options.model)
    with open(options.result, "w", encoding="utf-8") as file:
        json.dump({"accuracy": hits}, file)


if __name__ == "__main__":
    main()
