"""What a HOOKS link carries: changes of a model that count for some conditionings alone.

A hook is an adapter, or another model whose weights take the place of these, with how much of it
the denoiser and the text encoders get. Keyframes say how that changes as sampling goes on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Protocol

from hub.engine.models.diffusion_model import DiffusionModel
from hub.engine.models.text_encoder import Phase, TextEncoder
from hub.engine.models.weights import Patch, Patches
from hub.errors import Invalid


class Change(Protocol):
    """What a hook does at full strength, as patches that `add_patches` of both takes."""

    def of_denoiser(self, model: DiffusionModel) -> Mapping[str, Sequence[Patch]]:
        """For weights of this one. May raise `AdapterDoesNotFit`."""

    def of_text(self, text: TextEncoder) -> Mapping[str, Sequence[Patch]]:
        """The same for these encoders."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Keyframe:
    """From `start` on, a part of the sampling from 0 to 1, a hook counts `strength` times."""

    start: float
    strength: float


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Hook:
    """`keyframes` are in the order of their starts; the first one counts before its own too."""

    change: Change
    strength: float
    text_strength: float
    keyframes: tuple[Keyframe, ...] = ()

    def share(self, begun: int) -> float:
        """How many times it counts once so many of its keyframes have begun."""
        return self.keyframes[max(begun, 1) - 1].strength if self.keyframes else 1.0


Hooks = tuple[Hook, ...]


class UnknownHooks(Invalid):
    """Something else was put in the place of hooks."""

    def __init__(self, hooks: object) -> None:
        super().__init__(
            f"A HOOKS input was given a {type(hooks).__name__}, which the hub does not know. Make "
            "hooks with the built-in nodes, such as CreateHookLora."
        )


@dataclass(frozen=True, slots=True, eq=False)
class _ReadyHook:
    """One for one model: `levels` are those at which its keyframes begin."""

    hook: Hook
    patches: Mapping[str, Sequence[Patch]]
    levels: tuple[float, ...]

    def strength(self, sigma: float) -> float:
        return self.hook.strength * self.hook.share(sum(level >= sigma for level in self.levels))


@dataclass(frozen=True, slots=True, eq=False)
class ReadyHooks:
    """Those of one conditioning for one model. What it becomes is kept for each of its strengths:
    weights go by the identity of their patches."""

    model: DiffusionModel = field(compare=False)
    hooks: tuple[_ReadyHook, ...]
    _made: dict[tuple[object, ...], Patches] = field(default_factory=dict, compare=False)

    def key(self, sigma: float) -> tuple[object, ...]:
        """Equal where two conditionings want the same model; empty where they want it as it is."""
        strengths = ((id(one.hook), one.strength(sigma)) for one in self.hooks)
        return tuple(found for found in strengths if found[1])

    def patches(self, sigma: float) -> Patches:
        """All patches of the model at that level."""
        key = self.key(sigma)
        if key not in self._made:
            changed = self.model.clone()
            for one in self.hooks:
                if strength := one.strength(sigma):
                    changed.add_patches(one.patches, strength)
            self._made[key] = changed.patches
        return self._made[key]


def hooks_of(given: object) -> Hooks:
    """What a HOOKS input was given. Raises `UnknownHooks`."""
    if given is None:
        return ()
    if isinstance(given, tuple) and all(isinstance(one, Hook) for one in given):
        return given
    raise UnknownHooks(given)


def ready_hooks(given: object, model: DiffusionModel) -> ReadyHooks | None:
    """Those of a conditioning for that model, or None. Raises `UnknownHooks`, and what their
    changes raise."""
    levels = model.sampling.levels
    ready = [
        _ReadyHook(
            hook,
            hook.change.of_denoiser(model),
            tuple(levels.percent_to_sigma(one.start) for one in hook.keyframes),
        )
        for hook in hooks_of(given)
        if hook.strength
    ]
    return ReadyHooks(model, tuple(ready)) if ready else None


def hooked_text(text: TextEncoder, hooks: Hooks, *, tells: bool, is_scheduled: bool) -> TextEncoder:
    """A copy that encodes with these hooks, at full strength or as their keyframes say. If it
    `tells`, its conditionings carry them, so that the denoiser is changed too."""
    changes = [(hook, hook.change.of_text(text)) for hook in hooks if hook.text_strength]
    frames = [one.start for hook in hooks for one in hook.keyframes if is_scheduled]
    bounds = sorted({0.0, *frames, 1.0})
    hooked = text.clone()
    hooked.hooks = hooks if tells else None
    hooked.phases = tuple(
        Phase(
            start=start,
            end=end,
            changes=tuple(
                (patches, _text_strength(hook, start) if is_scheduled else hook.text_strength)
                for hook, patches in changes
            ),
        )
        for start, end in pairwise(bounds)
    )
    return hooked


def _text_strength(hook: Hook, start: float) -> float:
    return hook.text_strength * hook.share(sum(one.start <= start for one in hook.keyframes))
