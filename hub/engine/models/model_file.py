"""Model files as named tensors, mapped from disk instead of read where the format allows it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from torch import Tensor

from hub.engine.models.weight_files import load_weights

Tensors = dict[str, Tensor]
_WRAPPERS = ("state_dict", "model", "string_to_param")


def read_tensors(path: Path) -> Tensors:
    """Every tensor by its name. Raises what `load_weights` raises.

    Trainers wrap the tensors; what else they keep is left out.
    """
    content: Mapping[str, Any] = load_weights(path)
    for wrapper in _WRAPPERS:
        if isinstance(content.get(wrapper), Mapping):
            content = content[wrapper]
    return {str(name): value for name, value in content.items() if isinstance(value, Tensor)}


def below(tensors: Mapping[str, Tensor], prefix: str) -> Tensors:
    """Those whose names begin with `prefix`, without it."""
    return {
        name.removeprefix(prefix): tensor
        for name, tensor in tensors.items()
        if name.startswith(prefix)
    }
