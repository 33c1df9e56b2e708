from typing import Any

import pytest
import torch

from hub.nodes.latent_arithmetic import LatentAdd, LatentInterpolate, LatentMultiply, LatentSubtract
from hub.nodes.latent_joining import (
    LatentBatch,
    LatentBatchSeedBehavior,
    LatentConcat,
    LatentCut,
)
from hub.testing.nodes import NodeBench


def latent(value: float, *, rows: int = 1, size: int = 4, **rest: Any) -> dict[str, Any]:
    return {"samples": torch.full((rows, 4, size, size), value), **rest}


def counted() -> dict[str, Any]:
    return {"samples": torch.arange(6.0).expand(1, 4, 3, 6)}


@pytest.mark.parametrize(("node", "expected"), [(LatentAdd, 5.0), (LatentSubtract, -1.0)])
def test_the_second_comes_to_the_size_and_number_of_the_first(
    node: Any, expected: float, bench: NodeBench
) -> None:
    first = latent(2.0, rows=3, kept="yes")
    (found,) = bench.run(node, samples1=first, samples2=latent(3.0, size=9))
    assert found["samples"].shape == (3, 4, 4, 4)
    assert torch.allclose(found["samples"], torch.tensor(expected))
    assert found["kept"] == "yes"


def test_a_latent_is_multiplied(bench: NodeBench) -> None:
    (found,) = bench.run(LatentMultiply, samples=latent(2.0), multiplier=-1.5)
    assert torch.equal(found["samples"], torch.full((1, 4, 4, 4), -3.0))


@pytest.mark.parametrize("ratio", [0.0, 0.25, 1.0])
def test_lengths_and_directions_are_mixed_by_themselves(ratio: float, bench: NodeBench) -> None:
    first, second = latent(0.0), latent(0.0)
    first["samples"][:, 0] = 2.0
    second["samples"][:, 1] = 4.0
    (found,) = bench.run(LatentInterpolate, samples1=first, samples2=second, ratio=ratio)
    vector = found["samples"][0, :, 0, 0]
    assert float(vector.norm()) == pytest.approx(2 * ratio + 4 * (1 - ratio))
    assert float(vector[0] * (1 - ratio)) == pytest.approx(float(vector[1] * ratio))


def test_zeros_have_no_direction(bench: NodeBench) -> None:
    (found,) = bench.run(LatentInterpolate, samples1=latent(0.0), samples2=latent(0.0))
    assert not found["samples"].any()


@pytest.mark.parametrize(
    ("dim", "shape", "first"),
    [
        ("x", (2, 4, 4, 8), 1.0),
        ("-x", (2, 4, 4, 8), 2.0),
        ("y", (2, 4, 8, 4), 1.0),
        ("-t", (2, 8, 4, 4), 2.0),
    ],
)
def test_latents_are_put_beside_each_other(
    dim: str, shape: tuple[int, ...], first: float, bench: NodeBench
) -> None:
    inputs = {"samples1": latent(1.0, rows=2), "samples2": latent(2.0)}
    (found,) = bench.run(LatentConcat, **inputs, dim=dim)
    assert found["samples"].shape == shape
    assert found["samples"][0, 0, 0, 0] == first


@pytest.mark.parametrize(
    ("index", "amount", "expected"),
    [(1, 2, [1, 2]), (9, 9, [5]), (-2, 1, [4]), (-2, 9, [4, 5]), (-99, 1, [0])],
)
def test_a_strip_is_cut_out(
    index: int, amount: int, expected: list[float], bench: NodeBench
) -> None:
    (found,) = bench.run(LatentCut, samples=counted(), dim="x", index=index, amount=amount)
    assert found["samples"][0, 0, 0].tolist() == expected


def test_two_batches_become_one_with_the_noise_of_each(bench: NodeBench) -> None:
    second = latent(2.0, rows=2, size=8, batch_index=[5, 6])
    (found,) = bench.run(LatentBatch, samples1=latent(1.0, rows=2), samples2=second)
    assert found["samples"].shape == (4, 4, 4, 4)
    assert found["batch_index"] == [0, 1, 5, 6]


@pytest.mark.parametrize(
    ("behavior", "expected"), [("fixed", {"batch_index": [7, 7]}), ("random", {})]
)
def test_a_batch_gets_one_noise_or_many(
    behavior: str, expected: dict[str, Any], bench: NodeBench
) -> None:
    batch = latent(1.0, rows=2, batch_index=[7, 8])
    (found,) = bench.run(LatentBatchSeedBehavior, samples=batch, seed_behavior=behavior)
    assert {name: value for name, value in found.items() if name != "samples"} == expected
