"""Layers that compute in the type of what comes in, whatever type their weights are kept in.

So weights may stay in a small type (fp16, bf16, fp8) while the computation runs in another; where
both agree, the cast costs nothing. They are made without values, to be filled from a file.

Sizes are those of the file; whether there is a `bias` is a matter of the architecture, so that one
which a file lacks is noticed.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

from hub.engine.models.shapes import Shapes


class Linear(nn.Linear):
    @classmethod
    def of(cls, shapes: Shapes, *, bias: bool = True) -> "Linear":
        outgoing, incoming = shapes.shape("weight")
        return cls(incoming, outgoing, bias=bias)

    def reset_parameters(self) -> None:
        """Values come from the file."""

    def forward(self, x: Tensor) -> Tensor:
        return functional.linear(x, self.weight.to(x.dtype), _cast(self.bias, x))


class Conv2d(nn.Conv2d):
    @classmethod
    def of(
        cls, shapes: Shapes, *, stride: int = 1, padding: int | None = None, bias: bool = True
    ) -> "Conv2d":
        """Its padding keeps the size unless another is given."""
        outgoing, incoming, height, _ = shapes.shape("weight")
        padding = height // 2 if padding is None else padding
        return cls(incoming, outgoing, height, stride=stride, padding=padding, bias=bias)

    def reset_parameters(self) -> None:
        """Values come from the file."""

    def forward(self, x: Tensor) -> Tensor:
        return self._conv_forward(x, self.weight.to(x.dtype), _cast(self.bias, x))


class GroupNorm(nn.GroupNorm):
    """All of these models normalise over 32 groups."""

    @classmethod
    def of(cls, shapes: Shapes, *, eps: float) -> "GroupNorm":
        return cls(32, shapes.shape("weight")[0], eps=eps)

    def reset_parameters(self) -> None:
        """Values come from the file."""

    def forward(self, x: Tensor) -> Tensor:
        weight, bias = self.weight.to(x.dtype), self.bias.to(x.dtype)
        return functional.group_norm(x, self.num_groups, weight, bias, self.eps)


class LayerNorm(nn.LayerNorm):
    @classmethod
    def of(cls, shapes: Shapes) -> "LayerNorm":
        return cls(shapes.shape("weight")[0])

    def reset_parameters(self) -> None:
        """Values come from the file."""

    def forward(self, x: Tensor) -> Tensor:
        weight, bias = self.weight.to(x.dtype), self.bias.to(x.dtype)
        return functional.layer_norm(x, self.normalized_shape, weight, bias, self.eps)


class Embedding(nn.Embedding):
    @classmethod
    def of(cls, shapes: Shapes) -> "Embedding":
        count, width = shapes.shape("weight")
        return cls(count, width)

    def reset_parameters(self) -> None:
        """Values come from the file."""


def attention(q: Tensor, k: Tensor, v: Tensor, heads: int, *, is_causal: bool = False) -> Tensor:
    """Attention of [batch, tokens, width] tensors, the width divided among `heads`."""
    q, k, v = (x.view(*x.shape[:2], heads, -1).transpose(1, 2) for x in (q, k, v))
    mixed = functional.scaled_dot_product_attention(q, k, v, is_causal=is_causal)
    return mixed.transpose(1, 2).flatten(2)


def waves(t: Tensor, width: int) -> Tensor:
    """The sinusoidal embedding of numbers [batch]: cosines, then sines (Ho et al. 2020)."""
    half = width // 2
    exponents = torch.arange(half, dtype=torch.float32, device=t.device) / half
    angles = t.float()[:, None] * torch.exp(-_LOG_PERIOD * exponents)
    return torch.cat([angles.cos(), angles.sin()], dim=-1)


_LOG_PERIOD = 9.210340371976184  # ln 10000: the longest wave is so many times the shortest


def _cast(bias: Tensor | None, x: Tensor) -> Tensor | None:
    return None if bias is None else bias.to(x.dtype)
