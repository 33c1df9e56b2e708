"""Brings tensors to the number of elements, channels and pixels that something else has."""

import math
from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional

_MODES = {1: "linear", 2: "bilinear", 3: "trilinear"}


def repeat_to_batch_size(tensor: Tensor, batch_size: int, dim: int = 0) -> Tensor:
    """Cut, or repeated from the beginning."""
    times = math.ceil(batch_size / tensor.shape[dim])
    repeats = [times if number == dim else 1 for number in range(tensor.ndim)]
    repeated = tensor.repeat(repeats) if times > 1 else tensor
    return repeated.narrow(dim, 0, batch_size)


def resize_to_batch_size(tensor: Tensor, batch_size: int) -> Tensor:
    """Elements taken at even distances, from the first to the last if there are fewer than now."""
    old = len(tensor)
    if batch_size == old:
        return tensor
    places = torch.arange(batch_size, dtype=torch.float64)
    if batch_size < old:
        places = (places * (old - 1) / max(1, batch_size - 1)).round()
    else:
        places = ((places + 0.5) * old / batch_size).floor()
    return tensor[places.long().clamp(max=old - 1).to(tensor.device)]


def reshape_mask(input_mask: Tensor, output_shape: Sequence[int]) -> Tensor:
    """A mask in the size, the channels and the batch of [batch, channels, *sizes]."""
    axes = len(output_shape) - 2
    if input_mask.ndim != axes + 2:
        leading = (1, 1, -1) if axes == 3 else (-1, 1)
        kept = axes - 1 if axes == 3 else axes
        input_mask = input_mask.reshape(*leading, *input_mask.shape[input_mask.ndim - kept :])
    mask = functional.interpolate(input_mask, size=tuple(output_shape[2:]), mode=_MODES[axes])
    if mask.shape[1] < output_shape[1]:
        mask = repeat_to_batch_size(mask, output_shape[1], dim=1)
    return repeat_to_batch_size(mask, output_shape[0])
