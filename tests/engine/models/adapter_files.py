"""Makes the tensors of adapters, random ones, as trainers save them."""

from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor

from hub.engine.models.adapter_file import AdapterFile, load_adapter

RANK = 3


def random(*shape: int) -> Tensor:
    return torch.randn(*shape) * 0.1


def kohya(layer: str, outgoing: int, incoming: int, *, alpha: float = 1.5) -> dict[str, Tensor]:
    return {
        f"{layer}.lora_up.weight": random(outgoing, RANK),
        f"{layer}.lora_down.weight": random(RANK, incoming),
        f"{layer}.alpha": torch.tensor(alpha),
    }


def change_of(tensors: Mapping[str, Tensor], layer: str, alpha: float = 1.5) -> Tensor:
    """What `kohya` made there adds to a weight."""
    up, down = tensors[f"{layer}.lora_up.weight"], tensors[f"{layer}.lora_down.weight"]
    return up @ down * (alpha / RANK)


def saved(folder: Path, tensors: Mapping[str, Tensor]) -> AdapterFile:
    path = folder / "style.safetensors"
    save_file(dict(tensors), path)
    return load_adapter(path)
