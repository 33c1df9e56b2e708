"""Quantiles of the beta distribution, where they have a closed form."""

import math

import pytest
import torch

from hub.engine.sampling.beta_quantile import beta_quantile

PROBABILITIES = torch.linspace(0, 1, 101, dtype=torch.float64)


@pytest.mark.parametrize(
    ("a", "b", "closed_form"),
    [
        (1, 1, lambda p: p),
        (0.5, 0.5, lambda p: (p * (math.pi / 2)).sin() ** 2),
        (3, 1, lambda p: p ** (1 / 3)),
        (1, 0.3, lambda p: 1 - (1 - p) ** (1 / 0.3)),
    ],
    ids=["uniform", "arcsine", "power", "mirrored power"],
)
def test_quantiles_have_their_closed_form(a: float, b: float, closed_form: object) -> None:
    assert callable(closed_form)
    quantiles = beta_quantile(PROBABILITIES, a, b)
    torch.testing.assert_close(quantiles, closed_form(PROBABILITIES), rtol=0, atol=1e-12)


def test_a_distribution_with_equal_sides_is_symmetric() -> None:
    quantiles = beta_quantile(PROBABILITIES, 0.6, 0.6)
    torch.testing.assert_close(quantiles, 1 - quantiles.flip(0), rtol=0, atol=1e-12)
