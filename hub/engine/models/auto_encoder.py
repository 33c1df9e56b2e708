"""What a VAE link carries: pictures to latents and back."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from hub.engine.models.compute import Compute, compute_for_pictures
from hub.engine.models.devices import CPU, is_out_of_memory
from hub.engine.models.model_file import Tensors
from hub.engine.models.model_memory import MODEL_MEMORY
from hub.engine.models.tiling import Along, spans, tiled
from hub.engine.models.vae import VariationalAutoencoder
from hub.engine.models.weights import Weights, mapped
from hub.errors import Invalid

log = logging.getLogger(__name__)

Function = Callable[[Tensor], Tensor]
LATENT_TILE, LATENT_OVERLAP = 64, 16
PICTURE_TILE, PICTURE_OVERLAP = 512, 64
_COLOURS = 3


class NotItsLatent(Invalid):
    """A latent is not of the kind that an autoencoder decodes."""

    def __init__(self, given: torch.Size, channels: int) -> None:
        super().__init__(
            f"The latent has the shape {list(given)}, and the autoencoder takes [batch, "
            f"{channels}, height, width]. Decode it with the autoencoder of the model that made it."
        )


class PictureTooSmall(Invalid):
    """A picture is less than one place of a latent."""

    def __init__(self, width: int, height: int, ratio: int) -> None:
        super().__init__(
            f"The picture has {width} × {height} pixels, and the autoencoder needs at least "
            f"{ratio} × {ratio}. Scale it up first."
        )


class AutoEncoder:
    """Pictures are [batch, height, width, channels] from 0 to 1, latents [batch, channels, height,
    width] as the autoencoder gives them. Attribute names are those that node packs read.

    Its module has `encode` and `decode`, with pictures from -1 to 1, `latent_channels` and `ratio`.
    What does not fit in the device's memory is done again in tiles, in ever smaller ones.
    """

    def __init__(self, weights: Weights[Any], compute: Compute | None = None) -> None:
        self._weights = weights
        self._compute = compute or compute_for_pictures()
        self.latent_channels = weights.module.latent_channels
        self.downscale_ratio = self.upscale_ratio = weights.module.ratio

    @classmethod
    def of(cls, tensors: Tensors, origin: Path | None = None) -> AutoEncoder:
        """From tensors named `encoder.…`, `decoder.…`. Raises `WeightsDoNotFit`."""
        return cls(mapped("autoencoder", VariationalAutoencoder, tensors, origin))

    @property
    def first_stage_model(self) -> nn.Module:
        module: nn.Module = self._weights.module
        return module

    def saved_weights(self) -> dict[str, Tensor]:
        """What a file of it holds, by its own names."""
        return self._weights.saved()

    def spacial_compression_decode(self) -> int:
        return self.upscale_ratio

    def spacial_compression_encode(self) -> int:
        return self.downscale_ratio

    def temporal_compression_decode(self) -> None:
        """None, as there is no time in pictures."""

    def decode(self, latent: Tensor) -> Tensor:
        """Raises `NotItsLatent`."""
        self._check(latent)
        with self._weights.in_use():
            whole = _whole(self._decoded, latent)
        if whole is not None:
            return _pictures(whole)
        return _in_tiles_that_fit(
            lambda tile: self.decode_tiled(latent, tile, tile, tile // 4), LATENT_TILE
        )

    def encode(self, pixels: Tensor) -> Tensor:
        """Alpha is dropped, and the edges where the size is no multiple of the ratio. Raises
        `PictureTooSmall`."""
        cropped = self._cropped(pixels)
        with self._weights.in_use():
            whole = _whole(self._encoded, cropped)
        if whole is not None:
            return whole
        return _in_tiles_that_fit(
            lambda tile: self.encode_tiled(pixels, tile, tile, tile // 8), PICTURE_TILE
        )

    def decode_tiled(
        self,
        latent: Tensor,
        tile_x: int = LATENT_TILE,
        tile_y: int = LATENT_TILE,
        overlap: int = LATENT_OVERLAP,
    ) -> Tensor:
        """Sizes are in latent pixels. Raises `NotItsLatent`."""
        self._check(latent)
        ways = _ways(tile_y, tile_x, overlap, unit=1)

        def scale(length: int) -> float:
            return length * self.upscale_ratio

        return _pictures(_in_tiles(self._decoded, latent, ways, scale, channels=_COLOURS))

    def encode_tiled(
        self,
        pixels: Tensor,
        tile_x: int = PICTURE_TILE,
        tile_y: int = PICTURE_TILE,
        overlap: int = PICTURE_OVERLAP,
    ) -> Tensor:
        """Sizes are in pixels. Raises `PictureTooSmall`."""
        ways = _ways(tile_y, tile_x, overlap, unit=self.downscale_ratio)

        def scale(length: int) -> float:
            return length / self.downscale_ratio

        cropped = self._cropped(pixels)
        return _in_tiles(self._encoded, cropped, ways, scale, channels=self.latent_channels)

    def _check(self, latent: Tensor) -> None:
        if latent.dim() != 4 or latent.shape[1] != self.latent_channels:
            raise NotItsLatent(latent.shape, self.latent_channels)

    def _decoded(self, latent: Tensor) -> Tensor:
        x = latent.to(self._compute.device, self._compute.dtype)
        with self._weights.placed(self._compute) as module, torch.no_grad():
            decoded: Tensor = module.decode(x).float().cpu()
        return decoded

    def _encoded(self, pixels: Tensor) -> Tensor:
        x = pixels.to(self._compute.device, self._compute.dtype)
        with self._weights.placed(self._compute) as module, torch.no_grad():
            encoded: Tensor = module.encode(x * 2 - 1).float().cpu()
        return encoded

    def _cropped(self, pixels: Tensor) -> Tensor:
        """[batch, 3, height, width], cut evenly at opposite edges."""
        x = pixels[..., :_COLOURS].movedim(-1, 1)
        height, width = x.shape[2:]
        if min(height, width) < self.downscale_ratio:
            raise PictureTooSmall(width, height, self.downscale_ratio)
        for dimension in (2, 3):
            surplus = x.shape[dimension] % self.downscale_ratio
            x = x.narrow(dimension, surplus // 2, x.shape[dimension] - surplus)
        return x


def _whole(function: Function, x: Tensor) -> Tensor | None:
    """What `function` makes of each of the batch; None if that does not fit in memory, even when
    other models give theirs back."""
    for _ in range(2):
        try:
            return torch.cat([function(one[None]) for one in x])
        except (MemoryError, RuntimeError) as error:
            if not is_out_of_memory(error):
                raise
        if not MODEL_MEMORY.release_idle():
            break
    log.warning("%s do not fit in memory as a whole; they are done in tiles.", tuple(x.shape))
    return None


def _ways(height: int, width: int, overlap: int, *, unit: int) -> list[tuple[int, int, int]]:
    """Such tiles, flatter and steeper ones: height, width and overlap, in multiples of `unit`."""
    overlap = min(overlap, height // 4, width // 4)
    sides = [(height, width), (height // 2, width * 2), (height * 2, width // 2)]
    return [
        (max(high // unit, 1) * unit, max(wide // unit, 1) * unit, overlap // unit * unit)
        for high, wide in sides
    ]


def _in_tiles_that_fit(tiled: Callable[[int], Tensor], tile: int) -> Tensor:
    """What comes of tiles of that size, or of the half of it, or the quarter."""
    for size in (tile, tile // 2):
        try:
            return tiled(size)
        except (MemoryError, RuntimeError) as error:
            if not is_out_of_memory(error):
                raise
    return tiled(tile // 4)


def _in_tiles(
    function: Function, x: Tensor, ways: list[tuple[int, int, int]], scale: Along, *, channels: int
) -> Tensor:
    """The average of all ways of tiling, whose seams do not meet: so none of them is seen."""
    results = []
    for height, width, overlap in ways:
        axes = [
            spans(x.shape[2], height, overlap, scale),
            spans(x.shape[3], width, overlap, scale),
        ]
        results.append(tiled(x, function, axes, channels=channels, device=CPU))
    return torch.stack(results).mean(dim=0)


def _pictures(x: Tensor) -> Tensor:
    return x.add_(1).div_(2).clamp_(0, 1).movedim(1, -1)
