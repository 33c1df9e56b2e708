"""ControlNet (Zhang et al. 2023): a copy of a U-Net's way down that also sees a picture."""

from collections.abc import Callable

import torch
from torch import Tensor, nn

from hub.engine.models.layers import Conv2d
from hub.engine.models.residuals import Residuals
from hub.engine.models.shapes import Shapes
from hub.engine.models.unet import UNetEncoder
from hub.engine.models.unet_hooks import UNetHooks

_HALVING = (2, 4, 6)  # which of the hint's convolutions halve its size; eight pixels come to one


class ControlNet(UNetEncoder):
    """Its convolutions of one pixel, zero before they are trained, give what is added to the
    U-Net's skips and middle. Parameter names are those of the first ControlNets."""

    def __init__(self, shapes: Shapes) -> None:
        super().__init__(shapes)
        hint = shapes.below("input_hint_block")
        self.hint_channels = hint.shape("0.weight")[1]
        self.input_hint_block = _hint_block(hint)
        zero = shapes.below("zero_convs").numbered()
        self.zero_convs = nn.ModuleList(map(_one_convolution, zero))
        self.middle_block_out = _one_convolution(shapes.below("middle_block_out"))

    def seen(self, hint: Tensor) -> Tensor:
        """What it makes of a picture [batch, channels, 8 height, 8 width], at a latent's size."""
        features: Tensor = self.input_hint_block(hint)
        return features

    def forward(
        self, x: Tensor, timesteps: Tensor, context: Tensor, y: Tensor | None, seen: Tensor
    ) -> Residuals:
        """`x`, `timesteps`, `context` and `y` as the U-Net is given them."""
        embedding = self.embedded(timesteps, y, x.dtype)
        return self.residuals(x, embedding, context, lambda first: seen)

    def residuals(
        self,
        x: Tensor,
        embedding: Tensor,
        context: Tensor,
        seen: Callable[[Tensor], Tensor],
    ) -> Residuals:
        """`seen` gives what to add to the first block's output, which it is given."""
        hooks = UNetHooks({})
        skips: list[Tensor] = []
        for stage, zero in zip(self.input_blocks, self.zero_convs, strict=True):
            x = stage(x, embedding, context, x.shape[2:], hooks)
            if not skips:
                x = x + seen(x)
            skips.append(zero(x))
        x = self.middle_block(x, embedding, context, x.shape[2:], hooks)
        return Residuals(skips=dict(enumerate(skips)), middle=self.middle_block_out(x))


def averaged(residuals: Residuals) -> Residuals:
    """The same in every place: for ControlNets that take from a picture how it looks, not where."""
    return Residuals(
        skips={number: _mean(x) for number, x in residuals.skips.items()},
        middle=None if residuals.middle is None else _mean(residuals.middle),
    )


def _mean(x: Tensor) -> Tensor:
    return torch.mean(x, dim=(2, 3), keepdim=True).expand_as(x)


def _hint_block(shapes: Shapes) -> nn.Sequential:
    """Convolutions at the even places, SiLU between them."""
    layers: list[nn.Module] = []
    while str(len(layers)) in shapes:
        number = len(layers) // 2
        stride = 2 if number in _HALVING else 1
        layers += [Conv2d.of(shapes.below(len(layers)), stride=stride), nn.SiLU()]
    return nn.Sequential(*layers[:-1])


def _one_convolution(shapes: Shapes) -> nn.Sequential:
    return nn.Sequential(Conv2d.of(shapes.below(0)))
