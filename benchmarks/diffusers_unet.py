"""The U-Net of diffusers with the weights of one of ours."""

import importlib
from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from hub.engine.models.diffusers_names import diffusers_names
from hub.engine.models.unet import UNet
from tests.engine.models.seeded_checkpoint import UNetSizes

_CROSSING, _PLAIN = "CrossAttn{}Block2D", "{}Block2D"
_SIZE_WIDTH = 256  # of each number that XL is told besides the text


def unet_of_diffusers(
    ours: UNet, tensors: Mapping[str, Tensor], sizes: UNetSizes, heads: int | Sequence[int]
) -> Any:
    """`tensors` are the weights of `ours`, which has these sizes."""
    diffusers = importlib.import_module("diffusers")
    kinds = [_CROSSING if depth else _PLAIN for depth in sizes.depths]
    told_besides = {
        "addition_embed_type": "text_time",
        "addition_time_embed_dim": _SIZE_WIDTH,
        "projection_class_embeddings_input_dim": sizes.labels,
    }
    with torch.device("meta"):  # values come from ours
        theirs = diffusers.UNet2DConditionModel(
            block_out_channels=tuple(sizes.channels * multiple for multiple in sizes.multiples),
            layers_per_block=sizes.blocks,
            cross_attention_dim=sizes.text,
            attention_head_dim=heads,
            transformer_layers_per_block=[depth or 1 for depth in sizes.depths],
            down_block_types=tuple(kind.format("Down") for kind in kinds),
            up_block_types=tuple(kind.format("Up") for kind in reversed(kinds)),
            use_linear_projection=sizes.is_linear,
            **(told_besides if sizes.labels else {}),
        ).eval()
    names = diffusers_names(ours)
    theirs.load_state_dict(
        {
            f"{names[layer]}.{leaf}": tensor
            for (layer, _, leaf), tensor in ((n.rpartition("."), t) for n, t in tensors.items())
        },
        assign=True,
    )
    return theirs
