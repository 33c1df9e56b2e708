"""Guidance: how what the model says with and without the prompt becomes one answer."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from torch import Tensor

from hub.engine.models.conditions import Condition
from hub.engine.models.diffusion_model import DiffusionModel
from hub.engine.models.evaluation import Request, evaluated
from hub.engine.sampling.denoising import Answer

Options = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class ClassifierFree:
    """Classifier-free guidance (Ho and Salimans 2022): `scale` times from negative to positive."""

    positive: Sequence[Condition]
    negative: Sequence[Condition]
    scale: float

    def request(self, model: DiffusionModel, x: Tensor, sigma: Tensor, *, both: bool) -> Request:
        """What to ask the model. At a scale of 1 the negative side would not count, and is left
        out unless `both` sides are wanted."""
        is_needless = math.isclose(self.scale, 1.0) and not both
        if is_needless and not model.model_options.get("disable_cfg1_optimization"):
            return Request(x=x, sigma=sigma, sides=(self.positive,))
        return Request(x=x, sigma=sigma, sides=(self.positive, self.negative))

    def answer(self, model: DiffusionModel, request: Request, sides: Sequence[Tensor]) -> Answer:
        """The guided clean latent, and the unguided one if it was asked for."""
        sides = _before(model, request, sides, self.scale)
        positive, negative = sides[0], sides[1] if len(sides) > 1 else None
        conditions = self.positive, self.negative
        guided = guided_from(model, request, positive, negative, self.scale, conditions)
        return Answer(guided, negative)


def guided_from(
    model: DiffusionModel,
    request: Request,
    positive: Tensor,
    negative: Tensor | None,
    scale: float,
    conditions: tuple[Any, Any],
) -> Tensor:
    """`scale` times the way from negative to positive, or what functions that nodes set make of it.

    These are told the `conditions` of both sides.
    """
    guided = positive
    if negative is not None:
        guided = _guided(model, request, positive, negative, scale)
    return after_guidance(model, request, guided, (positive, negative), scale, conditions)


def after_guidance(
    model: DiffusionModel,
    request: Request,
    guided: Tensor,
    sides: tuple[Tensor, Tensor | None],
    scale: float,
    conditions: tuple[Any, Any],
    **more: Any,
) -> Tensor:
    """A guided latent as functions change it that nodes have set for that."""
    for function in model.model_options.get("sampler_post_cfg_function", ()):
        guided = function(
            {
                **_common(model, request, scale),
                "denoised": guided,
                "cond_denoised": sides[0],
                "uncond_denoised": sides[1],
                "cond": conditions[0],
                "uncond": conditions[1],
                **more,
            }
        )
    return guided


def denoised(
    model: DiffusionModel, guidance: ClassifierFree, x: Tensor, sigma: Tensor, *, both: bool = False
) -> Answer:
    """The guided clean latent of one run alone, and the unguided one if `both` are wanted."""
    request = guidance.request(model, x, sigma, both=both)
    (sides,) = evaluated(model, [request])
    return guidance.answer(model, request, sides)


def said(
    model: DiffusionModel, conditions: Sequence[Condition], x: Tensor, sigma: Tensor
) -> Tensor:
    """What the model makes of a latent under these conditions alone."""
    return evaluated(model, [Request(x=x, sigma=sigma, sides=(conditions,))])[0][0]


def _guided(
    model: DiffusionModel, request: Request, positive: Tensor, negative: Tensor, scale: float
) -> Tensor:
    function = model.model_options.get("sampler_cfg_function")
    if function is None:
        return negative + (positive - negative) * scale
    x = request.x
    told = {
        **_common(model, request, scale),
        "cond": x - positive,
        "uncond": x - negative,
        "cond_denoised": positive,
        "uncond_denoised": negative,
    }
    guided: Tensor = x - function(told)
    return guided


def _before(
    model: DiffusionModel, request: Request, sides: Sequence[Tensor], scale: float
) -> Sequence[Tensor]:
    for place, function in enumerate(model.model_options.get("sampler_pre_cfg_function", ())):
        sides = function(
            {
                **_common(model, request, scale),
                "conds": request.sides,
                "conds_out": list(sides),
                "memory": request.memory,
                "place": place,
            }
        )
    return sides


def _common(model: DiffusionModel, request: Request, scale: float) -> dict[str, Any]:
    """What functions that nodes set are told, under the names that they read. Ours may ask the
    `patcher` once more."""
    return {
        "model": model.model,
        "patcher": model,
        "model_options": model.model_options,
        "input": request.x,
        "sigma": request.sigma,
        "timestep": request.sigma,
        "cond_scale": scale,
    }
