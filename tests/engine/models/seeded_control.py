"""A ControlNet for the tiny checkpoint: its way down, with seeded convolutions around it."""

from collections.abc import Mapping

import torch
from torch import Tensor

Tensors = dict[str, Tensor]
SHARED = ("time_embed.", "label_emb.", "input_blocks.", "middle_block.")
HINT = (3, 4, 4, 6, 6, 8, 8, 8)  # channels before each of the hint's convolutions
SKIPS = (32, 32, 32, 64)  # channels of what the tiny U-Net hands across; of larger ones a multiple
IN_DIFFUSERS = {
    "time_embed.0": "time_embedding.linear_1",
    "time_embed.2": "time_embedding.linear_2",
    "input_hint_block.0": "controlnet_cond_embedding.conv_in",
    "input_hint_block.14": "controlnet_cond_embedding.conv_out",
    **{f"input_hint_block.{2 * n + 2}": f"controlnet_cond_embedding.blocks.{n}" for n in range(6)},
    **{f"zero_convs.{n}.0": f"controlnet_down_blocks.{n}" for n in range(4)},
    "middle_block_out.0": "controlnet_mid_block",
    "input_blocks.0.0": "conv_in",
    "input_blocks.1.0": "down_blocks.0.resnets.0",
    "input_blocks.1.1": "down_blocks.0.attentions.0",
    "input_blocks.2.0.op": "down_blocks.0.downsamplers.0.conv",
    "input_blocks.3.0": "down_blocks.1.resnets.0",
    "input_blocks.3.1": "down_blocks.1.attentions.0",
    "middle_block.0": "mid_block.resnets.0",
    "middle_block.1": "mid_block.attentions.0",
    "middle_block.2": "mid_block.resnets.1",
}
IN_RESIDUAL = {
    "in_layers.0": "norm1",
    "in_layers.2": "conv1",
    "emb_layers.1": "time_emb_proj",
    "out_layers.0": "norm2",
    "out_layers.3": "conv2",
    "skip_connection": "conv_shortcut",
}


def control_tensors(unet: Mapping[str, Tensor], *, gain: float = 0.1, seed: int = 0) -> Tensors:
    """With a `gain` of 0 the last convolutions are zero, as they are before training."""
    generator = torch.Generator().manual_seed(seed)

    def drawn(*shape: int, gain: float) -> Tensor:
        return torch.randn(shape, generator=generator) * gain

    tensors = {name: tensor for name, tensor in unet.items() if name.startswith(SHARED)}
    first = len(unet["input_blocks.0.0.weight"])
    for number, (before, after) in enumerate(zip(HINT, (*HINT[1:], first), strict=True)):
        tensors[f"input_hint_block.{2 * number}.weight"] = drawn(after, before, 3, 3, gain=0.3)
        tensors[f"input_hint_block.{2 * number}.bias"] = drawn(after, gain=0.1)
    widths = [width * first // SKIPS[0] for width in SKIPS]
    last = ("middle_block_out.0", widths[-1])
    for name, width in (*((f"zero_convs.{n}.0", w) for n, w in enumerate(widths)), last):
        tensors[f"{name}.weight"] = drawn(width, width, 1, 1, gain=gain)
        tensors[f"{name}.bias"] = drawn(width, gain=gain)
    return tensors


def union_tensors(unet: Mapping[str, Tensor], kinds: int = 6) -> Tensors:
    """One for several kinds of pictures."""
    generator = torch.Generator().manual_seed(9)
    width, time, wave = 32, 128, 16
    shapes = {
        "task_embedding": (kinds, width),
        "spatial_ch_projs.weight": (width, width),
        "spatial_ch_projs.bias": (width,),
        "control_add_embedding.linear_1.weight": (time, kinds * wave),
        "control_add_embedding.linear_1.bias": (time,),
        "control_add_embedding.linear_2.weight": (time, time),
        "control_add_embedding.linear_2.bias": (time,),
        "attn.in_proj_weight": (3 * width, width),
        "attn.in_proj_bias": (3 * width,),
        "attn.out_proj.weight": (width, width),
        "attn.out_proj.bias": (width,),
        "ln_1.weight": (width,),
        "ln_1.bias": (width,),
        "ln_2.weight": (width,),
        "ln_2.bias": (width,),
        "mlp.c_fc.weight": (4 * width, width),
        "mlp.c_fc.bias": (4 * width,),
        "mlp.c_proj.weight": (width, 4 * width),
        "mlp.c_proj.bias": (width,),
    }
    layer = ("attn", "ln", "mlp")
    drawn = {
        f"transformer_layes.0.{name}" if name.startswith(layer) else name: torch.randn(
            shape, generator=generator
        )
        * 0.3
        for name, shape in shapes.items()
    }
    return {**control_tensors(unet), **drawn}


def in_diffusers_layout(tensors: Mapping[str, Tensor]) -> Tensors:
    """The same by the names that diffusers would save it under."""
    return {_diffusers_name(name): tensor for name, tensor in tensors.items()}


def _diffusers_name(name: str) -> str:
    prefix = max((one for one in IN_DIFFUSERS if name.startswith(f"{one}.")), key=len)
    folder, rest = IN_DIFFUSERS[prefix], name.removeprefix(f"{prefix}.")
    inner, _, leaf = rest.rpartition(".")
    if ".resnets." in folder:
        return f"{folder}.{IN_RESIDUAL[inner]}.{leaf}"
    return f"{folder}.{rest}"
