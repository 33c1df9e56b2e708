"""T2I-Adapter (Mou et al. 2023): a small network that steers a U-Net's way down by a picture."""

import torch
from torch import Tensor, nn
from torch.nn import functional

from hub.engine.models.layers import Conv2d
from hub.engine.models.model_file import Tensors
from hub.engine.models.shapes import Shapes

_BLOCKS = 2  # for each width
_OF_XL = (256, 768)  # channels that come in, for one and for three of the picture
_HALVING, _HALVING_OF_XL = (2, 4, 6), (4,)  # the blocks that halve the size


class AdapterBlock(nn.Module):
    def __init__(self, shapes: Shapes, *, is_halving: bool) -> None:
        super().__init__()
        self.is_halving = is_halving
        entry = shapes.below("in_conv")
        self.in_conv = Conv2d.of(entry) if "weight" in entry else nn.Identity()
        self.block1 = Conv2d.of(shapes.below("block1"))
        self.block2 = Conv2d.of(shapes.below("block2"))

    def forward(self, x: Tensor) -> Tensor:
        if self.is_halving:
            x = functional.avg_pool2d(x, 2, ceil_mode=True)
        x = self.in_conv(x)
        return x + self.block2(functional.relu(self.block1(x)))


class T2IAdapter(nn.Module):
    """Parameter names are those of the first adapters."""

    def __init__(self, shapes: Shapes) -> None:
        super().__init__()
        channels = shapes.shape("conv_in.weight")[1]
        self.is_for_xl = channels in _OF_XL
        self.unshuffle = 16 if self.is_for_xl else 8
        self.image_channels = channels // self.unshuffle**2
        self.conv_in = Conv2d.of(shapes.below("conv_in"))
        halving = _HALVING_OF_XL if self.is_for_xl else _HALVING
        self.body = nn.ModuleList(
            AdapterBlock(block, is_halving=number in halving)
            for number, block in enumerate(shapes.below("body").numbered())
        )

    def forward(self, hint: Tensor) -> list[Tensor]:
        """A picture for each width, of [batch, `image_channels`, height, width] whose sides are
        multiples of `unshuffle`."""
        x = self.conv_in(functional.pixel_unshuffle(hint, self.unshuffle))
        found = []
        for number, block in enumerate(self.body, start=1):
            x = block(x)
            if number % _BLOCKS == 0:
                found.append(x)
        return found


def with_channels(hint: Tensor, channels: int) -> Tensor:
    """A picture with so many; grey is the mean of all."""
    return torch.mean(hint, dim=1, keepdim=True) if channels == 1 else hint[:, :channels]


def in_first_names(tensors: Tensors) -> Tensors:
    """The same by the first names; diffusers counts the blocks of each width by themselves."""
    is_by_width = any(".resnets." in name for name in tensors)
    return {_first_name(name, is_by_width): tensor for name, tensor in tensors.items()}


def _first_name(name: str, is_by_width: bool) -> str:
    name = name.removeprefix("adapter.")
    match name.split("."):
        case ["body", width, "resnets", block, *rest] if is_by_width:
            return ".".join(["body", str(int(width) * _BLOCKS + int(block)), *rest])
        case ["body", width, *rest] if is_by_width:
            return ".".join(["body", str(int(width) * _BLOCKS), *rest])
        case _:
            return name
