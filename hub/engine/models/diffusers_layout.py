"""U-Nets and ControlNets in the layout of diffusers, by the names of the first checkpoints.

Both number the same layers in the same order; diffusers counts within its levels, and the first
ones through all of them.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import chain

from torch import Tensor

from hub.engine.models.model_file import Tensors
from hub.engine.models.shapes import Shapes

CONTROL_MARK = "controlnet_cond_embedding.conv_in.weight"
UNET_MARK = "conv_norm_out.weight"

_PARTS = (
    (r"time_embedding\.linear_1\.", r"time_embed.0."),
    (r"time_embedding\.linear_2\.", r"time_embed.2."),
    (r"(?:add|class)_embedding\.linear_1\.", r"label_emb.0.0."),
    (r"(?:add|class)_embedding\.linear_2\.", r"label_emb.0.2."),
    (r"class_embedding\.weight", r"label_emb.weight"),
    (r"conv_in\.", r"input_blocks.0.0."),
    (r"conv_norm_out\.", r"out.0."),
    (r"conv_out\.", r"out.2."),
    (r"controlnet_cond_embedding\.conv_in\.", r"input_hint_block.0."),
    (r"controlnet_down_blocks\.(\d+)\.", r"zero_convs.\1.0."),
    (r"controlnet_mid_block\.", r"middle_block_out.0."),
)
_RESIDUAL = {
    "norm1.": "in_layers.0.",
    "conv1.": "in_layers.2.",
    "time_emb_proj.": "emb_layers.1.",
    "norm2.": "out_layers.0.",
    "conv2.": "out_layers.3.",
    "conv_shortcut.": "skip_connection.",
}


def in_first_names(tensors: Mapping[str, Tensor]) -> Tensors:
    """The same tensors by the first names; one that has none there keeps its own."""
    shapes = Shapes.of(tensors)
    parts = (_hint(shapes), _way_down(shapes), _middle(shapes), _way_up(shapes))
    prefixes = dict(chain.from_iterable(parts))
    return {_first_name(name, prefixes): tensor for name, tensor in tensors.items()}


def _first_name(name: str, prefixes: Mapping[str, str]) -> str:
    for pattern, replacement in _PARTS:
        if re.match(pattern, name):
            return re.sub(pattern, replacement, name, count=1)
    for prefix, first in prefixes.items():
        if name.startswith(prefix):
            rest = name.removeprefix(prefix)
            return first + _within(rest) if ".resnets." in prefix else first + rest
    return name


def _within(name: str) -> str:
    """Within a residual block."""
    part = next((part for part in _RESIDUAL if name.startswith(part)), "")
    return _RESIDUAL.get(part, "") + name.removeprefix(part)


def _hint(shapes: Shapes) -> Iterator[tuple[str, str]]:
    """Its convolutions, which the first names count with the functions between them."""
    count = len(list(shapes.below("controlnet_cond_embedding.blocks").numbered()))
    for number in range(count):
        yield (
            f"controlnet_cond_embedding.blocks.{number}.",
            f"input_hint_block.{2 * number + 2}.",
        )
    yield "controlnet_cond_embedding.conv_out.", f"input_hint_block.{2 * count + 2}."


def _way_down(shapes: Shapes) -> Iterator[tuple[str, str]]:
    number = 1  # 0 is the first convolution
    for place, level in enumerate(shapes.below("down_blocks").numbered()):
        for block, _ in enumerate(level.below("resnets").numbered()):
            for part, kind in enumerate(("resnets", "attentions")):
                yield f"down_blocks.{place}.{kind}.{block}.", f"input_blocks.{number}.{part}."
            number += 1
        if "downsamplers" in level:
            yield f"down_blocks.{place}.downsamplers.0.conv.", f"input_blocks.{number}.0.op."
            number += 1


def _middle(shapes: Shapes) -> Iterator[tuple[str, str]]:
    """Attention stands between residual blocks."""
    middle, number = shapes.below("mid_block"), 0
    for block, _ in enumerate(middle.below("resnets").numbered()):
        for kind in ("resnets", "attentions"):
            if f"{kind}.{block}" in middle:
                yield f"mid_block.{kind}.{block}.", f"middle_block.{number}."
                number += 1


def _way_up(shapes: Shapes) -> Iterator[tuple[str, str]]:
    """What leads to the next level stands beside the last block of its own."""
    number = -1
    for place, level in enumerate(shapes.below("up_blocks").numbered()):
        for block, _ in enumerate(level.below("resnets").numbered()):
            number += 1
            for part, kind in enumerate(("resnets", "attentions")):
                yield f"up_blocks.{place}.{kind}.{block}.", f"output_blocks.{number}.{part}."
        last = 2 if "attentions" in level else 1
        yield f"up_blocks.{place}.upsamplers.0.conv.", f"output_blocks.{number}.{last}.conv."
