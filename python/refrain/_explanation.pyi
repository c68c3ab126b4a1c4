from typing import Any

import numpy as np
from numpy.typing import NDArray

class Explanation:
    method: str
    unit: str
    values: list[float]
    targets: list[str]
    parts: list[list[dict[str, Any]]]
    faithful: bool
    checks: dict[str, Any]
    against: list[str]
    completeness_error: float
    remarks: list[str]
    def __init__(self, text: str) -> None: ...
    def words(self, sample: int = 0) -> list[tuple[str, float]]: ...
    def map(self, sample: int = 0, channels: int = 1) -> NDArray[np.float64]: ...
    def __len__(self) -> int: ...
