"""What a CONTROL_NET link carries: a model that looks at a picture and steers a U-Net by it."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, Self

from torch import Tensor

from hub.engine.models.diffusion_model import DiffusionModel
from hub.engine.models.families import Family
from hub.engine.models.residuals import Residuals
from hub.engine.sampling.model_sampling import ModelSampling
from hub.errors import Invalid

Seen = tuple[Tensor, ...]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Asked:
    """What a U-Net is asked: noisy latents `x` [batch, channels, height, width] at levels `sigma`
    [batch], under texts [batch, tokens, width] and what else it is told."""

    sampling: ModelSampling
    x: Tensor
    sigma: Tensor
    context: Tensor
    y: Tensor | None


class ControlModel(Protocol):
    """A network that steers a U-Net."""

    def check(self, model: DiffusionModel) -> None:
        """Raises `ControlDoesNotFit`."""

    def seen(self, hint: Tensor, height: int, width: int) -> Seen:
        """What it makes of pictures [batch, channels, height, width] for latents of that size;
        it does not change from step to step."""

    def residuals(self, seen: Seen, asked: Asked) -> Residuals:
        """What to add inside the U-Net, of what it has seen for each row of what is asked."""


class ControlDoesNotFit(Invalid):
    """A ControlNet was trained with another family of models."""

    def __init__(self, what: str, model: DiffusionModel) -> None:
        family: Family = model.model.family
        super().__init__(
            f"The ControlNet was made for another model: {what}. Choose one for {family.value}."
        )


class NoHint(Invalid):
    """A control has nothing to steer by."""

    def __init__(self) -> None:
        super().__init__(
            "A conditioning has a ControlNet without a picture. Put a node between that gives it "
            "one, such as ControlNetApplyAdvanced."
        )


class UnknownControl(Invalid):
    """Something else was put in the place of a control."""

    def __init__(self, control: object) -> None:
        super().__init__(
            f"A conditioning has a control of the class {type(control).__name__}, which the hub "
            "does not know. Use ControlNetLoader with ControlNetApplyAdvanced."
        )


class Control:
    """A model, and with a hint also by what to steer, how much and when. Changed only as a copy of
    its own: links share it. Method names are those that node packs know."""

    def __init__(self, model: ControlModel) -> None:
        self.model = model
        self.cond_hint_original: Tensor | None = None
        self.strength = 1.0
        self.timestep_percent_range = (0.0, 1.0)
        self.previous_controlnet: Control | None = None

    def copy(self) -> Self:
        """Another one, which can be changed by itself."""
        return copy.copy(self)

    def set_cond_hint(
        self,
        cond_hint: Tensor,
        strength: float = 1.0,
        timestep_percent_range: tuple[float, float] = (0.0, 1.0),
        vae: Any = None,
        extra_concat: Sequence[Tensor] = (),
    ) -> Self:
        """Steer by pictures [batch, channels, height, width], from one part of the sampling to
        another. The other arguments are for models that ours are not."""
        self.cond_hint_original = cond_hint
        self.strength = strength
        self.timestep_percent_range = timestep_percent_range
        return self

    def set_previous_controlnet(self, controlnet: Control | None) -> Self:
        """Steer by that one too."""
        self.previous_controlnet = controlnet
        return self


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class ReadyControl:
    """One control of a chain, for one model. It counts while start ≥ sigma ≥ end."""

    model: ControlModel
    hint: Tensor
    strength: float
    start: float
    end: float
    _seen: dict[tuple[int, int], Seen] = field(default_factory=dict, compare=False)

    @property
    def key(self) -> tuple[int, float]:
        """Equal where controls may be asked in one call, each about its own picture."""
        return id(self.model), self.strength

    def counts_at(self, sigma: float) -> bool:
        return self.strength != 0 and self.start >= sigma >= self.end

    def seen(self, height: int, width: int) -> Seen:
        """What the model makes of the picture for latents of that size; it looks but once."""
        size = (height, width)
        if size not in self._seen:
            self._seen[size] = self.model.seen(self.hint, height, width)
        return self._seen[size]


def ready_controls(control: object, model: DiffusionModel) -> tuple[ReadyControl, ...]:
    """A control and those before it, the first one first. Raises `ControlDoesNotFit`, `NoHint`,
    `UnknownControl`."""
    if control is None:
        return ()
    if not isinstance(control, Control):
        raise UnknownControl(control)
    if control.cond_hint_original is None:
        raise NoHint
    control.model.check(model)
    start, end = map(model.sampling.levels.percent_to_sigma, control.timestep_percent_range)
    ready = ReadyControl(
        model=control.model,
        hint=control.cond_hint_original,
        strength=control.strength,
        start=start,
        end=end,
    )
    return (*ready_controls(control.previous_controlnet, model), ready)
