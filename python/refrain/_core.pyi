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
    def given(self) -> str: ...

    @given.setter
    def given(self, arg: str, /) -> None: ...

    def validate_with(self, valid: Samples) -> None:
        """Samples that stop the training early."""

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

def fit(samples: Samples, options: dict, follow: tuple) -> tuple:
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

    @property
    def columns(self) -> list[str]: ...

    def predict(self, samples: Samples, threads: int) -> NDArray[numpy.float64]: ...

    def decide(self, probability: Annotated[NDArray[numpy.float64], dict(shape=(None, None), order='C', device='cpu', writable=False)]) -> NDArray[numpy.int32]: ...

def assemble(options: dict, features: dict, labels: Sequence[str], tensors: dict) -> Model:
    """A model of a network's parts."""

def describe(model: Model) -> str:
    """What a model is, as JSON."""

def parameters(model: object, member: int) -> dict: ...

def word_ids(model: Model, samples: Samples) -> list[list[int]]: ...

def spellings(model: Model, samples: Samples) -> list:
    """(letters of each word, shapes) of each text."""

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
    training: Samples | None,
    states: bool,
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

def pretrain(job: dict, options: dict, progress: object | None, message: object | None) -> tuple:
    """(bytes of the source file, report as JSON, history)."""

def pretrain_series(job: dict, options: dict, progress: object | None, message: object | None) -> str:
    """The report as JSON."""

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

def forecast_option_names() -> list[str]:
    """Names of the options that forecasts take."""

def is_forecaster(path: str) -> bool:
    """Whether a file is a forecaster."""

def fit_forecaster(data: str, options: dict, progress: object | None, message: object | None) -> Forecaster:
    """A forecaster of all values of a file."""

def score_forecaster(data: str, options: dict, progress: object | None, message: object | None) -> str:
    """The report as JSON."""

class Forecaster:
    """A trained forecaster."""

    @staticmethod
    def from_bytes(bytes: bytes, name: str) -> Forecaster: ...

    def to_bytes(self) -> bytes: ...

    def save(self, path: str) -> None: ...

    def describe(self) -> str: ...

    def keep_given(self, given: str) -> None: ...

    @property
    def horizon(self) -> int: ...

    @property
    def quantiles(self) -> list[float]: ...

    def predict(self, data: str, options: dict, message: object | None) -> tuple: ...

def give_words(samples: Samples, words: Sequence[Sequence[str]]) -> None:
    """Puts lists of words in place of texts."""

def give_tags(samples: Samples, tags: Sequence[Sequence[str]]) -> None: ...

def give_spans(samples: Samples, spans: Sequence[Sequence[tuple[int, int, str]]]) -> None:
    """Puts (start, end, label) of raw texts in place of tags."""

def tag(model: Model, samples: Samples, threads: int) -> list: ...

def tag_marginals(model: Model, samples: Samples, threads: int) -> list: ...

def tag_score(model: Model, samples: Samples, threads: int) -> float: ...

def tagger_form(model: Model) -> tuple:
    """
    (whether tags mark spans, whether texts are read, the tags, the labels).
    """

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

class Trial:
    """A training or an evaluation with its score."""

    @staticmethod
    def stored(store: str, id: str) -> Trial:
        """A run of the experiment store."""

    def json(self) -> str: ...

    def markdown(self) -> str: ...

    def keep(self, store: str) -> str: ...

    def page(self, language: str) -> str: ...

    @property
    def id(self) -> str: ...

def train_and_score(samples: tuple, options: dict, follow: tuple) -> Trial:
    """A training with its score."""

def score_model(model: Model, samples: Samples) -> Trial:
    """A model on labelled samples."""

def compare(a: Trial, b: Trial, metric: str, names: tuple) -> str:
    """Two trials on the same samples, as JSON."""

def tool(words: list) -> int:
    """The command-line tool; returns its exit code."""

def read_samples(path: str, options: dict, message: object) -> dict:
    """The samples of a data file."""

def read_histories(path: str, options: dict, message: object) -> dict:
    """The series in time of a data file."""

def list_runs(store: str, data: str, model: str, limit: int) -> str:
    """JSON."""

def list_boards(store: str, data: str, metric: str) -> str:
    """JSON."""

def run_json(store: str, id: str, everything: bool) -> str:
    """A run as JSON."""

def run_markdown(store: str, id: str) -> str:
    """A run as a page of Markdown."""

def delete_runs(store: str, ids: Sequence[str]) -> None: ...

def name_samples(samples: Samples, name: str) -> None:
    """What messages and the store call them."""

def reply_option_names(task: str) -> list[str]:
    """Names of the options that translate or transcribe takes."""

def is_transducer(path: str) -> bool:
    """Whether a file is a model that writes replies."""

def fit_replies(samples: Samples, options: dict, follow: tuple) -> tuple:
    """(model, report) of a training on all samples."""

class Transducer:
    """A trained model that writes replies."""

    @staticmethod
    def from_bytes(bytes: bytes, name: str) -> Transducer: ...

    def to_bytes(self) -> bytes: ...

    def save(self, path: str) -> None: ...

    def describe(self) -> str: ...

    @property
    def task(self) -> str: ...

    @property
    def has_times(self) -> bool: ...

    @property
    def in_seconds(self) -> bool: ...

    def write(self, samples: Samples, options: dict) -> list: ...

    def score(self, samples: Samples, options: dict) -> str:
        """The report as JSON."""
