"""Models mixed with each other, weight by weight, as patches of the first."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn

from hub.engine.models.diffusion_model import PREFIX, DiffusionModel
from hub.engine.models.patch_forms import Replaced, Weakened
from hub.engine.models.text_encoder import TextEncoder
from hub.engine.models.weights import Patch
from hub.errors import Invalid

Weight = Callable[[str, torch.device], Tensor]


class Shares(NamedTuple):
    """How many times each of two models counts."""

    first: float
    second: float


ShareOf = Callable[[str], Shares]
"""By the name of a weight."""


class ModelsDoNotMatch(Invalid):
    """Two models have no weights in common."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"The two {what} cannot be mixed, as no weight of one has a counterpart of the same "
            "size in the other. Mix models of one family."
        )


@dataclass(frozen=True, eq=False, slots=True)
class MixedWeight:
    """A weight and that of the same name in another model, each times its share."""

    name: str
    other: Weight
    shares: Shares

    def __call__(self, weight: Tensor) -> Tensor:
        other = self.other(self.name, weight.device)
        return weight * self.shares.first + other * self.shares.second


def mixed(model: DiffusionModel, other: DiffusionModel, shares: ShareOf) -> DiffusionModel:
    """Raises `ModelsDoNotMatch`. Weights without a counterpart, as those by which a model sees a
    mask, stay as they are."""
    own, theirs = (_named(one.model.diffusion_model, PREFIX) for one in (model, other))
    changed = model.clone()
    changed.add_patches(_patches("denoisers", own, theirs, other.weight, shares))
    return changed


def mixed_text(text: TextEncoder, other: TextEncoder, shares: ShareOf) -> TextEncoder:
    """Raises `ModelsDoNotMatch`."""
    own, theirs = (_named(one.cond_stage_model, "") for one in (text, other))
    changed = text.clone()
    changed.add_patches(_patches("text encoders", own, theirs, other.weight, shares))
    return changed


@dataclass(frozen=True, eq=False, slots=True)
class ModelChange:
    """Another model as a hook has it (`hooks.Change`): its weights instead of these."""

    model: DiffusionModel
    text: TextEncoder | None

    def of_denoiser(self, model: DiffusionModel) -> Mapping[str, Sequence[Patch]]:
        own = _named(model.model.diffusion_model, PREFIX)
        found = {f"{PREFIX}{name}": value for name, value in self.model.saved_weights().items()}
        return _instead("denoisers", own, found)

    def of_text(self, text: TextEncoder) -> Mapping[str, Sequence[Patch]]:
        if self.text is None:
            return {}
        own = _named(text.cond_stage_model, "")
        found = {
            f"clip_{key}.{name}": value
            for key, weights in self.text.saved_weights().items()
            for name, value in weights.items()
        }
        return _instead("text encoders", own, found)


def _instead(
    what: str, own: Mapping[str, torch.Size], found: Mapping[str, Tensor]
) -> dict[str, list[Patch]]:
    common = [name for name, shape in own.items() if name in found and found[name].shape == shape]
    if not common:
        raise ModelsDoNotMatch(what)
    return {name: [Weakened(Replaced(found[name]), 1.0)] for name in common}


def _named(module: nn.Module, prefix: str) -> dict[str, torch.Size]:
    return {f"{prefix}{name}": value.shape for name, value in module.named_parameters()}


def _patches(
    what: str,
    own: Mapping[str, torch.Size],
    theirs: Mapping[str, torch.Size],
    other: Weight,
    shares: ShareOf,
) -> dict[str, list[Patch]]:
    common = [name for name, shape in own.items() if theirs.get(name) == shape]
    if not common:
        raise ModelsDoNotMatch(what)
    return {
        name: [MixedWeight(name, other, share)]
        for name in common
        if (share := shares(name)) != Shares(1.0, 0.0)
    }
