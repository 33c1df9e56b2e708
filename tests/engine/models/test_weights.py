import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from hub.engine.models.compute import Compute
from hub.engine.models.layers import Linear
from hub.engine.models.model_file import read_tensors
from hub.engine.models.shapes import Shapes
from hub.engine.models.weights import (
    NO_PATCHES,
    Patches,
    Weights,
    WeightsDoNotFit,
    joined_patches,
    mapped,
)

CPU = torch.device("cpu")
FULL = Compute(device=CPU, dtype=torch.float32, storage=torch.float32)
AS_IN_THE_FILE = Compute(device=CPU, dtype=torch.float32)


class Pair(nn.Module):
    def __init__(self, shapes: Shapes) -> None:
        super().__init__()
        self.first = Linear.of(shapes.below("first"))
        self.second = Linear.of(shapes.below("second"), bias=False)


def tensors() -> dict[str, Tensor]:
    return {
        "first.weight": torch.randn(3, 2).half(),
        "first.bias": torch.randn(3).half(),
        "second.weight": torch.randn(2, 3).half(),
    }


def pair(found: dict[str, Tensor]) -> Weights[Pair]:
    return mapped("pair", Pair, found)


def doubled(weight: Tensor) -> Tensor:
    return weight * 2


def test_parameters_are_the_tensors_of_the_file_until_they_are_computed_with(
    tmp_path: Path,
) -> None:
    save_file(tensors(), tmp_path / "pair.safetensors")
    found = read_tensors(tmp_path / "pair.safetensors")
    weights = pair(found)
    assert weights.module.first.weight.data_ptr() == found["first.weight"].data_ptr()
    assert weights.held_bytes == 0
    weights.place(FULL)
    assert weights.held_bytes == 4 * (6 + 3 + 6)
    weights.release()
    assert weights.held_bytes == 0


def test_a_computation_runs_in_the_type_of_its_input() -> None:
    found = tensors()
    x = torch.randn(1, 2)
    expected = x @ found["first.weight"].float().T + found["first.bias"].float()
    for compute in (AS_IN_THE_FILE, FULL):
        assert torch.allclose(pair(found).place(compute).first(x), expected, atol=1e-6)


def test_placing_again_makes_nothing_anew() -> None:
    weights = pair(tensors())
    before = weights.place(FULL).first.weight.data_ptr()
    assert weights.place(FULL).first.weight.data_ptr() == before


def test_patches_are_added_to_the_original_and_come_off_exactly() -> None:
    found = tensors()
    before = {name: tensor.clone() for name, tensor in found.items()}
    weights = pair(found)
    untouched = weights.place(FULL).second.weight.data_ptr()
    once = {"first.weight": (doubled,)}
    twice = joined_patches(once, {"first.weight": [lambda weight: weight + 1]})
    for patches, expected in (
        (once, before["first.weight"].float() * 2),
        (twice, before["first.weight"].float() * 2 + 1),
        ({}, before["first.weight"].float()),
    ):
        assert torch.equal(weights.place(FULL, patches).first.weight, expected)
        assert weights.module.second.weight.data_ptr() == untouched
    assert all(torch.equal(found[name], before[name]) for name in before)


@pytest.mark.parametrize("missing", ["second.weight", "first.bias"])
def test_what_the_architecture_cannot_do_without_is_named(missing: str) -> None:
    found = tensors()
    del found[missing]
    with pytest.raises(WeightsDoNotFit, match=f"this file is not one .* it lacks {missing}\\."):
        pair(found)


def test_what_is_too_much_or_of_another_size_is_named() -> None:
    found = tensors() | {"second.bias": torch.ones(2), "first.bias": torch.ones(5)}
    told = r"has besides second\.bias and has in another size first\.bias\."
    with pytest.raises(WeightsDoNotFit, match=told):
        pair(found)


def test_what_belongs_to_no_part_is_left_out_and_told(caplog: pytest.LogCaptureFixture) -> None:
    found = tensors() | {f"more.{number}": torch.ones(1) for number in range(9)}
    assert set(pair(found).names) == tensors().keys()
    assert "The pair in a file has parts without a use: more.0," in caplog.text
    assert "more.4 and 4 more." in caplog.text


@pytest.mark.parametrize("wrapped", [{"state_dict": {"a": torch.ones(2)}}, {"a": torch.ones(2)}])
def test_tensors_of_a_pickle_are_read(wrapped: object, tmp_path: Path) -> None:
    torch.save(wrapped, tmp_path / "model.ckpt")
    assert read_tensors(tmp_path / "model.ckpt")["a"].tolist() == [1, 1]


def test_threads_that_want_other_patches_compute_one_after_the_other() -> None:
    weights, patches = pair(tensors()), {"first.weight": (doubled,)}

    def compute(patches: Patches) -> Tensor:
        with weights.placed(FULL, patches) as module:
            return module.first.weight.clone()

    with ThreadPoolExecutor() as threads, weights.placed(FULL) as module:
        plain = module.first.weight.clone()
        assert torch.equal(threads.submit(compute, NO_PATCHES).result(), plain)
        other = threads.submit(compute, patches)
        while not weights._lock.waiting and not other.done():
            os.sched_yield()
        next_one = threads.submit(compute, NO_PATCHES)
        while weights._lock.waiting < 2 and not next_one.done():
            os.sched_yield()  # it does not overtake, or the other might wait for ever
        assert torch.equal(compute(NO_PATCHES), plain)  # this thread has its turn
        assert torch.equal(module.first.weight, plain)
        assert not other.done()
        assert not next_one.done()
    assert torch.equal(other.result(), plain * 2)
    assert torch.equal(next_one.result(), plain)


def test_what_goes_back_and_forth_is_made_once_while_it_is_in_use() -> None:
    weights, made = pair(tensors()), []

    def counted(weight: Tensor) -> Tensor:
        made.append(weight)
        return weight * 2

    patches = {"first.weight": (counted,)}
    plain = weights.place(FULL).first.weight.clone()
    held = weights.held_bytes
    with weights.in_use():
        for _ in range(3):
            assert torch.equal(weights.place(FULL, patches).first.weight, plain * 2)
            assert torch.equal(weights.place(FULL).first.weight, plain)
        assert len(made) == 1
        assert weights.held_bytes == held + plain.nbytes
    assert weights.held_bytes == held
    weights.place(FULL, patches)
    assert len(made) == 2


def test_a_turn_that_fails_is_over() -> None:
    weights = pair(tensors())
    with pytest.raises(ZeroDivisionError), weights.placed(FULL, {"first.weight": (impossible,)}):
        pass
    with ThreadPoolExecutor() as threads, weights.placed(FULL) as module:
        assert threads.submit(weights.place, FULL).result() is module


def impossible(weight: Tensor) -> Tensor:
    raise ZeroDivisionError
