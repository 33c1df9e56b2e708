"""What samplers of packs are written with, under the names of k-diffusion (Katherine Crowson)."""

from typing import Any

import torch
from torch import Tensor

from hub.engine.sampling.noise import Noise, brownian_noise, white_noise
from hub.engine.sampling.prediction import posterior_step


def append_dims(x: Tensor, target_dims: int) -> Tensor:
    """`x` with further axes of length 1 at its end."""
    return x[(..., *[None] * (target_dims - x.ndim))]


def to_d(x: Tensor, sigma: Tensor, denoised: Tensor) -> Tensor:
    """The slope dx/dσ (Karras et al. 2022, equation 3)."""
    return (x - denoised) / append_dims(torch.as_tensor(sigma).to(x), x.ndim)


def get_ancestral_step(
    sigma_from: Tensor, sigma_to: Tensor, eta: float | None = 1.0
) -> tuple[Any, Any]:
    """The level to go down to, and how much noise leads back up."""
    if not eta:
        return sigma_to, 0.0
    down, _, up = posterior_step(torch.as_tensor(sigma_from), torch.as_tensor(sigma_to), eta)
    return down, up


def append_zero(sigmas: Tensor) -> Tensor:
    return torch.cat([sigmas, sigmas.new_zeros(1)])


def default_noise_sampler(x: Tensor, seed: int | None = None) -> Noise:
    """Noise drawn anew for each step; without a seed from torch's own generator."""
    if seed is None:
        return lambda sigma, sigma_next: torch.randn_like(x)
    return white_noise(x, seed)


class BrownianTreeNoiseSampler:
    """Noise of one Brownian motion over the levels; calling it gives that between two of them."""

    def __init__(
        self,
        x: Tensor,
        sigma_min: Tensor | float,
        sigma_max: Tensor | float,
        seed: int | None = None,
        transform: Any = lambda sigma: sigma,
        cpu: bool = False,
    ) -> None:
        self.transform = transform
        ends = [torch.as_tensor(transform(torch.as_tensor(end))) for end in (sigma_min, sigma_max)]
        entropy = int(torch.randint(2**63 - 1, ())) if seed is None else seed
        self._noise = brownian_noise(x, torch.stack(ends).float().cpu(), entropy, on_cpu=cpu)

    def __call__(self, sigma: Tensor, sigma_next: Tensor) -> Tensor:
        levels = (torch.as_tensor(self.transform(torch.as_tensor(x))) for x in (sigma, sigma_next))
        return self._noise(*(level.float().cpu() for level in levels))
