"""GLIGEN (Li et al. 2023): layers that tell Stable Diffusion 1 which objects are where.

Each object is a phrase with a box. A small network makes a token of it, and between both attentions
of each transformer the places of the picture attend to these tokens too, as much as gates let them.
"""

import torch
from torch import Tensor, nn

from hub.engine.models.cross_attention import CrossAttention
from hub.engine.models.layers import LayerNorm, Linear
from hub.engine.models.shapes import Shapes
from hub.engine.models.unet_blocks import HEADS_OF_THE_FIRST, FeedForward

OBJECTS = 30  # that it was trained with, at most
_LONGEST = 100.0  # of a box's waves, how many times the first frequency the last comes near to
_VALUES = 8  # for each frequency: sine and cosine of four sides


class PositionNet(nn.Module):
    """Makes tokens of phrases and boxes; where there are no more objects, of what stands for none.

    `text_width` is that of a phrase's pooled token.
    """

    def __init__(self, shapes: Shapes) -> None:
        super().__init__()
        layers = shapes.below("linears")
        self.linears = nn.Sequential(
            *(Linear.of(layers.below(0)), nn.SiLU(), Linear.of(layers.below(2)), nn.SiLU()),
            Linear.of(layers.below(4)),
        )
        self.null_positive_feature = _values(shapes, "null_positive_feature")
        self.null_position_feature = _values(shapes, "null_position_feature")

    @property
    def text_width(self) -> int:
        return len(self.null_positive_feature)

    def forward(self, phrases: Tensor, boxes: Tensor) -> Tensor:
        """Tokens [`OBJECTS`, width] of phrases [objects, `text_width`], and of boxes [objects, 4]:
        left, top, right and bottom, in parts of the picture's sides."""
        waves = box_waves(boxes, len(self.null_position_feature) // _VALUES)
        told = torch.cat([phrases, waves.to(phrases)], dim=1)
        none = torch.cat([self.null_positive_feature, self.null_position_feature]).to(phrases)
        objects: Tensor = self.linears(torch.cat([told, none.expand(OBJECTS - len(told), -1)]))
        return objects


class Fuser(nn.Module):
    """What a transformer has between its attentions: gated self-attention with the objects."""

    def __init__(self, shapes: Shapes) -> None:
        super().__init__()
        self.linear = Linear.of(shapes.below("linear"))
        self.attn = CrossAttention(shapes.below("attn"), HEADS_OF_THE_FIRST)
        self.ff = FeedForward(shapes.below("ff"))
        self.norm1 = LayerNorm.of(shapes.below("norm1"))
        self.norm2 = LayerNorm.of(shapes.below("norm2"))
        self.alpha_attn = _values(shapes, "alpha_attn")
        self.alpha_dense = _values(shapes, "alpha_dense")

    @property
    def width(self) -> int:
        return self.linear.out_features

    def forward(self, x: Tensor, objects: Tensor) -> Tensor:
        """`x` [batch, places, width], and `objects` [batch, objects, width of a token]."""
        both = self.norm1(torch.cat([x, self.linear(objects)], dim=1))
        attended = self.attn(both[:, : x.shape[1]], both, both)
        x = x + self.alpha_attn.tanh().to(x) * attended
        return x + self.alpha_dense.tanh().to(x) * self.ff(self.norm2(x))


class Gligen(nn.Module):
    """`fusers` are named by their places in the U-Net."""

    def __init__(self, shapes: Shapes, places: frozenset[str]) -> None:
        super().__init__()
        self.position_net = PositionNet(shapes.below("position_net"))
        self.fusers = nn.ModuleDict(
            {place: Fuser(shapes.below(f"fusers.{place}")) for place in sorted(places)}
        )

    @property
    def widths(self) -> dict[str, int]:
        """Of the pictures that its fusers take, by place."""
        return {name: one.width for name, one in self.fusers.items() if isinstance(one, Fuser)}


def place(kind: str, block: object, transformer: object) -> str:
    """What a fuser is called: `input_1_0` belongs to the first transformer of input block 1."""
    return f"{kind}_{block}_{transformer}"


def box_waves(boxes: Tensor, frequencies: int) -> Tensor:
    """The sines and cosines of boxes [objects, 4], frequency by frequency: [objects, values]."""
    exponents = torch.arange(frequencies, dtype=torch.float32, device=boxes.device) / frequencies
    angles = boxes.float()[:, None] * (_LONGEST**exponents)[:, None]
    return torch.stack([angles.sin(), angles.cos()], dim=2).flatten(1)


def _values(shapes: Shapes, name: str) -> nn.Parameter:
    return nn.Parameter(torch.empty(shapes.shape(name)))
