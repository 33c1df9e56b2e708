"""CLIP's text transformer (Radford et al. 2021), with parameters named as in SD 1's checkpoints."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from hub.engine.models.clip_layers import Encoder, LayerConfig, quick_gelu
from hub.engine.models.layers import Embedding, LayerNorm, Linear
from hub.engine.models.shapes import Shapes

HEAD_WIDTH = 64
WIDTH_OF_THE_FIRST = 768  # CLIP-L, OpenAI's own; it alone has the quick approximation of GELU


@dataclass(frozen=True, kw_only=True, slots=True)
class TextStates:
    """What the transformer made of [batch, tokens].

    `hidden` holds the states before the first layer and after each of them, without the final
    norm; `last` is the last of them with it, and `pooled` its token at the end of the text.
    """

    hidden: tuple[Tensor, ...]
    last: Tensor
    pooled: Tensor


class Embeddings(nn.Module):
    def __init__(self, shapes: Shapes) -> None:
        super().__init__()
        self.token_embedding = Embedding.of(shapes.below("token_embedding"))
        self.position_embedding = Embedding.of(shapes.below("position_embedding"))

    def forward(self, rows: Tensor) -> Tensor:
        return rows + self.position_embedding.weight[: rows.shape[1]].to(rows.dtype)


class TextModel(nn.Module):
    def __init__(self, shapes: Shapes) -> None:
        super().__init__()
        self.embeddings = Embeddings(shapes.below("embeddings"))
        self.encoder = Encoder(
            shapes.below("encoder"), _config(self.embeddings.token_embedding.embedding_dim)
        )
        self.final_layer_norm = LayerNorm.of(shapes.below("final_layer_norm"))


class ClipText(nn.Module):
    """The transformer, and the projection of the pooled token if the file has one."""

    def __init__(self, shapes: Shapes) -> None:
        super().__init__()
        self.text_model = TextModel(shapes.below("text_model"))
        if "text_projection" in shapes:
            self.text_projection = Linear.of(shapes.below("text_projection"), bias=False)

    @property
    def width(self) -> int:
        return self.text_model.embeddings.token_embedding.embedding_dim

    @property
    def layer_count(self) -> int:
        return len(self.text_model.encoder.layers)

    def rows(self, ids: Tensor) -> Tensor:
        """The embeddings of token ids, in float32."""
        return functional.embedding(ids, self.text_model.embeddings.token_embedding.weight).float()

    def forward(self, rows: Tensor, ends: Tensor) -> TextStates:
        """`rows` are embeddings [batch, tokens, width], `ends` the position of each text's end."""
        hidden = tuple(self.text_model.encoder(self.text_model.embeddings(rows)))
        last = self.text_model.final_layer_norm(hidden[-1])
        pooled = last[torch.arange(len(last), device=last.device), ends]
        return TextStates(hidden=hidden, last=last, pooled=pooled)

    def projected(self, pooled: Tensor) -> Tensor:
        return self.text_projection(pooled) if hasattr(self, "text_projection") else pooled


def _config(width: int) -> LayerConfig:
    activation = quick_gelu if width == WIDTH_OF_THE_FIRST else functional.gelu
    return LayerConfig(heads=width // HEAD_WIDTH, activation=activation, is_causal=True)
