"""Nodes that calculate with latents [batch, channels, height, width]."""

from typing import Any

import torch
from torch import Tensor

from hub.engine.models.rows import repeated
from hub.nodes.api import FLOAT, LATENT, Node, NodeOutput, Schema
from hub.nodes.latent_scaling import scaled_latent

Latent = dict[str, Any]
_MODULE = "comfy_extras.nodes_latent"


class LatentAdd(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="LatentAdd",
            display_name="LatentAdd",
            category="latent/advanced",
            description="Adds two latents; the second comes to the size of the first.",
            inputs=(LATENT.input("samples1"), LATENT.input("samples2")),
            outputs=(LATENT.output(),),
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(cls, samples1: Latent, samples2: Latent) -> NodeOutput:
        first = samples1["samples"]
        return NodeOutput({**samples1, "samples": first + fitted(samples2["samples"], first)})


class LatentSubtract(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="LatentSubtract",
            display_name="LatentSubtract",
            category="latent/advanced",
            description="Takes the second latent, at the size of the first, away from the first.",
            inputs=(LATENT.input("samples1"), LATENT.input("samples2")),
            outputs=(LATENT.output(),),
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(cls, samples1: Latent, samples2: Latent) -> NodeOutput:
        first = samples1["samples"]
        return NodeOutput({**samples1, "samples": first - fitted(samples2["samples"], first)})


class LatentMultiply(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="LatentMultiply",
            display_name="LatentMultiply",
            category="latent/advanced",
            description="Multiplies latents by a number.",
            inputs=(
                LATENT.input("samples"),
                FLOAT.value("multiplier", default=1.0, minimum=-10.0, maximum=10.0, step=0.01),
            ),
            outputs=(LATENT.output(),),
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(cls, samples: Latent, multiplier: float) -> NodeOutput:
        return NodeOutput({**samples, "samples": samples["samples"] * multiplier})


class LatentInterpolate(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="LatentInterpolate",
            display_name="LatentInterpolate",
            category="latent/advanced",
            description=(
                "Mixes the directions of two latents and their lengths by themselves, so that the "
                "mixture is not shorter: `ratio` parts of the first."
            ),
            inputs=(
                LATENT.input("samples1"),
                LATENT.input("samples2"),
                FLOAT.value("ratio", default=1.0, minimum=0.0, maximum=1.0, step=0.01),
            ),
            outputs=(LATENT.output(),),
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(cls, samples1: Latent, samples2: Latent, ratio: float) -> NodeOutput:
        first = samples1["samples"]
        mixture = interpolated(first, fitted(samples2["samples"], first), ratio)
        return NodeOutput({**samples1, "samples": mixture})


def fitted(latent: Tensor, other: Tensor) -> Tensor:
    """The latent at the size of another and with as many rows; its middle, if the ratio differs."""
    if latent.shape[1:] != other.shape[1:]:
        latent = scaled_latent(latent, other.shape[3], other.shape[2], "bilinear", is_cut=True)
    return repeated(latent, len(other))


def interpolated(first: Tensor, second: Tensor, ratio: float) -> Tensor:
    lengths = [torch.linalg.vector_norm(x, dim=1, keepdim=True) for x in (first, second)]
    directions = [
        (x / length).nan_to_num() for x, length in zip((first, second), lengths, strict=True)
    ]
    mixture = directions[0] * ratio + directions[1] * (1.0 - ratio)
    direction = (mixture / torch.linalg.vector_norm(mixture, dim=1, keepdim=True)).nan_to_num()
    mixed: Tensor = direction * (lengths[0] * ratio + lengths[1] * (1.0 - ratio))
    return mixed


NODES: tuple[type[Node], ...] = (LatentAdd, LatentSubtract, LatentMultiply, LatentInterpolate)
