"""A GLIGEN for the tiny checkpoint: seeded layers for each of its transformers."""

from collections.abc import Mapping

import torch
from torch import Tensor

Tensors = dict[str, Tensor]
TEXT, WAVES, HIDDEN = 768, 64, 16
TOKEN = 48  # the real ones are 768 wide
_NORM = "norm1.weight"


def gligen_tensors(unet: Mapping[str, Tensor], seed: int = 0) -> Tensors:
    """By the names that they have within a U-Net."""
    generator = torch.Generator().manual_seed(seed)

    def drawn(*shape: int) -> Tensor:
        gain: float = (shape[-1] if shape else 1) ** -0.5
        return torch.randn(shape, generator=generator) * gain

    tensors = {
        **_layer("position_net.linears.0", drawn(HIDDEN, TEXT + WAVES), drawn(HIDDEN)),
        **_layer("position_net.linears.2", drawn(HIDDEN, HIDDEN), drawn(HIDDEN)),
        **_layer("position_net.linears.4", drawn(TOKEN, HIDDEN) * 4, drawn(TOKEN)),
        "position_net.null_positive_feature": drawn(TEXT) * 8,
        "position_net.null_position_feature": drawn(WAVES) * 8,
    }
    for name, norm in unet.items():
        if name.endswith(f".{_NORM}") and "transformer_blocks" in name:
            fuser, width = f"{name.removesuffix(_NORM)}fuser", len(norm)
            tensors |= {
                **_layer(f"{fuser}.linear", drawn(width, TOKEN), drawn(width)),
                **{f"{fuser}.attn.to_{x}.weight": drawn(width, width) * 2 for x in "qkv"},
                **_layer(f"{fuser}.attn.to_out.0", drawn(width, width) * 2, drawn(width)),
                **_layer(f"{fuser}.ff.net.0.proj", drawn(8 * width, width), drawn(8 * width)),
                **_layer(f"{fuser}.ff.net.2", drawn(width, 4 * width), drawn(width)),
                **_layer(f"{fuser}.norm1", 1 + drawn(width), drawn(width)),
                **_layer(f"{fuser}.norm2", 1 + drawn(width), drawn(width)),
                f"{fuser}.alpha_attn": drawn(),
                f"{fuser}.alpha_dense": drawn(),
            }
    return tensors


def _layer(name: str, weight: Tensor, bias: Tensor) -> Tensors:
    return {f"{name}.weight": weight, f"{name}.bias": bias}
