"""Noise: whose it is, and that it does not depend on who else draws."""

import sys

import pytest
import torch
import torchsde

from hub.engine.sampling.noise import (
    BrownianNoiseMissing,
    brownian_noise,
    initial_noise,
    white_noise,
)

LATENT = torch.zeros(2, 4, 8, 8)
HIGH, MIDDLE, LOW, ZERO = torch.tensor([10.0, 4.0, 1.0, 0.0])
SIGMAS = torch.stack([HIGH, MIDDLE, LOW, ZERO])


def test_initial_noise_is_what_torch_draws_for_the_seed() -> None:
    generator = torch.manual_seed(42)
    assert torch.equal(initial_noise(LATENT, 42), torch.randn(2, 4, 8, 8, generator=generator))


def test_rows_of_a_batch_have_the_noise_that_they_have_in_it() -> None:
    batch = initial_noise(torch.zeros(5, 4, 8, 8), 42)
    picked = initial_noise(torch.zeros(3, 4, 8, 8), 42, batch_index=[4, 0, 4])
    assert torch.equal(picked, batch[[4, 0, 4]])


def test_rows_that_are_no_multiple_of_sixteen_are_drawn_one_by_one() -> None:
    batch = initial_noise(torch.zeros(2, 1, 3, 3), 42)
    rows = initial_noise(torch.zeros(2, 1, 3, 3), 42, batch_index=[0, 1])
    assert torch.equal(rows[0], initial_noise(torch.zeros(1, 1, 3, 3), 42)[0])
    assert not torch.equal(rows, batch)


@pytest.mark.parametrize("seed", [0, 2**63, 2**64 - 1])
def test_all_seeds_have_noise(seed: int) -> None:
    assert initial_noise(LATENT, seed).std() == pytest.approx(1, abs=0.1)
    assert white_noise(LATENT, seed)(HIGH, LOW).std() == pytest.approx(1, abs=0.1)
    assert brownian_noise(LATENT, SIGMAS, seed, on_cpu=True)(HIGH, LOW).std() > 0


def test_noise_on_the_way_does_not_repeat_the_initial_noise() -> None:
    assert torch.equal(white_noise(LATENT, 42)(HIGH, LOW), initial_noise(LATENT, 43))


def test_two_runs_draw_the_same_side_by_side_as_alone() -> None:
    alone = [white_noise(LATENT, 1), white_noise(LATENT, 2)]
    wanted = [[noise(HIGH, LOW) for _ in range(3)] for noise in alone]
    first, second = white_noise(LATENT, 1), white_noise(LATENT, 2)
    for step in range(3):
        assert torch.equal(first(HIGH, LOW), wanted[0][step])
        assert torch.equal(second(HIGH, LOW), wanted[1][step])


def test_steps_of_a_brownian_motion_add_up_whatever_their_order() -> None:
    noise = brownian_noise(LATENT, SIGMAS, 42, on_cpu=True)
    whole = noise(HIGH, LOW) * (HIGH - LOW).sqrt()
    again = brownian_noise(LATENT, SIGMAS, 42, on_cpu=True)
    lower = again(MIDDLE, LOW) * (MIDDLE - LOW).sqrt()
    upper = again(HIGH, MIDDLE) * (HIGH - MIDDLE).sqrt()
    torch.testing.assert_close(whole, upper + lower)


def test_steps_of_a_brownian_motion_are_standard_normal_and_independent() -> None:
    noise = brownian_noise(torch.zeros(20000), SIGMAS, 42, on_cpu=True)
    upper, lower = noise(HIGH, MIDDLE), noise(MIDDLE, LOW)
    assert float(upper.std()) == pytest.approx(1, abs=0.03)
    assert float(lower.std()) == pytest.approx(1, abs=0.03)
    assert float((upper * lower).mean()) == pytest.approx(0, abs=0.03)


def test_noise_on_the_way_down_is_the_change_of_the_motion() -> None:
    tree = torchsde.BrownianTree(1.0, LATENT, 10.0, entropy=42)
    noise = brownian_noise(LATENT, SIGMAS, 42, on_cpu=True)
    torch.testing.assert_close(noise(HIGH, MIDDLE), -tree(4.0, 10.0) / 6**0.5)


def test_the_way_back_along_a_brownian_motion_takes_away_what_the_way_there_added() -> None:
    noise = brownian_noise(LATENT, SIGMAS, 42, on_cpu=True)
    assert torch.equal(noise(LOW, HIGH), -noise(HIGH, LOW))


def test_levels_that_are_no_short_decimals_are_within_the_motion() -> None:
    sigmas = torch.tensor([14.614643096923828, 1.0, 0.0291671771556139])
    noise = brownian_noise(LATENT, sigmas, 42, on_cpu=True)
    assert bool(noise(sigmas[0], sigmas[2]).isfinite().all())  # torchsde would warn, an error here


def test_a_missing_torchsde_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torchsde", None)
    with pytest.raises(BrownianNoiseMissing, match=r"workflow-hub\[sde\]"):
        brownian_noise(LATENT, SIGMAS, 42, on_cpu=True)
