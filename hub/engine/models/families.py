"""Telling from a denoiser's weights which family it belongs to, and how it is sampled."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import torch

from hub.engine.models import latent_formats
from hub.engine.models.latent_formats import LatentFormat
from hub.engine.models.model_file import Tensors
from hub.engine.models.seen_pictures import Sees
from hub.engine.sampling.model_sampling import ModelSampling
from hub.engine.sampling.noise_levels import ContinuousEdm, stable_diffusion, upscaling
from hub.engine.sampling.prediction import Epsilon, Velocity
from hub.errors import Invalid

_TEXT = "transformer_blocks.0.attn2.to_k.weight"
_LABELS = "label_emb.0.0.weight"
_CLASSES = "label_emb.weight"
_FIRST = "input_blocks.0.0.weight"
EDM_LOWEST, EDM_HIGHEST = "edm_vpred.sigma_min", "edm_vpred.sigma_max"
_MEAN = "edm_mean"
MARKS = frozenset({"v_pred", "ztsnr", _MEAN, EDM_LOWEST, EDM_HIGHEST})
"""Keys that say how the denoiser was trained."""

# Of the second Stable Diffusion, some models predict noise and some velocity, and no key tells
# which. Where this bias spreads wide it is velocity; the two kinds lie far apart.
_SPREAD_BY_VELOCITY = "output_blocks.11.1.transformer_blocks.0.norm1.bias"
_WIDE = 0.09

_OTHER_ARCHITECTURES = {
    "joint_blocks.": "a Stable Diffusion 3 or AuraFlow model",
    "double_blocks.": "a Flux or Hunyuan model",
    "double_stream_blocks.": "a HiDream model",
    "down_blocks.": "weights in the layout of diffusers",
    "time_stack.": "a video model",
    "control_model.": "a ControlNet",
    "input_hint_block.": "a ControlNet",
    "blocks.0.self_attn.": "a Wan video model",
    "transformer_blocks.0.scale_shift_table": "a PixArt or LTX model",
    "lora_": "a LoRA",
}


class Family(StrEnum):
    SD1 = "Stable Diffusion 1"
    SD2 = "Stable Diffusion 2"
    SDXL = "Stable Diffusion XL"
    SDXL_REFINER = "the refiner of Stable Diffusion XL"
    UPSCALER = "the x4 upscaler of Stable Diffusion 2"

    @property
    def latent_format(self) -> LatentFormat:
        return _FORMATS.get(self, latent_formats.SDXL)


_FORMATS = {
    Family.SD1: latent_formats.SD1,
    Family.SD2: latent_formats.SD1,
    Family.UPSCALER: latent_formats.UPSCALER,
}


# By the width of the text and that of what else the model is told; of classes, their number.
_FAMILIES = {
    (768, 0): Family.SD1,
    (1024, 0): Family.SD2,
    (2048, 2816): Family.SDXL,
    (1280, 2560): Family.SDXL_REFINER,
    (1024, 1000): Family.UPSCALER,
}
# The same, of those that are told a picture beside the text.
_UNCLIP = frozenset({(1024, 1536), (1024, 2048)})
_NARROWEST = min(text for text, _ in _FAMILIES)
_EDITING = frozenset({Family.SD1, Family.SDXL})  # InstructPix2Pix
_OTHERS = frozenset(Family) - {Family.UPSCALER}
# By how many channels there are, what is on those behind the latent's own, and of which families.
_SEEN = {
    4: (Sees.NOTHING, _OTHERS),
    7: (Sees.SMALL_PICTURE, frozenset({Family.UPSCALER})),
    8: (Sees.PICTURE, _EDITING),
    9: (Sees.MASKED, _OTHERS),
}


class UnknownModel(Invalid):
    """No family of ours has weights like these."""

    def __init__(self, path: Path, names: Iterable[str], reason: str = "") -> None:
        reason = reason or _named_by_its_keys(list(names))
        super().__init__(
            f"The model file {path.name} holds {reason}. Stable Diffusion 1, 2 and XL with their "
            "original key names can be used here; choose another file."
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelFacts:
    """What a denoiser's weights say about it."""

    family: Family
    sees: Sees
    sampling: ModelSampling


def recognised(path: Path, unet: Tensors, marks: Tensors) -> ModelFacts:
    """The facts about the denoiser of a file, whose other tensors are `marks`.

    Raises `UnknownModel`.
    """
    text = next((tensor for name, tensor in unet.items() if name.endswith(_TEXT)), None)
    if text is None or _FIRST not in unet or any("time_stack." in name for name in unet):
        raise UnknownModel(path, [*unet, *marks])
    label_width = _label_width(unet)
    channels = unet[_FIRST].shape[1]
    if (text.shape[1], label_width) in _UNCLIP:
        raise UnknownModel(path, unet, "an unCLIP model, which takes pictures beside its prompt")
    family = _family(text.shape[1], label_width)
    sees = None if family is None else _seen(family, channels, marks)
    if family is None or sees is None:
        told = f"{channels} channels, texts of width {text.shape[1]} and {label_width} more values"
        raise UnknownModel(path, unet, f"a denoiser that is told {told}")
    if _MEAN in marks:
        raise UnknownModel(path, unet, "a denoiser with latents scaled as for EDM")
    return ModelFacts(family=family, sees=sees, sampling=_sampling(family, unet, marks))


def _label_width(unet: Tensors) -> int:
    if _CLASSES in unet:
        return unet[_CLASSES].shape[0]
    return unet[_LABELS].shape[1] if _LABELS in unet else 0


def _family(text_width: int, label_width: int) -> Family | None:
    """Whoever trains a small model takes the layout of the first family, and narrower texts."""
    if text_width < _NARROWEST and label_width == 0:
        return Family.SD1
    return _FAMILIES.get((text_width, label_width))


def _seen(family: Family, channels: int, marks: Tensors) -> Sees | None:
    """CosXL was trained to edit with a scaled picture, its forerunners without."""
    sees, families = _SEEN.get(channels, (None, frozenset()))
    if family not in families:
        return None
    is_edm = EDM_HIGHEST in marks
    return Sees.SCALED_PICTURE if sees is Sees.PICTURE and is_edm else sees


def _sampling(family: Family, unet: Tensors, marks: Tensors) -> ModelSampling:
    if EDM_HIGHEST in marks:
        limits = {"sigma_max": float(marks[EDM_HIGHEST])}
        if EDM_LOWEST in marks:
            limits["sigma_min"] = float(marks[EDM_LOWEST])
        return ModelSampling(Velocity(), ContinuousEdm(**limits))
    if family is Family.UPSCALER:
        return ModelSampling(Velocity(), upscaling())
    return ModelSampling(
        Velocity() if _is_velocity(family, unet, marks) else Epsilon(),
        stable_diffusion(zero_terminal_snr="ztsnr" in marks),
    )


def _is_velocity(family: Family, unet: Tensors, marks: Collection[str]) -> bool:
    spread = unet.get(_SPREAD_BY_VELOCITY)
    if "v_pred" in marks or family is not Family.SD2 or spread is None:
        return "v_pred" in marks
    return float(torch.std(spread.float(), correction=0)) > _WIDE


def _named_by_its_keys(names: Sequence[str]) -> str:
    for part, what in _OTHER_ARCHITECTURES.items():
        if any(part in name for name in names):
            return what
    return "no denoiser"
