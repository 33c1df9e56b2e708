"""Progress, bringing tensors to another size, tiles, and files of weights."""

from collections.abc import Callable, Sequence
from typing import Any

import torch
from PIL import Image
from torch import Tensor

from hub.engine.models import tiling
from hub.engine.models.diffusers_names import diffusers_names
from hub.engine.models.model_config import UNetConfig
from hub.errors import Invalid
from hub.nodes.bislerp import bislerp as bislerp
from hub.nodes.compat.batch_sizes import repeat_to_batch_size as repeat_to_batch_size
from hub.nodes.compat.batch_sizes import reshape_mask as reshape_mask
from hub.nodes.compat.batch_sizes import resize_to_batch_size as resize_to_batch_size
from hub.nodes.compat.not_yet import not_yet
from hub.nodes.compat.running import tell_preview, tell_progress
from hub.nodes.compat.state_dicts import calculate_parameters as calculate_parameters
from hub.nodes.compat.state_dicts import copy_to_param as copy_to_param
from hub.nodes.compat.state_dicts import get_attr as get_attr
from hub.nodes.compat.state_dicts import load_torch_file as load_torch_file
from hub.nodes.compat.state_dicts import save_torch_file as save_torch_file
from hub.nodes.compat.state_dicts import set_attr as set_attr
from hub.nodes.compat.state_dicts import set_attr_param as set_attr_param
from hub.nodes.compat.state_dicts import state_dict_key_replace as state_dict_key_replace
from hub.nodes.compat.state_dicts import state_dict_prefix_replace as state_dict_prefix_replace
from hub.nodes.compat.state_dicts import weight_dtype as weight_dtype
from hub.nodes.resampling import cut_to_ratio, resampled

__getattr__ = not_yet("comfy.utils")
PROGRESS_BAR_ENABLED = True
Preview = tuple[str, Image.Image, int | None]
"""The kind of file, `JPEG` or `PNG`, a picture, and its longest side or None."""
Formula = float | Callable[[float], float]


def _tell(
    value: float, total: float, preview: Preview | None = None, node_id: str | None = None
) -> None:
    tell_progress(value, total)
    if preview is not None:
        kind, picture, longest_side = preview
        tell_preview(picture, longest_side, kind)


PROGRESS_BAR_HOOK: Callable[..., None] = _tell
"""Called for each step of a progress bar. Packs put their own in its place, and call this one."""


def set_progress_bar_global_hook(function: Callable[..., None]) -> None:
    global PROGRESS_BAR_HOOK  # noqa: PLW0603 - packs read it here
    PROGRESS_BAR_HOOK = function


class ProgressBar:
    """How far a node is; also where a cancelled run stops.

    A preview is the kind of file, `JPEG` or `PNG`, a picture, and its longest side or None.
    """

    def __init__(self, total: float, node_id: str | None = None) -> None:
        self.total = total
        self.current: float = 0
        self.node_id = node_id
        self.hook = PROGRESS_BAR_HOOK

    def update(self, value: float) -> None:
        self.update_absolute(self.current + value)

    def update_absolute(
        self,
        value: float,
        total: float | None = None,
        preview: tuple[str, Image.Image, int | None] | None = None,
    ) -> None:
        if total is not None:
            self.total = total
        self.current = min(value, self.total)
        self.hook(self.current, self.total, preview, node_id=self.node_id)


def common_upscale(
    samples: Tensor, width: int, height: int, upscale_method: str, crop: str
) -> Tensor:
    """[batch, channels, height, width] at another size; `crop` is `center` or `disabled`. Of what
    has more axes, such as video, the ones in between stay."""
    if samples.ndim > 4:
        flat = samples.movedim(1, -3).flatten(0, -4)
        scaled = common_upscale(flat, width, height, upscale_method, crop)
        between = (samples.shape[0], *samples.shape[2:-2])
        return scaled.reshape(*between, *scaled.shape[1:]).movedim(-3, 1)
    images = samples.movedim(1, -1)
    if crop == "center":
        images = cut_to_ratio(images, width, height)
    if upscale_method == "bislerp":
        return bislerp(images.movedim(-1, 1), width, height)
    return resampled(images, width, height, upscale_method).movedim(-1, 1)


def lanczos(samples: Tensor, width: int, height: int) -> Tensor:
    """Through 8 bits, as Pillow does it."""
    return resampled(samples.movedim(1, -1), width, height, "lanczos").movedim(-1, 1)


def unet_to_diffusers(unet_config: Any) -> dict[str, str]:
    """From diffusers' names of a network's weights to those here. Raises `Invalid` for sizes that
    are not of a model of the hub."""
    if not isinstance(unet_config, UNetConfig):
        raise Invalid("unet_to_diffusers takes the `model_config.unet_config` of a loaded model.")
    names = diffusers_names(unet_config.unet)
    weights = (name.rpartition(".") for name, _ in unet_config.unet.named_parameters())
    return {
        f"{names[layer]}.{kind}": f"{layer}.{kind}" for layer, _, kind in weights if layer in names
    }


def get_tiled_scale_steps(width: int, height: int, tile_x: int, tile_y: int, overlap: int) -> int:
    """How many tiles a picture has."""
    pairs = ((height, tile_y), (width, tile_x))
    return tiling.steps([tiling.spans(size, tile, overlap, float) for size, tile in pairs])


def tiled_scale_multidim(
    samples: Tensor,
    function: Callable[[Tensor], Tensor],
    tile: Sequence[int] = (64, 64),
    overlap: int | Sequence[int] = 8,
    upscale_amount: Formula | Sequence[Formula] = 4,
    out_channels: int = 3,
    output_device: torch.device | str = "cpu",
    downscale: bool = False,
    index_formulas: Formula | Sequence[Formula] | None = None,
    pbar: ProgressBar | None = None,
) -> Tensor:
    """What a function makes of [batch, channels, *sizes] that it is given in overlapping tiles.

    Per axis or for all, `upscale_amount` is a factor, or says how long a length becomes, and
    `index_formulas` likewise where a place comes to lie.
    """
    axes = len(tile)
    scales = [_along(amount, downscale) for amount in _each(upscale_amount, axes)]
    places = (
        scales
        if index_formulas is None
        else [_along(formula, downscale) for formula in _each(index_formulas, axes)]
    )
    spans = [
        tiling.spans(*sizes)
        for sizes in zip(samples.shape[2:], tile, _each(overlap, axes), scales, places, strict=True)
    ]
    done = (lambda: pbar.update(1)) if pbar else (lambda: None)
    device = torch.device(output_device)
    return tiling.tiled(samples, function, spans, channels=out_channels, device=device, done=done)


def tiled_scale(
    samples: Tensor,
    function: Callable[[Tensor], Tensor],
    tile_x: int = 64,
    tile_y: int = 64,
    overlap: int = 8,
    upscale_amount: float = 4,
    out_channels: int = 3,
    output_device: torch.device | str = "cpu",
    pbar: ProgressBar | None = None,
) -> Tensor:
    """The same for pictures."""
    return tiled_scale_multidim(
        samples,
        function,
        (tile_y, tile_x),
        overlap=overlap,
        upscale_amount=upscale_amount,
        out_channels=out_channels,
        output_device=output_device,
        pbar=pbar,
    )


def _each(given: Any, axes: int) -> list[Any]:
    return list(given) if isinstance(given, list | tuple) else [given] * axes


def _along(formula: Formula, downscale: bool) -> Callable[[float], float]:
    if callable(formula):
        return formula
    return lambda length: length / formula if downscale else length * formula
