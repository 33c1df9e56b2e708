"""Changes of classifier-free guidance that calculate with what the model said, and ask no more.

Each is a function of what `guidance` tells: `input` is the noisy latent [batch, channels, height,
width], `cond_denoised` and `uncond_denoised` are the clean ones by both prompts, `denoised` the
guided one. Those that guide return the guided latent as its distance from the input.
"""

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor

from hub.engine.sampling.prediction import Velocity

Told = Mapping[str, Any]
Correction = Callable[[Told], Tensor]
_NEARLY_NOTHING = 1e-8


def rescaled(multiplier: float) -> Correction:
    """Brings the spread of the guided velocity back to that of the positive one (Lin et al. 2023,
    equations 14 to 16)."""

    def guide(told: Told) -> Tensor:
        x, positive, negative = _latents(told)
        sigma = told["sigma"]
        positive, negative = (_velocity(x, latent, sigma) for latent in (positive, negative))
        guided = negative + (positive - negative) * told["cond_scale"]
        fitted = guided * (_spread(positive) / _spread(guided))
        return x - Velocity().denoised(x, sigma, guided.lerp(fitted, multiplier))

    return guide


def zero_star(told: Told) -> Tensor:
    """CFG-Zero* (Fan et al. 2025, equation 9): the negative prediction is scaled to where it is
    nearest to the positive one."""
    x, positive, negative = _latents(told)
    guided: Tensor = told["denoised"]
    if told["uncond_denoised"] is None:  # it is not guided
        return guided
    scale, positive, negative = told["cond_scale"], x - positive, x - negative
    length = _sum(negative * negative).clamp_min(_NEARLY_NOTHING)
    nearest = negative * (_sum(positive * negative) / length)
    return guided + (negative - nearest) * (1 - scale)


def tangentially_damped(told: Told) -> list[Tensor]:
    """TCFG (Kwon et al. 2025): of the negative prediction stays what lies along the direction that
    both have most in common, the first right singular vector of the two."""
    x: Tensor = told["input"]
    sides: list[Tensor] = list(told["conds_out"])
    if len(sides) < 2:
        return sides
    positive, negative, *others = sides
    rows = torch.stack([(x - negative).flatten(1), (x - positive).flatten(1)], dim=1).float()
    common = torch.linalg.svd(rows, full_matrices=False).Vh[:, :1]
    damped = (rows[:, :1] @ common.transpose(1, 2)) @ common
    return [positive, x - damped.reshape(x.shape).to(x), *others]


def normed(strength: float) -> Correction:
    """No place of the guided latent is larger than it is by the positive prompt alone."""

    def correct(told: Told) -> Tensor:
        guided: Tensor = told["denoised"]
        wanted, found = (
            torch.linalg.vector_norm(latent, dim=1, keepdim=True)
            for latent in (told["cond_denoised"], guided)
        )
        return guided * (wanted / found.clamp_min(_NEARLY_NOTHING)).clamp(max=1) * strength

    return correct


def renormed(truncation: float, most: float) -> Correction:
    """Lumina 2's guidance: the guided latent is at most `most` times as large as by the positive
    prompt, if that is not 0; from level `truncation` on the positive prompt alone counts."""

    def guide(told: Told) -> Tensor:
        x, positive, negative = _latents(told)
        if float(told["sigma"]) >= truncation:
            return x - positive
        guided = negative + (positive - negative) * told["cond_scale"]
        if most > 0:
            allowed, length = (_sum(latent**2).sqrt() for latent in (positive, guided))
            guided = guided * (allowed * most / length.clamp_min(_NEARLY_NOTHING)).clamp(max=1)
        return x - guided

    return guide


def epsilon_scaled(factor: float) -> Correction:
    """The predicted noise divided by a factor (Ning et al. 2023, "Elucidating the Exposure Bias in
    Diffusion Models")."""

    def correct(told: Told) -> Tensor:
        x: Tensor = told["input"]
        return x - (x - told["denoised"]) / factor

    return correct


def temporally_rescaled(k: float, spread: float) -> Correction:
    """The score that data of this `spread` would have, were its variance divided by `k` (Xu et al.
    2025, "Temporal Score Rescaling for Temperature Sampling")."""

    def correct(told: Told) -> Tensor:
        x: Tensor = told["input"]
        noise, data = told["sigma"] ** 2, spread**2
        return x - (x - told["denoised"]) * ((data + noise) / (data / k + noise))

    return correct


def _latents(told: Told) -> tuple[Tensor, Tensor, Tensor]:
    return told["input"], told["cond_denoised"], told["uncond_denoised"]


def _velocity(x: Tensor, denoised: Tensor, sigma: Tensor) -> Tensor:
    """The v (Salimans and Ho 2022) that a model would have predicted."""
    variance = sigma**2 + 1
    return (x / variance - denoised) * (variance**0.5 / sigma)


def _spread(x: Tensor) -> Tensor:
    return x.std(dim=(1, 2, 3), keepdim=True)


def _sum(x: Tensor) -> Tensor:
    """Over each latent of a batch."""
    return x.flatten(1).sum(dim=1)[:, None, None, None]
