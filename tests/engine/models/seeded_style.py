"""A small random style adapter, by the names of its authors' files."""

import math

import torch
from torch import Tensor

LAYERS, WORDS = 2, 8


def style_tensors(width: int, text: int = 768) -> dict[str, Tensor]:
    draw = torch.Generator().manual_seed(width)

    def random(*shape: int) -> Tensor:
        return torch.randn(*shape, generator=draw) / math.sqrt(shape[-1])

    tensors = {"style_embedding": random(1, WORDS, width), "proj": random(width, text)}
    layers = [f"transformer_layes.{number}" for number in range(LAYERS)]
    norms = [f"{layer}.{norm}" for layer in layers for norm in ("ln_1", "ln_2")]
    for norm in ("ln_pre", "ln_post", *norms):
        tensors |= {f"{norm}.weight": 1 + random(width), f"{norm}.bias": random(width)}
    for layer in layers:
        for name, outgoing, incoming in (
            ("attn.in_proj_", 3 * width, width),
            ("attn.out_proj.", width, width),
            ("mlp.c_fc.", 4 * width, width),
            ("mlp.c_proj.", width, 4 * width),
        ):
            tensors[f"{layer}.{name}weight"] = random(outgoing, incoming)
            tensors[f"{layer}.{name}bias"] = random(outgoing)
    return tensors
