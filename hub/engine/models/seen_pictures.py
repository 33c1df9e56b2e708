"""What a denoiser sees beside the noisy latent, on channels of its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import torch
from torch import Tensor

from hub.engine.models.latent_formats import LatentFormat
from hub.engine.models.rows import repeated
from hub.engine.models.small_pictures import resized, small_picture

# What the autoencoder makes of a grey picture, scaled: a value for each channel.
_GREY = (0.8223, -0.6876, 0.6364, 0.1380)


class Sees(StrEnum):
    """Each kind with what it is shown."""

    NOTHING = "nothing"
    MASKED = "a mask, and a picture without what is masked"
    PICTURE = "a picture as the autoencoder encodes it"
    SMALL_PICTURE = "a small picture itself, with noise on it"
    SCALED_PICTURE = "a picture, scaled as the noisy latent is"


@dataclass(frozen=True, slots=True)
class Inpainting:
    """The latent that is being changed, as the model sees it, and the mask [batch, 1, height,
    width] that is 1 where it may change, at the same size."""

    latent: Tensor
    mask: Tensor


def seen(
    sees: Sees,
    options: Mapping[str, Any],
    form: LatentFormat,
    shape: torch.Size,
    inpainting: Inpainting | None,
) -> Tensor | None:
    """What an entry of a conditioning shows beside a latent of that shape and form."""
    match sees:
        case Sees.NOTHING:
            return None
        case Sees.MASKED:
            return _masked(options, form, shape, inpainting)
        case Sees.PICTURE:
            return _picture(options, shape)
        case Sees.SCALED_PICTURE:
            return form.process_in(_picture(options, shape))
        case Sees.SMALL_PICTURE:
            return small_picture(options, shape)


def _masked(
    options: Mapping[str, Any],
    form: LatentFormat,
    shape: torch.Size,
    inpainting: Inpainting | None,
) -> Tensor:
    mask = options.get("concat_mask", None if inpainting is None else inpainting.mask)
    if mask is None:
        grey = torch.tensor(_GREY)[None, :, None, None].expand(1, -1, *shape[2:])
        return torch.cat([torch.ones(1, 1, *shape[2:]), grey], dim=1)
    mask = resized(mask.reshape(-1, 1, *mask.shape[-2:]), shape).round()
    if (given := options.get("concat_latent_image")) is not None:
        latent = resized(form.process_in(given), shape)
    elif inpainting is not None:
        latent = inpainting.latent
    else:
        latent = torch.zeros(1, shape[1], *shape[2:])
    batch = max(len(mask), len(latent))
    return torch.cat([repeated(mask, batch), repeated(latent, batch)], dim=1)


def _picture(options: Mapping[str, Any], shape: torch.Size) -> Tensor:
    """Zeros stand for none (Brooks et al. 2023, section 3.2)."""
    given: Tensor | None = options.get("concat_latent_image")
    return torch.zeros(1, *shape[1:]) if given is None else resized(given, shape)
