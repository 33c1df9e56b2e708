"""Brings images to another size: [batch, height, width, channels] in and out."""

import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional

from hub.engine.models.areas import middle as largest_middle
from hub.nodes.pictures import Images, Pictures, tensor_of
from hub.nodes.pixels import batch_of, channel_of, image_of, picture_of

METHODS = ("nearest-exact", "bilinear", "area", "bicubic", "lanczos")


def resampled(image: Tensor, width: int, height: int, method: str) -> Tensor:
    """`image` at `width` × `height` pixels; the same tensor if it has that size.

    `lanczos` goes through 8 bits and smooths when it shrinks. The others are torch's `interpolate`
    without smoothing, of which only `area` suits much smaller sizes.
    """
    if tuple(image.shape[1:3]) == (height, width):
        return image
    if method == "lanczos":
        resized = (_lanczos(one, width, height) for one in image)
        return batch_of(resized, len(image)).to(image.device)
    scaled = functional.interpolate(image.movedim(-1, 1), size=(height, width), mode=method)
    return scaled.movedim(1, -1)


def rescaled(images: Images, width: int, height: int, method: str) -> Images:
    """The same for an IMAGE in either form: `lanczos` leaves pictures what they are."""
    if tuple(images.shape[1:3]) == (height, width):
        return images
    if isinstance(images, Pictures) and method == "lanczos":
        return images.resized(width, height)
    return resampled(tensor_of(images), width, height, method)


def resampled_mask(mask: Tensor, width: int, height: int, method: str = "bilinear") -> Tensor:
    """The same for a mask [batch, height, width], or [height, width] as some old packs give it."""
    return resampled(planes(mask)[..., None], width, height, method)[..., 0]


def planes(mask: Tensor) -> Tensor:
    """A mask as [batch, height, width]; some old packs give [height, width]."""
    return mask.reshape(-1, *mask.shape[-2:])


def cut_to_ratio(image: Tensor, width: int, height: int) -> Tensor:
    """The middle of `image` with the ratio `width` : `height`; a view."""
    left, top, width, height = middle(image, width, height)
    return image[:, top : top + height, left : left + width]


def fitted(image: Tensor, width: int, height: int, method: str) -> Tensor:
    """`image` at that size, cut to its ratio instead of being distorted."""
    return resampled(cut_to_ratio(image, width, height), width, height, method)


def middle(images: Images, width: int, height: int) -> tuple[int, int, int, int]:
    """The rectangle in the middle with the ratio `width` : `height`: left, top, width, height.

    The longer dimension loses the same whole number of pixels on both sides.
    """
    rows, columns = images.shape[1:3]
    area = largest_middle(rows, columns, height, width)
    return area.left, area.top, area.width, area.height


def with_channels(image: Tensor, channels: int) -> Tensor:
    """`image` with so many channels: surplus ones dropped, missing ones full (opaque)."""
    if image.shape[-1] >= channels:
        return image[..., :channels]
    return functional.pad(image, (0, channels - image.shape[-1]), value=1.0)


def _lanczos(image: Tensor, width: int, height: int) -> Tensor:
    picture = picture_of(image).resize((width, height), Image.Resampling.LANCZOS)
    if picture.mode == "RGB":
        return image_of(picture)
    return torch.stack([channel_of(band) for band in picture.split()], dim=-1)
