"""Noise: the one that sampling starts from, and the one that stochastic samplers add on the way.

Each run has generators of its own and draws in its own shape, so that it gets the same noise alone
and in the company of others.
"""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from hub.errors import Unavailable

# Standard normal noise, for the way from one noise level to the next.
Noise = Callable[[Tensor, Tensor], Tensor]


class BrownianNoiseMissing(Unavailable):
    """A sampler needs a package that is not there."""

    def __init__(self) -> None:
        super().__init__(
            "The noise of this sampler needs the package torchsde, which is not installed. Run "
            "`pip install 'workflow-hub[sde]'`, or choose a sampler without sde in its name."
        )


def initial_noise(latent: Tensor, seed: int, batch_index: Sequence[int] | None = None) -> Tensor:
    """The noise of a seed: drawn on the CPU, so that it is the same with every device.

    `batch_index` tells which rows of a larger batch these are. Its rows are drawn one by one, which
    gives other values than drawing them at once where a row is no multiple of 16 values.
    """
    generator = torch.Generator().manual_seed(seed)
    if batch_index is None:
        return torch.randn(latent.shape, dtype=latent.dtype, generator=generator)
    shape = (1, *latent.shape[1:])
    rows = [
        torch.randn(shape, dtype=latent.dtype, generator=generator)
        for _ in range(max(batch_index) + 1)
    ]
    return torch.cat([rows[index] for index in batch_index])


def white_noise(x: Tensor, seed: int) -> Noise:
    """Noise drawn anew for each step, on the device of `x`.

    On a CPU the seed is moved on by one, as the initial noise is what the seed itself gives there.
    """
    seed = (seed + 1) % 2**64 if x.device.type == "cpu" else seed
    generator = torch.Generator(x.device).manual_seed(seed)

    def draw(sigma: Tensor, sigma_next: Tensor) -> Tensor:
        return torch.randn(x.shape, dtype=x.dtype, device=x.device, generator=generator)

    return draw


def brownian_noise(x: Tensor, sigmas: Tensor, seed: int, *, on_cpu: bool) -> Noise:
    """The increments of one Brownian motion over the noise levels, each brought to variance 1.

    The motion is a function of the seed, so that more or fewer steps follow the same path. On a CPU
    it does not depend on the device of `x`.
    """
    try:
        import torchsde
    except ImportError as error:
        raise BrownianNoiseMissing from error
    positive = sigmas[sigmas > 0]
    start = torch.zeros_like(x, device="cpu" if on_cpu else x.device)
    low, high = _time(positive.min()), _time(positive.max())
    tree = torchsde.BrownianTree(low, start, high, entropy=seed) if low < high else None

    def draw(sigma: Tensor, sigma_next: Tensor) -> Tensor:
        assert tree is not None, "there is a step between two levels"
        change = sigma_next - sigma
        increment: Tensor = tree(*sorted((_time(sigma_next), _time(sigma))))
        return increment.to(x.device) * (change.sign() / change.abs().sqrt())

    return draw


def _time(sigma: Tensor) -> float:
    """Rounded as the tree rounds its times, so that none lies outside of it by a hair."""
    return round(float(sigma), 6)
