"""Progress and previews of samplers."""

from collections.abc import Callable
from typing import Any

import torch
from comfy.cli_args import args  # type: ignore[import-not-found] # this folder is searched
from comfy.utils import ProgressBar  # type: ignore[import-not-found]
from PIL import Image
from torch import Tensor

from hub.engine.models.diffusion_model import DiffusionModel
from hub.engine.models.latent_formats import LatentFormat
from hub.engine.models.latent_preview import preview_image
from hub.nodes.compat.not_yet import not_yet

__getattr__ = not_yet("latent_preview")
MAX_PREVIEW_RESOLUTION: int = args.preview_size


class LatentPreviewer:
    """What packs derive their own previews from."""

    def decode_latent_to_preview(self, x0: Tensor) -> Image.Image:
        raise NotImplementedError(f"{type(self).__name__} does not say how a preview is made.")

    def decode_latent_to_preview_image(
        self, preview_format: str, x0: Tensor
    ) -> tuple[str, Image.Image, int]:
        return "JPEG", self.decode_latent_to_preview(x0), MAX_PREVIEW_RESOLUTION


class Latent2RGBPreviewer(LatentPreviewer):
    """A linear map of channels to colours, which the hub knows for the format."""

    def __init__(self, latent_format: LatentFormat) -> None:
        self._format = latent_format

    def decode_latent_to_preview(self, x0: Tensor) -> Image.Image:
        return preview_to_image(preview_image(x0, self._format)[0] * 2 - 1)


class TAESDPreviewerImpl(LatentPreviewer):
    """By a decoder that a pack brings: latents [batch, channels, height, width] to pictures from −1
    to 1."""

    def __init__(self, taesd: Any) -> None:
        self.taesd = taesd

    def decode_latent_to_preview(self, x0: Tensor) -> Image.Image:
        return preview_to_image(self.taesd.decode(x0[:1])[0].movedim(0, 2))


def preview_to_image(latent_image: Tensor) -> Image.Image:
    """A picture of [height, width, 3] from −1 to 1."""
    pixels = latent_image.add(1).mul(127.5).clamp(0, 255).to("cpu", torch.uint8)
    return Image.fromarray(pixels.numpy())


def get_previewer(device: torch.device, latent_format: Any) -> LatentPreviewer | None:
    """None for formats that the hub does not know."""
    return Latent2RGBPreviewer(latent_format) if isinstance(latent_format, LatentFormat) else None


def set_preview_method(override: str | None = None) -> None:
    """Nothing to choose from: each preview costs less than a millisecond."""


def prepare_callback(
    model: Any, steps: int, x0_output_dict: dict[str, Any] | None = None
) -> Callable[[int, Tensor, Tensor, int], None]:
    """What a sampler calls after each step; the last estimate is kept under `x0`."""
    bar = ProgressBar(steps)
    known = isinstance(model, DiffusionModel)
    previewer = get_previewer(torch.device("cpu"), model.latent_format) if known else None

    def after_step(step: int, x0: Tensor, x: Tensor, total_steps: int) -> None:
        if x0_output_dict is not None:
            x0_output_dict["x0"] = x0
        shown = previewer.decode_latent_to_preview_image("JPEG", x0) if previewer else None
        bar.update_absolute(step + 1, total_steps, shown)

    return after_step
