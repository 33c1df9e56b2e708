"""One ControlNet for pictures of several kinds (github.com/xinsir6/ControlNetPlus)."""

import torch
from torch import Tensor, nn
from torch.nn import functional

from hub.engine.models.attention_layer import AttentionLayer
from hub.engine.models.control_net import ControlNet
from hub.engine.models.layers import Linear, waves
from hub.engine.models.residuals import Residuals
from hub.engine.models.shapes import Shapes

MARK = "task_embedding"


class UnionControlNet(ControlNet):
    """It is told the kind of picture beside the time, and by it leans what it sees."""

    def __init__(self, shapes: Shapes) -> None:
        super().__init__(shapes)
        self.kinds, width = shapes.shape(MARK)
        self.task_embedding = nn.Parameter(torch.empty(self.kinds, width))
        layers = shapes.below("transformer_layes").numbered()  # as its author spells it
        self.transformer_layes = nn.ModuleList(map(AttentionLayer, layers))
        self.spatial_ch_projs = Linear.of(shapes.below("spatial_ch_projs"))
        self.control_add_embedding = _TwoLayers(shapes.below("control_add_embedding"))

    def told(self, kind: int | None, x: Tensor) -> Tensor:
        """What every block is told of the kind: [1, width]."""
        chosen = torch.zeros(self.kinds, device=x.device)
        if kind is not None:
            chosen[kind] = 1.0
        width = self.control_add_embedding.linear_1.in_features // self.kinds
        embedding: Tensor = self.control_add_embedding(waves(chosen, width).flatten()[None].to(x))
        return embedding

    def leaned(self, seen: Tensor, x: Tensor, kind: int | None) -> Tensor:
        """What it sees, shifted by what its kind and the latent `x` make of its mean."""
        if kind is None:
            return seen
        picture = seen.mean(dim=(2, 3)) + self.task_embedding[kind].to(seen)
        tokens = torch.stack([picture, x.mean(dim=(2, 3))], dim=1)
        for layer in self.transformer_layes:
            tokens = layer(tokens)
        return seen + self.spatial_ch_projs(tokens[:, 0])[:, :, None, None]

    def forward(
        self,
        x: Tensor,
        timesteps: Tensor,
        context: Tensor,
        y: Tensor | None,
        seen: Tensor,
        kind: int | None = None,
    ) -> Residuals:
        """Without a `kind` it goes by the picture alone."""
        embedding = self.embedded(timesteps, y, x.dtype) + self.told(kind, x)
        return self.residuals(x, embedding, context, lambda first: self.leaned(seen, first, kind))


class _TwoLayers(nn.Module):
    def __init__(self, shapes: Shapes) -> None:
        super().__init__()
        self.linear_1 = Linear.of(shapes.below("linear_1"))
        self.linear_2 = Linear.of(shapes.below("linear_2"))

    def forward(self, x: Tensor) -> Tensor:
        return self.linear_2(functional.silu(self.linear_1(x)))
