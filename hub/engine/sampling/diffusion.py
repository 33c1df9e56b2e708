"""What a sampler may ask of the diffusion that it turns back, besides denoising."""

from dataclasses import dataclass

from torch import Tensor

from hub.engine.sampling.model_sampling import ModelSampling
from hub.engine.sampling.noise import Noise, brownian_noise, white_noise
from hub.engine.sampling.prediction import Flow, StepDown


@dataclass(frozen=True)
class Diffusion:
    """The model's way of mixing latents with noise, and the run's own noise.

    `given` is drawn from in the place of any noise that a sampler would make of the seed.
    """

    sampling: ModelSampling
    seed: int
    given: Noise | None = None

    @property
    def flows(self) -> bool:
        return isinstance(self.sampling.prediction, Flow)

    def percent_to_sigma(self, percent: float) -> float:
        return self.sampling.levels.percent_to_sigma(percent)

    def noised(self, latent: Tensor, noise: Tensor, sigma: Tensor) -> Tensor:
        return self.sampling.prediction.noised(latent, noise, sigma)

    def step_down(self, sigma: Tensor, sigma_next: Tensor, eta: float) -> StepDown:
        return self.sampling.prediction.step_down(sigma, sigma_next, eta)

    def middle(self, sigma: Tensor, sigma_next: Tensor) -> Tensor:
        """The level in the middle of two, by their log-SNR."""
        return self.sampling.prediction.middle(sigma, sigma_next)

    def white(self, x: Tensor) -> Noise:
        return self.given or white_noise(x, self.seed)

    def brownian(self, x: Tensor, sigmas: Tensor, *, on_cpu: bool) -> Noise:
        return self.given or brownian_noise(x, sigmas, self.seed, on_cpu=on_cpu)
