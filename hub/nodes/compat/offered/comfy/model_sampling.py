"""How a model is sampled, as classes that packs put together and override:

    class Mine(ModelSamplingDiscrete, EPS): ...
    model.add_object_patch("model_sampling", Mine(model.model.model_config))

One half says what the model predicts, the other which noise levels it knows. The hub samples by
whatever a class says, overridden or not (`hub.nodes.compat.sampling.own_sampling`).
"""

from typing import Any, ClassVar

import torch
from torch import Tensor

from hub.engine.sampling import noise_levels, prediction
from hub.engine.sampling.noise_levels import NoiseLevels
from hub.nodes.compat.not_yet import not_yet
from hub.nodes.compat.sampling.own_sampling import OwnSampling, Predicts

__getattr__ = not_yet("comfy.model_sampling")


class EPS(Predicts):
    says = prediction.Epsilon


class V_PREDICTION(Predicts):  # noqa: N801 - ComfyUI's name
    says = prediction.Velocity


class EDM(Predicts):
    says = prediction.Edm


class X0(Predicts):
    says = prediction.Clean


class IMG_TO_IMG(Predicts):  # noqa: N801
    says = prediction.Restored


class CONST(Predicts):
    says = prediction.Flow


class ModelSamplingDiscrete(OwnSampling):
    """Those of Stable Diffusion, or any others that it is given by `set_sigmas`."""

    knows = noise_levels.Discrete

    def __init__(self, model_config: Any = None, zsnr: bool | None = None) -> None:
        super().__init__(model_config)
        self.zsnr = self.settings.get("zsnr", False) if zsnr is None else zsnr
        self.set_sigmas(noise_levels.stable_diffusion(zero_terminal_snr=bool(self.zsnr)).table)

    def set_sigmas(self, sigmas: Tensor) -> None:
        self.know(noise_levels.Discrete(sigmas))
        self.register_buffer("log_sigmas", sigmas.log().float())
        self.num_timesteps = len(sigmas)

    @property
    def known(self) -> NoiseLevels:
        """Of what is in `sigmas`, which packs also fill themselves."""
        return noise_levels.Discrete(self.sigmas.cpu())


class ModelSamplingContinuousEDM(OwnSampling):
    knows: ClassVar[Any] = noise_levels.ContinuousEdm

    def __init__(self, model_config: Any = None) -> None:
        super().__init__(model_config)
        bounds = {name: self.settings.get(name) for name in ("sigma_min", "sigma_max")}
        self.set_parameters(
            **{name: value for name, value in bounds.items() if value is not None},
            sigma_data=self.settings.get("sigma_data", 1.0),
        )

    def set_parameters(
        self, sigma_min: float = 0.002, sigma_max: float = 120.0, sigma_data: float = 1.0
    ) -> None:
        self.sigma_data = sigma_data
        self.know(type(self).knows(sigma_min, sigma_max))


class ModelSamplingContinuousV(ModelSamplingContinuousEDM):
    knows: ClassVar[Any] = noise_levels.ContinuousVelocity


class ModelSamplingDiscreteFlow(OwnSampling):
    knows = noise_levels.RationalShift

    def __init__(self, model_config: Any = None) -> None:
        super().__init__(model_config)
        self.set_parameters(
            shift=self.settings.get("shift", 1.0),
            multiplier=self.settings.get("multiplier", 1000),
        )

    def set_parameters(
        self, shift: float = 1.0, timesteps: int = 1000, multiplier: float = 1000
    ) -> None:
        self.shift, self.multiplier = shift, multiplier
        self.know(noise_levels.RationalShift(shift, multiplier))


class ModelSamplingFlux(OwnSampling):
    knows = noise_levels.ExponentialShift

    def __init__(self, model_config: Any = None) -> None:
        super().__init__(model_config)
        self.set_parameters(shift=self.settings.get("shift", 1.15))

    def set_parameters(self, shift: float = 1.15, timesteps: int = 10000) -> None:
        self.shift = shift
        self.know(noise_levels.ExponentialShift(shift))


class StableCascadeSampling(OwnSampling):
    knows = noise_levels.ShiftedCosine

    def __init__(self, model_config: Any = None) -> None:
        super().__init__(model_config)
        self.set_parameters(self.settings.get("shift", 1.0))

    def set_parameters(self, shift: float = 1.0, cosine_s: float = 8e-3) -> None:
        self.shift = shift
        self.know(noise_levels.ShiftedCosine(shift))


def time_snr_shift(alpha: float, t: Any) -> Any:
    """A flow's time, shifted by a factor (Esser et al. 2024, section 5.3.2)."""
    return t if alpha == 1.0 else alpha * t / (1 + (alpha - 1) * t)


def flux_time_shift(mu: float, sigma: float, t: Any) -> Any:
    """The same with the factor exp(mu), and a power of the odds."""
    factor = float(torch.tensor(mu).exp())
    return factor / (factor + (1 / t - 1) ** sigma)
