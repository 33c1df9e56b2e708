"""How a pack has a model sampled, as the engine asks for it.

A class of a pack derives from one that knows noise levels and one that knows what the model
predicts. It may override any method of either; so the engine's own questions go through these.
"""

from typing import Any, ClassVar

import torch
from torch import Tensor, nn

from hub.engine.sampling.model_sampling import ModelSampling
from hub.engine.sampling.noise_levels import NoiseLevels
from hub.engine.sampling.prediction import Epsilon, Flow, Prediction, StepDown


class _Recognising(type):
    """Whose instances are also the engine's own ways of sampling that do the same, so that packs
    can ask with `isinstance` what a model predicts, or which levels it knows."""

    def __instancecheck__(cls, instance: object) -> bool:
        if isinstance(instance, ModelSampling):
            halves = (type(instance.prediction), type(instance.levels))
            own = vars(cls).get("says") or vars(cls).get("knows")
            return own in halves
        return super().__instancecheck__(instance)


class Predicts(metaclass=_Recognising):
    """What the model predicts. Levels [batch], or such that broadcast against latents."""

    says: ClassVar[Any]
    sigma_data: float = 1.0

    @property
    def predicted(self) -> Prediction:
        """As the engine knows it."""
        made: Prediction = self.says() if self.says is Flow else self.says(self.sigma_data)
        return made

    def calculate_input(self, sigma: Tensor, noise: Tensor) -> Tensor:
        return self.predicted.scaled(noise, _against(sigma, noise))

    def calculate_denoised(
        self, sigma: Tensor, model_output: Tensor, model_input: Tensor
    ) -> Tensor:
        return self.predicted.denoised(model_input, _against(sigma, model_input), model_output)

    def noise_scaling(
        self, sigma: Tensor, noise: Tensor, latent_image: Tensor, max_denoise: bool = False
    ) -> Tensor:
        noised = self.predicted.pure_noise if max_denoise else self.predicted.noised
        return noised(latent_image, noise, _against(sigma, noise))

    def inverse_noise_scaling(self, sigma: Tensor, latent: Tensor) -> Tensor:
        return self.predicted.finished(latent, _against(sigma, latent))


class OwnSampling(nn.Module, metaclass=_Recognising):
    """The noise levels, and what the engine asks of the whole.

    `settings` are those of the model that it is made for.
    """

    knows: ClassVar[Any]
    sigmas: Tensor

    def __init__(self, model_config: Any = None) -> None:
        super().__init__()
        self.settings: dict[str, Any] = getattr(model_config, "sampling_settings", None) or {}
        self.sigma_data = 1.0

    def know(self, levels: NoiseLevels) -> None:
        self._known = levels
        self.register_buffer("sigmas", levels.table)

    @property
    def known(self) -> NoiseLevels:
        return self._known

    @property
    def prediction(self) -> Prediction:
        flows = isinstance(self, Predicts) and self.says is Flow
        return _AsFlow(self) if flows else _AsPrediction(self)

    @property
    def levels(self) -> NoiseLevels:
        return _AsLevels(self)

    def start(self, latent: Tensor, noise: Tensor, sigma: Tensor) -> Tensor:
        return ModelSampling(self.prediction, self.levels).start(latent, noise, sigma)

    def is_the_highest(self, sigma: float) -> bool:
        return ModelSampling(self.prediction, self.levels).is_the_highest(sigma)

    @property
    def sigma_min(self) -> Tensor:
        return self.sigmas[0]

    @property
    def sigma_max(self) -> Tensor:
        return self.sigmas[-1]

    def timestep(self, sigma: Tensor) -> Tensor:
        return self.known.timestep(sigma.cpu()).to(sigma.device)

    def sigma(self, timestep: Tensor) -> Tensor:
        return self.known.sigma(timestep.cpu()).to(timestep.device)

    def percent_to_sigma(self, percent: float) -> float:
        return self.known.percent_to_sigma(percent)


class _AsPrediction:
    """What the model predicts, by the methods that a pack may have overridden."""

    def __init__(self, own: Any) -> None:
        self._own = own
        self._kind: Prediction = getattr(own, "predicted", Epsilon())

    def scaled(self, x: Tensor, sigma: Tensor) -> Tensor:
        scaled: Tensor = self._own.calculate_input(sigma, x)
        return scaled

    def denoised(self, x: Tensor, sigma: Tensor, output: Tensor) -> Tensor:
        clean: Tensor = self._own.calculate_denoised(sigma, output, x)
        return clean

    def noised(self, latent: Tensor, noise: Tensor, sigma: Tensor) -> Tensor:
        noised: Tensor = self._own.noise_scaling(sigma, noise, latent)
        return noised

    def pure_noise(self, latent: Tensor, noise: Tensor, sigma: Tensor) -> Tensor:
        noised: Tensor = self._own.noise_scaling(sigma, noise, latent, True)
        return noised

    def finished(self, x: Tensor, sigma: Tensor) -> Tensor:
        latent: Tensor = self._own.inverse_noise_scaling(sigma, x)
        return latent

    def step_down(self, sigma: Tensor, sigma_next: Tensor, eta: float) -> StepDown:
        return self._kind.step_down(sigma, sigma_next, eta)

    def middle(self, sigma: Tensor, sigma_next: Tensor) -> Tensor:
        return self._kind.middle(sigma, sigma_next)


class _AsFlow(_AsPrediction, Flow):
    """The same of a flow, which samplers want to know."""


class _AsLevels(NoiseLevels):
    """The levels, by the methods that a pack may have overridden."""

    def __init__(self, own: OwnSampling) -> None:
        super().__init__(own.sigmas.cpu())
        self._own = own

    @property
    def sigma_min(self) -> Tensor:
        return torch.as_tensor(self._own.sigma_min)

    @property
    def sigma_max(self) -> Tensor:
        return torch.as_tensor(self._own.sigma_max)

    def percent_to_sigma(self, percent: float) -> float:
        return float(self._own.percent_to_sigma(percent))

    def timestep(self, sigma: Tensor) -> Tensor:
        return self._own.timestep(sigma)

    def sigma(self, timestep: Tensor) -> Tensor:
        return self._own.sigma(timestep)

    def _sigma_at(self, fraction: float) -> Tensor:
        return torch.tensor(self._own.percent_to_sigma(1 - fraction))


def _against(sigma: Tensor, x: Tensor) -> Tensor:
    """Levels [batch] so that they broadcast against latents."""
    if sigma.ndim != 1 or sigma.nelement() == 1:
        return sigma
    return sigma.reshape(-1, *[1] * (x.ndim - 1))
