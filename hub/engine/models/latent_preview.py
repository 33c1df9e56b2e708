"""How a latent looks before it is decoded: a linear map of its channels to colours.

The maps were fitted by least squares to what the autoencoders give, an eighth of the size; the
figures are those that the community has long used for these families.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from hub.engine.models.latent_formats import SD1, SDXL, LatentFormat

Rows = tuple[tuple[float, float, float], ...]


@dataclass(frozen=True, slots=True)
class Colours:
    """For each channel its share of red, green and blue; and what is added."""

    channels: Rows
    bias: tuple[float, float, float] = (0.0, 0.0, 0.0)


SD1_COLOURS = Colours(
    (
        (0.3512, 0.2297, 0.3227),
        (0.3250, 0.4974, 0.2350),
        (-0.2829, 0.1762, 0.2721),
        (-0.2120, -0.2616, -0.7177),
    )
)
_SDXL = Colours(
    (
        (0.3651, 0.4232, 0.4341),
        (-0.2533, -0.0042, 0.1068),
        (0.1076, 0.1111, -0.0362),
        (-0.3165, -0.2492, -0.2188),
    ),
    (0.1084, -0.0175, -0.0011),
)
_COLOURS = {SD1: SD1_COLOURS, SDXL: _SDXL}


def preview_image(latent: Tensor, form: LatentFormat) -> Tensor:
    """The first of a batch as an IMAGE [1, height, width, 3]."""
    colours = _COLOURS.get(form, _SDXL)
    first = latent[0].detach().to("cpu", torch.float32).movedim(0, -1)
    image = first @ torch.tensor(colours.channels) + torch.tensor(colours.bias)
    return ((image + 1) / 2).clamp_(0, 1)[None]
