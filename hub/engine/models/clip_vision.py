"""CLIP's vision transformer (Radford et al. 2021), with parameters named as in transformers."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from hub.engine.models.clip_layers import Encoder, LayerConfig, quick_gelu
from hub.engine.models.layers import Conv2d, Embedding, LayerNorm, Linear
from hub.engine.models.shapes import Shapes

_HEADS = {768: 12}  # all others have 16, whatever their width
_MOST_HEADS = 16
_OPENAIS = (768, 1024)  # widths of OpenAI's own, which have the quick approximation of GELU


@dataclass(frozen=True, kw_only=True, slots=True)
class VisionStates:
    """States [batch, tokens, width] after the last layer and the one before, and what the picture
    is as a whole [batch, width], also in the width of the projection."""

    last: Tensor
    penultimate: Tensor
    pooled: Tensor
    projected: Tensor


class Embeddings(nn.Module):
    """A token for each patch, behind one for the whole."""

    def __init__(self, shapes: Shapes) -> None:
        super().__init__()
        patch = shapes.shape("patch_embedding.weight")[-1]
        self.class_embedding = nn.Parameter(torch.empty(shapes.shape("class_embedding")))
        self.patch_embedding = Conv2d.of(
            shapes.below("patch_embedding"), stride=patch, padding=0, bias=False
        )
        self.position_embedding = Embedding.of(shapes.below("position_embedding"))

    def forward(self, pixels: Tensor) -> Tensor:
        patches = self.patch_embedding(pixels).flatten(2).transpose(1, 2)
        whole = self.class_embedding.to(patches).expand(len(pixels), 1, -1)
        return torch.cat([whole, patches], dim=1) + self.position_embedding.weight.to(patches)


class VisionModel(nn.Module):
    def __init__(self, shapes: Shapes) -> None:
        super().__init__()
        self.embeddings = Embeddings(shapes.below("embeddings"))
        self.pre_layrnorm = LayerNorm.of(shapes.below("pre_layrnorm"))  # the files spell it so
        width = self.embeddings.position_embedding.embedding_dim
        self.encoder = Encoder(shapes.below("encoder"), _config(width))
        self.post_layernorm = LayerNorm.of(shapes.below("post_layernorm"))


class ClipVision(nn.Module):
    def __init__(self, shapes: Shapes) -> None:
        super().__init__()
        self.vision_model = VisionModel(shapes.below("vision_model"))
        self.visual_projection = Linear.of(shapes.below("visual_projection"), bias=False)

    @property
    def size(self) -> int:
        """The side of the pictures that it looks at, in pixels."""
        embeddings = self.vision_model.embeddings
        patches = embeddings.position_embedding.num_embeddings - 1
        return int(patches**0.5) * embeddings.patch_embedding.kernel_size[0]

    def forward(self, pixels: Tensor) -> VisionStates:
        """`pixels` are [batch, 3, size, size], normalised."""
        model = self.vision_model
        penultimate = last = model.pre_layrnorm(model.embeddings(pixels))
        for state in model.encoder(last):
            penultimate, last = last, state
        pooled = model.post_layernorm(last[:, 0])
        return VisionStates(
            last=last,
            penultimate=penultimate,
            pooled=pooled,
            projected=self.visual_projection(pooled),
        )


def _config(width: int) -> LayerConfig:
    activation = quick_gelu if width in _OPENAIS else functional.gelu
    return LayerConfig(heads=_HEADS.get(width, _MOST_HEADS), activation=activation)
