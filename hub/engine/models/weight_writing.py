"""Writes files of model weights."""

import os
from collections.abc import Mapping
from pathlib import Path

import safetensors.torch
from torch import Tensor


def write_tensors(
    path: Path, tensors: Mapping[str, Tensor], metadata: Mapping[str, str] | None = None
) -> None:
    """A model's `.safetensors` file. Raises `OSError`."""
    write_safetensors(path, _apart(tensors), {"format": "pt", **(metadata or {})})


def write_safetensors(
    path: Path, tensors: Mapping[str, Tensor], metadata: Mapping[str, str] | None = None
) -> None:
    """These tensors, none of which share memory, as they are. The file gets the rights that new
    files have; safetensors by itself lets nobody else read it. Raises `OSError`."""
    path.touch()
    rights = path.stat().st_mode
    texts = None if metadata is None else dict(metadata)
    safetensors.torch.save_file(dict(tensors), os.fspath(path), metadata=texts)
    path.chmod(rights)


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
