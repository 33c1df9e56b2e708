"""Data with a normal distribution, of which the ideal denoiser and every solution are known.

Clean latents are independent normal numbers with MEAN and DEVIATION. A latent with noise of a level
is then normal too; the ideal denoiser is a straight line; and the way without noise keeps each
latent at its place in the distribution, so that its exact end is known.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from hub.engine.sampling.denoising import Answer, Denoise
from hub.engine.sampling.diffusion import Diffusion
from hub.engine.sampling.driving import drive
from hub.engine.sampling.model_sampling import ModelSampling
from hub.engine.sampling.noise_levels import RationalShift, stable_diffusion
from hub.engine.sampling.prediction import Epsilon, Flow
from hub.engine.sampling.samplers.by_name import Method

MEAN, DEVIATION = 0.5, 0.7


@dataclass(frozen=True)
class Gaussian:
    """A kind of model, and how many latents there are of its data."""

    sampling: ModelSampling
    high: float  # the levels between which most tests go
    low: float
    count: int = 100

    def diffusion(self, seed: int = 42) -> Diffusion:
        return Diffusion(self.sampling, seed)

    def signal(self, sigma: float) -> float:
        return 1 - sigma if isinstance(self.sampling.prediction, Flow) else 1.0

    def deviation(self, sigma: float) -> float:
        return float(((self.signal(sigma) * DEVIATION) ** 2 + sigma**2) ** 0.5)

    def mean(self, sigma: float) -> float:
        return self.signal(sigma) * MEAN

    def latents(self, sigma: float) -> Tensor:
        """In float64, so that rounding does not hide how errors fall."""
        generator = torch.Generator().manual_seed(1)
        normal = torch.randn(self.count, dtype=torch.float64, generator=generator)
        return self.mean(sigma) + normal * self.deviation(sigma)

    def answer(self, request: Denoise) -> Answer:
        sigma = float(request.sigma)
        share = self.signal(sigma) * DEVIATION**2 / self.deviation(sigma) ** 2
        denoised = MEAN + share * (request.x - self.mean(sigma))
        return Answer(denoised, denoised)

    def levels(self, steps: int) -> Tensor:
        """Levels in the manner of Karras, in float64, that do not reach 0."""
        ramp = torch.linspace(0, 1, steps + 1, dtype=torch.float64)
        high, low = self.high ** (1 / 3), self.low ** (1 / 3)
        levels: Tensor = (high + ramp * (low - high)) ** 3
        return levels

    def sampled(self, method: Method, sigmas: Tensor, seed: int = 42) -> Tensor:
        x = self.latents(float(sigmas[0]))
        return drive(method(x, sigmas, self.diffusion(seed)), self.answer)

    def error(self, method: Method, steps: int) -> float:
        """The largest distance from the exact end of the way without noise."""
        sigmas = self.levels(steps)
        exact = self.latents(float(sigmas[-1]))
        return float((self.sampled(method, sigmas) - exact).abs().max())


EXPLODING = Gaussian(ModelSampling(Epsilon(), stable_diffusion()), high=3.0, low=0.1)
FLOW = Gaussian(ModelSampling(Flow(), RationalShift(3.0)), high=0.9, low=0.1)
