"""Reads files of model weights. None of them gets to run code.

A `.safetensors` file cannot hold any. All others are pickles; torch reads them with a list of the
few things that weights are made of, and refuses whatever else a pickle asks for.
"""

import pickle
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Lock
from typing import Any

import safetensors
import safetensors.torch
import torch

from hub.errors import Invalid

SAFE = (".safetensors", ".sft")
_FOREIGN = re.compile(r"(?:GLOBAL|class) ([\w.]+)")
_NO_WEIGHTS = (
    *(AttributeError, EOFError, LookupError, RuntimeError, TypeError, ValueError),
    *(pickle.UnpicklingError, safetensors.SafetensorError),
)
"""What reading a file may raise that holds something else, or is damaged."""


class _LeftOut:
    """Stands in a pickle for what is no weight; nothing comes of it."""

    def __init__(self, *_: Any) -> None:
        """Whatever it was made of."""

    def __setstate__(self, state: Any) -> None:
        """Whatever it was like."""


def _stand_in(path: str) -> type[_LeftOut]:
    module, _, name = path.rpartition(".")
    return type(name, (_LeftOut,), {"__module__": module, "__qualname__": name})


# The first checkpoints of Stable Diffusion have in them how their training went.
_OF_TRAINERS: list[Callable[..., Any] | tuple[Callable[..., Any], str]] = [
    _stand_in(path)
    for path in (
        "pytorch_lightning.callbacks.model_checkpoint.ModelCheckpoint",
        "numpy.core.multiarray.scalar",
        "numpy._core.multiarray.scalar",
        "numpy.dtype",
        "_codecs.encode",
    )
]
_reading = Lock()  # as torch has one list for all of its threads


class HoldsCode(Invalid):
    """A pickle asks for more than weights are made of."""

    def __init__(self, path: Path, what: str) -> None:
        super().__init__(
            f"{path.name} holds code besides weights ({what}), which the hub never carries out. "
            "Get the model as .safetensors."
        )


class NotWeights(Invalid):
    """A file cannot be read."""

    def __init__(self, path: Path, error: Exception) -> None:
        reason = re.split(r"\n|\. ", str(error))[0] or type(error).__name__
        if isinstance(error, LookupError):  # says no more than a number
            reason = "it begins like none"
        elif isinstance(error, pickle.UnpicklingError):  # advises to carry out whatever it holds
            reason = "it holds something that torch's loader for weights alone does not know"
        super().__init__(
            f"{path.name} cannot be read as a file of weights ({reason}). Get it anew, "
            "if possible as .safetensors."
        )


def load_weights(path: Path, device: torch.device | str = "cpu") -> dict[str, Any]:
    """All that the file holds, by name. Raises `HoldsCode`, `NotWeights`, and `OSError`."""
    try:
        if path.suffix.lower() in SAFE:
            return safetensors.torch.load_file(path, device=str(device))
        held = _unpickled(path, device)
    except _NO_WEIGHTS as error:
        foreign = _FOREIGN.search(str(error)) if isinstance(error, pickle.UnpicklingError) else None
        raise HoldsCode(path, foreign[1]) if foreign else NotWeights(path, error) from error
    if not isinstance(held, Mapping):
        raise NotWeights(path, TypeError(f"it holds a {type(held).__name__}"))
    return dict(held)


def _unpickled(path: Path, device: torch.device | str) -> Any:
    """Mapped, but for files of old versions of torch, which cannot be."""
    with _reading, torch.serialization.safe_globals(_OF_TRAINERS):
        try:
            return torch.load(path, map_location=device, weights_only=True, mmap=True)
        except RuntimeError:
            return torch.load(path, map_location=device, weights_only=True)


def metadata_of(path: Path) -> dict[str, str]:
    """The texts that a `.safetensors` file has besides the weights; none for others."""
    if path.suffix.lower() not in SAFE:
        return {}
    with safetensors.safe_open(path, framework="pt") as file:
        return dict(file.metadata() or {})
