"""Which calls are captured, and when they are used; here they are repeated by calling anew."""

from collections.abc import Sequence
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from hub.engine.models.captured_calls import CapturedCalls, Inputs, Network
from hub.engine.models.checkpoint import Checkpoint
from hub.engine.models.compute import Compute

CPU = Compute(device=torch.device("cpu"), dtype=torch.float32, storage=torch.float32)
TEXT = torch.randn(2, 77, 768)


class Recorded:
    """Notes that a call was captured, and how often it was repeated."""

    def __init__(self, network: Network, inputs: Inputs, others: Sequence[Any]) -> None:
        self._network, self._others = network, others
        self.repeats = 0
        CAPTURED.append(self)

    def repeat(self, inputs: Inputs) -> Tensor:
        self.repeats += 1
        return self._network(*inputs, *self._others)


CAPTURED: list[Recorded] = []


@pytest.fixture(autouse=True)
def nothing_yet() -> None:
    CAPTURED.clear()


class Sum(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.inner = nn.Identity()

    def forward(self, x: Tensor, timesteps: Tensor, context: Tensor, y: Tensor | None) -> Tensor:
        del y
        inner: Tensor = self.inner(x)
        return inner + timesteps.sum() + context.sum()


def asked(calls: CapturedCalls, network: nn.Module, rows: int, side: int, value: float) -> Tensor:
    x = torch.full((rows, 4, side, side), value)
    return calls.call(network, x, torch.ones(rows), torch.ones(rows, 2, 3), None)


def test_the_third_call_of_a_kind_is_captured_and_each_later_one_is_that_with_its_own_values() -> (
    None
):
    network = Sum()
    calls = CapturedCalls(Recorded)
    for number in range(5):
        found = asked(calls, network, 2, 8, float(number))
        assert found.equal(torch.full((2, 4, 8, 8), number + 14.0))
        assert len(CAPTURED) == (number >= 2)
    assert CAPTURED[0].repeats == 3
    asked(calls, network, 3, 8, 0.0)
    assert len(CAPTURED) == 1


def test_large_calls_keep_nothing() -> None:
    network = Sum()
    calls = CapturedCalls(Recorded)
    for _ in range(4):
        asked(calls, network, 3, 128, 1.0)
    assert not CAPTURED
    for _ in range(4):
        asked(calls, network, 2, 128, 1.0)
    assert len(CAPTURED) == 1


def test_what_cannot_be_captured_is_called_as_it_is(caplog: pytest.LogCaptureFixture) -> None:
    tries = []

    def refusing(network: Network, inputs: Inputs, others: Sequence[Any]) -> Recorded:
        tries.append(network)
        raise RuntimeError("operation not permitted when stream is capturing")

    network = Sum()
    calls = CapturedCalls(refusing)
    for _ in range(5):
        assert asked(calls, network, 1, 8, 1.0).equal(torch.full((1, 4, 8, 8), 8.0))
    assert len(tries) == 1
    assert "operation not permitted" in caplog.text


def test_the_kind_used_least_recently_is_let_go() -> None:
    network = Sum()
    calls = CapturedCalls(Recorded)
    for rows in (*range(1, 18), 1):
        for _ in range(3):
            asked(calls, network, rows, 8, 1.0)
    assert len(CAPTURED) == 18


def test_what_is_bound_to_weights_goes_when_they_move(tiny: Checkpoint) -> None:
    weights = tiny.model.model.weights
    with weights.placed(CPU):
        weights.bound[CapturedCalls] = "here"
    with weights.placed(CPU):
        assert weights.bound == {CapturedCalls: "here"}
    name = next(iter(weights.names))
    with weights.placed(CPU, {name: (lambda weight: weight * 2,)}):
        assert not weights.bound
        weights.bound[CapturedCalls] = "with a patch"
    with weights.placed(CPU):
        assert not weights.bound
        weights.bound[CapturedCalls] = "without"
    weights.release()
    assert not weights.bound
