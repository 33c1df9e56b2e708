"""KSampler's rules about steps, against figures recorded from ComfyUI."""

import pytest
import torch

from hub.engine.sampling.noise_levels import stable_diffusion
from hub.engine.sampling.steps import between, sigmas_for
from tests.engine.sampling.test_schedules import RECORDED

LEVELS = stable_diffusion()
SCHEDULE = torch.tensor([4.0, 3.0, 2.0, 1.0, 0.0])


@pytest.mark.parametrize("case", RECORDED["ksampler"])
def test_ksampler_visits_the_levels_that_comfyui_visits(case: str) -> None:
    sampler, schedule, steps, denoise = case.split("|")
    sigmas = sigmas_for(
        LEVELS, sampler, schedule, int(steps), float(denoise.removeprefix("denoise"))
    )
    recorded = torch.tensor(RECORDED["ksampler"][case])
    torch.testing.assert_close(sigmas, recorded, rtol=1e-6, atol=0)


def test_nothing_is_visited_without_denoising() -> None:
    assert len(sigmas_for(LEVELS, "euler", "karras", 20, 0.0)) == 0


def test_an_unknown_schedule_is_the_first() -> None:
    assert torch.equal(
        sigmas_for(LEVELS, "euler", "whatever", 8), sigmas_for(LEVELS, "euler", "simple", 8)
    )


def test_a_stage_leaves_its_noise_for_the_next() -> None:
    assert between(SCHEDULE, 0, 2, finish=False).tolist() == [4, 3, 2]
    assert between(SCHEDULE, 2, 10000, finish=True).tolist() == [2, 1, 0]


def test_a_stage_may_finish_early() -> None:
    assert between(SCHEDULE, 1, 3, finish=True).tolist() == [3, 2, 0]
    assert SCHEDULE.tolist() == [4, 3, 2, 1, 0]


def test_a_stage_that_starts_at_the_end_visits_nothing() -> None:
    assert len(between(SCHEDULE, 4, 10000, finish=False)) == 0
    assert len(between(SCHEDULE, 2, 2, finish=False)) == 0
