"""Small random checkpoints of each family, with which whole workflows can be carried out quickly.

Their text encoders are as wide as the real ones, since that is how families are told from each
other, and have one layer or two.
"""

from dataclasses import replace
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor

from hub.engine.models.families import Family
from tests.engine.models.open_clip import open_clip
from tests.engine.models.seeded_checkpoint import (
    TEXT,
    UNET,
    Drawer,
    UNetDrawer,
    UNetSizes,
    VaeDrawer,
    draw_text,
)

VOCABULARY = 49408
_SIZES = {
    Family.SD1: UNetSizes(channels=32),
    Family.SD2: UNetSizes(channels=64, text=1024, is_linear=True),
    Family.SDXL: UNetSizes(channels=64, text=2048, labels=2816, depths=(0, 2), is_linear=True),
    Family.SDXL_REFINER: UNetSizes(channels=64, text=1280, labels=2560, is_linear=True),
    Family.UPSCALER: UNetSizes(
        channels=64,
        text=1024,
        multiples=(1, 2, 2),
        depths=(0, 1, 1),
        incoming=7,
        classes=1000,
        is_linear=True,
    ),
}
_SMALL = "cond_stage_model.transformer."


def write_tiny(family: Family, path: Path) -> None:
    """A checkpoint with denoiser, text encoders and autoencoder.

    That of the second Stable Diffusion predicts velocity, and was trained up to pure noise.
    """
    drawer = Drawer()
    UNetDrawer(drawer, _SIZES[family]).draw()
    multiples = (1, 2, 4) if family is Family.UPSCALER else (1, 2, 4, 4)
    VaeDrawer(drawer, channels=32, multiples=multiples).draw()
    if family in (Family.SD1, Family.SDXL):
        draw_text(drawer, layers=2, wide=64)
    tensors = {name: torch.from_numpy(values) for name, values in drawer.tensors.items()}
    if family is Family.SDXL:
        texts = [name for name in tensors if name.startswith(TEXT)]
        for name in texts:
            renamed = name.replace(_SMALL, "conditioner.embedders.0.transformer.")
            tensors[renamed] = tensors.pop(name)
        tensors |= _large("conditioner.embedders.1.model.")
    elif family is Family.SDXL_REFINER:
        tensors |= _large("conditioner.embedders.0.model.")
    elif family in (Family.SD2, Family.UPSCALER):
        tensors |= _large("cond_stage_model.model.", 1024)
    if family is Family.SD2:
        tensors |= {"v_pred": torch.tensor([]), "ztsnr": torch.tensor([])}
    save_file(tensors, path)


def write_tiny_editor(family: Family, path: Path) -> None:
    """A denoiser alone that sees the picture which it is to change; that of XL is a CosXL."""
    tensors = _denoiser(replace(_SIZES[family], incoming=8))
    if family is Family.SDXL:
        limits = {"edm_vpred.sigma_min": 0.002, "edm_vpred.sigma_max": 120.0}
        tensors |= {name: torch.tensor(level) for name, level in limits.items()}
    save_file(tensors, path)


def write_tiny_upscaler(path: Path) -> None:
    """Its denoiser alone."""
    save_file(_denoiser(_SIZES[Family.UPSCALER]), path)


def _denoiser(sizes: UNetSizes) -> dict[str, Tensor]:
    drawer = Drawer()
    UNetDrawer(drawer, sizes).draw()
    return {
        name.removeprefix(UNET): torch.from_numpy(values) for name, values in drawer.tensors.items()
    }


def _large(prefix: str, width: int = 1280) -> dict[str, Tensor]:
    return {f"{prefix}{name}": t for name, t in open_clip(width, vocabulary=VOCABULARY).items()}
