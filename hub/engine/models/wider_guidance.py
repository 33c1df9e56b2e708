"""Guidance by three conditionings instead of two."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from torch import Tensor

from hub.engine.models.conditions import Condition
from hub.engine.models.diffusion_model import DiffusionModel
from hub.engine.models.evaluation import Request
from hub.engine.models.guidance import after_guidance, guided_from
from hub.engine.sampling.denoising import Answer

Style = Literal["regular", "nested"]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class DualGuidance:
    """Two prompts and a negative one (Brooks et al. 2023, InstructPix2Pix, equation 3).

    Regular: `second_scale` from the negative to the second, and from there `scale` times the way
    from the second to the first. Nested: from the negative towards what guidance from the second to
    the first gives.
    """

    first: Sequence[Condition]
    second: Sequence[Condition]
    negative: Sequence[Condition]
    scale: float
    second_scale: float
    style: Style = "regular"

    def request(self, model: DiffusionModel, x: Tensor, sigma: Tensor, *, both: bool) -> Request:
        """All three are always asked for."""
        return Request(x=x, sigma=sigma, sides=(self.first, self.second, self.negative))

    def answer(self, model: DiffusionModel, request: Request, sides: Sequence[Tensor]) -> Answer:
        """The guided clean latent, and the one of the last conditioning that is led away from."""
        first, second, negative = sides
        if self.style == "nested":
            conditions = self.first, self.second
            towards = guided_from(model, request, first, second, self.scale, conditions)
            return Answer(negative + (towards - negative) * self.second_scale, second)
        conditions = self.second, self.negative
        base = guided_from(model, request, second, negative, self.second_scale, conditions)
        return Answer(base + (first - second) * self.scale, negative)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class PerpNegGuidance:
    """Perp-Neg (Armandpour et al. 2023): of the negative prompt counts what is perpendicular to the
    positive one, both seen from what the model says of an empty prompt."""

    positive: Sequence[Condition]
    negative: Sequence[Condition]
    empty: Sequence[Condition]
    scale: float
    negative_scale: float

    def request(self, model: DiffusionModel, x: Tensor, sigma: Tensor, *, both: bool) -> Request:
        """All three are always asked for."""
        return Request(x=x, sigma=sigma, sides=(self.positive, self.negative, self.empty))

    def answer(self, model: DiffusionModel, request: Request, sides: Sequence[Tensor]) -> Answer:
        """The guided clean latent, and the one of the negative prompt."""
        positive, negative, empty = sides
        towards, away = positive - empty, negative - empty
        along = (away * towards).sum() / towards.square().sum()
        perpendicular = away - along * towards
        guided = empty + self.scale * (towards - self.negative_scale * perpendicular)
        conditions = self.positive, self.negative
        more = {"empty_cond": self.empty, "empty_cond_denoised": empty}
        pair = positive, negative
        guided = after_guidance(model, request, guided, pair, self.scale, conditions, **more)
        return Answer(guided, negative)
