"""Small upscalers of the architecture that most files have, with seeded random weights."""

import os
from pathlib import Path

import torch
from safetensors.torch import save_file

BLOCKS, FEATURES, GROWTH = 1, 8, 32
REAL = os.environ.get("HUB_UPSCALER")
"""A file of real RealESRGAN x4plus weights, where somebody has one."""


def weights(seed: int = 0) -> dict[str, torch.Tensor]:
    """ESRGAN, four times as large: residual blocks of densely joined convolutions."""
    source = torch.Generator().manual_seed(seed)
    shapes = {"conv_first": (FEATURES, 3)}
    for block in range(BLOCKS):
        for rdb in (1, 2, 3):
            for number in range(1, 6):
                out = FEATURES if number == 5 else GROWTH
                name = f"body.{block}.rdb{rdb}.conv{number}"
                shapes[name] = (out, FEATURES + (number - 1) * GROWTH)
    for name in ("conv_body", "conv_up1", "conv_up2", "conv_hr"):
        shapes[name] = (FEATURES, FEATURES)
    shapes["conv_last"] = (3, FEATURES)
    made = {}
    for name, (out, inputs) in shapes.items():
        scale = 0.5 * (2 / (inputs * 9)) ** 0.5  # as trained ones, none drowns the picture
        made[f"{name}.weight"] = torch.randn(out, inputs, 3, 3, generator=source) * scale
        made[f"{name}.bias"] = torch.full((out,), 0.1)
    return made


def save(folder: Path, name: str) -> Path:
    """A file of such weights, where the loader looks for it."""
    path = folder / "models" / "upscale_models" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".safetensors":
        save_file(weights(), path)
    else:
        torch.save({"params_ema": weights()}, path)
    return path
