"""Asking a model what it makes of latents under their conditions, with as few calls as possible.

Every condition of every request is a job. Jobs that agree in shapes share a call, whether they come
from the two sides of one guidance or from different runs; what comes back is blended per request
where several conditions meet.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import torch
from torch import Tensor

from hub.engine.models.areas import Area, weights_of
from hub.engine.models.conditions import Condition
from hub.engine.models.controls import Asked, ReadyControl
from hub.engine.models.devices import is_out_of_memory
from hub.engine.models.diffusion_model import DiffusionModel
from hub.engine.models.grounding import ReadyGrounding
from hub.engine.models.model_memory import MODEL_MEMORY
from hub.engine.models.residuals import NO_RESIDUALS, Residuals
from hub.engine.models.rows import repeated

Memory = dict[int, Tensor]
"""What functions around guidance keep from one answer of a sampling to the next, each by its place
among them, and each like the latent."""

_MOST_REPEATS = 4  # of a text, to come to the length of another
_NEARLY_NOTHING = 1e-37


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Request:
    """A latent [batch, channels, height, width] at one level, under lists of conditions.

    `memory` is that of its sampling; whoever asks once has none.
    """

    x: Tensor
    sigma: Tensor
    sides: Sequence[Sequence[Condition]]
    memory: Memory = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Job:
    request: Request
    side: int
    condition: Condition
    area: Area
    controls: tuple[ReadyControl, ...]  # those that count at this level
    grounding: ReadyGrounding | None  # if it counts at this level
    hooks: tuple[object, ...]  # those that count at this level, each with its strength
    level: float | None
    left: Tensor | None  # of a default condition: how much it counts in each place

    @property
    def rows(self) -> int:
        return len(self.request.x)

    @property
    def key(self) -> tuple[object, ...]:
        """Equal where jobs may share a call, texts apart."""
        told = self.condition
        shapes = (None if part is None else part.shape[1:] for part in (told.y, told.concat))
        controls: tuple[object, ...] = tuple(control.key for control in self.controls)
        if controls and told.control_context is not None:
            controls = (*controls, told.control_context.shape[1:])
        grounding = self.grounding and self.grounding.key
        told_of = (self.level, told.context.shape[2:], *shapes, controls, grounding, self.hooks)
        return (self.area.height, self.area.width, *told_of)


def evaluated(model: DiffusionModel, requests: Sequence[Request]) -> list[list[Tensor]]:
    """For each request the clean latents of each of its sides, by all conditions of that side.

    Zeros where no condition counts.
    """
    blends = [[_Blend(request.x) for _ in request.sides] for request in requests]
    places = {id(request): number for number, request in enumerate(requests)}
    for group in _groups(_jobs(model, requests)):
        for job, output in zip(group, _called(model, group), strict=True):
            blends[places[id(job.request)]][job.side].add(output, _weight(job), job.area)
    return [[blend.result() for blend in sides] for sides in blends]


class _Blend:
    """The sum of what several conditions say, weighted in each place."""

    def __init__(self, x: Tensor) -> None:
        self._total = torch.zeros_like(x)
        self._weights = torch.full_like(x, _NEARLY_NOTHING)

    def add(self, output: Tensor, weight: Tensor, area: Area) -> None:
        place = (..., *area.slices)
        self._total[place] += output * weight
        self._weights[place] += weight

    def result(self) -> Tensor:
        return self._total / self._weights


def _jobs(model: DiffusionModel, requests: Iterable[Request]) -> Iterable[_Job]:
    for request in requests:
        for side, conditions in enumerate(request.sides):
            sigma = float(request.sigma)
            counting = [one for one in conditions if one.counts_at(sigma)]
            told = [_job(model, request, side, one) for one in counting if not one.is_default]
            yield from told
            if len(told) < len(counting) and bool((left := _left(request, told)).any()):
                yield from (
                    _job(model, request, side, one, left) for one in counting if one.is_default
                )


def _job(
    model: DiffusionModel,
    request: Request,
    side: int,
    condition: Condition,
    left: Tensor | None = None,
) -> _Job:
    sigma, grounding = float(request.sigma), condition.grounding
    return _Job(
        request=request,
        side=side,
        condition=condition,
        area=condition.area or Area(request.x.shape[2], request.x.shape[3], 0, 0),
        controls=tuple(one for one in condition.controls if one.counts_at(sigma)),
        grounding=grounding if grounding and grounding.counts_at(sigma) else None,
        hooks=condition.hooks.key(sigma) if condition.hooks else (),
        level=sigma if model.is_bound_to_a_level else None,
        left=left,
    )


def _left(request: Request, jobs: Iterable[_Job]) -> Tensor:
    """What these leave to a weight of 1 in each place: [batch, 1, height, width]."""
    left = torch.ones_like(request.x[:, :1])
    for job in jobs:
        left[(..., *job.area.slices)] -= _weight(job)
    return left.clamp_(min=0)


def _groups(jobs: Iterable[_Job]) -> list[list[_Job]]:
    """Jobs that may share a call, in the order in which they come."""
    groups: list[list[_Job]] = []
    for job in jobs:
        for group in groups:
            if group[0].key == job.key and _texts_agree([*group, job]):
                group.append(job)
                break
        else:
            groups.append([job])
    return groups


def _texts_agree(jobs: Sequence[_Job]) -> bool:
    lengths = [job.condition.context.shape[1] for job in jobs]
    return math.lcm(*lengths) <= _MOST_REPEATS * min(lengths)


def _called(model: DiffusionModel, jobs: Sequence[_Job]) -> list[Tensor]:
    """One call. What does not fit in memory is tried again with that of idle models, and then with
    one call for each job."""
    if jobs[0].hooks and (hooks := jobs[0].condition.hooks):
        model = model.with_patches(hooks.patches(float(jobs[0].request.sigma)))
    with model.model.weights.in_use():
        try:
            return _call(model, jobs)
        except (MemoryError, RuntimeError) as error:
            if not is_out_of_memory(error) or not (MODEL_MEMORY.release_idle() or len(jobs) > 1):
                raise
        try:
            return _call(model, jobs)
        except (MemoryError, RuntimeError) as error:
            if not is_out_of_memory(error) or len(jobs) == 1:
                raise
        return [output for job in jobs for output in _call(model, [job])]


def _call(model: DiffusionModel, jobs: Sequence[_Job]) -> list[Tensor]:
    x = torch.cat([job.area.of(job.request.x) for job in jobs])
    sigma = torch.cat([job.request.sigma.reshape(1).expand(job.rows) for job in jobs])
    length = math.lcm(*(job.condition.context.shape[1] for job in jobs))
    inputs: dict[str, Any] = {
        "c_crossattn": _joined(jobs, lambda job: _as_long(job.condition.context, length))
    }
    for name, part in (("y", _values_of), ("c_concat", _concat_of)):
        if part(jobs[0]) is not None:
            inputs[name] = _joined(jobs, part)
    if jobs[0].controls:
        context, y = _told_to_controls(jobs, inputs)
        asked = Asked(sampling=model.sampling, x=x, sigma=sigma, context=context, y=y)
        inputs["control"] = _residuals(jobs, asked)
    if jobs[0].grounding:
        model = jobs[0].grounding.gligen.put_into(model, _joined(jobs, _objects_of))
    sides = [job.side for job in jobs]
    return list(torch.split(model.call(x, sigma, inputs, sides), [job.rows for job in jobs]))


def _told_to_controls(
    jobs: Sequence[_Job], inputs: Mapping[str, Any]
) -> tuple[Tensor, Tensor | None]:
    """What the network is told, or what is meant for the controls alone: jobs agree in that."""
    if jobs[0].condition.control_context is None:
        return inputs["c_crossattn"], inputs.get("y")
    context = _joined(jobs, lambda job: job.condition.control_context)
    if "y" not in inputs:
        return context, None
    return context, _joined(jobs, lambda job: job.condition.control_y)


def _residuals(jobs: Sequence[_Job], asked: Asked) -> Residuals:
    """What all controls of jobs with the same ones add together, each seeing its own picture."""
    total = NO_RESIDUALS
    for number, control in enumerate(jobs[0].controls):
        looks = [job.controls[number].seen(job.area.height, job.area.width) for job in jobs]
        seen = tuple(
            torch.cat([repeated(part, job.rows) for part, job in zip(parts, jobs, strict=True)])
            for parts in zip(*looks, strict=True)
        )
        total = total.plus(control.model.residuals(seen, asked).times(control.strength))
    return total


def _joined(jobs: Sequence[_Job], part: Callable[[_Job], Tensor | None]) -> Tensor:
    parts = ((part(job), job.rows) for job in jobs)
    return torch.cat([repeated(found, rows) for found, rows in parts if found is not None])


def _values_of(job: _Job) -> Tensor | None:
    return job.condition.y


def _concat_of(job: _Job) -> Tensor | None:
    return None if job.condition.concat is None else job.area.of(job.condition.concat)


def _objects_of(job: _Job) -> Tensor | None:
    return None if job.grounding is None else job.grounding.objects(job.area)


def _as_long(context: Tensor, length: int) -> Tensor:
    """A text repeated to that many tokens, which attention does not notice."""
    return context.repeat(1, length // context.shape[1], 1)


def _weight(job: _Job) -> Tensor:
    if job.left is not None:
        return job.area.of(job.left)
    condition, x = job.condition, job.request.x
    if condition.mask is None:
        return _unmasked(job.area, condition.strength, *x.shape[2:], x.device)
    weight = weights_of(job.area, condition.mask, condition.strength, *x.shape[2:])
    return repeated(weight, job.rows).to(x)


@lru_cache(maxsize=64)
def _unmasked(area: Area, strength: float, height: int, width: int, device: torch.device) -> Tensor:
    """Weights [1, 1, height, width], which are the same at every step."""
    return weights_of(area, None, strength, height, width).to(device)
