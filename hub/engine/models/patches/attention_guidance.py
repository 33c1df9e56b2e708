"""Guidance away from what the model says when its self-attention is disturbed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from hub.engine.models.diffusion_model import DiffusionModel
from hub.engine.models.guidance import said

Told = Mapping[str, Any]
_MIDDLE = ("middle", 0)
_KERNEL = 9  # of the blur, in latent pixels
_ATTENDED = 1.0  # on average a place is attended to by as many places as there are


@dataclass(frozen=True, slots=True)
class PerturbedAttention:
    """Away from what comes of attention that lets every place see itself alone (Ahn et al. 2024,
    "Self-Rectifying Diffusion Sampling with Perturbed-Attention Guidance")."""

    scale: float

    def __call__(self, told: Told) -> Tensor:
        guided: Tensor = told["denoised"]
        if not self.scale:
            return guided
        perturbed: DiffusionModel = told["patcher"].clone()
        perturbed.set_model_attn1_replace(_values_alone, *_MIDDLE)
        other = said(perturbed, told["cond"], told["input"], told["sigma"])
        return guided + (told["cond_denoised"] - other) * self.scale


@dataclass(frozen=True, kw_only=True, slots=True)
class SelfAttention:
    """Away from what comes of a latent that is blurred where most attention goes (Hong et al. 2023,
    "Improving Sample Quality of Diffusion Models Using Self-Attention Guidance").

    The attention is noted in a call of its own, as the others are shared with other runs.
    """

    scale: float
    blur: float

    def __call__(self, told: Told) -> Tensor:
        guided: Tensor = told["denoised"]
        x, sigma, clean = told["input"], told["sigma"], told["uncond_denoised"]
        conditions = [one for one in told["uncond"] or () if one.area is None]
        if not self.scale or clean is None or not conditions or min(x.shape[2:]) <= _KERNEL // 2:
            return guided
        noting = _Noting()
        watched: DiffusionModel = told["patcher"].clone()
        watched.set_model_attn1_replace(noting, *_MIDDLE, 0)
        said(watched, conditions[:1], x, sigma)
        mask = noting.mask(x)
        degraded = blurred(clean, self.blur) * mask + clean * (1 - mask)
        other = said(told["patcher"], told["uncond"], degraded + x - clean, sigma)
        return guided + (degraded - other) * self.scale


@dataclass(slots=True)
class _Noting:
    """Attention that keeps how much each place is attended to [batch, 1, rows, columns]."""

    attended: Tensor = field(default_factory=lambda: torch.zeros(1, 1, 1, 1))

    def __call__(self, q: Tensor, k: Tensor, v: Tensor, told: Told) -> Tensor:
        heads = told["n_heads"]
        q, k, v = (x.view(*x.shape[:2], heads, -1).transpose(1, 2) for x in (q, k, v))
        weights = (q @ k.transpose(-1, -2) * q.shape[-1] ** -0.5).softmax(dim=-1)
        rows, columns = told["activations_shape"][-2:]
        self.attended = weights.mean(dim=1).sum(dim=1).view(-1, 1, rows, columns)
        return (weights @ v).transpose(1, 2).flatten(2)

    def mask(self, x: Tensor) -> Tensor:
        """1 where a place is attended to more than others, in the size of `x`."""
        mask = (self.attended > _ATTENDED).to(x)
        return functional.interpolate(mask, size=x.shape[2:], mode="nearest")


def blurred(x: Tensor, sigma: float) -> Tensor:
    """[batch, channels, height, width] under a Gaussian; the edges are mirrored."""
    if not sigma:
        return x
    places = torch.arange(_KERNEL, dtype=x.dtype, device=x.device) - _KERNEL // 2
    weights = (-((places / sigma) ** 2) / 2).exp()
    weights = (weights / weights.sum()).expand(x.shape[1], 1, 1, -1)
    padded = functional.pad(x, [_KERNEL // 2] * 4, mode="reflect")
    across = functional.conv2d(padded, weights, groups=x.shape[1])
    return functional.conv2d(across, weights.transpose(2, 3), groups=x.shape[1])


def _values_alone(q: Tensor, k: Tensor, v: Tensor, told: Told) -> Tensor:
    return v
