"""Schedules against figures recorded from ComfyUI, and where its own lead nowhere."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch

from hub.engine.sampling.noise_levels import Discrete, RationalShift, stable_diffusion
from hub.engine.sampling.schedules import SCHEDULES, beta, ddim_uniform, kl_optimal, normal

RECORDED: dict[str, Any] = json.loads((Path(__file__).parent / "data" / "sigmas.json").read_text())
CASES = [
    pytest.param(name, int(steps), sigmas, id=f"{name}-{steps}")
    for name, of_steps in RECORDED["schedulers"].items()
    for steps, sigmas in of_steps.items()
    if (name, steps) != ("kl_optimal", "1")  # it is not a number there
]


@pytest.mark.parametrize(("name", "steps", "recorded"), CASES)
def test_a_schedule_gives_the_levels_that_comfyui_gives(
    name: str, steps: int, recorded: list[float]
) -> None:
    sigmas = SCHEDULES[name](stable_diffusion(), steps)
    torch.testing.assert_close(sigmas, torch.tensor(recorded), rtol=1e-6, atol=0)


@pytest.mark.parametrize("steps", [1, 2, 3, 7, 50])
@pytest.mark.parametrize("name", SCHEDULES)
@pytest.mark.parametrize("levels", [stable_diffusion(), RationalShift(3.0)], ids=["eps", "flow"])
def test_a_schedule_falls_to_zero(name: str, steps: int, levels: Discrete) -> None:
    sigmas = SCHEDULES[name](levels, steps)
    assert bool((sigmas.diff() < 0).all())
    assert sigmas[-1] == 0
    assert sigmas.dtype == torch.float32


def test_a_single_step_of_kl_optimal_starts_at_the_top() -> None:
    assert kl_optimal(stable_diffusion(), 1)[0] == pytest.approx(14.6146, rel=1e-5)


def test_ddim_uniform_takes_more_steps_where_the_stride_is_no_whole_number() -> None:
    assert len(ddim_uniform(stable_diffusion(), 300)) == 334


def test_beta_visits_no_place_twice() -> None:
    assert len(beta(stable_diffusion(), 1000)) < 1001


def test_normal_has_no_second_zero_where_the_table_has_one() -> None:
    table = torch.linspace(0, 1, 1000)
    table[0] = 1e-6
    assert len(normal(Discrete(table), 10)) == 11
