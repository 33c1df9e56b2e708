"""What multistep methods share: weighted sums, and the weights that integrate polynomials."""

from collections.abc import Sequence

import torch
from torch import Tensor


def combined(weights: Sequence[float], values: Sequence[Tensor]) -> Tensor:
    """The sum of the values by their weights; there is at least one."""
    total = weights[0] * values[0]
    for weight, value in zip(weights[1:], values[1:], strict=True):
        total = total + weight * value
    return total


def interpolating_weights(places: Tensor, integrals: Sequence[float]) -> list[float]:
    """Weights of values at `places` (float64), for an integral of the polynomial through them.

    `integrals` are those of 1, u, u² …, one for each place; the weights give all of them exactly.
    """
    powers = torch.arange(len(places), dtype=torch.float64)
    equations = places[None, :] ** powers[:, None]
    weights: list[float] = torch.linalg.solve(equations, places.new_tensor(integrals)).tolist()
    return weights
