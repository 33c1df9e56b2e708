"""A small random PhotoMaker, by the names of its authors' files."""

import math

import torch
from torch import Tensor

from tests.engine.models.seeded_vision import vision_tensors

_HIDDEN = 24


def photo_maker_tensors(
    width: int = 1024, texts: tuple[int, int] = (768, 1280)
) -> dict[str, Tensor]:
    """The network, for a vision encoder and two text encoders of these widths; as large as the
    real one these are told by their default."""
    draw = torch.Generator().manual_seed(sum(texts))

    def random(*shape: int) -> Tensor:
        return torch.randn(*shape, generator=draw) / math.sqrt(shape[-1])

    joined = sum(texts)
    tensors = vision_tensors(width) | {
        "visual_projection.weight": random(texts[0], width),
        "visual_projection_2.weight": random(texts[1], width),
    }
    del tensors["logit_scale"]
    sizes = {"mlp1": 2 * joined, "mlp2": joined}
    for name, incoming in sizes.items():
        part = f"fuse_module.{name}"
        tensors |= {
            f"{part}.fc1.weight": random(_HIDDEN, incoming),
            f"{part}.fc1.bias": random(_HIDDEN),
            f"{part}.fc2.weight": random(joined, _HIDDEN),
            f"{part}.fc2.bias": random(joined),
        }
    norms = {"mlp1.layernorm": 2 * joined, "mlp2.layernorm": joined, "layer_norm": joined}
    for name, size in norms.items():
        tensors |= {
            f"fuse_module.{name}.weight": 1 + random(size),
            f"fuse_module.{name}.bias": random(size),
        }
    return tensors
