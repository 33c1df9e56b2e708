"""The attention layers of Stable Diffusion's U-Net."""

from collections.abc import Callable

from torch import Tensor, nn

from hub.engine.models.layers import Linear, attention
from hub.engine.models.shapes import Shapes

Mix = Callable[[Tensor, Tensor, Tensor, int], Tensor]
"""Queries, keys and values [batch, tokens, width], and the number of heads."""


class CrossAttention(nn.Module):
    """Attention to the text, or of the places of the picture to each other."""

    def __init__(self, shapes: Shapes, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.to_q = Linear.of(shapes.below("to_q"), bias=False)
        self.to_k = Linear.of(shapes.below("to_k"), bias=False)
        self.to_v = Linear.of(shapes.below("to_v"), bias=False)
        self.to_out = nn.Sequential(Linear.of(shapes.below("to_out.0")))

    def forward(self, x: Tensor, context: Tensor, values: Tensor, mix: Mix = attention) -> Tensor:
        """`mix` may stand in for attention; it is given queries, keys, values and the heads."""
        return self.to_out(mix(self.to_q(x), self.to_k(context), self.to_v(values), self.heads))
