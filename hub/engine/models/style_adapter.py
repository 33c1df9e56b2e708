"""The style adapter among the T2I-Adapters (Mou et al. 2023): a picture's style as some words.

Parameters are named as in its authors' files.
"""

import torch
from torch import Tensor, nn

from hub.engine.models.attention_layer import AttentionLayer
from hub.engine.models.layers import LayerNorm
from hub.engine.models.shapes import Shapes


class StyleAdapter(nn.Module):
    def __init__(self, shapes: Shapes) -> None:
        super().__init__()
        layers = shapes.below("transformer_layes").numbered()  # as its authors spell it
        self.transformer_layes = nn.ModuleList(map(AttentionLayer, layers))
        self.style_embedding = nn.Parameter(torch.empty(shapes.shape("style_embedding")))
        self.ln_pre = LayerNorm.of(shapes.below("ln_pre"))
        self.ln_post = LayerNorm.of(shapes.below("ln_post"))
        self.proj = nn.Parameter(torch.empty(shapes.shape("proj")))

    def forward(self, states: Tensor) -> Tensor:
        """Of a vision encoder's states [pictures, tokens, width] the words [pictures, words, width
        of the text]."""
        asking = self.style_embedding.to(states).expand(len(states), -1, -1)
        x = self.ln_pre(torch.cat([states, asking], dim=1))
        for layer in self.transformer_layes:
            x = layer(x)
        words: Tensor = self.ln_post(x[:, -asking.shape[1] :]) @ self.proj.to(x)
        return words
