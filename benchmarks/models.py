"""Models: how long a large checkpoint takes to load, and what is gained by sampling together."""

import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median

import safetensors.torch
import torch

from benchmarks.apart import measured_apart, told_from_apart
from benchmarks.figure import Figure
from hub.engine.models.captured_calls import CAPTURING
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
    model = load_checkpoint(sampled).model
    figures = [_loading(large), _together(model)]
    if torch.cuda.is_available():
        CAPTURING.is_on = False
        figures.append(_together(model, ", without CUDA graphs"))
    return figures


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


def _together(model: DiffusionModel, how: str = "") -> Figure:
    """Through the loop of a worker, once the model and the device are ready for both."""
    loop = SamplingLoop(RUNS)
    ways = (partial(_one_by_one, loop), partial(_sampled, loop))
    for way in ways:
        way([_task(model, seed) for seed in range(RUNS)])
    alone, together = (
        median(_seconds(partial(way, [_task(model, seed) for seed in range(RUNS)])) for _ in "123")
        for way in ways
    )
    of_what = f"one model ({CHANNELS} channels), {SIDE * 8}² pixels"
    return Figure(
        what=f"{RUNS} queued runs of {of_what}, {model.compute.device.type}{how}",
        value=f"{alone / together:.2f} × the throughput of one by one ({alone:.2f} s)",
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
