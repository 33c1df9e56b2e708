"""Files of adapters (LoRA and its kin): the tensors in them, sorted by layer.

A key is the name of a layer and that of a part of its change. Trainers spell both in their own
ways; here they become one.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from torch import Tensor

from hub.engine.models.adapter_forms import BIAS_DIFFERENCES, Parts
from hub.engine.models.model_file import below, read_tensors
from hub.errors import Invalid

_SPELLINGS = {
    r"\.lora_up\.weight": "up",  # kohya
    r"\.lora_down\.weight": "down",
    r"\.lora_mid\.weight": "mid",
    r"\.lora_B(\.\w+)?\.weight": "up",  # peft
    r"\.lora_A(\.\w+)?\.weight": "down",
    r"\.lora_magnitude_vector(\.\w+)?(\.weight)?": "dora_scale",
    r"(\.lora_linear_layer|[._]lora)\.up\.weight": "up",  # diffusers
    r"(\.lora_linear_layer|[._]lora)\.down\.weight": "down",
    r"\.(alpha|dora_scale|hada_[wt]\d(_[ab])?|lokr_[wt]\d(_[ab])?)": None,  # LyCORIS
    r"\.(diff|diff_b|w_norm|b_norm)": None,
}
_ENDINGS = [(re.compile(f"(?P<layer>.+?){end}"), part) for end, part in _SPELLINGS.items()]
_IN_A_PHOTO_MAKER = "lora_weights."
_WITHOUT_EFFECT = frozenset({"alpha", "dora_scale", *BIAS_DIFFERENCES})


class NoAdapter(Invalid):
    """A file holds something else."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path.name} holds no adapter of a kind that we know (LoRA, LoHa, LoKr, or plain "
            "differences). Choose another file."
        )


@dataclass(frozen=True, eq=False, slots=True)
class AdapterFile:
    """`layers` by their names as `plain` spells them; `unknown` are keys that tell us nothing."""

    name: str
    layers: Mapping[str, Parts]
    unknown: tuple[str, ...]


def load_adapter(path: Path) -> AdapterFile:
    """The last one is kept, as long as its file is the same. Raises `NoAdapter`, and what
    `load_weights` raises."""
    facts = path.stat()
    return _loaded(path, facts.st_mtime_ns, facts.st_size)


def plain(layer: str) -> str:
    """A layer's name with one kind of separator: kohya's have no dots at all.

    What peft saves by itself does not tell of which model it is; that is the denoiser.
    """
    named = layer.replace("base_model.model.", "unet.").replace(".processor", "")
    return named.replace(".", "_").removeprefix("lora_")


def has_weight(parts: Parts) -> bool:
    """Whether they change more than a bias."""
    return not parts.keys() <= _WITHOUT_EFFECT


@lru_cache(maxsize=1)
def _loaded(path: Path, changed: int, size: int) -> AdapterFile:
    tensors = read_tensors(path)
    found = adapter_in(path.name, below(tensors, _IN_A_PHOTO_MAKER) or tensors)
    if not found.layers:
        raise NoAdapter(path)
    return found


def adapter_in(name: str, tensors: Mapping[str, Tensor]) -> AdapterFile:
    """What a file of that name with these tensors holds, be it nothing at all."""
    layers: dict[str, dict[str, Tensor]] = {}
    unknown = []
    for key, tensor in tensors.items():
        if found := next(_places(key), None):
            layer, part = found
            layers.setdefault(layer, {})[part] = tensor
        else:
            unknown.append(key)
    return AdapterFile(name, layers, tuple(unknown))


def _places(key: str) -> Iterator[tuple[str, str]]:
    for ending, part in _ENDINGS:
        if match := ending.fullmatch(key):
            yield plain(match["layer"]), part or match[2]
