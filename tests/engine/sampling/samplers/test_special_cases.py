"""Samplers that have to be the same where their differences are switched off."""

from functools import partial

import pytest
import torch
from torch import Tensor

from hub.engine.sampling.denoising import Answer, Denoise
from hub.engine.sampling.driving import drive
from hub.engine.sampling.samplers.by_name import SAMPLERS, Method
from hub.engine.sampling.samplers.churn import Churn
from hub.engine.sampling.samplers.deis import deis
from hub.engine.sampling.samplers.dpmpp import dpmpp_2m
from hub.engine.sampling.samplers.dpmpp_sde import dpmpp_2m_sde, dpmpp_sde
from hub.engine.sampling.samplers.er_sde import er_sde, reverse_time
from hub.engine.sampling.samplers.euler import (
    ddpm,
    euler,
    euler_ancestral,
    euler_ancestral_cfg_pp,
)
from hub.engine.sampling.samplers.gradient_estimation import gradient_estimation
from hub.engine.sampling.samplers.heun import heun
from hub.engine.sampling.samplers.midpoint import dpm_2, dpm_2_ancestral, dpmpp_2s_ancestral
from hub.engine.sampling.samplers.multistep import ipndm, ipndm_v, lms
from hub.engine.sampling.samplers.res_multistep import res_multistep, res_multistep_ancestral
from hub.engine.sampling.samplers.sa_solver import sa_solver
from hub.engine.sampling.samplers.seeds import seeds_2
from tests.engine.sampling.gaussian import EXPLODING

SIGMAS = torch.tensor([14.0, 7.0, 3.0, 1.5, 0.6, 0.2, 0.0], dtype=torch.float64)
LATENT = 14 * torch.randn(500, generator=torch.Generator().manual_seed(3), dtype=torch.float64)

PAIRS: dict[str, tuple[Method, Method]] = {
    # without noise
    "euler_ancestral": (partial(euler_ancestral, eta=0.0), euler),
    "dpm_2_ancestral": (partial(dpm_2_ancestral, eta=0.0), dpm_2),
    "res_multistep_ancestral": (partial(res_multistep_ancestral, eta=0.0), res_multistep),
    "dpmpp_2m_sde": (partial(dpmpp_2m_sde, eta=0.0), dpmpp_2m),
    "dpmpp_2m_sde_heun": (partial(dpmpp_2m_sde, eta=0.0, solver_type="heun"), res_multistep),
    "dpmpp_sde": (partial(dpmpp_sde, eta=0.0), partial(dpmpp_2s_ancestral, eta=0.0)),
    "seeds_2": (partial(seeds_2, eta=0.0), partial(dpmpp_sde, eta=0.0)),
    "exp_heun_2_x0": (
        partial(seeds_2, eta=0.0, r=1.0, solver_type="phi_2"),
        SAMPLERS["exp_heun_2_x0"],
    ),
    # of first order
    "lms": (partial(lms, order=1), euler),
    "ipndm": (partial(ipndm, max_order=1), euler),
    "ipndm_v": (partial(ipndm_v, max_order=1), euler),
    "deis": (partial(deis, max_order=1), euler),
    "er_sde": (partial(er_sde, s_noise=0.0, max_stage=1, noise_scaler=reverse_time(0.0)), euler),
    "sa_solver": (partial(sa_solver, eta=0.0, predictor_order=1, corrector_order=0), euler),
    "gradient_estimation": (partial(gradient_estimation, ge_gamma=1.0), euler),
    # of second order, in another form
    "ipndm_v of two": (partial(ipndm_v, max_order=2), partial(lms, order=2)),
    # one formula under two names, with the same noise
    "ddpm": (ddpm, euler_ancestral),
    "er_sde as ddpm": (partial(er_sde, max_stage=1, noise_scaler=reverse_time(1.0)), ddpm),
    "ddim": (SAMPLERS["ddim"], euler),
    # with guidance that does nothing
    "euler_cfg_pp": (SAMPLERS["euler_cfg_pp"], euler),
    "euler_ancestral_cfg_pp": (euler_ancestral_cfg_pp, euler_ancestral),
    "dpmpp_2s_ancestral_cfg_pp": (SAMPLERS["dpmpp_2s_ancestral_cfg_pp"], dpmpp_2s_ancestral),
    "dpmpp_2m_cfg_pp": (SAMPLERS["dpmpp_2m_cfg_pp"], dpmpp_2m),
    "res_multistep_cfg_pp": (SAMPLERS["res_multistep_cfg_pp"], res_multistep),
    "res_multistep_ancestral_cfg_pp": (
        SAMPLERS["res_multistep_ancestral_cfg_pp"],
        res_multistep_ancestral,
    ),
    "gradient_estimation_cfg_pp": (SAMPLERS["gradient_estimation_cfg_pp"], gradient_estimation),
    # nothing to add
    "s_noise 0": (
        partial(euler_ancestral, s_noise=0.0),
        partial(er_sde, s_noise=0.0, max_stage=1, noise_scaler=reverse_time(1.0)),
    ),
    "no level to churn": (partial(heun, churn=Churn(s_churn=10, s_tmin=99)), heun),
}


def curved(request: Denoise) -> Answer:
    denoised = torch.tanh(request.x / (1 + request.sigma.double()))
    return Answer(denoised, denoised)


def sampled(method: Method) -> Tensor:
    return drive(method(LATENT, SIGMAS, EXPLODING.diffusion()), curved)


@pytest.mark.parametrize("pair", PAIRS)
def test_two_samplers_are_the_same_where_their_difference_is_switched_off(pair: str) -> None:
    one, other = PAIRS[pair]
    torch.testing.assert_close(sampled(one), sampled(other), rtol=1e-6, atol=1e-6)


def test_unguided_noise_leads_somewhere_else() -> None:
    def guided(request: Denoise) -> Answer:
        denoised = curved(request).denoised
        return Answer(denoised, denoised / 2)

    for name in SAMPLERS:
        if name.endswith("cfg_pp"):
            method = SAMPLERS[name]
            result = drive(method(LATENT, SIGMAS, EXPLODING.diffusion()), guided)
            assert float((result - sampled(method)).abs().max()) > 0.01, name


@pytest.mark.parametrize(
    "name",
    ["euler_cfg_pp", "dpmpp_2m_cfg_pp", "res_multistep_cfg_pp", "gradient_estimation_cfg_pp"],
)
def test_cfg_pp_keeps_the_unguided_noise_of_the_guided_latent(name: str) -> None:
    """Chung et al. 2024, Algorithm 1: the first step is the same for all."""
    sampler = SAMPLERS[name](LATENT, SIGMAS[[0, 3, 6]], EXPLODING.diffusion())
    next(sampler)
    request = sampler.send(Answer(LATENT / 10, LATENT / 20))
    torch.testing.assert_close(request.x, LATENT / 10 + 1.5 * (LATENT - LATENT / 20) / 14)
