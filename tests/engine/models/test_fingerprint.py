from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from hub.engine.models.compute import compute_for_denoising
from hub.engine.models.fingerprint import fingerprint
from hub.engine.models.layers import Linear
from hub.engine.models.weights import mapped


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    text: Tensor
    strength: float


@dataclass(frozen=True, slots=True, eq=False)
class Looked:
    hint: Tensor
    seen: dict[str, Tensor] = field(default_factory=dict, compare=False)


def sampler(x: Tensor, eta: float = 1.0) -> Tensor:
    return x * eta


def layer(change: float = 0.0) -> nn.Linear:
    torch.manual_seed(1)
    found = nn.Linear(64, 64)
    found.weight.data += change
    return found


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (torch.zeros(4), torch.zeros(2, 2)),
        (torch.zeros(4), torch.zeros(4).half()),
        (Told(torch.ones(2), 1.0), Told(torch.ones(2), 0.5)),
        ([Told(torch.ones(2), 1.0)], [Told(torch.zeros(2), 1.0)]),
        (partial(sampler, eta=0.5), partial(sampler, eta=1.0)),
        (layer(), layer(0.01)),
        ({"seed": 1}, {"seed": 2}),
        (["a", "b"], ["ab"]),
    ],
)
def test_what_differs_is_told_apart(one: Any, other: Any) -> None:
    assert fingerprint(one) != fingerprint(other)


def test_what_is_equal_has_one_fingerprint() -> None:
    def values() -> list[Any]:
        return [layer(), Told(torch.ones(2), 1.0), {"a": {1, 2}}, partial(sampler, eta=0.5), None]

    assert fingerprint(*values()) == fingerprint(*values())


def test_what_is_only_noted_on_the_way_does_not_count() -> None:
    one, other = Looked(torch.ones(2)), Looked(torch.ones(2))
    other.seen["a"] = torch.zeros(3)
    assert fingerprint(one) == fingerprint(other)


def test_weights_count_as_their_file_has_them() -> None:
    """Not as they happen to be placed; a few values of each."""
    layer = partial(Linear.of, bias=False)
    weights = mapped("layer", layer, {"weight": torch.ones(5, 5).half()})
    before = fingerprint(weights)
    weights.place(compute_for_denoising())
    assert fingerprint(weights) == before
    others = mapped("layer", layer, {"weight": torch.zeros(5, 5).half()})
    assert fingerprint(others) != before
