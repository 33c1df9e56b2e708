"""How many latents may share a call of a model, by the memory that is left where it computes."""

from torch import Tensor

from hub.engine.models.devices import free_memory
from hub.engine.models.diffusion_model import DiffusionModel
from hub.engine.models.model_memory import MODEL_MEMORY

_MAPS = 32
"""What a row of a call holds at its peak, in maps of the size of the first one. Counted without
quadratic attention: 26 for Stable Diffusion 1, whose largest part is a feed-forward layer at full
size, and 14 for XL, which has none there."""
_SIDES = 2  # with and without the prompt
_SHARE = 0.8  # of the memory; the rest is for what the kernels need, and for others


def latents_that_fit(model: DiffusionModel, x: Tensor) -> int:
    """How many latents like those of `x` [batch, channels, height, width], at least one."""
    device = model.compute.device
    first = model.model.diffusion_model.model_channels * x.shape[2] * x.shape[3]
    row = _SIDES * _MAPS * first * model.compute.dtype.itemsize
    with model.model.weights.in_use():  # others may give theirs up for it
        room = free_memory(device) + MODEL_MEMORY.idle_bytes(device) - model.unplaced_bytes
    return max(1, int(room * _SHARE) // row)
