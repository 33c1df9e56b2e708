"""Conditionings made ready for one latent: what the model is told, where, and at which levels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import cycle
from typing import Any

import torch
from torch import Tensor

from hub.engine.models.areas import Area, area_of, mask_of
from hub.engine.models.controls import ReadyControl, ready_controls
from hub.engine.models.diffusion_model import DiffusionModel
from hub.engine.models.grounding import KEY, ReadyGrounding, ready_grounding
from hub.engine.models.hooks import ReadyHooks, ready_hooks
from hub.engine.models.seen_pictures import Inpainting, seen
from hub.engine.models.size_conditioning import size_conditioning
from hub.errors import Invalid

Entry = Sequence[Any]  # [states [batch, tokens, width], options], as CONDITIONING links carry it

_EVER = float("inf")


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Condition:
    """One entry. It counts while start ≥ sigma ≥ end, in its area and under its mask.

    One that `is_default` counts where the others leave something to 1, be they under masks.
    `control_context` and `control_y` are what its controls are told, if that is something else.
    `hooks` change the model for it alone; `shares_controls` where its controls are meant for the
    other side too. Its tensors lie where the model computes: moved there at each step, they would
    have the processor wait each time until the step before it is over.
    """

    context: Tensor
    y: Tensor | None = None
    concat: Tensor | None = None
    area: Area | None = None
    mask: Tensor | None = None
    strength: float = 1.0
    start: float = _EVER
    end: float = 0.0
    controls: tuple[ReadyControl, ...] = ()
    grounding: ReadyGrounding | None = None
    control_context: Tensor | None = None
    control_y: Tensor | None = None
    hooks: ReadyHooks | None = None
    is_default: bool = False
    shares_controls: bool = False

    def counts_at(self, sigma: float) -> bool:
        return self.start >= sigma >= self.end


class TextDoesNotFit(Invalid):
    """A prompt was encoded for another family of models."""

    def __init__(self, given: int, model: DiffusionModel) -> None:
        wanted = model.model.diffusion_model.context_width
        super().__init__(
            f"The conditioning was made by the text encoders of another model: its texts have the "
            f"width {given}, and {model.model.family.value} wants {wanted}. Encode the prompt with "
            "the encoders of this model."
        )


def conditions_of(
    entries: Sequence[Entry],
    model: DiffusionModel,
    shape: torch.Size,
    *,
    is_negative: bool = False,
    inpainting: Inpainting | None = None,
) -> list[Condition]:
    """The entries of a CONDITIONING for a latent of that shape. Raises `TextDoesNotFit`, and what
    `ready_controls`, `ready_grounding` and `ready_hooks` raise."""
    return [
        _condition(states, options, model, shape, is_negative, inpainting)
        for states, options in entries
    ]


def both_sides(
    positive: Sequence[Entry],
    negative: Sequence[Entry],
    model: DiffusionModel,
    shape: torch.Size,
    inpainting: Inpainting | None = None,
) -> tuple[list[Condition], list[Condition]]:
    """What leads towards a picture and what leads away from it, each with the other's areas too."""
    towards = conditions_of(positive, model, shape, inpainting=inpainting)
    away = conditions_of(negative, model, shape, is_negative=True, inpainting=inpainting)
    away = with_no_objects(away, towards)
    both = with_same_areas(towards, away), with_same_areas(away, towards)
    return both[0], with_shared_controls(both[1], both[0])


def with_same_areas(
    conditions: Sequence[Condition], others: Sequence[Condition]
) -> list[Condition]:
    """`conditions`, and for each area of `others` one that is told in that area too.

    It says what the smallest one around it says. So a prompt for an area is guided away from
    something within the same area.
    """
    grown = list(conditions)
    for other in others:
        around = _smallest_around(other, grown)
        if other.area is not None and around is not None and around.area != other.area:
            grown.append(_saying(around, other))
    return grown


def with_no_objects(
    conditions: Sequence[Condition], others: Sequence[Condition]
) -> list[Condition]:
    """`conditions`, which are told of no objects while `others` are told of some, unless they are
    told of some themselves: the same layers count on both sides, as in their training."""
    telling = [(other, other.grounding) for other in others if other.grounding]
    if not telling:
        return list(conditions)
    none = replace(
        telling[0][1],
        boxes=(),
        start=max(other.start for other, _ in telling),
        end=min(other.end for other, _ in telling),
    )
    return [replace(one, grounding=one.grounding or none) for one in conditions]


def with_shared_controls(
    conditions: Sequence[Condition], others: Sequence[Condition]
) -> list[Condition]:
    """`conditions`, which get in turn the controls that `others` share, unless they have any.

    Only those for the whole picture take part. If there are more controls than conditions, the
    last ones stay.
    """
    whole = [number for number, one in enumerate(conditions) if one.area is None]
    shared = [other.controls for other in others if other.shares_controls and other.area is None]
    steered = list(conditions)
    if not any(conditions[number].controls for number in whole):
        for controls, number in zip(shared, cycle(whole), strict=False):
            steered[number] = replace(conditions[number], controls=controls)
    return steered


def _saying(what: Condition, where: Condition) -> Condition:
    """Counts as `where` does, and tells the model what `what` does."""
    return replace(
        where,
        context=what.context,
        y=what.y,
        concat=what.concat,
        grounding=what.grounding,
        control_context=what.control_context,
        control_y=what.control_y,
    )


def _smallest_around(other: Condition, conditions: Sequence[Condition]) -> Condition | None:
    if other.area is None:
        return None
    around = [one for one in conditions if one.area is None or one.area.holds(other.area)]
    return min(around, key=_size, default=None)


def _size(condition: Condition) -> float:
    area = condition.area
    return float("inf") if area is None else area.height * area.width


def _condition(
    states: Tensor,
    options: Mapping[str, Any],
    model: DiffusionModel,
    shape: torch.Size,
    is_negative: bool,
    inpainting: Inpainting | None,
) -> Condition:
    height, width = shape[2:]
    device = model.compute.device
    mask = mask_of(options, height, width)
    told_of = partial(_told, model, shape, is_negative)
    context, y = told_of(states, options)
    control_context = control_y = None
    if (others := options.get("cross_attn_controlnet")) is not None:
        pooled = options.get("pooled_output_controlnet")
        control_context, control_y = told_of(others, {**options, "pooled_output": pooled})
    concat = seen(model.model.facts.sees, options, model.latent_format, shape, inpainting)
    return Condition(
        context=context,
        y=y,
        concat=None if concat is None else concat.to(device),
        area=area_of(options, mask, height, width),
        mask=None if mask is None else mask.to(device),
        strength=float(options.get("strength", 1.0)),
        start=min(_levels(options, ("start_percent", "clip_start_percent"), model), default=_EVER),
        end=max(_levels(options, ("end_percent", "clip_end_percent"), model), default=0.0),
        controls=ready_controls(options.get("control"), model),
        grounding=ready_grounding(options.get(KEY), model),
        control_context=control_context,
        control_y=control_y,
        is_default=bool(options.get("default")),
        hooks=ready_hooks(options.get("hooks"), model),
        shares_controls=bool(options.get("control_apply_to_uncond")),
    )


def _told(
    model: DiffusionModel,
    shape: torch.Size,
    is_negative: bool,
    states: Tensor,
    options: Mapping[str, Any],
) -> tuple[Tensor, Tensor | None]:
    """A text, and what belongs to it, where the model computes. Raises `TextDoesNotFit`."""
    if states.shape[-1] != model.model.diffusion_model.context_width:
        raise TextDoesNotFit(states.shape[-1], model)
    height, width = shape[2:]
    y = size_conditioning(
        model.model.family, options, height=height, width=width, is_negative=is_negative
    )
    device = model.compute.device
    return states.to(device), None if y is None else y.to(device)


def _levels(
    options: Mapping[str, Any], names: Sequence[str], model: DiffusionModel
) -> Iterator[float]:
    """Those that are given as parts of the sampling."""
    for name in names:
        if name in options:
            yield model.sampling.levels.percent_to_sigma(options[name])
