"""Layers for networks of packs.

`disable_weight_init` draws no first weights, as they are loaded anyway; `manual_cast` also computes
in the type and on the device of what comes in.
"""

from typing import Any

import torch
from torch import Tensor, nn
from torch.func import functional_call

from hub.nodes.compat.not_yet import not_yet

__getattr__ = not_yet("comfy.ops")
_LAYERS = (
    *(nn.Linear, nn.Conv1d, nn.Conv2d, nn.Conv3d, nn.ConvTranspose1d, nn.ConvTranspose2d),
    *(nn.GroupNorm, nn.LayerNorm, nn.Embedding),
)


def cast_to(
    weight: Tensor | None, dtype: torch.dtype | None = None, device: Any = None, *more: Any
) -> Tensor | None:
    return None if weight is None else weight.to(device=device, dtype=dtype or weight.dtype)


def cast_to_input(weight: Tensor, input: Tensor, *more: Any) -> Tensor:  # noqa: A002 - ComfyUI's name
    return weight.to(input)


def _leave(layer: nn.Module) -> None:
    """Instead of drawing first weights."""


def _cast(layer: nn.Module, x: Tensor, *more: Any) -> Any:
    """The layer's answer, computed as `x` is, or in its own type for whole numbers."""
    weights = {
        f"layer.{name}": weight.to(x.device, x.dtype if x.is_floating_point() else weight.dtype)
        for name, weight in layer.named_parameters()
    }
    return functional_call(_Plain(layer), weights, x)


class _Plain(nn.Module):
    """A layer that calculates as torch's does."""

    def __init__(self, layer: nn.Module) -> None:
        super().__init__()
        self.layer = layer

    def forward(self, x: Tensor) -> Any:
        plain: Any = next(kind for kind in type(self.layer).__mro__ if kind in _LAYERS)
        return plain.forward(self.layer, x)


def _family(name: str, **methods: Any) -> Any:
    layers = {layer.__name__: type(layer.__name__, (layer,), methods) for layer in _LAYERS}
    return type(name, (), layers)


disable_weight_init = _family("disable_weight_init", reset_parameters=_leave)
manual_cast = _family("manual_cast", reset_parameters=_leave, forward=_cast)
