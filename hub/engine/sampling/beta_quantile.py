"""The quantiles of the beta distribution, which torch lacks."""

import math

import torch
from torch import Tensor


def beta_quantile(probability: Tensor, a: float, b: float) -> Tensor:
    """The x in [0, 1] up to which the beta distribution holds `probability`; in float64.

    Newton's method on the distribution function, kept between bounds by bisection.
    """
    low, high = torch.zeros_like(probability), torch.ones_like(probability)
    x = torch.full_like(probability, 0.5)
    for _ in range(60):
        excess = _beta_cdf(x, a, b) - probability
        low, high = torch.where(excess < 0, x, low), torch.where(excess < 0, high, x)
        newton = x - excess / _beta_density(x, a, b)
        outside = ~((newton > low) & (newton < high))
        x, before = torch.where(outside, (low + high) / 2, newton), x
        if bool(((x - before).abs() < 1e-13).all()):
            break
    return torch.where(probability <= 0, 0.0, torch.where(probability >= 1, 1.0, x))


def _beta_density(x: Tensor, a: float, b: float) -> Tensor:
    log_beta = math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)
    return ((a - 1) * x.log() + (b - 1) * (1 - x).log() - log_beta).exp()


def _beta_cdf(x: Tensor, a: float, b: float) -> Tensor:
    """The regularised incomplete beta function (DLMF 8.17.22).

    Its continued fraction converges fast on the near side of the mean only; the far side follows
    from the symmetry I_x(a, b) = 1 − I_{1−x}(b, a).
    """
    near = x < (a + 1) / (a + b + 2)
    below = x * (1 - x) * _beta_density(x, a, b) * _fraction(torch.where(near, x, 0), a, b) / a
    y = 1 - x
    above = x * y * _beta_density(x, a, b) * _fraction(torch.where(near, 0, y), b, a) / b
    return torch.where(near, below, 1 - above)


def _fraction(x: Tensor, a: float, b: float, terms: int = 60) -> Tensor:
    """DLMF 8.17.22 evaluated from its far end."""
    value = torch.ones_like(x)
    for n in range(terms, 0, -1):
        m = n // 2
        if n % 2:
            coefficient = -(a + m) * (a + b + m) / ((a + 2 * m) * (a + 2 * m + 1))
        else:
            coefficient = m * (b - m) / ((a + 2 * m - 1) * (a + 2 * m))
        value = 1 + coefficient * x / value
    return 1 / value
