"""How fast the error of samplers without noise falls, where the exact solution is known.

Multistep methods start with a step of first order, which is all that limits them to the second.
What they are beyond that is told by polynomials, which they solve exactly.
"""

from collections.abc import Callable
from functools import partial
from math import log, log2

import pytest
import torch
from torch import Tensor

from hub.engine.sampling.denoising import Answer, Denoise
from hub.engine.sampling.driving import advance
from hub.engine.sampling.samplers import deis as deis_module
from hub.engine.sampling.samplers.by_name import SAMPLERS, Method
from hub.engine.sampling.samplers.deis import deis
from hub.engine.sampling.samplers.dpm_solver import StepControl, dpm_adaptive, dpm_fast
from hub.engine.sampling.samplers.dpmpp_sde import dpmpp_2m_sde, dpmpp_3m_sde, dpmpp_sde
from hub.engine.sampling.samplers.er_sde import er_sde, reverse_time
from hub.engine.sampling.samplers.midpoint import dpm_2_ancestral, dpmpp_2s_ancestral
from hub.engine.sampling.samplers.multistep import ipndm, ipndm_v, lms, uneven_weights
from hub.engine.sampling.samplers.res_multistep import res_multistep
from hub.engine.sampling.samplers.sa_solver import sa_solver
from hub.engine.sampling.samplers.seeds import seeds_2, seeds_3
from tests.engine.sampling.gaussian import EXPLODING, FLOW, Gaussian


def named(*names: str) -> dict[str, Method]:
    return {name: SAMPLERS[name] for name in names}


FIRST_ORDER = named(
    *("euler", "euler_cfg_pp", "ddim", "heunpp2"),
    *("gradient_estimation", "gradient_estimation_cfg_pp"),
) | {"er_sde": partial(er_sde, s_noise=0.0, noise_scaler=reverse_time(0.0))}
SECOND_ORDER = named(
    *("heun", "exp_heun_2_x0", "dpm_2", "lms", "dpmpp_2m", "dpmpp_2m_cfg_pp", "ipndm", "ipndm_v"),
    *("deis", "res_multistep", "res_multistep_cfg_pp", "uni_pc", "uni_pc_bh2"),
) | {
    "dpm_2_ancestral": partial(dpm_2_ancestral, eta=0.0),
    "dpmpp_2s_ancestral": partial(dpmpp_2s_ancestral, eta=0.0),
    "dpmpp_sde": partial(dpmpp_sde, eta=0.0),
    "dpmpp_2m_sde": partial(dpmpp_2m_sde, eta=0.0),
    "dpmpp_2m_sde_heun": partial(dpmpp_2m_sde, eta=0.0, solver_type="heun"),
    "dpmpp_3m_sde": partial(dpmpp_3m_sde, eta=0.0),
    "seeds_2": partial(seeds_2, eta=0.0),
    "seeds_2_phi_2": partial(seeds_2, eta=0.0, r=0.7, solver_type="phi_2"),
    "sa_solver_simple": partial(
        sa_solver, eta=0.0, predictor_order=2, corrector_order=2, simple_order_2=True
    ),
}
THIRD_ORDER: dict[str, Method] = {
    "seeds_3": partial(seeds_3, eta=0.0),
    "sa_solver": partial(sa_solver, eta=0.0),
    "sa_solver_pece": partial(sa_solver, eta=0.0, use_pece=True),
}
CASES = [
    pytest.param(order, method, id=name)
    for order, methods in enumerate([FIRST_ORDER, SECOND_ORDER, THIRD_ORDER], start=1)
    for name, method in methods.items()
]


@pytest.mark.parametrize(("order", "method"), CASES)
@pytest.mark.parametrize("kind", [EXPLODING, FLOW], ids=["exploding", "flow"])
def test_the_error_falls_at_least_with_the_samplers_order(
    order: int, method: Method, kind: Gaussian
) -> None:
    assert log2(kind.error(method, 80) / kind.error(method, 160)) > order - 0.4


def test_the_error_of_eulers_method_halves_when_steps_double() -> None:
    euler = SAMPLERS["euler"]
    assert EXPLODING.error(euler, 80) == pytest.approx(2 * EXPLODING.error(euler, 160), rel=0.05)


def test_dpm_fast_is_of_third_order() -> None:
    """With its last step of second order: so the evaluations are two more than threes."""
    errors = [EXPLODING.error(dpm_fast, 3 * threes + 2) for threes in (5, 11)]
    assert log2(errors[0] / errors[1]) == pytest.approx(3, abs=0.4)


def test_dpm_adaptive_is_as_exact_as_its_tolerance() -> None:
    errors = [
        EXPLODING.error(
            partial(dpm_adaptive, control=StepControl(rtol=tolerance, atol=tolerance)), 2
        )
        for tolerance in (1e-2, 1e-3, 1e-4)
    ]
    assert errors[0] < 1e-2
    assert errors[0] > 2 * errors[1] > 4 * errors[2]


def by_lambda(sigma: Tensor) -> Tensor:
    return -sigma.log()


# What is carried on by which polynomial: the slope in sigma or time, or the clean latent in λ.
POLYNOMIALS = [
    pytest.param(lms, 3, None, 1e-8, id="lms"),
    pytest.param(deis, 2, deis_module._time, 3e-4, id="deis"),
    pytest.param(res_multistep, 1, by_lambda, 1e-8, id="res_multistep"),
    pytest.param(
        partial(dpmpp_2m_sde, eta=0.0, solver_type="heun"), 1, by_lambda, 1e-8, id="dpmpp_2m_sde"
    ),
    pytest.param(partial(dpmpp_3m_sde, eta=0.0), 1, by_lambda, 1e-8, id="dpmpp_3m_sde"),
    pytest.param(
        partial(sa_solver, eta=0.0, corrector_order=0), 2, by_lambda, 1e-8, id="sa_solver"
    ),
    pytest.param(
        partial(sa_solver, eta=0.0, predictor_order=4, corrector_order=0),
        *(3, by_lambda, 1e-8),
        id="sa_solver_4",
    ),
]


@pytest.mark.parametrize(("method", "degree", "variable", "tolerance"), POLYNOMIALS)
def test_a_multistep_method_under_way_solves_polynomials_exactly(
    method: Method, degree: int, variable: Callable[[Tensor], Tensor] | None, tolerance: float
) -> None:
    sigmas = EXPLODING.levels(8)

    def slope(x: Tensor, sigma: Tensor) -> Tensor:
        """dx/dσ."""
        if variable is by_lambda:
            return (x - by_lambda(sigma) ** degree) / sigma
        return (variable(sigma) if variable else sigma) ** degree

    states = _states(method, sigmas, slope)
    for step in range(degree, 7):
        exact = _solved(states[step], sigmas[step], sigmas[step + 1], slope)
        assert float(states[step + 1]) == pytest.approx(float(exact), abs=tolerance)


@pytest.mark.parametrize(("method", "degree"), [(lms, 3), (ipndm, 3), (ipndm_v, 2)])
def test_on_even_levels_slopes_may_be_polynomials_for_all(method: Method, degree: int) -> None:
    sigmas = torch.linspace(3, 1, 9, dtype=torch.float64)

    def slope(x: Tensor, sigma: Tensor) -> Tensor:
        return sigma**degree

    states = _states(method, sigmas, slope)
    exact = states[3] + (sigmas[7] ** (degree + 1) - sigmas[3] ** (degree + 1)) / (degree + 1)
    assert float(states[7]) == pytest.approx(float(exact), abs=1e-8)


def test_dpmpp_3m_sde_counts_half_of_the_bend() -> None:
    """As published; with all of it, λ² would be solved exactly."""
    sigmas = EXPLODING.levels(8)

    def slope(x: Tensor, sigma: Tensor) -> Tensor:
        return (x - by_lambda(sigma) ** 2) / sigma

    states = _states(partial(dpmpp_3m_sde, eta=0.0), sigmas, slope)
    h = by_lambda(sigmas[6]) - by_lambda(sigmas[5])
    other_half = h**2 * (((-h).expm1() / h + 1) / h - 0.5)
    exact = _solved(states[5], sigmas[5], sigmas[6], slope)
    assert float(states[6]) == pytest.approx(float(exact + other_half), abs=1e-8)


def test_the_third_stage_of_er_sde_is_the_second_derivative() -> None:
    sigmas = EXPLODING.levels(8)

    def slope(x: Tensor, sigma: Tensor) -> Tensor:
        """Of a clean latent that is σ²."""
        return (x - sigma**2) / sigma

    ode = partial(er_sde, s_noise=0.0, noise_scaler=reverse_time(0.0))
    three, two = (_states(partial(ode, max_stage=stage), sigmas, slope) for stage in (3, 2))
    sigma, sigma_next = sigmas[2], sigmas[3]
    change = sigma_next - sigma
    added = change**2 + 2 * sigma_next * (sigma * (sigma_next / sigma).log() - change)
    assert float(three[3] - two[3]) == pytest.approx(float(added), rel=0.1)


def test_the_simple_corrector_of_sa_solver_is_a_trapezium() -> None:
    """Xue et al. 2023, appendix D: the newer latent has half of the width as its weight."""
    simple = partial(sa_solver, eta=0.0, predictor_order=1, corrector_order=2, simple_order_2=True)
    sampler = simple(torch.ones(1), torch.tensor([4.0, 2.0, 1.0, 0.5]), EXPLODING.diffusion())
    zero, one = Answer(torch.zeros(1)), Answer(torch.ones(1))
    next(sampler)
    assert sampler.send(zero).x == pytest.approx(0.5)  # predicted
    corrected = 0.5 + log(2) / 2
    assert sampler.send(one).x == pytest.approx(corrected / 2 + 0.5)


def test_weights_of_ipndm_v_are_those_that_were_published() -> None:
    """Figures of the formulas in its authors' code, for widths that tell all of them apart."""
    assert uneven_weights([1, 2, 4, 5]) == pytest.approx(
        [1.8099747475, -1.1145833333, 0.3243055556, -0.0123106061]
    )


def test_the_time_of_deis_leads_from_sigma_80_to_a_thousandth() -> None:
    times = deis_module._time(torch.tensor([80.0, 0.002]))
    assert times.tolist() == pytest.approx([1, 1e-3], rel=0.02)


def _states(
    method: Method, sigmas: Tensor, slope: Callable[[Tensor, Tensor], Tensor]
) -> list[Tensor]:
    """Where a sampler evaluates along the way, given the slope there."""
    sampler = method(torch.ones(1, dtype=torch.float64), sigmas, EXPLODING.diffusion())
    state, states = advance(sampler), list[Tensor]()
    while isinstance(state, Denoise):
        states.append(state.x)
        state = advance(sampler, Answer(state.x - state.sigma * slope(state.x, state.sigma)))
    return states


def _solved(
    x: Tensor, start: Tensor, end: Tensor, slope: Callable[[Tensor, Tensor], Tensor]
) -> Tensor:
    """By the classical Runge-Kutta method, in many small steps."""
    h = (end - start) / 50
    for step in range(50):
        sigma = start + step * h
        k1 = slope(x, sigma)
        k2 = slope(x + h / 2 * k1, sigma + h / 2)
        k3 = slope(x + h / 2 * k2, sigma + h / 2)
        x = x + h / 6 * (k1 + 2 * k2 + 2 * k3 + slope(x + h * k3, sigma + h))
    return x
