"""PhotoMaker's network (Li et al. 2023): who is on pictures, put into the word that names a person.

Parameters are named as in its authors' files.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

from hub.engine.models.clip_vision import ClipVision
from hub.engine.models.layers import LayerNorm, Linear
from hub.engine.models.shapes import Shapes


class FeedForward(nn.Module):
    def __init__(self, shapes: Shapes) -> None:
        super().__init__()
        self.layernorm = LayerNorm.of(shapes.below("layernorm"))
        self.fc1 = Linear.of(shapes.below("fc1"))
        self.fc2 = Linear.of(shapes.below("fc2"))

    def forward(self, x: Tensor) -> Tensor:
        return self.fc2(functional.gelu(self.fc1(self.layernorm(x))))


class FuseModule(nn.Module):
    def __init__(self, shapes: Shapes) -> None:
        super().__init__()
        self.mlp1 = FeedForward(shapes.below("mlp1"))
        self.mlp2 = FeedForward(shapes.below("mlp2"))
        self.layer_norm = LayerNorm.of(shapes.below("layer_norm"))

    @property
    def width(self) -> int:
        return self.layer_norm.normalized_shape[0]

    def forward(self, words: Tensor, people: Tensor) -> Tensor:
        """Both [count, width], and so is what comes of them."""
        x = words + self.mlp1(torch.cat([words, people], dim=-1))
        return self.layer_norm(x + self.mlp2(x))


class IdEncoder(ClipVision):
    def __init__(self, shapes: Shapes) -> None:
        super().__init__(shapes)
        self.visual_projection_2 = Linear.of(shapes.below("visual_projection_2"), bias=False)
        self.fuse_module = FuseModule(shapes.below("fuse_module"))

    def people(self, pixels: Tensor) -> Tensor:
        """Who is on pictures [count, 3, size, size], each [width of the joined text encoders]."""
        states = self(pixels)
        return torch.cat([states.projected, self.visual_projection_2(states.pooled)], dim=-1)
