"""Models from and to other libraries.

``from_torch``, ``from_keras``: a :class:`refrain.Model` of trained weights.
``to_torch``, ``torch_module``: a state dict with a description, and the module they stand for.
``to_onnx``: a graph for ONNX Runtime and others, scaling included.
``read_safetensors``: tensors of a file by name.
"""

from ._keras import from_keras
from ._onnx import to_onnx
from ._parts import read_safetensors
from ._torch import from_torch, to_torch, torch_module

__all__ = ["from_keras", "from_torch", "read_safetensors", "to_onnx", "to_torch", "torch_module"]
