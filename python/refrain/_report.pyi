from typing import Any

from numpy.typing import ArrayLike

from ._types import Path

class Page:
    html: str
    def __init__(self, text: str) -> None: ...
    def save(self, path: Path) -> None: ...

def board(*, data: str = "", store: Path = "", language: str = "en") -> Page: ...
def report(
    subject: Any,
    X: Any = None,
    y: Any = None,
    *,
    groups: ArrayLike | None = None,
    store: Path = "",
    language: str = "en",
) -> Page: ...
