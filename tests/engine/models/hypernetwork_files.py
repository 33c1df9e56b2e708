"""Makes files of hypernetworks for the tiny model, random ones, as trainers save them."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import torch
from torch import nn

WIDTHS = (32, 64, 768)  # of what the tiny model attends to
Pairs = Mapping[int, tuple[nn.Sequential, nn.Sequential]]
Network = Callable[[int], nn.Sequential]


def plain(width: int) -> nn.Sequential:
    return nn.Sequential(nn.Linear(width, width * 2), nn.Linear(width * 2, width))


def pairs_of(network: Network, widths: tuple[int, ...] = WIDTHS) -> Pairs:
    return {width: (network(width).eval(), network(width).eval()) for width in widths}


def save(path: Path, pairs: Pairs, prefix: str = "linear.", **noted: Any) -> Path:
    held: dict[Any, Any] = {
        width: tuple({f"{prefix}{name}": t for name, t in one.state_dict().items()} for one in pair)
        for width, pair in pairs.items()
    }
    torch.save({**held, "step": 100, "name": "style", "layer_structure": [1, 2, 1], **noted}, path)
    return path
