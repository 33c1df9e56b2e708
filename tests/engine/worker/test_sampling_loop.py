"""The sampling loop: who shares a call, who goes first, and that one's failure is not another's."""

import threading
from collections.abc import Sequence
from concurrent.futures import CancelledError
from functools import partial
from typing import Any

import pytest
import torch
from torch import Tensor

from hub.engine.models import sampling_task
from hub.engine.models.checkpoint import Checkpoint
from hub.engine.models.compute import compute_for_denoising
from hub.engine.models.diffusion_model import DiffusionModel
from hub.engine.models.guiders import CfgGuider
from hub.engine.models.layers import Linear
from hub.engine.models.model_memory import MODEL_MEMORY
from hub.engine.models.sampling_run import SamplingRun, SeededNoise
from hub.engine.models.sampling_task import SamplingTask, Told
from hub.engine.models.weights import Weights, mapped
from hub.engine.sampling.denoising import Denoise
from hub.engine.sampling.samplers.by_name import SAMPLERS
from hub.engine.sampling.steps import sigmas_for
from hub.engine.worker.node_code import RunCancelled
from hub.engine.worker.random_state import RandomState
from hub.engine.worker.sampling_loop import SamplingLoop
from hub.engine.worker.threaded_sampler import THREAD_NAME, Ask, threaded

SECONDS = 120


class Calls:
    """What a model is called with: the rows of each call, positive and negative ones."""

    def __init__(self, model: DiffusionModel) -> None:
        self.rows: list[int] = []
        self.model = model.clone()
        self.model.set_model_unet_function_wrapper(self._call)

    def _call(self, apply_model: Any, told: dict[str, Any]) -> Tensor:
        self.rows.append(len(told["input"]))
        found: Tensor = apply_model(told["input"], told["timestep"], **told["c"])
        return found


def task_of(
    model: DiffusionModel,
    *,
    sampler: str = "euler",
    steps: int = 3,
    seed: int = 1,
    size: int = 8,
    priority: int = 0,
    told: Told = lambda step, steps, denoised: None,
) -> SamplingTask:
    """A sampling with a text of chance."""
    width = model.model.diffusion_model.context_width
    texts = torch.randn(2, 1, 77, width, generator=torch.Generator().manual_seed(seed))
    run = SamplingRun(
        guider=CfgGuider(
            model=model, positive=[[texts[0], {}]], negative=[[texts[1], {}]], scale=5.0
        ),
        method=SAMPLERS[sampler],
        sigmas=sigmas_for(model.sampling.levels, sampler, "normal", steps),
        latent={"samples": torch.zeros(1, 4, size, size)},
        noise=SeededNoise(seed),
        seed=seed,
    )
    return run.task(told, priority)


def sampled(tasks: Sequence[SamplingTask], max_batch: int = 8) -> list[Tensor]:
    """The latents of tasks that come all at once."""
    loop = SamplingLoop(max_batch)
    with loop._changed:  # so that none is begun before all are there
        for task in tasks:
            loop.add(task)
    return [task.result.result(SECONDS) for task in tasks]


@pytest.fixture
def calls(tiny: Checkpoint) -> Calls:
    assert tiny.model is not None
    return Calls(tiny.model)


def test_runs_of_one_model_share_its_calls(calls: Calls) -> None:
    sampled([task_of(calls.model, seed=seed) for seed in range(3)])
    assert calls.rows == [6, 6, 6]


def test_whoever_needs_more_calls_goes_on_alone(calls: Calls) -> None:
    sampled([task_of(calls.model, steps=2), task_of(calls.model, sampler="heun", steps=2)])
    assert calls.rows == [4, 4, 2]


def test_a_latent_in_company_is_the_same_as_alone(calls: Calls) -> None:
    names = ("euler_ancestral", "dpmpp_2m", "heun")

    def tasks() -> list[SamplingTask]:
        return [task_of(calls.model, sampler=name, seed=seed) for seed, name in enumerate(names)]

    together = sampled(tasks())
    for task, latent in zip(tasks(), together, strict=True):
        (alone,) = sampled([task])
        assert float((latent - alone).abs().max()) < 1e-3 * float(alone.std())


def test_one_that_is_alone_is_the_same_bit_by_bit_in_company(calls: Calls) -> None:
    def alone() -> SamplingTask:
        task = task_of(calls.model, sampler="euler_ancestral")
        task.is_alone = True
        return task

    (expected,) = sampled([alone()])
    latents = sampled([alone(), *(task_of(calls.model, seed=seed) for seed in (2, 3)), alone()])
    assert latents[0].equal(expected)
    assert latents[3].equal(expected)
    assert calls.rows == [2] * 3 + [2, 2, 2, 4, 4, 4, 2, 2, 2]


def test_no_more_share_a_call_than_there_is_room_for(calls: Calls) -> None:
    sampled([task_of(calls.model, steps=2, seed=seed) for seed in range(3)], max_batch=2)
    assert max(calls.rows) == 4
    assert sum(calls.rows) == 3 * 2 * 2


def test_no_more_share_a_call_than_there_is_memory_for(
    calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[int, ...]] = []

    def two_fit(model: DiffusionModel, x: Tensor) -> int:
        asked.append(tuple(x.shape))
        return 2

    monkeypatch.setattr(sampling_task, "latents_that_fit", two_fit)
    sampled([task_of(calls.model, steps=2, seed=seed) for seed in range(3)])
    assert max(calls.rows) == 4
    assert sum(calls.rows) == 3 * 2 * 2
    assert set(asked) == {(1, 4, 8, 8)}


def test_other_shapes_get_calls_of_their_own(calls: Calls) -> None:
    sampled([task_of(calls.model, steps=2), task_of(calls.model, steps=2, size=16)])
    assert calls.rows == [2, 2, 2, 2]


def test_none_of_two_groups_waits_for_the_end_of_the_other(calls: Calls) -> None:
    order: list[int] = []
    tasks = [
        task_of(calls.model, steps=20, size=size, told=lambda *_, size=size: order.append(size))
        for size in (8, 16)
    ]
    sampled(tasks)
    assert order.index(16) == 8


@pytest.mark.parametrize("size", [8, 16])
def test_what_is_urgent_goes_first_and_the_rest_waits_where_it_is(size: int, calls: Calls) -> None:
    order: list[str] = []
    loop = SamplingLoop(8)
    urgent = task_of(calls.model, size=size, priority=5, told=lambda *_: order.append("urgent"))

    def told(step: int, steps: int, denoised: Tensor) -> None:
        order.append("other")
        if step == 2:
            loop.add(urgent)

    other = task_of(calls.model, steps=5, told=told)
    loop.add(other)
    assert other.result.result(SECONDS) is not None
    assert order == ["other"] * 2 + ["urgent"] * 3 + ["other"] * 3


def test_one_that_fails_leaves_its_company_alone(calls: Calls) -> None:
    def fail(step: int, steps: int, denoised: Tensor) -> None:
        raise ValueError("it looked at the picture")

    failing, fine = task_of(calls.model, told=fail), task_of(calls.model, seed=2)
    loop = SamplingLoop(8)
    with loop._changed:
        loop.add(failing)
        loop.add(fine)
    with pytest.raises(ValueError, match="looked at the picture"):
        failing.result.result(SECONDS)
    assert fine.result.result(SECONDS).shape == (1, 4, 8, 8)


def test_whose_guidance_fails_is_found_out(calls: Calls) -> None:
    """Patches of this one fail in the shared call, and again when it is asked for alone."""
    broken = task_of(calls.model, seed=2)
    broken.guidance = object()  # type: ignore[assignment]  # nothing can be asked of it
    fine = task_of(calls.model)
    loop = SamplingLoop(8)
    with loop._changed:
        loop.add(fine)
        loop.add(broken)
    with pytest.raises(AttributeError):
        broken.result.result(SECONDS)
    assert fine.result.result(SECONDS).shape == (1, 4, 8, 8)


def test_a_cancelled_run_leaves_between_two_steps(calls: Calls) -> None:
    steps_told: list[int] = []

    def told(step: int, steps: int, denoised: Tensor) -> None:
        steps_told.append(step)
        if step == 2:
            raise RunCancelled

    (task,) = [task_of(calls.model, steps=5, told=told)]
    loop = SamplingLoop(8)
    loop.add(task)
    with pytest.raises(CancelledError):
        task.result.result(SECONDS)
    assert steps_told == [1, 2]
    assert len(calls.rows) == 2


def test_a_task_that_nobody_waits_for_is_dropped(calls: Calls) -> None:
    def leave(step: int, steps: int, denoised: Tensor) -> None:
        first.result.cancel()

    first = task_of(calls.model, steps=5, told=leave)
    second = task_of(calls.model, steps=3, size=16, seed=2)
    loop = SamplingLoop(8)
    with loop._changed:
        loop.add(first)
        loop.add(second)
    assert second.result.result(SECONDS) is not None
    assert len(calls.rows) == 4


def test_a_sampler_in_a_thread_shares_calls_and_ends_with_its_task(calls: Calls) -> None:
    def function(ask: Ask) -> Tensor:
        for _ in range(5):
            ask(Denoise(x, threaded_task.sigmas[0]))
        return x

    def leave(step: int, steps: int, denoised: Tensor) -> None:
        raise RunCancelled

    x = torch.ones(1, 4, 8, 8)
    threaded_task, other = task_of(calls.model, told=leave), task_of(calls.model, seed=2)
    threaded_task.sampler = threaded(function, RandomState(1, x))
    loop = SamplingLoop(8)
    with loop._changed:
        loop.add(threaded_task)
        loop.add(other)
    assert other.result.result(SECONDS) is not None
    with pytest.raises(CancelledError):
        threaded_task.result.result(SECONDS)
    for thread in threading.enumerate():
        if thread.name == THREAD_NAME:
            thread.join(SECONDS)
    assert THREAD_NAME not in {thread.name for thread in threading.enumerate()}
    assert calls.rows == [4, 2, 2]


def other_weights() -> Weights[Linear]:
    """Of a small model, ready to compute."""
    weights = mapped("layer", partial(Linear.of, bias=False), {"weight": torch.ones(5, 5).half()})
    weights.place(compute_for_denoising())
    assert weights.held_bytes
    return weights


def test_models_that_are_not_sampled_give_their_memory_when_it_runs_out(calls: Calls) -> None:
    idle = other_weights()
    failures = [MemoryError()]

    def scarce(apply_model: Any, told: dict[str, Any]) -> Tensor:
        if failures:
            raise failures.pop()
        return calls._call(apply_model, told)

    calls.model.set_model_unet_function_wrapper(scarce)
    (latent,) = sampled([task_of(calls.model)])
    assert latent.shape == (1, 4, 8, 8)
    assert idle.held_bytes == 0
    assert calls.rows == [2, 2, 2]


def test_the_model_that_is_sampled_keeps_its_memory_between_two_calls(calls: Calls) -> None:
    weights = calls.model.model.weights
    held: list[bool] = []

    def told(step: int, steps: int, denoised: Tensor) -> None:
        MODEL_MEMORY.release_idle()
        held.append(weights.device is not None)

    sampled([task_of(calls.model, told=told)])
    assert held == [True] * 3
