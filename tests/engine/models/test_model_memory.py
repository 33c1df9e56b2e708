"""Who gives up memory for whom. Each pair of layers takes 100 bytes once it is cast."""

import gc
from functools import partial
from pathlib import Path

import pytest
import torch
from torch import nn

from hub.engine.models.compute import Compute
from hub.engine.models.layers import Linear
from hub.engine.models.model_memory import ModelMemory
from hub.engine.models.weights import Patch, Weights, mapped

CPU = torch.device("cpu")
FULL = Compute(device=CPU, dtype=torch.float32, storage=torch.float32)
AS_IN_THE_FILE = Compute(device=CPU, dtype=torch.float32)
BYTES = 100
PLACE = Path("model.safetensors")


def weights(memory: ModelMemory) -> Weights[nn.Module]:
    tensors = {"weight": torch.ones(5, 5).half()}
    return mapped("layer", partial(Linear.of, bias=False), tensors, PLACE, memory)


def sizes(*several: Weights[nn.Module]) -> list[int]:
    return [one.held_bytes for one in several]


def test_what_is_idle_can_be_had_and_what_is_in_use_cannot() -> None:
    memory = ModelMemory()
    first, second = weights(memory), weights(memory)
    assert memory.idle_bytes(CPU) == 0
    first.place(FULL)
    second.place(FULL)
    assert memory.idle_bytes(CPU) == 2 * BYTES
    with first.in_use():
        assert memory.idle_bytes(CPU) == BYTES
    assert memory.idle_bytes(torch.device("meta")) == 0


def test_what_was_used_least_recently_makes_room() -> None:
    memory = ModelMemory(2 * BYTES)
    first, second, third = (weights(memory) for _ in range(3))
    first.place(FULL)
    second.place(FULL)
    with first.placed(FULL):
        pass
    third.place(FULL)
    assert sizes(first, second, third) == [BYTES, 0, BYTES]


def test_what_is_in_use_stays_even_if_there_is_no_room() -> None:
    memory = ModelMemory(BYTES)
    first, second = weights(memory), weights(memory)
    with first.placed(FULL):
        second.place(FULL)
        assert sizes(first, second) == [BYTES, BYTES]
        assert memory.release_idle() == BYTES
        assert sizes(first, second) == [BYTES, 0]
    assert memory.release_idle() == BYTES


def test_what_is_only_mapped_needs_no_room() -> None:
    memory = ModelMemory(BYTES)
    first, second = weights(memory), weights(memory)
    first.place(FULL)
    second.place(AS_IN_THE_FILE)
    assert sizes(first, second) == [BYTES, 0]


def test_patched_weights_count_as_well() -> None:
    memory = ModelMemory(BYTES)
    first, second = weights(memory), weights(memory)
    first.place(FULL)
    doubled: dict[str, tuple[Patch, ...]] = {"weight": (lambda weight: weight * 2,)}
    second.place(AS_IN_THE_FILE, doubled)
    assert sizes(first, second) == [0, BYTES // 2]


def test_what_is_kept_aside_goes_first_and_is_not_kept_without_room() -> None:
    memory = ModelMemory(3 * BYTES)
    first, second, third = (weights(memory) for _ in range(3))
    doubled: dict[str, tuple[Patch, ...]] = {"weight": (lambda weight: weight * 2,)}
    third.place(FULL)
    with first.in_use():
        first.place(FULL)
        first.place(FULL, doubled)
        assert first.spare_bytes == BYTES
        second.place(FULL)
        assert sizes(first, second, third) == [BYTES] * 3
        memory.budget = 2 * BYTES
        with second.in_use():
            first.place(FULL)
        assert sizes(first, second, third) == [BYTES, BYTES, 0]


def test_weights_that_could_not_be_made_are_as_in_the_file() -> None:
    def fail(weight: torch.Tensor) -> torch.Tensor:
        raise MemoryError

    one = weights(ModelMemory())
    one.place(FULL)
    with pytest.raises(MemoryError):
        one.place(FULL, {"weight": (fail,)})
    assert (one.device, one.held_bytes) == (None, 0)
    assert one.place(FULL).weight.dtype == torch.float32


def test_it_tells_what_is_ready_and_keeps_nothing_alive() -> None:
    memory = ModelMemory()
    one = weights(memory)
    assert memory.placed() == []
    one.place(FULL)
    (placed,) = memory.placed()
    assert (placed.part, placed.origin, placed.device, placed.bytes) == ("layer", PLACE, CPU, BYTES)
    del one
    gc.collect()
    assert (memory.placed(), memory.origins()) == ([], set())
