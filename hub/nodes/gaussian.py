"""Gaussian blur of images [batch, height, width, channels]."""

import torch
from torch import Tensor

from hub.errors import Invalid
from hub.nodes.bands import bands


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

    The kernel is separable: a column and a row of weights give what their product would. Weighted
    sums of shifted images are several times as fast on a CPU as a convolution with one channel.
    """
    height, width = image.shape[1:3]
    if min(height, width) <= radius:
        raise ImageTooSmall(radius, width, height)
    weights = gaussian_weights(radius, sigma).tolist()
    mirrored = _mirrored(image, radius, dim=1)
    result = torch.empty_like(image)
    for band in bands(image):
        rows = _weighted(mirrored[:, band.start : band.stop + 2 * radius], weights, dim=1)
        result[:, band] = _weighted(_mirrored(rows, radius, dim=2), weights, dim=2)
    return result


def _mirrored(image: Tensor, radius: int, dim: int) -> Tensor:
    before = image.narrow(dim, 1, radius).flip(dim)
    after = image.narrow(dim, image.shape[dim] - radius - 1, radius).flip(dim)
    return torch.cat([before, image, after], dim)


def _weighted(mirrored: Tensor, weights: list[float], dim: int) -> Tensor:
    """The weighted sum around each place that has so many others before and after it."""
    size = mirrored.shape[dim] - len(weights) + 1
    result = mirrored.narrow(dim, 0, size) * weights[0]
    for shift, weight in enumerate(weights[1:], start=1):
        result.add_(mirrored.narrow(dim, shift, size), alpha=weight)
    return result
