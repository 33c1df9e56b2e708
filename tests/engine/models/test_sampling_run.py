"""Whole samplings of the reference checkpoint, held against latents that ComfyUI computed."""

from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from hub.engine.models.answer_log import ResumeAt
from hub.engine.models.checkpoint import Checkpoint
from hub.engine.models.evaluation import evaluated
from hub.engine.models.guiders import CfgGuider
from hub.engine.models.sampling_run import LatentDoesNotFit, NoPicture, SamplingRun, SeededNoise
from hub.engine.models.sampling_task import SamplingTask
from hub.engine.sampling.steps import sigmas_for
from tests.engine.models.conftest import recorded
from tests.engine.sampling_nodes import METHODS

TOLERANCE = 1e-3  # of the latent's standard deviation
RECORDED = recorded("latents")
NAMES = [name for name in RECORDED if "|" in name and not name.startswith("extra")]
QUICK = {"euler|normal", "dpmpp_2m|karras", "dpmpp_sde|normal", "uni_pc|normal"}


def sampling_of(checkpoint: Checkpoint, name: str, **options: Any) -> SamplingRun:
    """Eight steps for 64 × 64 pixels, with the prompts and the seed of the recorded ones."""
    sampler, schedule = name.split("|")
    assert checkpoint.model is not None
    levels = checkpoint.model.sampling.levels
    sides = {
        side: [[RECORDED[f"cond_{side}"], {"pooled_output": RECORDED[f"pooled_{side}"]}]]
        for side in ("positive", "negative")
    }
    latent = options.pop("latent", {"samples": torch.zeros(1, 4, 8, 8)})
    return SamplingRun(
        guider=CfgGuider(model=checkpoint.model, scale=7.0, **sides),
        method=METHODS[sampler],
        sigmas=sigmas_for(levels, sampler, schedule, 8, options.pop("denoise", 1.0)),
        latent=latent,
        noise=SeededNoise(42),
        seed=42,
    )


def driven(task: SamplingTask) -> Tensor:
    """The latent at the end of a task that is alone."""
    task.begin()
    while not task.is_over:
        (sides,) = evaluated(task.model, [task.ask()])
        task.answer(sides)
    return task.result.result()


def noted_until(task: SamplingTask, step: int) -> None:
    """A task whose process dies after so many answers of the model."""
    task.begin()
    for _ in range(step):
        (sides,) = evaluated(task.model, [task.ask()])
        task.answer(sides)
    task.close()


def untold(step: int, steps: int, denoised: Tensor) -> None:
    """Nobody looks."""


def error_of(run: SamplingRun, expected: Tensor) -> float:
    """The largest difference, in standard deviations of what is expected."""
    latent = run.sampled(driven(run.task(untold)))
    return float((latent - expected).abs().max() / expected.std())


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=() if name in QUICK else pytest.mark.slow) for name in NAMES],
)
def test_latents_are_those_of_comfyui(reference: Checkpoint, name: str) -> None:
    assert error_of(sampling_of(reference, name), RECORDED[name]) < TOLERANCE


@pytest.mark.slow
def test_a_batch_has_the_noise_of_its_seed(reference: Checkpoint) -> None:
    latent = {"samples": torch.zeros(2, 4, 8, 8)}
    run = sampling_of(reference, "euler|normal", latent=latent)
    assert error_of(run, RECORDED["extra.euler|normal|batch2"]) < TOLERANCE


def test_progress_counts_steps_and_not_requests(tiny: Checkpoint) -> None:
    told: list[tuple[int, int]] = []
    run = sampling_of(tiny, "heun|normal")
    driven(run.task(lambda step, steps, denoised: told.append((step, steps))))
    assert [step for step, _ in told] == sorted(step for step, _ in told)
    assert (told[0], told[-1]) == ((1, 8), (8, 8))


def test_outside_of_the_mask_a_latent_stays_as_it_is(tiny: Checkpoint) -> None:
    samples = torch.randn(1, 4, 8, 8, generator=torch.Generator().manual_seed(3))
    mask = torch.zeros(1, 1, 64, 64)
    mask[..., :32] = 1
    latent = {"samples": samples, "noise_mask": mask}
    run = sampling_of(tiny, "euler|normal", latent=latent)
    made = run.sampled(driven(run.task(untold)))
    assert torch.allclose(made[..., 5:], samples[..., 5:], atol=1e-5)
    assert not torch.allclose(made[..., :3], samples[..., :3], atol=0.1)


def test_an_empty_latent_gets_as_many_channels_as_the_model_has(tiny: Checkpoint) -> None:
    run = sampling_of(tiny, "euler|normal", latent={"samples": torch.zeros(1, 16, 8, 8)})
    assert run.task(untold).sampler is not None


def test_what_is_no_number_is_no_picture(tiny: Checkpoint) -> None:
    run = sampling_of(tiny, "euler|normal")
    assert run.sampled(torch.ones(1, 4, 8, 8)).isfinite().all()
    with pytest.raises(NoPicture, match="values that are no numbers"):
        run.sampled(torch.full((1, 4, 8, 8), torch.nan))


def test_a_latent_of_another_model_is_refused_in_a_sentence(tiny: Checkpoint) -> None:
    run = sampling_of(tiny, "euler|normal", latent={"samples": torch.ones(1, 16, 8, 8)})
    with pytest.raises(LatentDoesNotFit, match="16 channels, and the model works on 4"):
        run.task(untold)


@pytest.mark.parametrize("sampler", ["euler_ancestral", "plain_ancestral"])
def test_what_was_noted_is_gone_on_from_bit_by_bit(
    tiny: Checkpoint, sampler: str, tmp_path: Path
) -> None:
    """Of a sampler of a pack too, which runs in a thread and draws from torch's own generator."""
    run, at = sampling_of(tiny, f"{sampler}|normal"), ResumeAt(path=tmp_path / "log", seconds=0.0)
    noted_until(run.task(untold, resume_at=at), 5)
    steps: list[int] = []
    again = run.task(lambda step, *_: steps.append(step), resume_at=at)
    found = driven(again)
    again.close()
    assert steps == [6, 7, 8]
    assert found.equal(driven(run.task(untold)))
