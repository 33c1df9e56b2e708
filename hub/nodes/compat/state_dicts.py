"""What packs do with the tensors of a model file, by name."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from hub.engine.models.weight_files import load_weights, metadata_of
from hub.engine.models.weight_writing import write_safetensors

StateDict = dict[str, Any]


def load_torch_file(
    ckpt: str,
    safe_load: bool = False,
    device: torch.device | None = None,
    return_metadata: bool = False,
) -> Any:
    """The weights of a file; always by the restricted loader, whatever `safe_load` says."""
    path = Path(ckpt)
    held = load_weights(path, device or "cpu")
    inner = held.get("state_dict", next(iter(held.values())) if len(held) == 1 else None)
    weights = dict(inner) if isinstance(inner, Mapping) else held
    return (weights, metadata_of(path)) if return_metadata else weights


def save_torch_file(sd: StateDict, ckpt: str, metadata: dict[str, str] | None = None) -> None:
    write_safetensors(Path(ckpt), sd, metadata)


def state_dict_prefix_replace(
    state_dict: StateDict, replace_prefix: Mapping[str, str], filter_keys: bool = False
) -> StateDict:
    """Renames in place, or into a new dict that has only what was renamed."""
    out = {} if filter_keys else state_dict
    for old, new in replace_prefix.items():
        for key in [key for key in state_dict if key.startswith(old)]:
            out[f"{new}{key.removeprefix(old)}"] = state_dict.pop(key)
    return out


def state_dict_key_replace(state_dict: StateDict, keys_to_replace: Mapping[str, str]) -> StateDict:
    """Renames in place those that are there."""
    for old, new in keys_to_replace.items():
        if old in state_dict:
            state_dict[new] = state_dict.pop(old)
    return state_dict


def calculate_parameters(sd: StateDict, prefix: str = "") -> int:
    """How many numbers there are under a prefix."""
    return sum(tensor.nelement() for tensor in _under(sd, prefix))


def weight_dtype(sd: StateDict, prefix: str = "") -> torch.dtype | None:
    """The type of most of the numbers under a prefix; None if there are none."""
    counts: Counter[torch.dtype] = Counter()
    for tensor in _under(sd, prefix):
        counts[tensor.dtype] += tensor.nelement()
    return counts.most_common(1)[0][0] if counts else None


def get_attr(obj: Any, attr: str) -> Any:
    """What a dotted name leads to."""
    for name in attr.split("."):
        obj = getattr(obj, name)
    return obj


def set_attr(obj: Any, attr: str, value: Any) -> Any:
    """Put something where a dotted name leads to; what was there."""
    owner, _, name = attr.rpartition(".")
    holder = get_attr(obj, owner) if owner else obj
    before = getattr(holder, name)
    setattr(holder, name, value)
    return before


def set_attr_param(obj: Any, attr: str, value: Tensor) -> Any:
    """The same with a parameter made of the tensor."""
    return set_attr(obj, attr, nn.Parameter(value, requires_grad=False))


def copy_to_param(obj: Any, attr: str, value: Tensor) -> None:
    """Overwrite the numbers of a parameter, which stays the same object."""
    get_attr(obj, attr).data.copy_(value)


def _under(sd: StateDict, prefix: str) -> Sequence[Tensor]:
    return [value for key, value in sd.items() if key.startswith(prefix) and torch.is_tensor(value)]
