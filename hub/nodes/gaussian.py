"""Gaussian blur of images [batch, height, width, channels]."""

import torch
from torch import Tensor
from torch.nn import functional

from hub.errors import Invalid


class ImageTooSmall(Invalid):
    """An image has no room for a radius."""

    def __init__(self, radius: int, width: int, height: int) -> None:
        super().__init__(
            f"A radius of {radius} px needs an image of at least {radius + 1} px each way; this "
            f"one has {width}×{height}. Choose a smaller radius."
        )


def gaussian_weights(radius: int, sigma: float) -> Tensor:
    """2·radius + 1 weights that sum to 1. `sigma` is measured in radii, not in pixels."""
    distance = torch.linspace(-1.0, 1.0, 2 * radius + 1)
    weights = torch.exp(-(distance**2) / (2 * sigma**2))
    return weights / weights.sum()


def blurred(image: Tensor, radius: int, sigma: float) -> Tensor:
    """Convolved with a square Gaussian kernel; beyond its edges the image is mirrored.

    The kernel is separable: a column and a row of weights give what their product would.
    """
    batch, height, width, channels = image.shape
    if min(height, width) <= radius:
        raise ImageTooSmall(radius, width, height)
    weights = gaussian_weights(radius, sigma).to(image)
    planes = image.movedim(-1, 1).reshape(batch * channels, 1, height, width)
    padded = functional.pad(planes, (radius,) * 4, mode="reflect")
    columns = functional.conv2d(padded, weights.view(1, 1, -1, 1))
    rows = functional.conv2d(columns, weights.view(1, 1, 1, -1))
    return rows.reshape(batch, channels, height, width).movedim(1, -1)
