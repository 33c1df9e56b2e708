"""Nodes that divide latents into other batches."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from hub.engine.models.rows import repeated
from hub.nodes.api import INT, LATENT, Node, NodeOutput, Schema, autogrow, choice
from hub.nodes.latent_joining import joined

Latent = dict[str, Any]
_DIMENSIONS = {"t": -3, "x": -1, "y": -2}
_LARGEST_SIDE = 16384
_LARGEST_BATCH = 4096
_RATIO = 8  # pixels for each of a latent


class LatentCutToBatch(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="LatentCutToBatch",
            display_name="LatentCutToBatch",
            category="latent/advanced",
            description=(
                "Cuts latents into strips of one size, in latent pixels, and makes a batch of "
                "them. A rest that is smaller is left out."
            ),
            inputs=(
                LATENT.input("samples"),
                choice("dim", tuple(_DIMENSIONS)),
                INT.value("slice_size", default=1, minimum=1, maximum=_LARGEST_SIDE, step=1),
            ),
            outputs=(LATENT.output(),),
            light=True,
            module="comfy_extras.nodes_latent",
        )

    @classmethod
    def execute(cls, samples: Latent, dim: str, slice_size: int) -> NodeOutput:
        latent = samples["samples"]
        dimension = latent.dim() + _DIMENSIONS[dim]
        if dimension < 2:  # a picture has no time
            return NodeOutput(samples)
        return NodeOutput({**samples, "samples": strips(latent, dimension, slice_size)})


class RebatchLatents(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="RebatchLatents",
            display_name="Rebatch Latents",
            category="latent/batch",
            description=(
                "Makes batches of so many latents out of all that come, in their order. Where the "
                "size changes a new batch begins."
            ),
            inputs=(
                LATENT.input("latents"),
                INT.value("batch_size", default=1, minimum=1, maximum=_LARGEST_BATCH),
            ),
            outputs=(LATENT.output(is_list=True),),
            is_input_list=True,
            light=True,
            module="comfy_extras.nodes_rebatch",
        )

    @classmethod
    def execute(cls, latents: list[Latent], batch_size: list[int]) -> NodeOutput:
        return NodeOutput(list(rebatched(latents, batch_size[0])))


class BatchLatentsNode(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        latents = autogrow(
            "latents", LATENT.input("latent"), prefix="latent", minimum=2, maximum=50
        )
        return Schema(
            class_type="BatchLatentsNode",
            display_name="Batch Latents",
            category="latent",
            description=(
                "Puts batches behind each other, up to fifty. All come to the size of the first; "
                "each latent keeps its noise."
            ),
            inputs=(latents,),
            outputs=(LATENT.output(),),
            is_v3=True,
            light=True,
            module="comfy_extras.nodes_post_processing",
        )

    @classmethod
    def execute(cls, latents: dict[str, Latent]) -> NodeOutput:
        return NodeOutput(joined(list(latents.values())))


def strips(latent: Tensor, dimension: int, size: int) -> Tensor:
    """Those of the first latent, then those of the second, and so on."""
    length = latent.shape[dimension]
    size = min(size, length)
    whole = latent.narrow(dimension, 0, length - length % size)
    return torch.stack(torch.split(whole, size, dimension), dim=1).flatten(0, 1)


def rebatched(latents: list[Latent], size: int) -> Iterator[Latent]:
    """Batches of at most `size`, each of one shape, whose latents keep their masks and noise."""
    numbered = _with_places(latents)
    for _, group in groupby(numbered, key=lambda latent: latent["samples"].shape[1:]):
        alike = list(group)
        whole: Latent = {
            "samples": torch.cat([latent["samples"] for latent in alike]),
            "batch_index": [place for latent in alike for place in latent["batch_index"]],
        }
        if any("noise_mask" in latent for latent in alike):
            whole["noise_mask"] = torch.cat(list(map(_mask, alike)))
        for first in range(0, len(whole["samples"]), size):
            yield {name: value[first : first + size] for name, value in whole.items()}


def _with_places(latents: list[Latent]) -> Iterator[Latent]:
    """Those that have no places in a batch get the ones that they have among all."""
    before = 0
    for latent in latents:
        count = len(latent["samples"])
        yield {"batch_index": list(range(before, before + count)), **latent}
        before += count


def _mask(latent: Latent) -> Tensor:
    """Its mask for each of its rows, in pixels; all may change where it has none."""
    batch, _, height, width = latent["samples"].shape
    mask: Tensor | None = latent.get("noise_mask")
    if mask is None:
        return torch.ones(batch, 1, height * _RATIO, width * _RATIO)
    planes = mask.reshape(-1, 1, *mask.shape[-2:]).float()
    scaled = functional.interpolate(planes, size=(height * _RATIO, width * _RATIO), mode="bilinear")
    return repeated(scaled, batch)


NODES: tuple[type[Node], ...] = (LatentCutToBatch, RebatchLatents, BatchLatentsNode)
