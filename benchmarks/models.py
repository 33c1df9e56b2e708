"""Models: how long a large checkpoint takes to load, and what is gained by sampling together."""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import safetensors.torch
import torch

from benchmarks.apart import measured_apart, told_from_apart
from benchmarks.figure import Figure
from hub.engine.models.checkpoint import load_checkpoint
from hub.engine.models.diffusion_model import DiffusionModel
from hub.engine.models.guiders import CfgGuider
from hub.engine.models.sampling_run import SamplingRun, SeededNoise
from hub.engine.models.sampling_task import SamplingTask
from hub.engine.sampling.samplers.by_name import SAMPLERS
from hub.engine.sampling.steps import sigmas_for
from hub.engine.worker.sampling_loop import SamplingLoop
from tests.engine.models.seeded_checkpoint import (
    Drawer,
    UNetDrawer,
    UNetSizes,
    VaeDrawer,
    draw_text,
    write,
)

RUNS = 8
STEPS = 4
SIDE = 64 if torch.cuda.is_available() else 16  # of the latents
CHANNELS = 320 if torch.cuda.is_available() else 128  # of what is sampled
LOADS = 5


async def measure(work: Path) -> list[Figure]:
    """In a process of its own: the thread of a sampling loop ends with its process only."""
    return await measured_apart("benchmarks.models", work)


def _measure(work: Path) -> list[Figure]:
    large, sampled = work / "large.safetensors", work / "sampled.safetensors"
    _draw(large, 320)
    _draw(sampled, CHANNELS)
    return [_loading(large), _together(load_checkpoint(sampled).model)]


def _draw(path: Path, channels: int) -> None:
    """Of the layout of Stable Diffusion 1, with one block on each level; it has 320 channels."""
    drawer = Drawer()
    sizes = UNetSizes(channels=channels, multiples=(1, 2, 4, 4), depths=(1, 1, 1, 0))
    UNetDrawer(drawer, sizes).draw()
    draw_text(drawer)
    VaeDrawer(drawer).draw()
    write(drawer, path)


def _loading(path: Path) -> Figure:
    plain = median(_seconds(lambda: safetensors.torch.load_file(path)) for _ in range(LOADS))
    ours = median(_seconds(lambda: load_checkpoint(path)) for _ in range(LOADS))
    return Figure(
        what=f"a checkpoint of {path.stat().st_size / 1e9:.1f} GB mapped, from page cache",
        value=f"{ours:.2f} s, {ours / plain:.1f} × safetensors alone",
        hold="≤ 1 s",
    )


def _together(model: DiffusionModel) -> Figure:
    """Through the loop of a worker, after one run that gets the model ready."""
    loop = SamplingLoop(RUNS)
    _sampled(loop, [_task(model, 0)])
    tasks = [_task(model, seed) for seed in range(2 * RUNS)]
    alone = _seconds(lambda: _one_by_one(loop, tasks[:RUNS]))
    together = _seconds(lambda: _sampled(loop, tasks[RUNS:]))
    device = model.compute.device.type
    return Figure(
        what=f"{RUNS} queued runs of one model ({CHANNELS} channels), {SIDE * 8}² pixels, {device}",
        value=f"{alone / together:.2f} × the throughput of one by one",
        hold="≥ 3 × on a GPU at 512²",
    )


def _task(model: DiffusionModel, seed: int) -> SamplingTask:
    width = model.model.diffusion_model.context_width
    texts = torch.randn(2, 1, 77, width, generator=torch.Generator().manual_seed(seed))
    run = SamplingRun(
        guider=CfgGuider(
            model=model, positive=[[texts[0], {}]], negative=[[texts[1], {}]], scale=7.0
        ),
        method=SAMPLERS["euler"],
        sigmas=sigmas_for(model.sampling.levels, "euler", "normal", STEPS),
        latent={"samples": torch.zeros(1, 4, SIDE, SIDE)},
        noise=SeededNoise(seed),
        seed=seed,
    )
    return run.task(lambda step, steps, denoised: None)


def _one_by_one(loop: SamplingLoop, tasks: list[SamplingTask]) -> None:
    for task in tasks:
        _sampled(loop, [task])


def _sampled(loop: SamplingLoop, tasks: list[SamplingTask]) -> None:
    for task in tasks:
        loop.add(task)
    for task in tasks:
        task.result.result()


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    told_from_apart(_measure(Path(sys.argv[1])))
