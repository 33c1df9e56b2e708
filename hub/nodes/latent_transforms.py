"""Nodes that turn, cut and join latents [batch, channels, height, width]."""

from typing import Any

import torch
from torch import Tensor

from hub.engine.models.areas import Area, feathered
from hub.errors import Invalid
from hub.nodes.api import (
    BOOLEAN,
    FLOAT,
    INT,
    LATENT,
    MASK,
    Input,
    Node,
    NodeOutput,
    Schema,
    choice,
)
from hub.nodes.latent_scaling import scaled_latent
from hub.nodes.pasting import pasted

Latent = dict[str, Any]
_TURNS = ("none", "90 degrees", "180 degrees", "270 degrees")
_FLIPS = ("x-axis: vertically", "y-axis: horizontally")
_LARGEST_SIDE = 16384
_RATIO = 8  # pixels for each of a latent
_SMALLEST = 8  # latent pixels that a cut leaves at least


class OtherChannels(Invalid):
    """Latents of two kinds of models meet."""

    def __init__(self, below: int, above: int) -> None:
        super().__init__(
            f"The destination has {below} channels and the source {above}. Take latents of one "
            "kind of model."
        )


class LatentRotate(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="LatentRotate",
            display_name="Rotate Latent",
            category="latent/transform",
            description="Turns latents clockwise.",
            inputs=(LATENT.input("samples"), choice("rotation", _TURNS)),
            outputs=(LATENT.output(),),
            light=True,
        )

    @classmethod
    def execute(cls, samples: Latent, rotation: str) -> NodeOutput:
        turned = torch.rot90(samples["samples"], _TURNS.index(rotation), dims=(3, 2))
        return NodeOutput({**samples, "samples": turned})


class LatentFlip(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="LatentFlip",
            display_name="Flip Latent",
            category="latent/transform",
            description="Mirrors latents: upside down, or left to right.",
            inputs=(LATENT.input("samples"), choice("flip_method", _FLIPS)),
            outputs=(LATENT.output(),),
            light=True,
        )

    @classmethod
    def execute(cls, samples: Latent, flip_method: str) -> NodeOutput:
        flipped = torch.flip(samples["samples"], dims=(2 + _FLIPS.index(flip_method),))
        return NodeOutput({**samples, "samples": flipped})


class LatentCrop(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="LatentCrop",
            display_name="Crop Latent",
            category="latent/transform",
            description=(
                "Cuts a rectangle out of latents, in pixels. What would lie beyond their edges is "
                "left out, but at least 64 pixels remain."
            ),
            inputs=(
                LATENT.input("samples"),
                INT.value("width", default=512, minimum=64, maximum=_LARGEST_SIDE, step=8),
                INT.value("height", default=512, minimum=64, maximum=_LARGEST_SIDE, step=8),
                _place("x"),
                _place("y"),
            ),
            outputs=(LATENT.output(),),
            light=True,
        )

    @classmethod
    def execute(cls, samples: Latent, width: int, height: int, x: int, y: int) -> NodeOutput:
        latent = samples["samples"]
        rows, columns = latent.shape[2:]
        left = max(0, min(x // _RATIO, columns - _SMALLEST))
        top = max(0, min(y // _RATIO, rows - _SMALLEST))
        part = Area(height // _RATIO, width // _RATIO, top, left).of(latent)
        return NodeOutput({**samples, "samples": part.clone()})


class LatentComposite(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="LatentComposite",
            display_name="Latent Composite",
            category="latent",
            description=(
                "Puts one latent into another at a place in pixels. Edges inside fade over "
                "`feather` pixels."
            ),
            inputs=(
                LATENT.input("samples_to"),
                LATENT.input("samples_from"),
                _place("x"),
                _place("y"),
                _place("feather"),
            ),
            outputs=(LATENT.output(),),
            light=True,
        )

    @classmethod
    def execute(
        cls, samples_to: Latent, samples_from: Latent, x: int, y: int, feather: int
    ) -> NodeOutput:
        below, above = samples_to["samples"], samples_from["samples"]
        x, y, feather = (number // _RATIO for number in (x, y, feather))
        return NodeOutput({**samples_to, "samples": composed(below, above, x, y, feather)})


class LatentCompositeMasked(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="LatentCompositeMasked",
            display_name="LatentCompositeMasked",
            category="latent",
            description=(
                "Puts the source over the destination, its upper left corner at x, y in pixels; "
                "with a mask where that is 1. What reaches beyond is cut off."
            ),
            inputs=(
                LATENT.input("destination"),
                LATENT.input("source"),
                _place("x"),
                _place("y"),
                BOOLEAN.value("resize_source", default=False),
                MASK.input("mask", optional=True),
            ),
            outputs=(LATENT.output(),),
            light=True,
            module="comfy_extras.nodes_mask",
        )

    @classmethod
    def execute(
        cls,
        destination: Latent,
        source: Latent,
        x: int,
        y: int,
        resize_source: bool,
        mask: Tensor | None = None,
    ) -> NodeOutput:
        below, above = destination["samples"], source["samples"]
        if below.shape[1] != above.shape[1]:
            raise OtherChannels(below.shape[1], above.shape[1])
        if resize_source:
            above = scaled_latent(above, below.shape[3], below.shape[2], "bilinear")
        under, over = (latent.movedim(1, -1) for latent in (below, above))
        joined = pasted(under, over, x // _RATIO, y // _RATIO, mask)
        return NodeOutput({**destination, "samples": joined.movedim(-1, 1)})


class LatentBlend(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="LatentBlend",
            display_name="Latent Blend",
            category="_for_testing",
            description=(
                "Mixes two latents: `blend_factor` parts of the first. The second is brought to "
                "the size of the first."
            ),
            inputs=(
                LATENT.input("samples1"),
                LATENT.input("samples2"),
                FLOAT.value("blend_factor", default=0.5, minimum=0, maximum=1, step=0.01),
            ),
            outputs=(LATENT.output(),),
            light=True,
        )

    @classmethod
    def execute(cls, samples1: Latent, samples2: Latent, blend_factor: float) -> NodeOutput:
        first, second = samples1["samples"], samples2["samples"]
        height, width = first.shape[2:]
        second = scaled_latent(second, width, height, "bicubic", is_cut=True)
        blended = first * blend_factor + second * (1 - blend_factor)
        return NodeOutput({**samples1, "samples": blended})


def composed(below: Tensor, above: Tensor, x: int, y: int, feather: int) -> Tensor:
    """`above` at that place in a copy of `below`; what would lie beyond its edges is left out."""
    result = below.clone()
    height, width = above.shape[2:]
    under = result[..., y : y + height, x : x + width]
    area = Area(height, width, y, x)
    weights = feathered(area, below.shape[2], below.shape[3], feather).to(above)
    inside = (..., slice(under.shape[2]), slice(under.shape[3]))
    under += (above[inside] - under) * weights[inside]
    return result


def _place(name: str) -> Input:
    return INT.value(name, default=0, minimum=0, maximum=_LARGEST_SIDE, step=8)


NODES: tuple[type[Node], ...] = (
    LatentRotate,
    LatentFlip,
    LatentCrop,
    LatentComposite,
    LatentCompositeMasked,
    LatentBlend,
)
