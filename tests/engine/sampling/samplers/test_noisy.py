"""Samplers that add noise end in the data's distribution, and depend on the seed alone."""

from functools import partial

import pytest
import torch

from hub.engine.sampling.samplers.by_name import SAMPLERS, Method
from hub.engine.sampling.samplers.churn import Churn
from hub.engine.sampling.samplers.dpm_solver import StepControl, dpm_adaptive, dpm_fast
from hub.engine.sampling.samplers.dpmpp_sde import dpmpp_2m_sde
from hub.engine.sampling.samplers.er_sde import er_sde, reverse_time
from hub.engine.sampling.samplers.euler import euler, lcm
from hub.engine.sampling.samplers.heun import heun
from hub.engine.sampling.samplers.midpoint import dpm_2
from hub.engine.sampling.samplers.sa_solver import sa_solver
from tests.engine.sampling.gaussian import DEVIATION, EXPLODING, FLOW, MEAN, Gaussian

# Those whose noise is right for flows too.
FOR_ALL: dict[str, Method] = {
    name: SAMPLERS[name]
    for name in (
        *("euler_ancestral", "euler_ancestral_cfg_pp", "dpm_2_ancestral", "dpmpp_2s_ancestral"),
        *("exp_heun_2_x0_sde", "seeds_2", "seeds_3", "er_sde", "sa_solver", "sa_solver_pece"),
        *("dpmpp_sde", "dpmpp_2m_sde", "dpmpp_2m_sde_heun", "dpmpp_3m_sde"),
    )
} | {
    "er_sde in reverse time": partial(er_sde, noise_scaler=reverse_time(1.0)),
    "sa_solver all the way": partial(sa_solver, sde_start_percent=0.0, sde_end_percent=1.0),
    "sa_solver, simple": partial(
        sa_solver, predictor_order=2, corrector_order=2, simple_order_2=True
    ),
}
FOR_EXPLODING: dict[str, Method] = {
    "ddpm": SAMPLERS["ddpm"],
    "dpmpp_2s_ancestral_cfg_pp": SAMPLERS["dpmpp_2s_ancestral_cfg_pp"],
    "res_multistep_ancestral": SAMPLERS["res_multistep_ancestral"],
    "res_multistep_ancestral_cfg_pp": SAMPLERS["res_multistep_ancestral_cfg_pp"],
    "dpm_fast": partial(dpm_fast, eta=1.0),
    "dpm_adaptive": partial(dpm_adaptive, eta=1.0, control=StepControl(rtol=0.01, atol=0.001)),
    "euler": partial(euler, churn=Churn(s_churn=3)),
    "heun": partial(heun, churn=Churn(s_churn=3)),
    "dpm_2": partial(dpm_2, churn=Churn(s_churn=3)),
}
CASES = [
    *(pytest.param(EXPLODING, method, id=name) for name, method in FOR_ALL.items()),
    *(pytest.param(EXPLODING, method, id=name) for name, method in FOR_EXPLODING.items()),
    *(pytest.param(FLOW, method, id=f"{name} of a flow") for name, method in FOR_ALL.items()),
]
STEPS, COUNT = 50, 2000


@pytest.mark.parametrize(("kind", "method"), CASES)
def test_latents_end_in_the_distribution_of_the_data(kind: Gaussian, method: Method) -> None:
    many = Gaussian(kind.sampling, kind.high, kind.low, count=COUNT)
    latents = many.sampled(method, many.levels(STEPS))
    assert float(latents.mean()) == pytest.approx(many.mean(many.low), abs=0.08)
    assert float(latents.std()) == pytest.approx(many.deviation(many.low), rel=0.06)


@pytest.mark.parametrize(("kind", "method"), CASES)
def test_the_seed_alone_decides_on_the_noise(kind: Gaussian, method: Method) -> None:
    sigmas = kind.levels(6)
    first = kind.sampled(method, sigmas, seed=1)
    assert torch.equal(first, kind.sampled(method, sigmas, seed=1))
    assert float((first - kind.sampled(method, sigmas, seed=2)).abs().max()) > 0.1


@pytest.mark.parametrize("kind", [EXPLODING, FLOW], ids=["exploding", "flow"])
def test_lcm_forgets_all_but_its_last_denoising(kind: Gaussian) -> None:
    many = Gaussian(kind.sampling, kind.high, kind.low, count=20000)
    latents = many.sampled(lcm, torch.tensor([kind.high, kind.low]))
    share = (many.signal(kind.high) * DEVIATION / many.deviation(kind.high)) ** 2
    variance = (DEVIATION**2 * share) * many.signal(kind.low) ** 2 + kind.low**2
    assert float(latents.mean()) == pytest.approx(many.signal(kind.low) * MEAN, abs=0.01)
    assert float(latents.std()) == pytest.approx(variance**0.5, rel=0.02)


def test_more_steps_follow_the_same_brownian_motion() -> None:
    coarse, fine, finer = (
        EXPLODING.sampled(dpmpp_2m_sde, EXPLODING.levels(steps)) for steps in (15, 30, 60)
    )
    assert (fine - finer).std() < (coarse - fine).std() < 0.1
