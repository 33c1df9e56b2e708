"""The blocks that Stable Diffusion's U-Net is built of (Rombach et al. 2022, appendix E).

Their parameter names are those of the checkpoints.
"""

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional

from hub.engine.models.cross_attention import CrossAttention
from hub.engine.models.layers import Conv2d, GroupNorm, LayerNorm, Linear
from hub.engine.models.shapes import Shapes
from hub.engine.models.unet_hooks import UNetHooks

HEADS_OF_THE_FIRST = 8  # Stable Diffusion 1: as many heads at every width
HEAD_WIDTH = 64  # its successors: as many heads as fit


class Block(nn.Module):
    """What torch compiles by itself: the same code then serves all of its kind that agree in their
    sizes, so little has to be compiled."""

    def __init__(self) -> None:
        super().__init__()
        self._compiled: dict[str, Callable[..., Tensor]] = {}

    def compiled(self, backend: str) -> Callable[..., Tensor]:
        """Its `forward`, which that backend of torch compiles when it is called with inputs of new
        sizes."""
        if backend not in self._compiled:
            self._compiled[backend] = torch.compile(self.forward, backend=backend, dynamic=False)
        return self._compiled[backend]


class ResBlock(Block):
    """Two convolutions around which the input is carried; the time is added between them."""

    def __init__(self, shapes: Shapes) -> None:
        super().__init__()
        entry, exit_ = shapes.below("in_layers"), shapes.below("out_layers")
        self.in_layers = nn.Sequential(
            GroupNorm.of(entry.below(0), eps=1e-5), nn.SiLU(), Conv2d.of(entry.below(2))
        )
        self.emb_layers = nn.Sequential(nn.SiLU(), Linear.of(shapes.below("emb_layers.1")))
        self.out_layers = nn.Sequential(
            GroupNorm.of(exit_.below(0), eps=1e-5),
            nn.SiLU(),
            nn.Identity(),  # dropout, while it was trained
            Conv2d.of(exit_.below(3)),
        )
        outgoing, incoming = entry.shape("2.weight")[:2]
        skip = shapes.below("skip_connection")
        is_carried = outgoing == incoming and "weight" not in skip
        self.skip_connection = nn.Identity() if is_carried else Conv2d.of(skip)

    def forward(self, x: Tensor, embedding: Tensor, context: Tensor, hooks: UNetHooks) -> Tensor:
        h = self.in_layers(x) + self.emb_layers(embedding)[:, :, None, None]
        return self.skip_connection(x) + self.out_layers(h)


class GatedLinear(nn.Module):
    """GEGLU (Shazeer 2020): one half of a projection gates the other."""

    def __init__(self, shapes: Shapes) -> None:
        super().__init__()
        self.proj = Linear.of(shapes.below("proj"))

    def forward(self, x: Tensor) -> Tensor:
        value, gate = self.proj(x).chunk(2, dim=-1)
        return value * functional.gelu(gate)


class FeedForward(nn.Module):
    def __init__(self, shapes: Shapes) -> None:
        super().__init__()
        self.net = nn.Sequential(
            GatedLinear(shapes.below("net.0")), nn.Identity(), Linear.of(shapes.below("net.2"))
        )

    def forward(self, x: Tensor) -> Tensor:
        return self.net(x)


class TransformerBlock(Block):
    """Attention within the picture, attention to the text, and a feed-forward layer.

    The upscaler attends to the text twice instead, where the picture is large.
    """

    def __init__(self, shapes: Shapes, heads: int) -> None:
        super().__init__()
        self.attn1 = CrossAttention(shapes.below("attn1"), heads)
        self.attn2 = CrossAttention(shapes.below("attn2"), heads)
        self.ff = FeedForward(shapes.below("ff"))
        self.norm1 = LayerNorm.of(shapes.below("norm1"))
        self.norm2 = LayerNorm.of(shapes.below("norm2"))
        self.norm3 = LayerNorm.of(shapes.below("norm3"))
        self._is_twice = self.attn1.to_k.in_features != self.attn1.to_q.in_features

    def forward(self, x: Tensor, context: Tensor, hooks: UNetHooks) -> Tensor:
        n = self.norm1(x)
        seen = context if self._is_twice else n
        x = hooks.between(self.attn1, x + hooks.attended("attn1", self.attn1, n, seen))
        x = x + hooks.attended("attn2", self.attn2, self.norm2(x), context)
        return x + self.ff(self.norm3(x))


class SpatialTransformer(nn.Module):
    """Transformer blocks over all places of a picture.

    Stable Diffusion 1 projects with 1×1 convolutions, its successors with linear layers. The
    number of heads, the one size that no shape tells, changed together with that, unless `heads`
    says it.
    """

    def __init__(self, shapes: Shapes, heads: int | None = None) -> None:
        super().__init__()
        width = shapes.shape("proj_in.weight")[0]
        is_linear = len(shapes.shape("proj_in.weight")) == 2
        heads = heads or (width // HEAD_WIDTH if is_linear else HEADS_OF_THE_FIRST)
        projection = Linear if is_linear else Conv2d
        self.norm = GroupNorm.of(shapes.below("norm"), eps=1e-6)
        self.proj_in = projection.of(shapes.below("proj_in"))
        self.transformer_blocks = nn.ModuleList(
            TransformerBlock(block, heads)
            for block in shapes.below("transformer_blocks").numbered()
        )
        self.proj_out = projection.of(shapes.below("proj_out"))

    def forward(self, x: Tensor, embedding: Tensor, context: Tensor, hooks: UNetHooks) -> Tensor:
        hooks.shape = x.shape
        h = self._projected(self.proj_in, _places(self.norm(x)))
        for number, block in enumerate(self.transformer_blocks):
            hooks.transformer = number
            h = hooks.run(block, h, context, hooks)
        return x + _picture(self._projected(self.proj_out, h), x.shape[2])

    def _projected(self, projection: Linear | Conv2d, places: Tensor) -> Tensor:
        """A 1×1 convolution is one linear layer for all places, and quicker as such: a picture
        would be laid out anew before it, and again for the blocks that come after it."""
        if isinstance(projection, Linear):
            return projection(places)
        weight, bias = projection.weight.flatten(1), projection.bias
        assert bias is not None, "it is made with one"
        return functional.linear(places, weight.to(places.dtype), bias.to(places.dtype))


class Downsample(nn.Module):
    def __init__(self, shapes: Shapes) -> None:
        super().__init__()
        self.op = Conv2d.of(shapes.below("op"), stride=2)

    def forward(self, x: Tensor, embedding: Tensor, context: Tensor, hooks: UNetHooks) -> Tensor:
        return self.op(x)


class Upsample(nn.Module):
    """Doubles the size. The U-Net scales first, as it knows the exact size of the way down."""

    def __init__(self, shapes: Shapes) -> None:
        super().__init__()
        self.conv = Conv2d.of(shapes.below("conv"))

    def forward(self, x: Tensor, size: torch.Size) -> Tensor:
        return self.conv(functional.interpolate(x, size=size, mode="nearest"))


def _places(x: Tensor) -> Tensor:
    """[batch, channels, height, width] as [batch, places, channels], each place in one piece."""
    return x.flatten(2).transpose(1, 2).contiguous()


def _picture(x: Tensor, height: int) -> Tensor:
    """The way back."""
    return x.transpose(1, 2).reshape(len(x), x.shape[2], height, -1)
