"""The hub's samplers as `sample_euler(model, x, sigmas, …)` and so on, and what they are written
with. A function that a pack adds as `sample_…` is found by `comfy.samplers.ksampler`."""

from torch import Tensor

from hub.engine.sampling.samplers.by_name import SAMPLERS
from hub.engine.sampling.samplers.plain import plain_function
from hub.engine.sampling.schedules import exponential_between, karras_between
from hub.engine.sampling.schedules_of_levels import laplace, polyexponential, variance_preserving
from hub.nodes.compat.not_yet import not_yet
from hub.nodes.compat.sampling.formulas import (
    BrownianTreeNoiseSampler as BrownianTreeNoiseSampler,
)
from hub.nodes.compat.sampling.formulas import append_dims as append_dims
from hub.nodes.compat.sampling.formulas import append_zero as append_zero
from hub.nodes.compat.sampling.formulas import default_noise_sampler as default_noise_sampler
from hub.nodes.compat.sampling.formulas import get_ancestral_step as get_ancestral_step
from hub.nodes.compat.sampling.formulas import to_d as to_d

__getattr__ = not_yet("comfy.k_diffusion.sampling")
globals().update({f"sample_{name}": plain_function(method) for name, method in SAMPLERS.items()})


def get_sigmas_karras(
    n: int, sigma_min: float, sigma_max: float, rho: float = 7.0, device: str = "cpu"
) -> Tensor:
    return karras_between(float(sigma_min), float(sigma_max), n, rho).to(device)


def get_sigmas_exponential(
    n: int, sigma_min: float, sigma_max: float, device: str = "cpu"
) -> Tensor:
    return exponential_between(float(sigma_min), float(sigma_max), n).to(device)


def get_sigmas_polyexponential(
    n: int, sigma_min: float, sigma_max: float, rho: float = 1.0, device: str = "cpu"
) -> Tensor:
    return polyexponential(float(sigma_min), float(sigma_max), n, rho).to(device)


def get_sigmas_vp(
    n: int, beta_d: float = 19.9, beta_min: float = 0.1, eps_s: float = 1e-3, device: str = "cpu"
) -> Tensor:
    return variance_preserving(n, beta_d, beta_min, eps_s).to(device)


def get_sigmas_laplace(
    n: int,
    sigma_min: float,
    sigma_max: float,
    mu: float = 0.0,
    beta: float = 0.5,
    device: str = "cpu",
) -> Tensor:
    return laplace(float(sigma_min), float(sigma_max), n, mu, beta).to(device)
