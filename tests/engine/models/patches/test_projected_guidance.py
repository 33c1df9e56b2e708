"""APG against the paper's algorithm, written with plain matrices."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from hub.engine.models.answer_log import ResumeAt
from hub.engine.models.checkpoint import Checkpoint
from hub.engine.models.conditions import Condition
from hub.engine.models.diffusion_model import DiffusionModel
from hub.engine.models.evaluation import Memory, evaluated
from hub.engine.models.guidance import ClassifierFree
from hub.engine.models.guiders import CfgGuider
from hub.engine.models.patches.projected_guidance import ProjectedGuidance
from hub.engine.models.sampling_run import SamplingRun, SeededNoise
from hub.engine.models.sampling_task import SamplingTask
from hub.engine.sampling.steps import sigmas_for
from tests.engine.sampling_nodes import METHODS

SHAPE, SCALE = (2, 4, 6, 8), 7.0


def sides(seed: int) -> tuple[Tensor, Tensor]:
    draw = torch.Generator().manual_seed(seed)
    positive, negative = (torch.randn(SHAPE, generator=draw) for _ in range(2))
    return positive, negative


def guided(
    apg: ProjectedGuidance,
    pair: tuple[Tensor, Tensor],
    memory: Memory | None = None,
    scale: float = SCALE,
) -> Tensor:
    """What plain guidance makes of what it makes of both sides."""
    told: dict[str, Any] = {
        "conds_out": list(pair),
        "cond_scale": scale,
        "memory": {} if memory is None else memory,
        "place": 0,
    }
    positive, negative = apg(told)
    return negative + (positive - negative) * scale


def expected(
    positive: Tensor, way: Tensor, eta: float, threshold: float = float("inf")
) -> list[Tensor]:
    """Algorithm 1 of the paper, one latent at a time, in double precision."""
    rows = []
    for own, towards in zip(positive.double().flatten(1), way.double().flatten(1), strict=True):
        short = towards * min(1.0, threshold / float(towards.norm()))
        unit = own / own.norm()
        along = unit * (short @ unit)
        rows.append((own + (SCALE - 1) * (short - along + eta * along)).reshape(SHAPE[1:]))
    return rows


def are_near(found: Tensor, rows: list[Tensor]) -> bool:
    return torch.allclose(found.double(), torch.stack(rows), atol=1e-4)


@pytest.mark.parametrize(("eta", "threshold"), [(0.0, 0.0), (0.3, 5.0), (-2.0, 50.0), (1.0, 1.0)])
def test_the_way_is_shortened_and_projected_as_in_the_paper(eta: float, threshold: float) -> None:
    positive, negative = sides(0)
    apg = ProjectedGuidance(eta=eta, norm_threshold=threshold, momentum=0.0)
    rows = expected(positive, positive - negative, eta, threshold or float("inf"))
    assert are_near(guided(apg, (positive, negative)), rows)


def test_with_all_of_it_and_no_limit_it_is_plain_guidance() -> None:
    positive, negative = sides(1)
    apg = ProjectedGuidance(eta=1.0, norm_threshold=0.0, momentum=0.0)
    plain = negative + (positive - negative) * SCALE
    assert torch.allclose(guided(apg, (positive, negative)), plain, atol=1e-4)


def test_at_a_scale_of_one_or_nothing_it_changes_nothing() -> None:
    positive, negative = sides(1)
    apg = ProjectedGuidance(eta=0.0, norm_threshold=1.0, momentum=0.0)
    assert torch.allclose(guided(apg, (positive, negative), scale=1.0), positive, atol=1e-5)
    assert torch.equal(guided(apg, (positive, negative), scale=0.0), negative)
    assert apg({"conds_out": [positive], "cond_scale": 1.0}) == [positive]


def test_momentum_sums_the_ways_of_one_sampling() -> None:
    apg = ProjectedGuidance(eta=0.0, norm_threshold=0.0, momentum=-0.5)
    memory: Memory = {}
    total = torch.zeros(SHAPE)
    for seed in range(3):
        positive, negative = sides(seed)
        total = positive - negative - 0.5 * total
        assert are_near(guided(apg, (positive, negative), memory), expected(positive, total, 0.0))


@pytest.fixture
def model(tiny: Checkpoint) -> DiffusionModel:
    """With momentum, of two nodes that know nothing of each other."""
    changed = tiny.model.clone()
    for momentum in (-0.5, 0.25):
        changed.set_model_sampler_pre_cfg_function(
            ProjectedGuidance(eta=0.0, norm_threshold=2.0, momentum=momentum)
        )
    return changed


def task_of(model: DiffusionModel, seed: int, at: Path | None = None) -> SamplingTask:
    draw = torch.Generator().manual_seed(5)
    positive, negative = ([[torch.randn(1, 5, 768, generator=draw), {}]] for _ in range(2))
    run = SamplingRun(
        guider=CfgGuider(model=model, positive=positive, negative=negative, scale=7.0),
        method=METHODS["euler"],
        sigmas=sigmas_for(model.sampling.levels, "euler", "normal", 3, 1.0),
        latent={"samples": torch.zeros(1, 4, 4, 4)},
        noise=SeededNoise(seed),
        seed=seed,
    )
    resume_at = None if at is None else ResumeAt(path=at, seconds=0)
    return run.task(lambda step, steps, denoised: None, resume_at=resume_at)


def answered(*tasks: SamplingTask, most: int = 100) -> Iterator[Tensor]:
    """Tasks of one length brought to their ends, all in the same calls of the model."""
    for task in tasks:
        task.begin()
    for _ in range(most):
        if tasks[0].is_over:
            yield from (task.result.result() for task in tasks)
            return
        found = evaluated(tasks[0].model, [task.ask() for task in tasks])
        for task, said in zip(tasks, found, strict=True):
            task.answer(said)


def test_samplings_that_share_calls_have_each_their_own_momentum(model: DiffusionModel) -> None:
    together = list(answered(task_of(model, 1), task_of(model, 2)))
    alone = [next(answered(task_of(model, seed))) for seed in (1, 2)]
    for found, own in zip(together, alone, strict=True):
        assert torch.allclose(found, own, atol=1e-4)


def test_a_sampling_that_goes_on_has_the_momentum_that_it_had(
    model: DiffusionModel, tmp_path: Path
) -> None:
    whole = next(answered(task_of(model, 1)))
    died = task_of(model, 1, tmp_path / "log")
    assert list(answered(died, most=2)) == []
    died.close()
    resumed = task_of(model, 1, tmp_path / "log")
    asked_again = 0
    resumed.begin()
    while not resumed.is_over:
        (said,) = evaluated(resumed.model, [resumed.ask()])
        resumed.answer(said)
        asked_again += 1
    resumed.close()
    assert asked_again == 1
    assert torch.equal(resumed.result.result(), whole)


def test_whoever_asks_once_has_no_momentum(model: DiffusionModel) -> None:
    side = [Condition(context=torch.randn(1, 5, 768))]
    guidance = ClassifierFree(positive=side, negative=side, scale=7.0)
    x, sigma = torch.randn(1, 4, 4, 4), torch.tensor(2.0)
    first, second = (guidance.request(model, x, sigma, both=False) for _ in range(2))
    assert first.memory == {}
    assert first.memory is not second.memory
