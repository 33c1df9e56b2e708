"""What diffusers calls the layers of a U-Net, which checkpoints number through.

It groups them by resolution: the residual blocks of one level, their transformers, and what leads
to the next level. So the numbers there follow from the kinds of blocks here.
"""

from collections.abc import Iterable, Iterator

from torch import nn

from hub.engine.models.unet import UNet
from hub.engine.models.unet_blocks import Downsample, ResBlock, SpatialTransformer, Upsample

_OUTSIDE_THE_LEVELS = {
    "time_embed.0": "time_embedding.linear_1",
    "time_embed.2": "time_embedding.linear_2",
    "label_emb.0.0": "add_embedding.linear_1",
    "label_emb.0.2": "add_embedding.linear_2",
    "input_blocks.0.0": "conv_in",
    "middle_block.0": "mid_block.resnets.0",
    "middle_block.1": "mid_block.attentions.0",
    "middle_block.2": "mid_block.resnets.1",
    "out.0": "conv_norm_out",
    "out.2": "conv_out",
}
_WITHIN_A_BLOCK = {
    "in_layers.0": "norm1",
    "in_layers.2": "conv1",
    "emb_layers.1": "time_emb_proj",
    "out_layers.0": "norm2",
    "out_layers.3": "conv2",
    "skip_connection": "conv_shortcut",
    "op": "conv",
}


def diffusers_names(unet: UNet) -> dict[str, str]:
    """The name there of every layer here."""
    modules = dict(unet.named_modules())
    return {
        f"{ours}.{layer}".rstrip("."): f"{theirs}.{_WITHIN_A_BLOCK.get(layer, layer)}".rstrip(".")
        for ours, theirs in _blocks(unet)
        if ours in modules
        for layer in layers_of(modules[ours])
    }


def layers_of(module: nn.Module) -> Iterable[str]:
    """The parts that have a weight; "" is the module itself."""
    names = (name.rpartition(".")[0] for name, _ in module.named_parameters())
    return dict.fromkeys(names)


def _blocks(unet: UNet) -> Iterator[tuple[str, str]]:
    yield from _OUTSIDE_THE_LEVELS.items()
    yield from _levels("input_blocks", unet.input_blocks, "down_blocks")
    yield from _levels("output_blocks", unet.output_blocks, "up_blocks")


def _levels(ours: str, stages: nn.ModuleList, theirs: str) -> Iterator[tuple[str, str]]:
    level = place = 0
    for number, stage in enumerate(stages):
        kinds = [_kind(block, place) for block in stage.children()]
        for part, kind in enumerate(kinds):
            if kind is not None:
                yield f"{ours}.{number}.{part}", f"{theirs}.{level}.{kind}"
        if kinds[-1] in ("downsamplers.0", "upsamplers.0"):
            level, place = level + 1, 0
        elif kinds[0] is not None:
            place += 1


def _kind(block: nn.Module, place: int) -> str | None:
    match block:
        case ResBlock():
            return f"resnets.{place}"
        case SpatialTransformer():
            return f"attentions.{place}"
        case Downsample():
            return "downsamplers.0"
        case Upsample():
            return "upsamplers.0"
        case _:  # the first convolution
            return None
