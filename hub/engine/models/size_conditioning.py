"""What models are told besides the text: XL sizes (Podell et al. 2023, section 2.2), and the
upscaler how much noise is on its picture."""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from hub.engine.models.families import Family
from hub.engine.models.layers import waves
from hub.engine.models.small_pictures import noise_level

_WAVES = 256
_PIXELS = 8  # of a side, for each of the latent
_PLEASING, _DISPLEASING = 6.0, 2.5  # aesthetic scores that the refiner is told


def size_conditioning(
    family: Family, options: Mapping[str, Any], *, height: int, width: int, is_negative: bool
) -> Tensor | None:
    """The vector `y` [batch, values] for an entry of a conditioning, or the class [batch]; None
    where there is none.

    `height` and `width` are those of the latent, which count unless the entry says others.
    """
    pooled: Tensor | None = options.get("pooled_output")
    if family is Family.UPSCALER:
        return torch.tensor([noise_level(options)])
    if family not in (Family.SDXL, Family.SDXL_REFINER):
        return None
    if pooled is None:
        pooled = torch.zeros(1, 1280)
    told_height = options.get("height", height * _PIXELS)
    told_width = options.get("width", width * _PIXELS)
    numbers = [told_height, told_width, options.get("crop_h", 0), options.get("crop_w", 0)]
    if family is Family.SDXL:
        numbers += [options.get("target_height", told_height)]
        numbers += [options.get("target_width", told_width)]
    else:
        usual = _DISPLEASING if is_negative else _PLEASING
        numbers += [options.get("aesthetic_score", usual)]
    told = waves(torch.tensor(numbers, dtype=torch.float32), _WAVES).flatten()
    return torch.cat([pooled, told.to(pooled).expand(len(pooled), -1)], dim=1)
