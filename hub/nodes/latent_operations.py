"""Nodes that make and apply operations on latents, at once or at every step of a sampling."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from hub.engine.models.diffusion_model import DiffusionModel
from hub.nodes.api import FLOAT, INT, LATENT, LATENT_OPERATION, MODEL, Node, NodeOutput, Schema
from hub.nodes.gaussian import blurred

Latent = dict[str, Any]
Operation = Callable[..., Tensor]  # called as operation(latent=[batch, channels, height, width])
_CATEGORY = "latent/advanced/operations"
_MODULE = "comfy_extras.nodes_latent"
_TINY = 1e-10
_DEVIATIONS = 5  # above the mean, where lengths are taken to reach


class LatentOperationTonemapReinhard(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="LatentOperationTonemapReinhard",
            display_name="LatentOperationTonemapReinhard",
            category=_CATEGORY,
            description=(
                "Shortens long latent vectors more than short ones, after Reinhard et al. 2002. "
                "With LatentApplyOperationCFG it allows of more guidance."
            ),
            inputs=(FLOAT.value("multiplier", default=1.0, minimum=0.0, maximum=100.0, step=0.01),),
            outputs=(LATENT_OPERATION.output(),),
            is_experimental=True,
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(cls, multiplier: float) -> NodeOutput:
        def operation(latent: Tensor, **_: Any) -> Tensor:
            return tonemapped(latent, multiplier)

        return NodeOutput(operation)


class LatentOperationSharpen(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="LatentOperationSharpen",
            display_name="LatentOperationSharpen",
            category=_CATEGORY,
            description=(
                "Sharpens the directions of latent vectors and leaves their lengths. Sigma is "
                "measured in radii, and the radius in latent pixels."
            ),
            inputs=(
                INT.value("sharpen_radius", default=9, minimum=1, maximum=31, step=1),
                FLOAT.value("sigma", default=1.0, minimum=0.1, maximum=10.0, step=0.1),
                FLOAT.value("alpha", default=0.1, minimum=0.0, maximum=5.0, step=0.01),
            ),
            outputs=(LATENT_OPERATION.output(),),
            is_experimental=True,
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(cls, sharpen_radius: int, sigma: float, alpha: float) -> NodeOutput:
        def operation(latent: Tensor, **_: Any) -> Tensor:
            return sharpened(latent, sharpen_radius, sigma, alpha)

        return NodeOutput(operation)


class LatentApplyOperation(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="LatentApplyOperation",
            display_name="LatentApplyOperation",
            category=_CATEGORY,
            description="Applies an operation to latents.",
            inputs=(LATENT.input("samples"), LATENT_OPERATION.input("operation")),
            outputs=(LATENT.output(),),
            is_experimental=True,
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(cls, samples: Latent, operation: Operation) -> NodeOutput:
        return NodeOutput({**samples, "samples": operation(latent=samples["samples"])})


class LatentApplyOperationCFG(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="LatentApplyOperationCFG",
            display_name="LatentApplyOperationCFG",
            category=_CATEGORY,
            description=(
                "Applies an operation at every step of a sampling: to the way from the negative to "
                "the positive side, before guidance goes it."
            ),
            inputs=(MODEL.input("model"), LATENT_OPERATION.input("operation")),
            outputs=(MODEL.output(),),
            is_experimental=True,
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(cls, model: DiffusionModel, operation: Operation) -> NodeOutput:
        def before_guidance(told: dict[str, Any]) -> list[Tensor]:
            positive, *others = told["conds_out"]
            if len(others) != 1:
                return [operation(latent=positive), *others]
            return [operation(latent=positive - others[0]) + others[0], *others]

        changed = model.clone()
        changed.set_model_sampler_pre_cfg_function(before_guidance)
        return NodeOutput(changed)


def tonemapped(latent: Tensor, multiplier: float) -> Tensor:
    """Lengths m become m·top / (m + top), where `top` is the length that hardly any goes beyond,
    times the multiplier (Reinhard et al. 2002, equation 3)."""
    lengths = _lengths(latent) + _TINY
    places = tuple(range(1, lengths.dim()))
    deviation, mean = torch.std_mean(lengths, dim=places, keepdim=True)
    top = (mean + _DEVIATIONS * deviation) * multiplier
    return latent * (top / (lengths + top))


def sharpened(latent: Tensor, radius: int, sigma: float, alpha: float) -> Tensor:
    """Unsharp masking of the directions: 10·alpha times their difference from their blur."""
    lengths = _lengths(latent) + 1e-6
    directions = (latent / lengths).movedim(1, -1)
    details = directions - blurred(directions, radius, sigma)
    return (directions + 10 * alpha * details).movedim(-1, 1) * lengths


def _lengths(latent: Tensor) -> Tensor:
    lengths: Tensor = torch.linalg.vector_norm(latent, dim=1, keepdim=True)
    return lengths


NODES: tuple[type[Node], ...] = (
    LatentOperationTonemapReinhard,
    LatentOperationSharpen,
    LatentApplyOperation,
    LatentApplyOperationCFG,
)
