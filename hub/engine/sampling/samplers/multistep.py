"""Multistep methods in sigma: the slope dx/dσ is carried on as a polynomial through past slopes.

One evaluation per step. The last step, to 0, is the clean latent itself.
"""

from itertools import pairwise

from torch import Tensor

from hub.engine.sampling.denoising import Sampler, denoise
from hub.engine.sampling.diffusion import Diffusion
from hub.engine.sampling.samplers.combining import combined, interpolating_weights


def lms(x: Tensor, sigmas: Tensor, diffusion: Diffusion, *, order: int = 4) -> Sampler:
    """Linear multistep (Adams-Bashforth) for uneven steps, of fourth order."""
    slopes: list[Tensor] = []  # newest first
    for step, (sigma, sigma_next) in enumerate(pairwise(sigmas)):
        denoised = yield from denoise(x, sigma)
        if sigma_next == 0:
            return denoised
        slopes = [(x - denoised) / sigma, *slopes][:order]
        known = sigmas[step + 1 - len(slopes) : step + 1].flip(0)
        width = sigma_next - sigma
        places = (known - sigma).double() / width  # the step goes from 0 to 1
        weights = interpolating_weights(places, [1 / power for power in range(1, len(known) + 1)])
        x = x + combined(weights, slopes) * width
    return x


# Adams-Bashforth for even steps, newest first (Hairer, Nørsett, Wanner, III.1).
ADAMS_BASHFORTH = (
    [1.0],
    [3 / 2, -1 / 2],
    [23 / 12, -16 / 12, 5 / 12],
    [55 / 24, -59 / 24, 37 / 24, -9 / 24],
)


def ipndm(x: Tensor, sigmas: Tensor, diffusion: Diffusion, *, max_order: int = 4) -> Sampler:
    """iPNDM (Zhang and Chen 2022): the weights of even steps, however uneven the levels are."""
    slopes: list[Tensor] = []
    for sigma, sigma_next in pairwise(sigmas):
        denoised = yield from denoise(x, sigma)
        if sigma_next == 0:
            return denoised
        slopes = [(x - denoised) / sigma, *slopes][:max_order]
        x = x + combined(ADAMS_BASHFORTH[len(slopes) - 1], slopes) * (sigma_next - sigma)
    return x


def ipndm_v(x: Tensor, sigmas: Tensor, diffusion: Diffusion, *, max_order: int = 4) -> Sampler:
    """iPNDM with weights for uneven levels, as published with the solvers of its authors."""
    slopes: list[Tensor] = []
    widths: list[Tensor] = []  # of this step and those before
    for sigma, sigma_next in pairwise(sigmas):
        denoised = yield from denoise(x, sigma)
        if sigma_next == 0:
            return denoised
        slopes = [(x - denoised) / sigma, *slopes][:max_order]
        widths = [sigma_next - sigma, *widths][:max_order]
        weights = uneven_weights([float(width) for width in widths])
        x = x + combined(weights, slopes) * (sigma_next - sigma)
    return x


def uneven_weights(widths: list[float]) -> list[float]:
    """Weights of the slopes, newest first, for a step of the first width after those others.

    Up to two they are Adams and Bashforth's (`lms` has the right ones of more, too). The published
    formulas lack a pair of parentheses in `bend`, add in `twist` what is to be subtracted, and take
    a for b in the last weight. ComfyUI's pictures depend on all three, so they stay.
    """
    if len(widths) == 1:
        return [1.0]
    h, h1, *earlier = widths
    weights = [1 + h / h1 / 2, -h / h1 / 2]
    if not earlier:
        return weights
    h2, *last = earlier
    a = h1 / h2
    bend = (1 - h**2 / (3 * h1 * (h1 + h2))) / 2
    weights = [weights[0] + bend, weights[1] - (1 + a) * bend, a * bend]
    if not last:
        return weights
    (h3,) = last
    b, q = h2 / h3, h1 * (h1 + h2) / (h2 * (h2 + h3))
    twist = (1 - h / (3 * (h + h1))) / 2 + (1 - h / (2 * (h + h1))) * h / (6 * (h + h1 + h2))
    twist *= h * (h + h1) * (h + h1 + h2) / (h1 * (h1 + h2) * (h1 + h2 + h3))
    changes = [1, -(1 + a + q), a + q * (1 + b), -q * a]
    return [weight + twist * change for weight, change in zip([*weights, 0], changes, strict=True)]
