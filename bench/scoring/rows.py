"""The rows of bench/quality: a name and the options of `refrain train` that make it.

One more row is one line here. An option that the tool does not know is an error in the row's place.
"""
from typing import NamedTuple

# The recipe people copy: one GRU layer of 256, Adam 1e-3, ten epochs, batches of 32, last state, nothing else.
COPIED = ("--cell gru --hidden 256 --layers 1 --no-bidirectional --pooling last --optimiser adam --lr 0.001 "
          "--schedule constant --epochs 10 --batch-size 32 --dropout 0 --label-smoothing 0 --clip-norm 0 "
          "--valid-fraction 0 --embedding-dim 128").split()


class Row(NamedTuple):
    options: list
    takes_preset: bool = False
    takes_valid: bool = True   # uses a published validation file
    beside: str = ""           # the row it changes: the difference is in the table
    of_tags: tuple = ()        # where tags are learned, in place of options that are of whole samples


def without(options, *names):
    """The options but for these and their values."""
    out = list(options)
    for name in names:
        place = out.index(name)
        del out[place:place + 2]
    return out


ROWS = {
    "refrain": Row([], takes_preset=True),
    "plain": Row(COPIED, takes_valid=False, of_tags=tuple([*without(COPIED, "--pooling", "--label-smoothing"),
                                                           "--head", "softmax"])),
    # The networks of the preset alone: without convolutions (long series in segments), and with them.
    "recurrent": Row(["--stem", "none", "--blend", "", "--segment", "0", "--parts", "4",
                      "--views", "raw,deviation,difference|raw"], takes_preset=True),
    "stem": Row(["--blend", ""], takes_preset=True),
    "augmented": Row(["--augment", "auto"], takes_preset=True, beside="refrain"),
    # One network of the preset, without simple methods beside it.
    "network": Row(["--blend", "", "--ensemble", "1"], takes_preset=True),
    "network-augmented": Row(["--blend", "", "--ensemble", "1", "--augment", "auto"], takes_preset=True,
                             beside="network"),
}
DEFAULT = ["refrain", "plain"]


def options_of(name, preset, kind="text"):
    row = ROWS[name]
    options = row.of_tags if kind == "tags" and row.of_tags else row.options
    return [*options, *(["--preset", preset] if preset and row.takes_preset else [])]
