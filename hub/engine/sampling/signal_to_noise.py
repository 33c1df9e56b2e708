"""Samplers that calculate with signal-to-noise ratios, for every kind of model.

They are written for models whose x is latent + sigma · noise. A flow's x, (1 − sigma) · latent +
sigma · noise, is brought into that form by division: x / (1 − sigma) has the noise level
sigma / (1 − sigma). So no formula of theirs knows of flows.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import wraps
from typing import Any, TypeVar, cast

import torch
from torch import Tensor

from hub.engine.sampling.denoising import Denoise, Sampler
from hub.engine.sampling.diffusion import Diffusion
from hub.engine.sampling.driving import advance
from hub.engine.sampling.noise import Noise
from hub.engine.sampling.prediction import StepDown, posterior_step

Method = TypeVar("Method", bound=Callable[..., Sampler])


def by_signal_to_noise(method: Method) -> Method:
    """Let a sampler run on flows too."""

    @wraps(method)
    def adapted(x: Tensor, sigmas: Tensor, diffusion: Diffusion, **options: Any) -> Sampler:
        if len(sigmas) < 2:
            return x
        if not diffusion.flows:
            return (yield from method(x, sigmas, diffusion, **options))
        ratios = _ratios(sigmas, diffusion)
        inside = _InRatios(diffusion.sampling, diffusion.seed, diffusion.given, sigmas=sigmas)
        sampler = method(x * (1 + ratios[0]), ratios, inside, **options)
        return (yield from _translated(sampler, ratios[-1]))

    return cast("Method", adapted)


def _translated(sampler: Sampler, last: Tensor) -> Sampler:
    state = advance(sampler)
    while isinstance(state, Denoise):
        signal = 1 / (1 + state.sigma)
        sigma = (state.sigma * signal).float()
        state = advance(sampler, (yield replace(state, x=state.x * signal, sigma=sigma)))
    return state / (1 + last)


def _ratios(sigmas: Tensor, diffusion: Diffusion) -> Tensor:
    """In float64, from which the flow's own levels come back exactly.

    Pure noise has no finite ratio; what is almost pure noise stands in for it.
    """
    levels = sigmas.to(torch.float64, copy=True)
    if levels[0] >= 1:
        levels[0] = diffusion.percent_to_sigma(1e-4)
    return levels / (1 - levels)


@dataclass(frozen=True)
class _InRatios(Diffusion):
    """A flow's diffusion, as its samplers see it."""

    sigmas: Tensor = field(kw_only=True)

    def percent_to_sigma(self, percent: float) -> float:
        sigma = super().percent_to_sigma(percent)
        return sigma / (1 - sigma) if sigma < 1 else float("inf")

    def step_down(self, sigma: Tensor, sigma_next: Tensor, eta: float) -> StepDown:
        return posterior_step(sigma, sigma_next, eta)

    def brownian(self, x: Tensor, sigmas: Tensor, *, on_cpu: bool) -> Noise:
        noise = super().brownian(x, self.sigmas, on_cpu=on_cpu)
        return lambda ratio, ratio_next: noise(_sigma(ratio), _sigma(ratio_next))


def _sigma(ratio: Tensor) -> Tensor:
    return (ratio / (1 + ratio)).float()
