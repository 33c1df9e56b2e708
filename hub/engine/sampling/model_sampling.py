"""How one model is sampled: what its output means, and the noise levels that it knows."""

import math
from dataclasses import dataclass

from torch import Tensor

from hub.engine.sampling.noise_levels import NoiseLevels
from hub.engine.sampling.prediction import Prediction


@dataclass(frozen=True)
class ModelSampling:
    """What a checkpoint says of itself; nodes exchange either half.

    From `sigmas` on, names are those by which node packs know it.
    """

    prediction: Prediction
    levels: NoiseLevels

    def start(self, latent: Tensor, noise: Tensor, sigma: Tensor) -> Tensor:
        """The latent that a sampler begins with, whose first level is `sigma`."""
        if self.is_the_highest(float(sigma)):
            return self.prediction.pure_noise(latent, noise, sigma)
        return self.prediction.noised(latent, noise, sigma)

    def is_the_highest(self, sigma: float) -> bool:
        highest = float(self.levels.sigma_max)
        return sigma > highest or math.isclose(sigma, highest, rel_tol=1e-5)

    @property
    def sigmas(self) -> Tensor:
        return self.levels.table

    @property
    def sigma_min(self) -> Tensor:
        return self.levels.sigma_min

    @property
    def sigma_max(self) -> Tensor:
        return self.levels.sigma_max

    def percent_to_sigma(self, percent: float) -> float:
        return self.levels.percent_to_sigma(percent)

    def timestep(self, sigma: Tensor) -> Tensor:
        return self.levels.timestep(sigma.cpu()).to(sigma.device)

    def sigma(self, timestep: Tensor) -> Tensor:
        return self.levels.sigma(timestep.cpu()).to(timestep.device)

    def noise_scaling(
        self, sigma: Tensor, noise: Tensor, latent_image: Tensor, max_denoise: bool = False
    ) -> Tensor:
        noised = self.prediction.pure_noise if max_denoise else self.prediction.noised
        return noised(latent_image, noise, sigma)

    def inverse_noise_scaling(self, sigma: Tensor, latent: Tensor) -> Tensor:
        return self.prediction.finished(latent, sigma)

    def calculate_input(self, sigma: Tensor, noise: Tensor) -> Tensor:
        return self.prediction.scaled(noise, sigma)

    def calculate_denoised(
        self, sigma: Tensor, model_output: Tensor, model_input: Tensor
    ) -> Tensor:
        return self.prediction.denoised(model_input, sigma, model_output)
