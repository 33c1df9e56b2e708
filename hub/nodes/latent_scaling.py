"""Nodes that bring latents to another size."""

from typing import Any

from torch import Tensor

from hub.nodes.api import FLOAT, INT, LATENT, Node, NodeOutput, Schema, choice
from hub.nodes.bislerp import bislerp
from hub.nodes.resampling import cut_to_ratio, resampled

Latent = dict[str, Any]
_METHODS = ("nearest-exact", "bilinear", "area", "bicubic", "bislerp")
_CROPS = ("disabled", "center")
_LARGEST_SIDE = 16384
_RATIO = 8  # pixels for each of a latent
_SMALLEST = 64


class LatentUpscale(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="LatentUpscale",
            display_name="Upscale Latent",
            category="latent",
            description=(
                "Brings latents to a size in pixels. A side of 0 keeps the ratio; two leave the "
                "latents as they are."
            ),
            inputs=(
                LATENT.input("samples"),
                choice("upscale_method", _METHODS),
                INT.value("width", default=512, minimum=0, maximum=_LARGEST_SIDE, step=8),
                INT.value("height", default=512, minimum=0, maximum=_LARGEST_SIDE, step=8),
                choice("crop", _CROPS),
            ),
            outputs=(LATENT.output(),),
            light=True,
        )

    @classmethod
    def execute(
        cls, samples: Latent, upscale_method: str, width: int, height: int, crop: str
    ) -> NodeOutput:
        if width == 0 and height == 0:
            return NodeOutput(samples)
        x = samples["samples"]
        columns, rows = (side // _RATIO for side in _size(x, width, height))
        scaled = scaled_latent(x, columns, rows, upscale_method, is_cut=crop == "center")
        return NodeOutput({**samples, "samples": scaled})


class LatentUpscaleBy(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="LatentUpscaleBy",
            display_name="Upscale Latent By",
            category="latent",
            description="Makes latents larger or smaller by a factor.",
            inputs=(
                LATENT.input("samples"),
                choice("upscale_method", _METHODS),
                FLOAT.value("scale_by", default=1.5, minimum=0.01, maximum=8.0, step=0.01),
            ),
            outputs=(LATENT.output(),),
            light=True,
        )

    @classmethod
    def execute(cls, samples: Latent, upscale_method: str, scale_by: float) -> NodeOutput:
        x = samples["samples"]
        columns, rows = (max(1, round(x.shape[side] * scale_by)) for side in (3, 2))
        return NodeOutput({**samples, "samples": scaled_latent(x, columns, rows, upscale_method)})


def scaled_latent(x: Tensor, width: int, height: int, method: str, is_cut: bool = False) -> Tensor:
    """[batch, channels, height, width] at another size, in latent pixels; with `is_cut` the middle
    that has the right ratio instead of all of it, distorted."""
    pictures = x.movedim(1, -1)
    if is_cut:
        pictures = cut_to_ratio(pictures, width, height)
    if method == "bislerp":
        return bislerp(pictures.movedim(-1, 1), width, height)
    return resampled(pictures, width, height, method).movedim(-1, 1)


def _size(x: Tensor, width: int, height: int) -> tuple[int, int]:
    """The size in pixels, where one side may be 0."""
    rows, columns = x.shape[2:]
    if width == 0:
        height = max(_SMALLEST, height)
        width = max(_SMALLEST, round(columns * height / rows))
    elif height == 0:
        width = max(_SMALLEST, width)
        height = max(_SMALLEST, round(rows * width / columns))
    return max(_SMALLEST, width), max(_SMALLEST, height)


NODES: tuple[type[Node], ...] = (LatentUpscale, LatentUpscaleBy)
