"""Nodes that make latents, mask them, and take batches of them apart."""

from typing import Any

import torch
from torch import Tensor

from hub.engine.models.rows import repeated
from hub.nodes.api import INT, LATENT, MASK, Input, Node, NodeOutput, Schema

Latent = dict[str, Any]
_LARGEST_SIDE = 16384
_RATIO = 8  # pixels for each of a latent
_LARGEST_BATCH = 4096
_MOST_TAKEN = 64


class EmptyLatentImage(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="EmptyLatentImage",
            display_name="Empty Latent Image",
            category="latent",
            description="Empty latents to begin a picture from; the size is in pixels.",
            inputs=(*_sides(512, 8), _batch_size()),
            outputs=(LATENT.output(),),
            light=True,
        )

    @classmethod
    def execute(cls, width: int, height: int, batch_size: int) -> NodeOutput:
        return NodeOutput(_empty(batch_size, 4, width, height))


class EmptySD3LatentImage(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="EmptySD3LatentImage",
            display_name="EmptySD3LatentImage",
            category="latent/sd3",
            description="Empty latents of 16 channels to begin a picture from.",
            inputs=(*_sides(1024, 16), _batch_size()),
            outputs=(LATENT.output(),),
            light=True,
            module="comfy_extras.nodes_sd3",
        )

    @classmethod
    def execute(cls, width: int, height: int, batch_size: int) -> NodeOutput:
        return NodeOutput(_empty(batch_size, 16, width, height))


class EmptyHunyuanImageLatent(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="EmptyHunyuanImageLatent",
            display_name="EmptyHunyuanImageLatent",
            category="latent",
            description="Empty latents of 64 channels at a thirty-second of the size in pixels.",
            inputs=(*_sides(2048, 32, smallest=64), _batch_size()),
            outputs=(LATENT.output(),),
            light=True,
            module="comfy_extras.nodes_hunyuan",
        )

    @classmethod
    def execute(cls, width: int, height: int, batch_size: int) -> NodeOutput:
        return NodeOutput(_empty(batch_size, 64, width, height, ratio=32))


class EmptyFlux2LatentImage(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="EmptyFlux2LatentImage",
            display_name="Empty Flux 2 Latent",
            category="latent",
            description="Empty latents of 128 channels at a sixteenth of the size in pixels.",
            inputs=(*_sides(1024, 16), _batch_size()),
            outputs=(LATENT.output(),),
            light=True,
            module="comfy_extras.nodes_flux",
        )

    @classmethod
    def execute(cls, width: int, height: int, batch_size: int) -> NodeOutput:
        return NodeOutput(_empty(batch_size, 128, width, height, ratio=16))


class EmptyChromaRadianceLatentImage(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="EmptyChromaRadianceLatentImage",
            display_name="EmptyChromaRadianceLatentImage",
            category="latent/chroma_radiance",
            description="Empty latents of 3 channels, which are pixels themselves.",
            inputs=(*_sides(1024, 16), _batch_size()),
            outputs=(LATENT.output(),),
            light=True,
            module="comfy_extras.nodes_chroma_radiance",
        )

    @classmethod
    def execute(cls, width: int, height: int, batch_size: int) -> NodeOutput:
        return NodeOutput(_empty(batch_size, 3, width, height, ratio=1))


class SetLatentNoiseMask(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="SetLatentNoiseMask",
            display_name="Set Latent Noise Mask",
            category="latent/inpaint",
            description="Lets sampling change latents only where a mask is 1.",
            inputs=(LATENT.input("samples"), MASK.input("mask")),
            outputs=(LATENT.output(),),
            light=True,
        )

    @classmethod
    def execute(cls, samples: Latent, mask: Tensor) -> NodeOutput:
        noise_mask = mask.reshape(-1, 1, *mask.shape[-2:])
        return NodeOutput({**samples, "noise_mask": noise_mask})


class LatentFromBatch(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="LatentFromBatch",
            display_name="Latent From Batch",
            category="latent/batch",
            description=(
                "Takes latents out of a batch, counted from 0. They get the noise that they would "
                "have in the whole batch."
            ),
            inputs=(
                LATENT.input("samples"),
                INT.value("batch_index", default=0, minimum=0, maximum=_MOST_TAKEN - 1),
                INT.value("length", default=1, minimum=1, maximum=_MOST_TAKEN),
            ),
            outputs=(LATENT.output(),),
            light=True,
        )

    @classmethod
    def execute(cls, samples: Latent, batch_index: int, length: int) -> NodeOutput:
        return NodeOutput(taken(samples, batch_index, length))


class RepeatLatentBatch(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="RepeatLatentBatch",
            display_name="Repeat Latent Batch",
            category="latent/batch",
            description="Puts a batch behind itself so many times, each with noise of its own.",
            inputs=(
                LATENT.input("samples"),
                INT.value("amount", default=1, minimum=1, maximum=_MOST_TAKEN),
            ),
            outputs=(LATENT.output(),),
            light=True,
        )

    @classmethod
    def execute(cls, samples: Latent, amount: int) -> NodeOutput:
        return NodeOutput(multiplied(samples, amount))


def taken(latent: Latent, index: int, length: int) -> Latent:
    """That part of a batch; what is asked for beyond its end is left out."""
    batch = latent["samples"]
    first = min(index, len(batch) - 1)
    part = slice(first, first + length)
    result = {**latent, "samples": batch[part].clone()}
    mask = latent.get("noise_mask")
    if mask is not None and len(mask) > 1:
        result["noise_mask"] = repeated(mask, len(batch))[part].clone()
    indices = latent.get("batch_index", list(range(len(batch))))
    result["batch_index"] = indices[part]
    return result


def multiplied(latent: Latent, amount: int) -> Latent:
    batch = latent["samples"]
    result = {**latent, "samples": repeated(batch, len(batch) * amount)}
    mask = latent.get("noise_mask")
    if mask is not None and len(mask) > 1:
        result["noise_mask"] = repeated(repeated(mask, len(batch)), len(batch) * amount)
    if (indices := latent.get("batch_index")) is not None:
        span = max(indices) - min(indices) + 1
        result["batch_index"] = [one + span * time for time in range(amount) for one in indices]
    return result


def _empty(batch: int, channels: int, width: int, height: int, ratio: int = _RATIO) -> Latent:
    return {"samples": torch.zeros(batch, channels, height // ratio, width // ratio)}


def _sides(default: int, step: int, smallest: int = 16) -> tuple[Input, ...]:
    return tuple(
        INT.value(name, default=default, minimum=smallest, maximum=_LARGEST_SIDE, step=step)
        for name in ("width", "height")
    )


def _batch_size() -> Input:
    return INT.value("batch_size", default=1, minimum=1, maximum=_LARGEST_BATCH)


NODES: tuple[type[Node], ...] = (
    EmptyLatentImage,
    EmptySD3LatentImage,
    EmptyHunyuanImageLatent,
    EmptyFlux2LatentImage,
    EmptyChromaRadianceLatentImage,
    SetLatentNoiseMask,
    LatentFromBatch,
    RepeatLatentBatch,
)
