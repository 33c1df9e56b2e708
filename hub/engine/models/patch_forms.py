"""Changes of weights as node packs write them, and what they become: patches."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from torch import Tensor

from hub.engine.models.adapter_forms import AdapterPatch, BiasPatch
from hub.engine.models.weights import Patch
from hub.errors import Invalid

_LORA_PARTS = ("up", "down", "alpha", "mid", "dora_scale")


class UnknownPatch(Invalid):
    """A node pack changes a weight in a way that the hub does not know."""

    def __init__(self, name: str, written: object) -> None:
        kind = written[0] if isinstance(written, tuple) and written else type(written).__name__
        super().__init__(
            f"A node changes the weight {name} by a patch of the kind {kind!r}, which the hub does "
            "not know; it knows `diff`, `set` and `lora`, and functions from weight to weight."
        )


@dataclass(frozen=True, slots=True)
class Scaled:
    """The weight itself, weaker or stronger."""

    strength: float

    def __call__(self, weight: Tensor) -> Tensor:
        return weight * self.strength


@dataclass(frozen=True, slots=True, eq=False)
class Replaced:
    """Another weight instead."""

    value: Tensor

    def __call__(self, weight: Tensor) -> Tensor:
        return self.value.to(weight).reshape(weight.shape)


@dataclass(frozen=True, slots=True)
class Weakened:
    """`strength` times the way that another patch goes."""

    patch: Patch
    strength: float

    def __call__(self, weight: Tensor) -> Tensor:
        return weight.lerp(self.patch(weight), self.strength)


def as_patches(name: str, written: Any, strength: float, kept: float) -> list[Patch]:
    """For the weight of that name: `kept` times itself, and `strength` times the change.

    `written` is a function, several of them, or a tuple of a kind and its tensors. Raises
    `UnknownPatch`.
    """
    scaled: list[Patch] = [] if kept == 1.0 else [Scaled(kept)]
    if isinstance(written, list) or _are_functions(written):
        changes: Sequence[Patch] = written
    else:
        changes = [_as_patch(name, written)]
    return [*scaled, *(_with_strength(change, strength) for change in changes)]


def _are_functions(written: Any) -> bool:
    return isinstance(written, tuple) and bool(written) and all(map(callable, written))


def _as_patch(name: str, written: Any) -> Patch:
    match written:
        case (Tensor() as difference,) | ("diff", (Tensor() as difference, *_)):
            return AdapterPatch({"diff": difference}, 1.0)
        case ("set", (Tensor() as value, *_)):
            return Replaced(value)
        case ("lora", (Tensor(), Tensor(), *_) as parts):
            named = zip(_LORA_PARTS, parts, strict=False)
            return AdapterPatch(
                {part: _tensor(value) for part, value in named if value is not None}, 1.0
            )
    if callable(written):
        patch: Patch = written
        return patch
    raise UnknownPatch(name, written)


def _tensor(value: Tensor | float) -> Tensor:
    return value if isinstance(value, Tensor) else Tensor([value])


def _with_strength(patch: Patch, strength: float) -> Patch:
    if strength == 1.0 or isinstance(patch, Replaced):
        return patch
    if isinstance(patch, AdapterPatch | BiasPatch):
        return replace(patch, strength=patch.strength * strength)
    return Weakened(patch, strength)
