"""The layers that CLIP's two transformers are made of (Radford et al. 2021)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from hub.engine.models.layers import LayerNorm, Linear, attention
from hub.engine.models.shapes import Shapes


@dataclass(frozen=True, kw_only=True, slots=True)
class LayerConfig:
    """What the shapes of a transformer's parameters do not say. In one that `is_causal` each token
    attends to itself and those before it, else to all."""

    heads: int
    activation: Callable[[Tensor], Tensor]
    is_causal: bool = False


class Attention(nn.Module):
    def __init__(self, shapes: Shapes, config: LayerConfig) -> None:
        super().__init__()
        self.q_proj = Linear.of(shapes.below("q_proj"))
        self.k_proj = Linear.of(shapes.below("k_proj"))
        self.v_proj = Linear.of(shapes.below("v_proj"))
        self.out_proj = Linear.of(shapes.below("out_proj"))
        self.config = config

    def forward(self, x: Tensor) -> Tensor:
        q, k, v = self.q_proj(x), self.k_proj(x), self.v_proj(x)
        attended = attention(q, k, v, self.config.heads, is_causal=self.config.is_causal)
        return self.out_proj(attended)


class FeedForward(nn.Module):
    def __init__(self, shapes: Shapes, config: LayerConfig) -> None:
        super().__init__()
        self.fc1 = Linear.of(shapes.below("fc1"))
        self.fc2 = Linear.of(shapes.below("fc2"))
        self.activation = config.activation

    def forward(self, x: Tensor) -> Tensor:
        return self.fc2(self.activation(self.fc1(x)))


class Layer(nn.Module):
    def __init__(self, shapes: Shapes, config: LayerConfig) -> None:
        super().__init__()
        self.self_attn = Attention(shapes.below("self_attn"), config)
        self.layer_norm1 = LayerNorm.of(shapes.below("layer_norm1"))
        self.mlp = FeedForward(shapes.below("mlp"), config)
        self.layer_norm2 = LayerNorm.of(shapes.below("layer_norm2"))

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.self_attn(self.layer_norm1(x))
        return x + self.mlp(self.layer_norm2(x))


class Encoder(nn.Module):
    """Gives the states before the first layer and after each of them."""

    def __init__(self, shapes: Shapes, config: LayerConfig) -> None:
        super().__init__()
        numbered = shapes.below("layers").numbered()
        self.layers = nn.ModuleList(Layer(layer, config) for layer in numbered)

    def forward(self, x: Tensor) -> Iterator[Tensor]:
        yield x
        for layer in self.layers:
            x = layer(x)
            yield x


def quick_gelu(x: Tensor) -> Tensor:
    """OpenAI's approximation."""
    return x * torch.sigmoid(1.702 * x)
