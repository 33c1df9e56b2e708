"""Noise levels: the maps of each kind, and where they meet its table."""

import math

import pytest
import torch

from hub.engine.sampling.noise_levels import (
    INFINITE,
    ContinuousEdm,
    ContinuousVelocity,
    ExponentialShift,
    NoiseLevels,
    RationalShift,
    Rectified,
    ShiftedCosine,
    stable_diffusion,
)

KINDS = {
    "stable diffusion": stable_diffusion(),
    "rational": RationalShift(3.0),
    "rational, m 1": RationalShift(1.73, multiplier=1),
    "exponential": ExponentialShift(1.15),
    "edm": ContinuousEdm(),
    "velocity": ContinuousVelocity(0.03, 500.0),
    "rectified": Rectified(0.002, 80.0),
    "cosine": ShiftedCosine(),
}


@pytest.fixture(params=KINDS)
def levels(request: pytest.FixtureRequest) -> NoiseLevels:
    return KINDS[request.param]


UNSHIFTED = ["stable diffusion", "edm", "velocity", "rectified", "cosine"]


@pytest.mark.parametrize("kind", UNSHIFTED)
def test_a_timestep_leads_back_to_its_level(kind: str) -> None:
    levels = KINDS[kind]
    table = levels.table[10:-10:50]
    torch.testing.assert_close(levels.sigma(levels.timestep(table)), table, rtol=1e-3, atol=1e-5)


def test_a_shifted_flow_tells_its_model_the_level_itself() -> None:
    assert RationalShift(3.0).timestep(torch.tensor(0.75)) == 750
    assert RationalShift(3.0).sigma(torch.tensor(500)) == 0.75


def test_a_table_rises(levels: NoiseLevels) -> None:
    assert bool((levels.table.diff() >= 0).all())
    assert levels.sigma_min < levels.sigma_max


def test_percents_lead_from_the_first_level_down_to_zero(levels: NoiseLevels) -> None:
    sigmas = [levels.percent_to_sigma(percent) for percent in (0, 1e-4, 0.2, 0.5, 0.9, 1)]
    assert sigmas == sorted(sigmas, reverse=True)
    assert sigmas[1] == pytest.approx(float(levels.sigma_max), rel=0.02)
    assert sigmas[-1] == 0


def test_before_the_first_step_is_infinite_noise_but_in_flows() -> None:
    assert stable_diffusion().percent_to_sigma(0) == INFINITE
    assert RationalShift().percent_to_sigma(0) == 1.0


def test_levels_of_stable_diffusion_are_those_it_was_trained_on() -> None:
    levels = stable_diffusion()
    assert float(levels.sigma_min) == pytest.approx(0.0291671585, rel=1e-7)
    assert float(levels.sigma_max) == pytest.approx(14.6146411895, rel=1e-7)


def test_between_two_timesteps_the_logarithm_is_linear() -> None:
    levels = stable_diffusion()
    between = levels.sigma(torch.tensor(99.5))
    assert float(between) == pytest.approx(math.sqrt(levels.table[99] * levels.table[100]))


def test_the_nearest_timestep_is_the_timestep() -> None:
    levels = stable_diffusion()
    assert levels.timestep(levels.table[[3, 500, 999]] * 1.0001).tolist() == [3, 500, 999]


def test_zero_terminal_snr_ends_in_almost_pure_noise() -> None:
    levels = stable_diffusion(zero_terminal_snr=True)
    assert float(levels.sigma_max) == pytest.approx(4518.76, rel=1e-4)
    assert float(levels.sigma_min) == pytest.approx(float(stable_diffusion().sigma_min), rel=1e-6)


def test_shifts_move_the_middle() -> None:
    assert RationalShift(3.0).percent_to_sigma(0.5) == pytest.approx(0.75)
    assert ExponentialShift(math.log(3)).percent_to_sigma(0.5) == pytest.approx(0.75)


def test_a_shifted_cosine_has_the_log_snr_of_the_cosine_less_the_shift() -> None:
    plain, shifted = ShiftedCosine(), ShiftedCosine(2.0)
    assert shifted.percent_to_sigma(0.5) == pytest.approx(2 * plain.percent_to_sigma(0.5), rel=1e-5)
