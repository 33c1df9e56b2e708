"""What a GUIDER link carries: a model with what leads it, to be made ready for one latent."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from hub.engine.models.conditions import (
    Condition,
    Entry,
    both_sides,
    conditions_of,
    with_no_objects,
    with_same_areas,
    with_shared_controls,
)
from hub.engine.models.diffusion_model import DiffusionModel
from hub.engine.models.evaluation import Request
from hub.engine.models.guidance import ClassifierFree
from hub.engine.models.seen_pictures import Inpainting
from hub.engine.models.wider_guidance import DualGuidance, PerpNegGuidance, Style
from hub.engine.sampling.denoising import Answer


class Guidance(Protocol):
    """How one run asks the model, and what it makes of what the model says."""

    def request(self, model: DiffusionModel, x: Tensor, sigma: Tensor, *, both: bool) -> Request:
        """What to ask; `both` if the unguided answer is needed too."""

    def answer(self, model: DiffusionModel, request: Request, sides: Sequence[Tensor]) -> Answer:
        """The guided clean latent, of what the model said of each side."""


class Guider(Protocol):
    """A model with what leads it."""

    @property
    def model(self) -> DiffusionModel:
        """The model that is asked."""

    def ready(self, shape: torch.Size, inpainting: Inpainting | None) -> Guidance:
        """For a latent of that shape. Raises `HubError` for texts that do not fit the model."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class CfgGuider:
    """Classifier-free guidance from negative to positive."""

    model: DiffusionModel
    positive: Sequence[Entry]
    negative: Sequence[Entry]
    scale: float

    def ready(self, shape: torch.Size, inpainting: Inpainting | None) -> ClassifierFree:
        positive, negative = both_sides(self.positive, self.negative, self.model, shape, inpainting)
        return ClassifierFree(positive=positive, negative=negative, scale=self.scale)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class BasicGuider:
    """The positive conditioning alone."""

    model: DiffusionModel
    positive: Sequence[Entry]

    def ready(self, shape: torch.Size, inpainting: Inpainting | None) -> ClassifierFree:
        positive = conditions_of(self.positive, self.model, shape, inpainting=inpainting)
        return ClassifierFree(positive=positive, negative=(), scale=1.0)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class DualCfgGuider:
    """Guidance by two conditionings and a negative one."""

    model: DiffusionModel
    first: Sequence[Entry]
    second: Sequence[Entry]
    negative: Sequence[Entry]
    scale: float
    second_scale: float
    style: Style

    def ready(self, shape: torch.Size, inpainting: Inpainting | None) -> DualGuidance:
        sides = (self.first, self.second, self.negative)
        first, second, negative = _three(sides, self.model, shape, inpainting)
        return DualGuidance(
            first=first,
            second=second,
            negative=negative,
            scale=self.scale,
            second_scale=self.second_scale,
            style=self.style,
        )


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class PerpNegGuider:
    """Guidance away from that part of the negative conditioning that the positive one has not."""

    model: DiffusionModel
    positive: Sequence[Entry]
    negative: Sequence[Entry]
    empty: Sequence[Entry]
    scale: float
    negative_scale: float

    def ready(self, shape: torch.Size, inpainting: Inpainting | None) -> PerpNegGuidance:
        sides = (self.positive, self.negative, self.empty)
        positive, negative, empty = _three(sides, self.model, shape, inpainting)
        return PerpNegGuidance(
            positive=positive,
            negative=negative,
            empty=empty,
            scale=self.scale,
            negative_scale=self.negative_scale,
        )


def _three(
    sides: tuple[Sequence[Entry], Sequence[Entry], Sequence[Entry]],
    model: DiffusionModel,
    shape: torch.Size,
    inpainting: Inpainting | None,
) -> list[list[Condition]]:
    """Each side with the areas of the others, and the first one's controls and GLIGEN; the models
    count all but the first as negative."""
    made = [
        conditions_of(side, model, shape, is_negative=number > 0, inpainting=inpainting)
        for number, side in enumerate(sides)
    ]
    made = [made[0], *(with_no_objects(side, made[0]) for side in made[1:])]
    first, *others = [
        with_same_areas(side, [one for other in made if other is not side for one in other])
        for side in made
    ]
    return [first, *(with_shared_controls(other, first) for other in others)]
