"""The C++ core of Refrain; use the package refrain."""

from collections.abc import Sequence
from typing import Annotated, overload

import numpy
from numpy.typing import NDArray


def version() -> str: ...

def options() -> list:
    """Every option of a training, as it is declared."""

def registries() -> list[str]: ...

def registry(name: str) -> list:
    """(name, description) of each entry."""

def read_recording(path: str) -> tuple:
    """(samples [n], rate) of a WAV, FLAC or OGG file."""

def validate(samples: Samples) -> str: ...

class Samples:
    """Series or texts, with what belongs to each of them."""

    @overload
    def __init__(self, series: list, channels: int) -> None: ...

    @overload
    def __init__(self, sounds: list, rates: Sequence[int]) -> None: ...

    @overload
    def __init__(self, texts: list) -> None: ...

    def __len__(self) -> int: ...

    @property
    def labels(self) -> list[str]: ...

    @labels.setter
    def labels(self, arg: Sequence[str], /) -> None: ...

    @property
    def classes(self) -> list[str]: ...

    @classes.setter
    def classes(self, arg: Sequence[str], /) -> None: ...

    @property
    def label_kind(self) -> str: ...

    @label_kind.setter
    def label_kind(self, arg: str, /) -> None: ...

    @property
    def offset(self) -> list[float]: ...

    @offset.setter
    def offset(self, arg: Sequence[float], /) -> None: ...

    @property
    def groups(self) -> list[str]: ...

    @groups.setter
    def groups(self, arg: Sequence[str], /) -> None: ...

    @property
    def weights(self) -> list[float]: ...

    @weights.setter
    def weights(self, arg: Sequence[float], /) -> None: ...

def fit(samples: Samples, options: dict, progress: object | None, message: object | None) -> tuple:
    """(model, report) of a training on all samples."""

def fit_further(model: Model, samples: Samples, options: dict, follow: tuple) -> tuple:
    """(model, report) of a further training of its networks."""

class Model:
    """A fitted model."""

    @staticmethod
    def load(path: str) -> Model: ...

    def save(self, path: str) -> None: ...

    def to_bytes(self) -> bytes: ...

    @staticmethod
    def from_bytes(bytes: bytes, name: str) -> Model: ...

    @property
    def classes(self) -> list[str]: ...

    def predict(self, samples: Samples, threads: int) -> NDArray[numpy.float64]: ...

    def decide(self, probability: Annotated[NDArray[numpy.float64], dict(shape=(None, None), order='C', device='cpu', writable=False)]) -> NDArray[numpy.int32]: ...

def assemble(options: dict, features: dict, labels: Sequence[str], tensors: dict) -> Model:
    """A model of a network's parts."""

def describe(model: Model) -> str:
    """What a model is, as JSON."""

def parameters(model: object, member: int) -> dict: ...

def word_ids(model: Model, samples: Samples) -> list[list[int]]: ...

def spellings(model: Model, samples: Samples) -> list[tuple[list[list[int]], list[int]]]:
    """(letters of each word, shapes) of each text."""

def give_words(samples: Samples, words: Sequence[Sequence[str]]) -> None:
    """Puts lists of words in place of texts."""

def give_tags(samples: Samples, tags: Sequence[Sequence[str]]) -> None: ...

def give_spans(samples: Samples, spans: Sequence[Sequence[tuple[int, int, str]]]) -> None:
    """Puts (start, end, label) of raw texts in place of tags."""

def tag(model: Model, samples: Samples, threads: int) -> list: ...

def tag_marginals(model: Model, samples: Samples, threads: int) -> list: ...

def tag_score(model: Model, samples: Samples, threads: int) -> float: ...

def tagger_form(model: Model) -> tuple[bool, bool, list[str]]:
    """(whether tags mark spans, whether texts are read, the tags)."""

def explain(
    model: Model,
    samples: Samples,
    method: str,
    target: str,
    segments: int,
    draws: int,
    seed: int,
    checks: bool,
    threads: int,
) -> str:
    """Scores of words or steps, as JSON."""

def activations(model: Model, member: int, samples: Samples) -> list: ...

def input_gradients(model: Model, member: int, samples: Samples, classes: Sequence[int]) -> list: ...

def derive(samples: Samples, options: dict, copies: int) -> dict:
    """Derived samples with their sources, labels and shares of labels."""

def augmentations() -> list:
    """Every step of augmentation with its options."""

def augmentation_text(spec: str) -> str:
    """A specification in its one form."""

def language_options() -> list:
    """Every option of a language model, as it is declared."""

def pretrain_series(
    job: dict, options: dict, progress: object | None, message: object | None
) -> str:
    """The report as JSON."""

def pretrain(job: dict, options: dict, progress: object | None, message: object | None) -> tuple:
    """(bytes of the source file, report as JSON, history)."""

class LanguageModel:
    """A trained language model."""

    @staticmethod
    def load(path: str) -> LanguageModel: ...

    @staticmethod
    def from_bytes(bytes: bytes, name: str) -> LanguageModel: ...

    def save(self, path: str) -> None: ...

    def to_bytes(self) -> bytes: ...

    def describe(self) -> str:
        """What it is, as JSON."""

    def score(self, given: dict) -> dict: ...

    def generate(self, prompt: str, how: dict) -> str: ...

def sources(folder: str, store: str, packages: Sequence[str]) -> str:
    """Sources for transfer, as JSON."""

def source_kind(path: str) -> str:
    """What a file is as a source."""

def report_page(subject: str, store: str, language: str) -> str:
    """The page of a stored run or of a model file."""

def board_page(store: str, data: str, language: str) -> str:
    """The board as a page."""

def fit_page(report: dict, task: str, model: str) -> str:
    """The page of a training in memory."""

def samples_page(model: Model, samples: Samples, report: dict) -> str:
    """The page of a model on labelled samples."""
