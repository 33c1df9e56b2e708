"""UniPC: a unified predictor and corrector (Zhao et al. 2023, arXiv 2302.04867).

λ = −ln sigma is half the log-SNR, h a step of it. The paper's latents are x / √(1 + σ²), which
cancels out.
"""

import math
from functools import partial
from typing import Literal

import torch
from torch import Tensor

from hub.engine.sampling.denoising import Sampler, denoise
from hub.engine.sampling.diffusion import Diffusion
from hub.engine.sampling.samplers.combining import combined, interpolating_weights

LAST_SIGMA = 0.001  # stands in for 0, where λ is infinite


def uni_pc(
    x: Tensor, sigmas: Tensor, diffusion: Diffusion, *, variant: Literal["bh1", "bh2"] = "bh1"
) -> Sampler:
    """Algorithms 5 and 6, for B₁ and B₂: predict, evaluate, correct; of up to third order.

    An evaluation serves the correction of its step and the prediction of the next. The last step
    is one of first order, without correction.
    """
    if len(sigmas) < 2:
        return x
    lambdas = -torch.where(sigmas == 0, LAST_SIGMA, sigmas.double()).log()
    steps = len(sigmas) - 1
    highest = max(min(3, steps - 1), 1)
    past = [(yield from denoise(x, sigmas[0]))]  # clean latents, newest first
    for step in range(1, steps + 1):
        order = min(step, highest, steps + 1 - step)
        update = _Update(
            x, past[:order], lambdas[step - order : step].flip(0), lambdas[step], variant
        )
        x = update.predicted()
        if step < steps:
            denoised = yield from denoise(x, sigmas[step])
            x = update.corrected(denoised)
            past = [denoised, *past][:highest]
    return x


uni_pc_bh2 = partial(uni_pc, variant="bh2")


class _Update:
    """A step from the first of the known places to `end`."""

    def __init__(
        self, x: Tensor, past: list[Tensor], known: Tensor, end: Tensor, variant: str
    ) -> None:
        self._h = end - known[0]
        self._newest, self._order = past[0], len(past)
        self._places = torch.cat([(known[1:] - known[0]) / self._h, torch.ones_like(end)[None]])
        self._changes = [
            (denoised - past[0]) / place
            for denoised, place in zip(past[1:], self._places[:-1], strict=True)
        ]
        done = -(-self._h).expm1()
        self._scale = self._h if variant == "bh1" else done
        self._first_order = (-self._h).exp() * x + done * past[0]

    def predicted(self) -> Tensor:
        if self._order == 1:
            return self._first_order
        weights = [0.5] if self._order == 2 else self._weights(self._order - 1)
        return self._first_order + self._scale * combined(weights, self._changes)

    def corrected(self, denoised: Tensor) -> Tensor:
        """With the clean latent at the end of the step."""
        changes = [*self._changes, denoised - self._newest]
        weights = [0.5] if self._order == 1 else self._weights(self._order)
        return self._first_order + self._scale * combined(weights, changes)

    def _weights(self, count: int) -> list[float]:
        """The solution of R ρ = φ / B (equation 9), for so many places."""
        z = -float(self._h)
        phi = math.expm1(z) / z - 1
        integrals = []
        for power in range(1, count + 1):
            integrals.append(phi * math.factorial(power) / -float(self._scale))
            phi = phi / z - 1 / math.factorial(power + 1)
        return interpolating_weights(self._places[:count], integrals)
