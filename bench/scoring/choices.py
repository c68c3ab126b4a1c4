"""The rows of bench/ablation: what is changed of a preset. One more row is one line here.

The first row of a group changes nothing; the others are held against it.
"""
from typing import NamedTuple


class Group(NamedTuple):
    base: list     # options of `refrain train` that all rows share
    rows: dict     # name -> further options, as text


NETWORK = {
    "as it is": "",
    "raw values only": "--views raw",
    "without deviation": "--views raw,difference",
    "without differences": "--views raw,deviation",
    "step-scaled": "--views raw,step_scaled,difference",
    "no convolutions": "--stem none --segment 0",
    "no convolutions beside": "--no-stem-skip",
    "depthwise": "--stem depthwise",
    "24 channels": "--stem-channels 24",
    "96 channels": "--stem-channels 96",
    "lstm": "--cell lstm",
    "rnn": "--cell rnn",
    "one direction": "--no-bidirectional",
    "two layers": "--layers 2",
    "24 units": "--hidden 24",
    "96 units": "--hidden 96",
    "last state": "--pooling last",
    "mean of states": "--pooling mean",
    "attention": "--pooling attention",
    "parts": "--parts 4",
    "no label smoothing": "--label-smoothing 0",
    "constant rate": "--schedule constant",
    "constant rate, 0.001": "--schedule constant --lr 0.001",
    "rate 0.001": "--lr 0.001",
    "rate 0.01": "--lr 0.01",
    "no weight decay": "--weight-decay 0",
    "weight decay 0.1": "--weight-decay 0.1",
    "no dropout": "--dropout 0",
    "dropout 0.5": "--dropout 0.5",
    "stem dropout": "--stem-dropout 0.2",
    "recurrent dropout": "--recurrent-dropout 0.25",
    "a third of the updates": "--epochs 100",
    "early stopping": "--valid-fraction 0.2",
    "early stopping, refit": "--valid-fraction 0.2 --refit",
    "averaged weights": "--average ema",
    "mixup": "--mixup 0.2",
    "sharpness-aware": "--optimiser sam",
    "squeeze": "--squeeze",
    "no clipping": "--clip-norm 0",
}
BLEND = {
    "as it is": "",
    "four networks": "--ensemble 4",
    "networks of less weight": "--blend-weight 8",
    "equal weights": "--blend-weight 1",
    "one of each method": "--blend-repeats 1",
    "six of each method": "--blend-repeats 6",
    "chosen weights": "--blend-weight auto",
    "network alone": "--blend=",
    "minirocket only": "--blend minirocket",
    "hydra only": "--blend hydra",
    "fast": "--preset fast",
    "augmented": "--augment auto",
}
GROUPS = {
    "network": Group("--preset good --blend= --ensemble 1".split(), NETWORK),
    "blend": Group("--preset good --ensemble 1".split(), BLEND),
}
