"""DPM-Solver with steps of its own choice (Lu et al. 2022).

Time runs as t = −ln sigma here, as in the paper's exponential integrators.
"""

from collections.abc import Generator
from dataclasses import dataclass, field
from math import atan

import torch
from torch import Tensor

from hub.engine.sampling.denoising import Answer, Denoise, Sampler, denoise
from hub.engine.sampling.diffusion import Diffusion
from hub.engine.sampling.prediction import posterior_step

Step = Generator[Denoise, Answer, Tensor]


def dpm_fast(
    x: Tensor, sigmas: Tensor, diffusion: Diffusion, *, eta: float = 0.0, s_noise: float = 1.0
) -> Sampler:
    """DPM-Solver-fast: as many evaluations as there are steps, three to a step of third order.

    Of the levels only the first and the last before 0 count; between them −ln sigma is even.
    """
    if len(sigmas) < 2:
        return x
    noise, evaluations = diffusion.white(x), len(sigmas) - 1
    start, end = _ends(sigmas)
    times = torch.linspace(float(start), float(end), evaluations // 3 + 2)
    for order, t, t_next in zip(_orders(evaluations), times[:-1], times[1:], strict=True):
        down, up = _down(t, t_next, end, eta)
        noise_there = yield from _noise_at(x, t)
        x = yield from _step(x, noise_there, t, down - t, order)
        if up > 0:
            x = x + up * s_noise * noise((-t).exp(), (-t_next).exp())
    return x


def _orders(evaluations: int) -> list[int]:
    """So that they sum up to the evaluations, in one step more than there are threes."""
    threes, rest = divmod(evaluations, 3)
    return [3] * threes + [rest] if rest else [3] * (threes - 1) + [2, 1]


@dataclass(frozen=True, kw_only=True)
class StepControl:
    """How `dpm_adaptive` chooses its steps: a PID controller (Söderlind 2003)."""

    rtol: float = 0.05
    atol: float = 0.0078
    h_init: float = 0.05
    pcoeff: float = 0.0
    icoeff: float = 1.0
    dcoeff: float = 0.0
    accept_safety: float = 0.81

    def error(self, low: Tensor, high: Tensor, before: Tensor) -> float:
        """How far the two solutions are apart; 1 is what the tolerances allow."""
        allowed = torch.maximum(low.abs(), before.abs()).mul(self.rtol).clamp(min=self.atol)
        return float(((low - high) / allowed).square().mean().sqrt())


def dpm_adaptive(
    x: Tensor,
    sigmas: Tensor,
    diffusion: Diffusion,
    *,
    order: int = 3,
    control: StepControl = StepControl(),
    eta: float = 0.0,
    s_noise: float = 1.0,
) -> Sampler:
    """DPM-Solver-12 or -23: each step is as wide as the difference of two orders allows."""
    if len(sigmas) < 2:
        return x
    noise = diffusion.white(x)
    t, end = _ends(sigmas)
    steps = _Steps(control, 1.5 if eta else order, control.h_init)
    low_before = x
    while t < end - 1e-5:
        noise_there = yield from _noise_at(x, t)
        accepted = False
        while not accepted:
            t_next = torch.minimum(end, t + steps.width)
            down, up = _down(t, t_next, end, eta)
            low, high = yield from _two_orders(x, noise_there, t, down - t, order)
            accepted = steps.propose(control.error(low, high, low_before))
        low_before, x = low, high
        if up > 0:
            x = x + up * s_noise * noise((-t).exp(), (-t_next).exp())
        t = t_next
    return x


@dataclass
class _Steps:
    """The width of the next step, from the errors of those before."""

    control: StepControl
    order: float
    width: float
    inverse_errors: list[float] = field(default_factory=list)

    def propose(self, error: float) -> bool:
        """Set the next width; false when the step has to be done again with it.

        An error that is no number would never become small, so it is accepted, and ends the way.
        """
        inverse = 1 / (error + 1e-8)
        past = self.inverse_errors or [inverse] * 2
        p, i, d = self.control.pcoeff, self.control.icoeff, self.control.dcoeff
        exponents = [(p + i + d) / self.order, -(p + 2 * d) / self.order, d / self.order]
        factor = 1.0
        for value, exponent in zip([inverse, *past], exponents, strict=True):
            factor *= value**exponent
        factor = 1 + atan(factor - 1)
        accepted = not factor < self.control.accept_safety
        self.inverse_errors = [inverse, past[0]] if accepted else past
        self.width *= factor
        return accepted


def _ends(sigmas: Tensor) -> tuple[Tensor, Tensor]:
    last = sigmas[-1] if sigmas[-1] > 0 else sigmas[-2]
    return -sigmas[0].log(), -last.log()


def _down(t: Tensor, t_next: Tensor, end: Tensor, eta: float) -> tuple[Tensor, Tensor]:
    """Where an ancestral step goes, which is never below the last level, and its new noise."""
    if eta == 0:
        return t_next, torch.zeros(())
    level, level_next = (-t).exp(), (-t_next).exp()
    down = torch.minimum(end, -posterior_step(level, level_next, eta).sigma.log())
    return down, (level_next**2 - (-2 * down).exp()).clamp(min=0).sqrt()


def _noise_at(x: Tensor, t: Tensor) -> Step:
    sigma = (-t).exp()
    denoised = yield from denoise(x, sigma)
    return (x - denoised) / sigma


def _step(x: Tensor, noise: Tensor, t: Tensor, h: Tensor, order: int) -> Step:
    """DPM-Solver-1, -2 with r1 = 1/2, or -3 with r1 = 1/3 and r2 = 2/3."""
    if order == 1:
        return _along(x, noise, t, h)
    slope = yield from _slope(x, noise, t, h, 1 / 2 if order == 2 else 1 / 3)
    if order == 2:
        return _along(x, noise + slope / 2, t, h)
    return (yield from _third(x, noise, slope, t, h))


def _two_orders(
    x: Tensor, noise: Tensor, t: Tensor, h: Tensor, order: int
) -> Generator[Denoise, Answer, tuple[Tensor, Tensor]]:
    """A step of the order below, and the one of this order, which goes on from its evaluation."""
    slope = yield from _slope(x, noise, t, h, 1 / 2 if order == 2 else 1 / 3)
    second = _along(x, noise + slope / 2, t, h)
    if order == 2:
        return _along(x, noise, t, h), second
    return second, (yield from _third(x, noise, slope, t, h))


def _slope(x: Tensor, noise: Tensor, t: Tensor, h: Tensor, part: float) -> Step:
    """How the noise would change over the whole step, seen from this part of it."""
    noise_ahead = yield from _noise_at(_along(x, noise, t, h * part), t + h * part)
    return (noise_ahead - noise) / part


def _third(x: Tensor, noise: Tensor, slope: Tensor, t: Tensor, h: Tensor) -> Step:
    part = 2 / 3
    ahead = _along(x, noise, t, h * part) - _bend(slope * part, t, h * part)
    noise_ahead = yield from _noise_at(ahead, t + h * part)
    return _along(x, noise, t, h) - _bend((noise_ahead - noise) / part, t, h)


def _along(x: Tensor, noise: Tensor, t: Tensor, h: Tensor) -> Tensor:
    """The exact solution over h where the noise stays as it is."""
    return x - (-(t + h)).exp() * h.expm1() * noise


def _bend(change: Tensor, t: Tensor, h: Tensor) -> Tensor:
    """How much less it is where the noise changes by this, in a straight line."""
    return (-(t + h)).exp() * (h.expm1() / h - 1) * change
