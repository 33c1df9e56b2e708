"""Masks that are different at each noise level, by functions that nodes set on a model."""

from dataclasses import dataclass

from torch import Tensor

from hub.engine.models.diffusion_model import DiffusionModel
from hub.engine.models.model_options import MASK_FUNCTION
from hub.engine.sampling.inpainting import MaskAt
from hub.engine.sampling.model_sampling import ModelSampling


@dataclass(frozen=True, slots=True)
class SampledModel:
    """Names by which functions of node packs come to how the model is sampled."""

    model_sampling: ModelSampling

    @property
    def inner_model(self) -> "SampledModel":
        return self


def mask_by_level(model: DiffusionModel, mask: Tensor, sigmas: Tensor) -> MaskAt:
    """`mask` at every level, or what the model's function makes of it."""
    function = model.model_options.get(MASK_FUNCTION)
    if function is None:
        return lambda sigma: mask
    told = {"model": SampledModel(model.sampling), "sigmas": sigmas}

    def mask_at(sigma: Tensor) -> Tensor:
        made: Tensor = function(sigma.to(mask.device).expand(len(mask)), mask, extra_options=told)
        return made

    return mask_at
