"""A model as the tensors of a file: all patches in, named as files of its family name them."""

import torch
from torch import Tensor

from hub.engine.models.auto_encoder import AutoEncoder
from hub.engine.models.checkpoint import UNET, VAE
from hub.engine.models.clip_names import open_clip_names
from hub.engine.models.diffusion_model import DiffusionModel
from hub.engine.models.families import EDM_HIGHEST, EDM_LOWEST, Family
from hub.engine.models.text_encoder import TextEncoder
from hub.engine.models.text_files import prefixes_of
from hub.engine.sampling.model_sampling import ModelSampling
from hub.engine.sampling.noise_levels import ContinuousEdm
from hub.engine.sampling.prediction import Velocity
from hub.errors import Invalid

_OPEN_CLIP = ".model."  # how the prefixes of text encoders end that have OpenCLIP's names
_HIGHEST_WITH_SIGNAL = 1000  # levels without any go far beyond


class TextOfAnotherModel(Invalid):
    """A checkpoint has no place for these text encoders."""

    def __init__(self, family: Family) -> None:
        super().__init__(
            f"The text encoders are not those of {family.value}, so they cannot be written into "
            "one file with it. Connect the ones that belong to the model, or save them by CLIPSave."
        )


def checkpoint_tensors(
    model: DiffusionModel, text: TextEncoder | None = None, pictures: AutoEncoder | None = None
) -> dict[str, Tensor]:
    """A whole model, or the parts of it that there are. Raises `TextOfAnotherModel`."""
    tensors = {f"{UNET}{name}": value for name, value in model.saved_weights().items()}
    tensors |= _marks(model.sampling)
    if text is not None:
        tensors |= _text_tensors(model.model.family, text)
    if pictures is not None:
        tensors |= {f"{VAE}{name}": value for name, value in pictures.saved_weights().items()}
    return tensors


def _text_tensors(family: Family, text: TextEncoder) -> dict[str, Tensor]:
    encoders, prefixes = text.saved_weights(), prefixes_of(family)
    if encoders.keys() != prefixes.keys():
        raise TextOfAnotherModel(family)
    tensors = {}
    for key, prefix in prefixes.items():
        is_open_clip = prefix.endswith(_OPEN_CLIP)
        named = open_clip_names(encoders[key]) if is_open_clip else encoders[key]
        tensors.update({f"{prefix}{name}": value for name, value in named.items()})
    return tensors


def _marks(sampling: ModelSampling) -> dict[str, Tensor]:
    """The keys that say what no weight tells: how the model is sampled."""
    is_velocity = type(sampling.prediction) is Velocity
    if is_velocity and isinstance(sampling.levels, ContinuousEdm):
        limits = (sampling.sigma_min, sampling.sigma_max)
        return {EDM_LOWEST: limits[0].clone(), EDM_HIGHEST: limits[1].clone()}
    has_no_signal = float(sampling.sigma_max) > _HIGHEST_WITH_SIGNAL
    marks = (("v_pred", is_velocity), ("ztsnr", has_no_signal))
    return {mark: torch.tensor([]) for mark, is_so in marks if is_so}
