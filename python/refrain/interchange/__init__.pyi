from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..model import Model

__all__ = ["from_keras", "from_torch", "read_safetensors", "to_onnx", "to_torch", "torch_module"]

def from_keras(
    model: Any,
    labels: Any,
    *,
    words: Any = None,
    mean: Any = None,
    std: Any = None,
    pooling: str | None = None,
    check: Any = None,
    **options: Any,
) -> Model: ...
def from_torch(
    state: Any,
    labels: Any,
    *,
    recurrent: str | None = None,
    head: Any = None,
    embedding: str | None = None,
    words: Any = None,
    mean: Any = None,
    std: Any = None,
    cell: str | None = None,
    pooling: str = "last",
    check: Any = None,
    ignore: Any = (),
    **options: Any,
) -> Model: ...
def read_safetensors(path: Any) -> dict[str, NDArray[np.generic]]: ...
def to_onnx(model: Any, path: Any = None) -> Any: ...
def to_torch(model: Any, member: int = 0) -> tuple[dict[str, Any], dict[str, Any]]: ...
def torch_module(description: dict[str, Any], state: Any = None) -> Any: ...
