"""Token merging (Bolya and Hoffman 2023, "Token Merging for Fast Stable Diffusion").

Of each square of 2 × 2 tokens one stays. Those of the others that are most like a token that stays
become one with it before self-attention, and each is given what that token got.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

_SIDE = 2  # of the squares
_KEY = "token_merging"  # in what functions are told about one attention


@dataclass(frozen=True, slots=True)
class TokenMerging:
    """Merges this share of the tokens, at the finest level only; keys and values stay whole."""

    ratio: float

    def before(
        self, x: Tensor, context: Tensor, values: Tensor, told: dict[str, Any]
    ) -> tuple[Tensor, Tensor, Tensor]:
        rows, columns = told["activations_shape"][-2:]
        is_finest = (rows, columns) == tuple(told["original_shape"][-2:])
        if is_finest and x.shape[1] == rows * columns:  # nobody has cut it
            count = int(rows * columns * self.ratio)
            merged = Merged.of(x, rows, columns, count)
            if merged is not None:
                told[_KEY] = merged
                x = merged.joined(x)
        return x, context, values

    def after(self, mixed: Tensor, told: Mapping[str, Any]) -> Tensor:
        merged: Merged | None = told.get(_KEY)
        return mixed if merged is None else merged.parted(mixed)


@dataclass(frozen=True, slots=True)
class Merged:
    """Which tokens become one: of those that may go, `gone` [batch, count] do, into `into` [batch,
    count] of those that stay, and `kept` do not. `going` and `staying` are places in the whole."""

    going: Tensor
    staying: Tensor
    gone: Tensor
    into: Tensor
    kept: Tensor

    @classmethod
    def of(cls, x: Tensor, rows: int, columns: int, count: int) -> "Merged | None":
        """By the likeness of [batch, rows · columns, width]; None if there is nothing to do."""
        places = torch.arange(rows * columns, device=x.device).view(rows, columns)
        stays = torch.zeros_like(places, dtype=torch.bool)
        stays[::_SIDE, ::_SIDE] = True
        going, staying = places[~stays], places[stays]
        count = min(count, len(going))
        if not count:
            return None
        ways = functional.normalize(x, dim=-1)
        likeness, nearest = (ways[:, going] @ ways[:, staying].transpose(1, 2)).max(dim=-1)
        order = likeness.argsort(dim=-1, descending=True)
        gone = order[:, :count]
        return cls(going, staying, gone, nearest.gather(1, gone), order[:, count:])

    def joined(self, x: Tensor) -> Tensor:
        """First the tokens that are kept, then those that stay, as means of what they took in."""
        going, staying = x[:, self.going], x[:, self.staying]
        means = staying.scatter_reduce(1, _wide(self.into, x), _at(going, self.gone), "mean")
        return torch.cat([_at(going, self.kept), means], dim=1)

    def parted(self, x: Tensor) -> Tensor:
        """The way back."""
        count = self.kept.shape[1]
        kept, means = x[:, :count], x[:, count:]
        going = x.new_empty(len(x), len(self.going), x.shape[2])
        going.scatter_(1, _wide(self.kept, x), kept)
        going.scatter_(1, _wide(self.gone, x), _at(means, self.into))
        whole = x.new_empty(len(x), len(self.going) + len(self.staying), x.shape[2])
        whole[:, self.going], whole[:, self.staying] = going, means
        return whole


def _at(x: Tensor, places: Tensor) -> Tensor:
    return x.gather(1, _wide(places, x))


def _wide(places: Tensor, x: Tensor) -> Tensor:
    return places[..., None].expand(-1, -1, x.shape[-1])
