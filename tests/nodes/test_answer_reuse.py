"""EasyCache and LazyCache in samplings of the tiny model."""

from pathlib import Path

import pytest
import torch
from torch import Tensor

from hub.engine.models.answer_log import ResumeAt
from hub.engine.models.checkpoint import Checkpoint
from hub.engine.models.diffusion_model import DiffusionModel
from hub.engine.models.evaluation import evaluated
from hub.engine.models.guiders import CfgGuider
from hub.engine.models.sampling_run import SamplingRun, SeededNoise
from hub.engine.models.sampling_task import SamplingTask
from hub.engine.sampling.steps import sigmas_for
from hub.nodes.answer_reuse import EasyCache, LazyCache
from hub.nodes.api import Node
from hub.testing.nodes import NodeBench
from tests.engine.models.conftest import tiny as tiny
from tests.engine.models.conftest import tiny_file as tiny_file
from tests.engine.sampling_nodes import METHODS

STEPS = 4


def task_of(model: DiffusionModel, at: Path | None = None) -> SamplingTask:
    draw = torch.Generator().manual_seed(5)
    positive, negative = ([[torch.randn(1, 5, 768, generator=draw), {}]] for _ in range(2))
    run = SamplingRun(
        guider=CfgGuider(model=model, positive=positive, negative=negative, scale=2.0),
        method=METHODS["euler"],
        sigmas=sigmas_for(model.sampling.levels, "euler", "normal", STEPS, 1.0),
        latent={"samples": torch.zeros(1, 4, 4, 4)},
        noise=SeededNoise(1),
        seed=1,
    )
    resume_at = None if at is None else ResumeAt(path=at, seconds=0)
    return run.task(lambda step, steps, denoised: None, resume_at=resume_at)


def calls_of(task: SamplingTask, most: int = STEPS) -> int:
    """How often the model was asked, to the end or until its process dies."""
    task.begin()
    for calls in range(most):
        if task.is_over:
            return calls
        (sides,) = evaluated(task.asked_model, [task.ask()])
        task.answer(sides)
    task.close()
    return most


@pytest.mark.parametrize("node", [EasyCache, LazyCache])
def test_calls_are_left_out_and_told_of(
    node: type[Node], bench: NodeBench, tiny: Checkpoint, caplog: pytest.LogCaptureFixture
) -> None:
    eager = {"reuse_threshold": 3.0, "start_percent": 0.0, "end_percent": 1.0, "verbose": True}
    (changed,) = bench.run(node, model=tiny.model, **eager)
    task = task_of(changed)
    calls = calls_of(task)
    assert calls < STEPS
    assert f"answered {STEPS - calls} of {STEPS} requests" in caplog.text
    assert task.result.result().isfinite().all()


def test_without_a_threshold_the_sampling_is_the_plain_one(
    bench: NodeBench, tiny: Checkpoint
) -> None:
    (changed,) = bench.run(EasyCache, model=tiny.model, reuse_threshold=0.0)
    found, plain = task_of(changed), task_of(tiny.model)
    assert calls_of(found) == calls_of(plain) == STEPS
    assert torch.equal(found.result.result(), plain.result.result())


def test_a_sampling_that_goes_on_leaves_out_the_same_calls(
    bench: NodeBench, tiny: Checkpoint, tmp_path: Path
) -> None:
    (changed,) = bench.run(EasyCache, model=tiny.model, reuse_threshold=3.0, start_percent=0.0)
    whole = task_of(changed)
    calls = calls_of(whole)
    calls_of(task_of(changed, tmp_path / "log"), most=2)
    resumed = task_of(changed, tmp_path / "log")
    assert calls_of(resumed) == calls - 2
    resumed.close()
    result: Tensor = resumed.result.result()
    assert torch.equal(result, whole.result.result())
