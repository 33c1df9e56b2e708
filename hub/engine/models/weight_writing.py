"""Writes files of model weights."""

import os
from collections.abc import Mapping
from pathlib import Path

import safetensors.torch
from torch import Tensor


def write_tensors(
    path: Path, tensors: Mapping[str, Tensor], metadata: Mapping[str, str] | None = None
) -> None:
    """A `.safetensors` file. Raises `OSError`."""
    texts = {"format": "pt", **(metadata or {})}
    safetensors.torch.save_file(_apart(tensors), os.fspath(path), metadata=texts)


def _apart(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Tensors of which no two share memory, as the format wants them."""
    seen: set[int] = set()
    apart = {}
    for name, tensor in tensors.items():
        plain = tensor.detach().contiguous()
        address = plain.untyped_storage().data_ptr()
        is_part = plain.nbytes != plain.untyped_storage().nbytes()
        apart[name] = plain.clone() if address in seen or is_part else plain
        seen.add(address)
    return apart
