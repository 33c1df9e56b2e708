"""The U-Net of Stable Diffusion 1, 2 and XL, built from the shapes of its weights."""

import torch
from torch import Tensor, nn

from hub.engine.models.layers import Conv2d, Embedding, GroupNorm, Linear, waves
from hub.engine.models.residuals import NO_RESIDUALS, Residuals
from hub.engine.models.shapes import Shapes
from hub.engine.models.unet_blocks import (
    HEADS_OF_THE_FIRST,
    Downsample,
    ResBlock,
    SpatialTransformer,
    Upsample,
)
from hub.engine.models.unet_hooks import UNetHooks

_CLASSES = "label_emb.weight"


class Stage(nn.ModuleList):
    """What lies between two skip connections. `heads` as in `SpatialTransformer`."""

    def __init__(self, shapes: Shapes, heads: int | None = None) -> None:
        super().__init__(_block(part, heads) for part in shapes.numbered())

    def forward(
        self,
        x: Tensor,
        embedding: Tensor,
        context: Tensor,
        size: torch.Size,
        hooks: UNetHooks,
    ) -> Tensor:
        """`size` is the height and width to come to, if this stage enlarges."""
        for block in self:
            match block:
                case Upsample():
                    x = block(x, size)
                case Conv2d():
                    x = block(x)
                case _:
                    x = hooks.run(block, x, embedding, context, hooks)
        return x


class UNetEncoder(nn.Module):
    """The way down and the middle, which a U-Net and its ControlNets have alike.

    `shapes` are those of the parameters, named as in the checkpoints (Rombach et al. 2022).
    """

    def __init__(self, shapes: Shapes) -> None:
        super().__init__()
        self.model_channels, self.in_channels = shapes.shape("input_blocks.0.0.weight")[:2]
        self.context_width = _context_width(shapes)
        self.time_embed = _two_layers(shapes.below("time_embed"))
        self.adm_channels = 0
        if _CLASSES in shapes:
            self.label_emb: nn.Module = Embedding.of(shapes.below("label_emb"))
            self.adm_channels = shapes.shape(_CLASSES)[0]
        elif "label_emb" in shapes:
            self.label_emb = nn.Sequential(_two_layers(shapes.below("label_emb.0")))
            self.adm_channels = shapes.shape("label_emb.0.0.weight")[1]
        self.input_blocks = _stages(shapes, "input_blocks")
        self.middle_block = Stage(shapes.below("middle_block"), _heads(shapes))

    def embedded(self, timesteps: Tensor, y: Tensor | None, dtype: torch.dtype) -> Tensor:
        """What every block is told of the time, and of `y`: [batch, width]."""
        embedding: Tensor = self.time_embed(waves(timesteps, self.model_channels).to(dtype))
        return embedding if y is None else embedding + self.label_emb(y).to(dtype)


class UNet(UNetEncoder):
    """Predicts from a noisy latent what the model was trained to predict."""

    def __init__(self, shapes: Shapes) -> None:
        super().__init__(shapes)
        self.out_channels = shapes.shape("out.2.weight")[0]
        self.output_blocks = _stages(shapes, "output_blocks")
        down, up = len(self.input_blocks), len(self.output_blocks)
        if down != up:  # a skip connection leads from each of these to one of those
            raise KeyError(f"input_blocks.{down}" if down < up else f"output_blocks.{up}")
        out = shapes.below("out")
        self.out = nn.Sequential(
            GroupNorm.of(out.below(0), eps=1e-5), nn.SiLU(), Conv2d.of(out.below(2))
        )
        self._layers = tuple(self.modules())

    @property
    def is_changed(self) -> bool:
        """Whether somebody put functions into its layers, as node packs do; these may do all."""
        return any(map(_is_changed, self._layers))

    def forward(
        self,
        x: Tensor,
        timesteps: Tensor,
        context: Tensor,
        y: Tensor | None = None,
        hooks: UNetHooks | None = None,
        control: Residuals = NO_RESIDUALS,
    ) -> Tensor:
        """`x` [batch, channels, height, width], `timesteps` [batch], `context` [batch, tokens,
        width], and for models that have it `y`: [batch, `adm_channels`], or classes [batch]."""
        hooks = hooks or UNetHooks({})
        hooks.whole = x.shape
        embedding = self.embedded(timesteps, y, x.dtype)
        skips = []
        for number, stage in enumerate(self.input_blocks):
            hooks.block = ("input", number)
            x = control.after_input(number, stage(x, embedding, context, x.shape[2:], hooks))
            x = hooks.after_input(x)
            skips.append(x)
            x = hooks.after_skip(x)
        hooks.block = ("middle", 0)
        x = control.after_middle(self.middle_block(x, embedding, context, x.shape[2:], hooks))
        skips = control.across(skips)
        for number, stage in enumerate(self.output_blocks):
            hooks.block = ("output", number)
            x = torch.cat(hooks.before_output(x, skips.pop()), dim=1)
            size = skips[-1].shape[2:] if skips else x.shape[2:]
            x = stage(x, embedding, context, size, hooks)
        return self.out(x)


def _stages(shapes: Shapes, name: str) -> nn.ModuleList:
    heads = _heads(shapes)
    return nn.ModuleList(Stage(stage, heads) for stage in shapes.below(name).numbered())


def _heads(shapes: Shapes) -> int | None:
    """The one of these models that knows classes has the heads of the first."""
    return HEADS_OF_THE_FIRST if _CLASSES in shapes else None


def _is_changed(layer: nn.Module) -> bool:
    changed = layer._forward_hooks or layer._forward_pre_hooks or "forward" in layer.__dict__
    return bool(changed)


def _context_width(shapes: Shapes) -> int:
    """How wide the texts are that its first transformer attends to."""
    stages = (*shapes.below("input_blocks").numbered(), shapes.below("middle_block"))
    texts = (
        block.below("transformer_blocks.0.attn2.to_k")
        for stage in stages
        for block in stage.numbered()
    )
    return next((text.shape("weight")[1] for text in texts if "weight" in text), 0)


def _block(shapes: Shapes, heads: int | None) -> nn.Module:
    """The kind of block, which the names of its parameters tell."""
    if "in_layers" in shapes:
        return ResBlock(shapes)
    if "transformer_blocks" in shapes:
        return SpatialTransformer(shapes, heads)
    if "op" in shapes:
        return Downsample(shapes)
    if "conv" in shapes:
        return Upsample(shapes)
    return Conv2d.of(shapes)


def _two_layers(shapes: Shapes) -> nn.Sequential:
    return nn.Sequential(Linear.of(shapes.below(0)), nn.SiLU(), Linear.of(shapes.below(2)))
