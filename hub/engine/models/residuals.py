"""What a control adds to the activations inside a U-Net."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from torch import Tensor

ByBlock = Mapping[int, Tensor]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Residuals:
    """Tensors [batch, channels, height, width] by the number of the input block they belong to.

    `inputs` are added to what the block hands on, down and across; `skips` only to what it hands
    across, to the way up; `middle` to what the middle block makes.
    """

    inputs: ByBlock = field(default_factory=dict)
    skips: ByBlock = field(default_factory=dict)
    middle: Tensor | None = None

    def times(self, strength: float) -> Residuals:
        return self.each(lambda x: x * strength)

    def each(self, change: Callable[[Tensor], Tensor]) -> Residuals:
        """What `change` makes of each tensor."""
        return Residuals(
            inputs={number: change(x) for number, x in self.inputs.items()},
            skips={number: change(x) for number, x in self.skips.items()},
            middle=None if self.middle is None else change(self.middle),
        )

    def plus(self, other: Residuals) -> Residuals:
        parts = [part for part in (self.middle, other.middle) if part is not None]
        return Residuals(
            inputs=_summed(self.inputs, other.inputs),
            skips=_summed(self.skips, other.skips),
            middle=sum(parts[1:], parts[0]) if parts else None,
        )

    def after_input(self, number: int, x: Tensor) -> Tensor:
        """What the input block of that number hands on."""
        return x + self.inputs[number].to(x) if number in self.inputs else x

    def after_middle(self, x: Tensor) -> Tensor:
        """What the middle block hands on."""
        return x if self.middle is None else x + self.middle.to(x)

    def across(self, skips: Iterable[Tensor]) -> list[Tensor]:
        """What the input blocks hand to the way up."""
        return [
            skip + self.skips[number].to(skip) if number in self.skips else skip
            for number, skip in enumerate(skips)
        ]


NO_RESIDUALS = Residuals()


def _summed(first: ByBlock, second: ByBlock) -> ByBlock:
    both = {number: first[number] + second[number] for number in first.keys() & second.keys()}
    return {**first, **second, **both}
