from typing import Any, NamedTuple

from numpy.typing import ArrayLike

from ._types import Layout, Path

class DataReport:
    samples: int
    channels: int
    steps: tuple[int, int, int]
    missing: float
    classes: dict[str, int]
    problems: list[tuple[int, str]]
    warnings: list[tuple[int, str]]
    def __init__(self, found: dict[str, Any]) -> None: ...

class Read(NamedTuple):
    X: Any
    y: Any
    groups: Any

class FileRead(Read):
    about: dict[str, Any]
    def __new__(cls, X: Any, y: Any, groups: Any, about: dict[str, Any]) -> FileRead: ...

def validate(
    X: Any, y: ArrayLike | None = None, groups: ArrayLike | None = None, layout: Layout = None
) -> DataReport: ...
def read(path: Path, *, task: str = "auto", **options: str | float | bool | None) -> FileRead: ...
