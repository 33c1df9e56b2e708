"""A layer as in CLIP's encoders (Radford et al. 2021), with OpenAI's names of its parameters."""

import torch
from torch import Tensor, nn
from torch.nn import functional

from hub.engine.models.clip_layers import quick_gelu
from hub.engine.models.layers import LayerNorm, Linear, attention
from hub.engine.models.shapes import Shapes

_HEADS = 8  # in adapters, whatever their width


class AttentionLayer(nn.Module):
    def __init__(self, shapes: Shapes) -> None:
        super().__init__()
        self.attn = _Attention(shapes.below("attn"))
        self.ln_1 = LayerNorm.of(shapes.below("ln_1"))
        self.mlp = _FeedForward(shapes.below("mlp"))
        self.ln_2 = LayerNorm.of(shapes.below("ln_2"))

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.attn(self.ln_1(x))
        return x + self.mlp(self.ln_2(x))


class _Attention(nn.Module):
    """Queries, keys and values come of one matrix."""

    def __init__(self, shapes: Shapes) -> None:
        super().__init__()
        self.in_proj_weight = nn.Parameter(torch.empty(shapes.shape("in_proj_weight")))
        self.in_proj_bias = nn.Parameter(torch.empty(shapes.shape("in_proj_bias")))
        self.out_proj = Linear.of(shapes.below("out_proj"))

    def forward(self, x: Tensor) -> Tensor:
        weight, bias = self.in_proj_weight.to(x), self.in_proj_bias.to(x)
        q, k, v = functional.linear(x, weight, bias).chunk(3, dim=-1)
        return self.out_proj(attention(q, k, v, _HEADS))


class _FeedForward(nn.Module):
    def __init__(self, shapes: Shapes) -> None:
        super().__init__()
        self.c_fc = Linear.of(shapes.below("c_fc"))
        self.c_proj = Linear.of(shapes.below("c_proj"))

    def forward(self, x: Tensor) -> Tensor:
        return self.c_proj(quick_gelu(self.c_fc(x)))
