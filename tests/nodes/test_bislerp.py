"""Turning channel vectors into each other."""

import math

import pytest
import torch

from hub.nodes.bislerp import bislerp


def vectors(*angles: float, length: float = 1.0) -> torch.Tensor:
    """A row of vectors of two channels, by their directions in degrees."""
    radians = torch.tensor(angles).deg2rad()
    return length * torch.stack([radians.cos(), radians.sin()])[None, :, None, :]


def test_halfway_between_two_directions_lies_the_one_in_the_middle_at_full_length() -> None:
    result = bislerp(vectors(0, 90), width=3, height=1)
    torch.testing.assert_close(result, vectors(0, 45, 90))


def test_lengths_go_evenly_from_one_to_the_other() -> None:
    both = torch.cat([vectors(0, length=1), vectors(90, length=3)], dim=-1)
    torch.testing.assert_close(bislerp(both, 3, 1)[..., 1], 2 * vectors(45)[..., 0])


def test_equal_and_opposite_directions_have_no_arc() -> None:
    same, opposite = bislerp(vectors(10, 10), 5, 1), bislerp(vectors(0, 180), 3, 1)
    torch.testing.assert_close(same, vectors(*[10] * 5))
    assert opposite[0, :, 0, 1].norm() < 1e-6


@pytest.mark.parametrize("size", [(1, 1), (5, 3), (40, 7)])
def test_zeros_stay_zeros_and_the_type_stays(size: tuple[int, int]) -> None:
    samples = torch.zeros(2, 4, 6, 8, dtype=torch.float16)
    result = bislerp(samples, *size)
    assert (result.shape, result.dtype) == ((2, 4, size[1], size[0]), torch.float16)
    assert not result.any()


def test_the_same_size_is_the_same_latent() -> None:
    samples = torch.randn(1, 4, 5, 6, generator=torch.Generator().manual_seed(0))
    assert bislerp(samples, 6, 5).equal(samples)
    assert math.isfinite(bislerp(samples, 9, 11).sum().item())
