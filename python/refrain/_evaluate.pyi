from typing import Any, Literal, NamedTuple

from numpy.typing import ArrayLike

from ._report import Page
from ._types import Layout, Path

class Score(NamedTuple):
    value: float
    low: float
    high: float
    def __float__(self) -> float: ...

class Report:
    task: str
    metric: str
    score: Score
    metrics: dict[str, Score]
    baselines: dict[str, Score]
    verdict: str
    protocol: str
    n_train: int
    n_test: int
    def __init__(self, trial: Any, name: str, model: str) -> None: ...
    @property
    def id(self) -> str: ...
    def to_dict(self) -> dict[str, Any]: ...
    def keep(self, store: Path = "") -> str: ...
    def page(self, language: str = "en") -> Page: ...
    def details(self) -> str: ...
    def best_baselines(self, count: int = 2) -> list[tuple[str, Score]]: ...

class Comparison:
    metric: str
    a: float
    b: float
    difference: Score
    p: float
    test: str
    distinguishable: bool
    samples_needed: float
    verdict: str
    def __init__(self, found: dict[str, Any]) -> None: ...
    def to_dict(self) -> dict[str, Any]: ...

def evaluate(
    estimator: Any,
    X: Any,
    y: Any = None,
    *,
    groups: ArrayLike | None = None,
    cv: int | Literal["leave_one_group_out"] | None = None,
    repeats: int = 1,
    test: tuple[Any, Any] | tuple[Any, Any, ArrayLike] | float | None = None,
    layout: Layout = None,
    allow_overlap: bool = False,
    name: str = "X",
    store: Path = "none",
) -> Report: ...
def compare(
    a: Report | str,
    b: Report | str,
    *,
    metric: str = "",
    names: tuple[str, str] = ("", ""),
    store: Path = "",
) -> Comparison: ...
