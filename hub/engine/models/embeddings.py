"""Embedding files (textual inversion, Gal et al. 2022): rows that stand for a word in a prompt."""

import logging
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import torch
from torch import Tensor

from hub.engine.models.model_file import read_tensors
from hub.errors import Invalid

log = logging.getLogger(__name__)

_SUFFIXES = (".safetensors", ".pt", ".bin")
_BUNDLED = "bundle_emb."


class Embeddings:
    """Finds embedding files by name, below any of `folders`."""

    def __init__(self, folders: Sequence[Path] = ()) -> None:
        self._folders = folders

    def rows(self, name: str, encoder: str, width: int) -> Tensor | None:
        """The rows [count, width] for that encoder (`l`, `g` …), or None with a warning."""
        path = self._path(name)
        if path is None:
            log.warning("There is no embedding %s. The prompt goes on without it.", name)
            return None
        try:
            tensors = read_tensors(path)
        except Invalid as error:
            log.warning("%s The prompt goes on without it.", error)
            return None
        rows = _rows_of(tensors, encoder)
        if rows is None or rows.shape[-1] != width:
            log.warning(
                "The embedding %s is not for this text encoder, whose width is %d. The prompt "
                "goes on without it.",
                name,
                width,
            )
            return None
        return rows.reshape(-1, width)

    def exists(self, name: str) -> bool:
        return self._path(name) is not None

    def _path(self, name: str) -> Path | None:
        """No `..` in a name leads out of a folder; links may."""
        inside = os.path.normpath(f"/{name}").lstrip("/")
        for folder in self._folders:
            for place, _, _ in os.walk(folder, followlinks=True):
                for suffix in ("", *_SUFFIXES):
                    path = Path(place, f"{inside}{suffix}")
                    if path.is_file():
                        return path
        return None


def _rows_of(tensors: Mapping[str, Tensor], encoder: str) -> Tensor | None:
    """A file has one tensor, or one for each encoder, or those that came bundled with a LoRA."""
    for key, tensor in tensors.items():
        if key in (f"clip_{encoder}", "emb_params"):
            return tensor
    if bundled := [tensor for key, tensor in tensors.items() if key.startswith(_BUNDLED)]:
        return torch.cat(bundled)
    return next(iter(tensors.values()), None)
