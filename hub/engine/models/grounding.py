"""Conditionings that tell which objects are where, and how a U-Net comes to know (GLIGEN)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor

from hub.engine.models.areas import Area
from hub.engine.models.compute import Compute
from hub.engine.models.diffusion_model import DiffusionModel
from hub.engine.models.families import Family
from hub.engine.models.gligen import OBJECTS, Gligen, place
from hub.engine.models.unet import UNet
from hub.engine.models.unet_blocks import SpatialTransformer
from hub.engine.models.weights import Weights
from hub.errors import Invalid

KEY = "gligen"  # of a conditioning's options
_KIND = "position"
Box = tuple[Tensor, int, int, int, int]
"""A phrase's pooled token [1, width]; height, width, top and left in latent pixels."""


class GligenDoesNotFit(Invalid):
    """A GLIGEN was trained with another model."""

    def __init__(self, model: DiffusionModel) -> None:
        super().__init__(
            f"A conditioning has boxes for GLIGEN, whose layers do not fit this model "
            f"({model.model.family.value}). Choose a model of {Family.SD1.value}, or leave "
            "GLIGENTextBoxApply out."
        )


class TooManyObjects(Invalid):
    """More boxes than GLIGEN has tokens for."""

    def __init__(self, count: int) -> None:
        super().__init__(
            f"A conditioning has {count} boxes for GLIGEN, which knows at most {OBJECTS}. Leave "
            "some of the GLIGENTextBoxApply nodes out."
        )


class PhraseDoesNotFit(Invalid):
    """A phrase was encoded for another family of models."""

    def __init__(self, given: int, wanted: int) -> None:
        super().__init__(
            f"The phrase of a box was encoded {given} wide, and GLIGEN wants {wanted}. Link the "
            f"CLIP of {Family.SD1.value} to GLIGENTextBoxApply."
        )


class UnknownGrounding(Invalid):
    """Something else was put in the place of boxes."""

    def __init__(self, given: object) -> None:
        super().__init__(
            f"A conditioning has a {type(given).__name__} in the place of boxes for GLIGEN, which "
            "the hub does not know. Use GLIGENLoader with GLIGENTextBoxApply."
        )


@dataclass(frozen=True, slots=True, eq=False)
class LoadedGligen:
    """What a GLIGEN link carries."""

    weights: Weights[Gligen]
    compute: Compute

    def check(self, model: DiffusionModel) -> None:
        """Raises `GligenDoesNotFit`."""
        if self.weights.module.widths != dict(_transformers(model.model.diffusion_model)):
            raise GligenDoesNotFit(model)

    def objects(self, phrases: Tensor, boxes: Tensor) -> Tensor:
        """Tokens, as `PositionNet` makes them."""
        device, dtype = self.compute.device, self.compute.dtype
        with self.weights.placed(self.compute) as own, torch.no_grad():
            tokens: Tensor = own.position_net(phrases.to(device, dtype), boxes.to(device))
        return tokens

    def put_into(self, model: DiffusionModel, objects: Tensor) -> DiffusionModel:
        """A copy that is told `objects` [batch, objects, width], for one call with such a batch."""
        told = model.clone()
        told.set_model_patch(_Fusing(self, objects), "middle_patch")
        return told

    def fused(self, name: str, x: Tensor, objects: Tensor) -> Tensor:
        """What the layer for that transformer makes of the picture."""
        with self.weights.placed(self.compute) as own:
            fused: Tensor = own.fusers[name](x, objects.to(x))
        return fused

    @property
    def text_width(self) -> int:
        """How wide it wants phrases."""
        return self.weights.module.position_net.text_width


@dataclass(frozen=True, slots=True)
class _Fusing:
    """What is put between both attentions of every transformer."""

    gligen: LoadedGligen
    objects: Tensor

    def __call__(self, x: Tensor, told: Mapping[str, Any]) -> Tensor:
        kind, number = told["block"]
        return self.gligen.fused(place(kind, number, told["block_index"]), x, self.objects)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class ReadyGrounding:
    """The boxes of a conditioning. They count while start ≥ sigma ≥ end."""

    gligen: LoadedGligen
    boxes: tuple[Box, ...]
    start: float = float("inf")
    end: float = 0.0
    _made: dict[Area, Tensor] = field(init=False, default_factory=dict, compare=False)

    @property
    def key(self) -> int:
        """Equal where boxes may be told in one call."""
        return id(self.gligen)

    def counts_at(self, sigma: float) -> bool:
        return self.start >= sigma >= self.end

    def objects(self, area: Area) -> Tensor:
        """Their tokens [1, objects, width] for what sees that part of the picture alone."""
        if area not in self._made:
            placed = [(phrase, _within(area, *sides)) for phrase, *sides in self.boxes]
            seen = [(phrase, sides) for phrase, sides in placed if _is_any(sides)]
            empty = torch.zeros(0, self.gligen.text_width)
            phrases = torch.cat([empty, *(phrase[:1] for phrase, _ in seen)])
            boxes = torch.tensor([sides for _, sides in seen]).reshape(-1, 4)
            self._made[area] = self.gligen.objects(phrases, boxes)[None]
        return self._made[area]


def with_box(given: object, gligen: LoadedGligen, box: Box) -> tuple[str, LoadedGligen, list[Box]]:
    """What a conditioning carries under `KEY`, with one more box. Raises `UnknownGrounding`."""
    before = [] if given is None else _boxes(given)[1]
    return _KIND, gligen, [*before, box]


def ready_grounding(given: object, model: DiffusionModel) -> ReadyGrounding | None:
    """What a conditioning carries, for that model. Raises `GligenDoesNotFit`, `TooManyObjects`,
    `PhraseDoesNotFit`, `UnknownGrounding`."""
    if given is None:
        return None
    gligen, boxes = _boxes(given)
    gligen.check(model)
    if len(boxes) > OBJECTS:
        raise TooManyObjects(len(boxes))
    for phrase, *_ in boxes:
        if phrase.shape[-1] != gligen.text_width:
            raise PhraseDoesNotFit(phrase.shape[-1], gligen.text_width)
    return ReadyGrounding(gligen=gligen, boxes=tuple(boxes))


def _boxes(given: object) -> tuple[LoadedGligen, list[Box]]:
    match given:
        case (str(kind), LoadedGligen() as gligen, list(boxes)) if kind == _KIND:
            return gligen, boxes
    raise UnknownGrounding(given)


def _within(area: Area, height: int, width: int, top: int, left: int) -> tuple[float, ...]:
    """Left, top, right and bottom of a box in parts of the sides of an area, and cut to it."""
    across = ((left - area.left) / area.width, (left + width - area.left) / area.width)
    down = ((top - area.top) / area.height, (top + height - area.top) / area.height)
    sides = (across[0], down[0], across[1], down[1])
    return tuple(min(max(side, 0.0), 1.0) for side in sides)


def _is_any(sides: tuple[float, ...]) -> bool:
    left, top, right, bottom = sides
    return left < right and top < bottom


def _transformers(unet: UNet) -> Iterator[tuple[str, int]]:
    """The width of each, by its place."""
    kinds = (("input", unet.input_blocks), ("middle", [unet.middle_block]))
    for kind, stages in (*kinds, ("output", unet.output_blocks)):
        for number, stage in enumerate(stages):
            for block in stage.children():
                if isinstance(block, SpatialTransformer):
                    for index in range(len(block.transformer_blocks)):
                        yield place(kind, number, index), block.norm.num_channels
