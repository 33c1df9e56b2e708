"""Differential Diffusion (Levin and Fried 2023): a grey mask says how much a place may change."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from torch import Tensor

from hub.engine.sampling.model_sampling import ModelSampling

_NEARLY_NOTHING = 1e-8


@dataclass(frozen=True, slots=True)
class GradualMask:
    """Lets a place change from the step on at which as much of the way is left as its mask says
    (algorithm 1): white from the first, and the darker the later.

    With a `strength` below 1 the rest of the mask is taken as it is.
    """

    strength: float

    def __call__(self, sigma: Tensor, mask: Tensor, extra_options: Mapping[str, Any]) -> Tensor:
        left = _way_left(
            extra_options["model"].inner_model.model_sampling, sigma[0], extra_options["sigmas"]
        )
        return mask.lerp((mask >= left.to(mask)).to(mask), self.strength)


def _way_left(sampling: ModelSampling, sigma: Tensor, sigmas: Tensor) -> Tensor:
    """From 1 at the first level down to 0 at the last one that the model knows, by timesteps."""
    lowest = sigmas[-1].clamp_min(float(sampling.sigma_min))
    first, now, last = map(sampling.timestep, (sigmas[0], sigma, lowest))
    return (now - last) / (first - last).clamp_min(_NEARLY_NOTHING)
