"""A U-Net with the meaning of its output: from a noisy latent to the clean one behind it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from hub.engine.models.families import Family, ModelFacts
from hub.engine.models.latent_formats import LatentFormat
from hub.engine.models.model_config import CONFIGS, ModelConfig
from hub.engine.models.residuals import NO_RESIDUALS, Residuals
from hub.engine.models.unet import UNet
from hub.engine.models.unet_hooks import UNetHooks
from hub.engine.models.weights import Weights
from hub.engine.models.wrappers import DIFFUSION_MODEL, Executor, wrappers_of
from hub.engine.sampling.model_sampling import ModelSampling


@dataclass(frozen=True, slots=True)
class Denoiser:
    """What all copies of a MODEL share. Property names are those that node packs read."""

    weights: Weights[UNet]
    facts: ModelFacts

    @property
    def diffusion_model(self) -> UNet:
        return self.weights.module

    @property
    def model_sampling(self) -> ModelSampling:
        return self.facts.sampling

    @property
    def latent_format(self) -> LatentFormat:
        return self.facts.family.latent_format

    @property
    def model_config(self) -> ModelConfig:
        return CONFIGS[self.family](self.diffusion_model, self.latent_format)

    @property
    def family(self) -> Family:
        return self.facts.family


def denoised(
    unet: UNet,
    sampling: ModelSampling,
    x: Tensor,
    sigma: Tensor,
    *,
    c_crossattn: Tensor,
    c_concat: Tensor | None = None,
    y: Tensor | None = None,
    control: Residuals = NO_RESIDUALS,
    transformer_options: Mapping[str, Any] | None = None,
    network: Callable[..., Tensor] | None = None,
) -> Tensor:
    """The clean latents behind `x` [batch, channels, height, width] at levels `sigma` [batch].

    `network` is what is called in the place of `unet`.

    The network computes in the type of the text `c_crossattn` [batch, tokens, width]; all around
    it is in float32, in which the levels are exact.
    """
    levels = sigma.to(x)[:, None, None, None]
    scaled = sampling.prediction.scaled(x, levels).to(c_crossattn)
    if c_concat is not None:
        scaled = torch.cat([scaled, c_concat.to(scaled)], dim=1)
    timesteps = sampling.levels.timestep(sigma.cpu().float()).to(x.device)
    options = transformer_options or {}

    def called(
        x: Tensor,
        timesteps: Tensor,
        context: Tensor,
        y: Tensor | None = None,
        control: Residuals | None = None,
        transformer_options: Mapping[str, Any] = options,
        **more: Any,
    ) -> Tensor:
        steered = NO_RESIDUALS if control is None else control
        hooks = UNetHooks(transformer_options) if transformer_options else None
        answer: Tensor = (network or unet)(x, timesteps, context, y, hooks, steered)
        return answer

    wrapped = Executor(called, unet, wrappers_of(options, DIFFUSION_MODEL))
    output = wrapped(scaled, timesteps, c_crossattn, y, control, options)
    return sampling.prediction.denoised(x, levels, output.to(x))
