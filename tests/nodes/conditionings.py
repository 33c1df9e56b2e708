"""Texts of chance for a model, as CONDITIONINGs."""

from typing import Any

import torch

from hub.engine.models.diffusion_model import DiffusionModel


def conditioning(model: DiffusionModel, seed: int) -> list[list[Any]]:
    width = model.model.diffusion_model.context_width
    generator = torch.Generator().manual_seed(seed)
    return [[torch.randn(1, 77, width, generator=generator), {}]]
