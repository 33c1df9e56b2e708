"""A fingerprint of whatever a sampling depends on: equal only if its answers would be equal.

Tensors count by their content. Of weights a few values of each are looked at, as they are computed
with: other weights, or other patches, differ in all of their places.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from functools import partial
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any

import torch
from torch import Tensor, nn

from hub.engine.models.weights import Weights

_SAMPLES = 16
_DEEPEST = 8


def fingerprint(*values: Any) -> bytes:
    """32 bytes. Of objects that are no data only their class counts, and what they consist of;
    fields of dataclasses that do not take part in comparisons are left out."""
    digest = hashlib.sha256(torch.__version__.encode())
    _add(digest, values, 0)
    return digest.digest()


def _add(digest: "hashlib._Hash", value: Any, depth: int) -> None:
    match value:
        case Tensor():
            _add_tensor(digest, value)
            return
        case Weights():
            _add_some(digest, value.originals.items())
            return
        case nn.Module():
            _add_some(digest, value.state_dict().items())
            return
        case None | bool() | int() | float() | str() | bytes():
            digest.update(f"{value!r};".encode())
            return
        case FunctionType() | BuiltinFunctionType() | MethodType() | type():
            digest.update(f"{value.__module__}.{value.__qualname__};".encode())
            return
    digest.update(f"{type(value).__qualname__}(".encode())
    if depth < _DEEPEST:
        deeper = depth if _never_holds_itself(value) else depth + 1
        for part in _parts(value):
            _add(digest, part, deeper)
    digest.update(b")")


def _never_holds_itself(value: Any) -> bool:
    """What cannot be changed holds only what was there before it."""
    declared = getattr(value, "__dataclass_params__", None)
    return isinstance(value, tuple) or (declared is not None and declared.frozen)


def _parts(value: Any) -> list[Any]:
    """Of what an object consists."""
    match value:
        case Mapping():
            return [part for pair in value.items() for part in pair]
        case list() | tuple():
            return list(value)
        case set() | frozenset():
            return sorted(value, key=repr)
        case partial():
            return [value.func, value.args, value.keywords]
    if is_dataclass(value):
        return [getattr(value, field.name) for field in fields(value) if field.compare]
    return list(getattr(value, "__dict__", {}).values())


def _add_some(digest: "hashlib._Hash", weights: Iterable[tuple[str, Tensor]]) -> None:
    for name, tensor in weights:
        digest.update(name.encode())
        _add_tensor(digest, _samples(tensor))


def _add_tensor(digest: "hashlib._Hash", tensor: Tensor) -> None:
    digest.update(f"{tensor.dtype}{list(tensor.shape)}".encode())
    digest.update(tensor_bytes(tensor))


def _samples(parameter: Tensor) -> Tensor:
    flat = parameter.detach().flatten()
    return flat[:: max(1, len(flat) // _SAMPLES)].float()


def tensor_bytes(tensor: Tensor) -> bytes:
    """The content of a tensor, wherever it lies."""
    plain = tensor.detach().to("cpu").contiguous().flatten()
    return plain.view(torch.uint8).numpy().tobytes()
