"""Autoencoders in the layout of diffusers, by the names of the first checkpoints.

Both have the same layers. Diffusers counts the levels of the decoder from the smallest picture on,
and keeps attention as matrices, where the first ones have convolutions of single places.
"""

import re
from collections.abc import Mapping

from torch import Tensor

from hub.engine.models.model_file import Tensors
from hub.engine.models.shapes import Shapes

MARK = "decoder.conv_norm_out.weight"

_UP = re.compile(r"decoder\.up_blocks\.(\d+)\.")
_ATTENTION = ".mid.attn_1."
_PARTS = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"\.conv_norm_out\.", ".norm_out."),
        (r"encoder\.down_blocks\.", "encoder.down."),
        (r"\.mid_block\.resnets\.0\.", ".mid.block_1."),
        (r"\.mid_block\.resnets\.1\.", ".mid.block_2."),
        (r"\.mid_block\.attentions\.0\.", _ATTENTION),
        (r"\.resnets\.", ".block."),
        (r"\.(down|up)samplers\.0\.", r".\1sample."),
        (r"\.conv_shortcut\.", ".nin_shortcut."),
        (r"\.group_norm\.", ".norm."),
        (r"\.(?:to_q|query)\.", ".q."),
        (r"\.(?:to_k|key)\.", ".k."),
        (r"\.(?:to_v|value)\.", ".v."),
        (r"\.(?:to_out\.0|proj_attn)\.", ".proj_out."),
    )
)


def in_first_names(tensors: Mapping[str, Tensor]) -> Tensors:
    """The same tensors by the first names; one that has none there keeps its own."""
    levels = len(list(Shapes.of(tensors).below("decoder.up_blocks").numbered()))

    def from_the_other_end(level: re.Match[str]) -> str:
        return f"decoder.up.{levels - 1 - int(level[1])}."

    named: Tensors = {}
    for name, tensor in tensors.items():
        first = _UP.sub(from_the_other_end, name)
        for pattern, replacement in _PARTS:
            first = pattern.sub(replacement, first)
        is_matrix = _ATTENTION in first and tensor.dim() == 2
        named[first] = tensor[:, :, None, None] if is_matrix else tensor
    return named
