"""Text encoders with the names and the joined tensors of OpenCLIP."""

from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor


def save_open_clip(path: Path, width: int) -> Path:
    save_file(open_clip(width), path)
    return path


def open_clip(width: int, *, layers: int = 2, vocabulary: int = 49408) -> dict[str, Tensor]:
    draw = torch.Generator().manual_seed(0)

    def random(*shape: int) -> Tensor:
        return (torch.randn(*shape, generator=draw) * 0.05).half()

    tensors = {
        "token_embedding.weight": random(64, width).repeat(vocabulary // 64, 1),
        "positional_embedding": random(77, width),
        "ln_final.weight": 1 + random(width),
        "ln_final.bias": random(width),
        "text_projection": random(width, width),
        "logit_scale": torch.tensor(1.0),
    }
    for number in range(layers):
        layer = f"transformer.resblocks.{number}"
        for norm in ("ln_1", "ln_2"):
            tensors[f"{layer}.{norm}.weight"] = 1 + random(width)
            tensors[f"{layer}.{norm}.bias"] = random(width)
        for name, outgoing, incoming in (
            ("attn.in_proj_", 3 * width, width),
            ("attn.out_proj.", width, width),
            ("mlp.c_fc.", 64, width),
            ("mlp.c_proj.", width, 64),
        ):
            tensors[f"{layer}.{name}weight"] = random(outgoing, incoming)
            tensors[f"{layer}.{name}bias"] = random(outgoing)
    return tensors
