"""Model files as named tensors, mapped from disk instead of read where the format allows it."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from torch import Tensor

from hub.engine.models.weight_files import load_weights

Tensors = dict[str, Tensor]
_WRAPPERS = ("state_dict", "model", "string_to_param")
_PARTS = ("id_encoder", "lora_weights")  # of a PhotoMaker


def read_tensors(path: Path) -> Tensors:
    """Every tensor by its name. Raises what `load_weights` raises.

    Trainers wrap the tensors; what else they keep is left out. Of files with a dictionary for each
    part, its name stands before those of the tensors, as it does in a `.safetensors`.
    """
    content: Mapping[str, Any] = load_weights(path)
    for wrapper in _WRAPPERS:
        if isinstance(content.get(wrapper), Mapping):
            content = content[wrapper]
    return {name: value for name, value in _named(content) if isinstance(value, Tensor)}


def below(tensors: Mapping[str, Tensor], prefix: str) -> Tensors:
    """Those whose names begin with `prefix`, without it."""
    return {
        name.removeprefix(prefix): tensor
        for name, tensor in tensors.items()
        if name.startswith(prefix)
    }


def _named(content: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in content.items():
        if name in _PARTS and isinstance(value, Mapping):
            yield from ((f"{name}.{inner}", held) for inner, held in value.items())
        else:
            yield str(name), value
