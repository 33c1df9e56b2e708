"""On a GPU: steps a second and memory of whole samplings, against diffusers' pipelines.

Both sides have the same random weights in half precision, as large as the real ones, and prompts
that are encoded already. Needs a CUDA device, and diffusers: `pip install workflow-hub[benchmark]`.

Compiled are blocks, as diffusers recommends it: a whole network takes minutes for each number of
pictures. One part alone, whose speeds are told as they come:
`python -m benchmarks.on_a_gpu FOLDER "SD 1.5, 512²" inductor`.
"""

import importlib
import importlib.util
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import torch
from torch import Tensor

from benchmarks.apart import measured_apart, told_from_apart
from benchmarks.diffusers_unet import unet_of_diffusers
from benchmarks.figure import Figure
from hub.engine.models.checkpoint import load_denoiser
from hub.engine.models.diffusion_model import DiffusionModel
from hub.engine.models.guiders import CfgGuider
from hub.engine.models.sampling_run import SamplingRun, SeededNoise
from hub.engine.sampling.samplers.by_name import SAMPLERS
from hub.engine.sampling.steps import sigmas_for
from hub.engine.worker.sampling_loop import SamplingLoop
from tests.engine.models.seeded_checkpoint import Array, Drawer, UNetDrawer, UNetSizes, write

BATCHES = (1, 8)
STEPS = 10
TURNS = 3
GUIDANCE = 7.0
BACKENDS = ("", "inductor")  # without torch.compile, and with it

Sampled = Callable[[], object]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A family in the size in which it is compared; `side` is that of the latents, `heads` what
    diffusers is told of attention, and `pooled` the width of XL's further text."""

    sizes: UNetSizes
    side: int
    heads: int | tuple[int, ...]
    pooled: int = 0


KINDS = {
    "SD 1.5, 512²": Kind(
        sizes=UNetSizes(multiples=(1, 2, 4, 4), depths=(1, 1, 1, 0), blocks=2), side=64, heads=8
    ),
    "SDXL, 1024²": Kind(
        sizes=UNetSizes(
            text=2048, labels=2816, multiples=(1, 2, 4), depths=(0, 2, 10), blocks=2, is_linear=True
        ),
        side=128,
        heads=(5, 10, 20),
        pooled=1280,
    ),
}


async def measure(work: Path) -> list[Figure]:
    """Nothing but why, where there is no GPU, or no diffusers."""
    if (reason := _lacking()) is not None:
        value = f"not measured: {reason}"
        return [Figure(what="samplings on a GPU, against diffusers' pipelines", value=value)]
    figures: list[Figure] = []
    for name, backend in product(KINDS, BACKENDS):
        figures += await measured_apart("benchmarks.on_a_gpu", work, name, backend)
    return figures


def _lacking() -> str | None:
    if not torch.cuda.is_available():
        return "it needs a CUDA device; there, run `python -m benchmarks.run on_a_gpu`"
    if any(importlib.util.find_spec(name) is None for name in ("diffusers", "transformers")):
        return "diffusers is not installed, which the extra `benchmark` brings"
    return None


class RepeatingDrawer(Drawer):
    """Draws the same numbers again and again, as billions of them would take minutes."""

    def __init__(self) -> None:
        super().__init__()
        self._drawn = np.random.default_rng(self.seed).standard_normal(1 << 22, dtype=np.float32)

    def normal(self, name: str, *shape: int) -> Array:
        return np.resize(self._drawn, shape)


def compared(
    name: str, kind: Kind, path: Path, backend: str, batches: Sequence[int], steps: int
) -> list[Figure]:
    """A line for each number of pictures. The weights are drawn into a file at `path` unless it is
    there; `backend` is that of torch which compiles, or "" for none."""
    if not path.exists():
        drawer = RepeatingDrawer()
        UNetDrawer(drawer, kind.sizes).draw()
        write(drawer, path)
    model = load_denoiser(path).clone()
    model.compiled_by = backend or None
    ours = [_measured("ours", our_sampling(model, kind, batch, steps), steps) for batch in batches]
    model.model.weights.release()
    pipeline = pipeline_of_diffusers(model, kind, backend)
    theirs = [
        _measured("diffusers", their_sampling(pipeline, kind, batch, steps), steps)
        for batch in batches
    ]
    is_compiled = ", compiled" if backend else ""
    return [
        Figure(
            what=f"{name}, {batch} at a time{is_compiled}",
            value=f"{own.speed / other.speed:.2f} × diffusers: {own}; diffusers {other}",
            hold="≥ 1 ×",
        )
        for batch, own, other in zip(batches, ours, theirs, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class _Measured:
    """Steps a second of a whole batch, and the peak of memory where there is a GPU."""

    speed: float
    peak: int | None

    def __str__(self) -> str:
        memory = "" if self.peak is None else f", {self.peak / 2**30:.1f} GiB at most"
        return f"{self.speed:.2f} it/s{memory}"


def _measured(whose: str, sampled: Sampled, steps: int) -> _Measured:
    """After one that gets everything ready, and compiles what is compiled."""
    ready_after = _seconds(sampled)
    has_gpu = torch.cuda.is_available()
    if has_gpu:
        torch.cuda.empty_cache()
        torch.cuda.reset_peak_memory_stats()
    speed = steps / median(_seconds(sampled) for _ in range(TURNS))
    measured = _Measured(speed, torch.cuda.max_memory_allocated() if has_gpu else None)
    sys.stderr.write(f"{whose}: {measured}, the first took {ready_after:.0f} s\n")
    return measured


def _seconds(sampled: Sampled) -> float:
    began = time.perf_counter()
    sampled()
    if torch.cuda.is_available():
        torch.cuda.synchronize()
    return time.perf_counter() - began


def our_sampling(model: DiffusionModel, kind: Kind, batch: int, steps: int) -> Sampled:
    """Through the loop of a worker."""
    loop = SamplingLoop(batch)
    text, pooled = _texts(kind)
    sides = [[[text[side], {"pooled_output": pooled[side]}]] for side in (slice(0, 1), slice(1, 2))]
    run = SamplingRun(
        guider=CfgGuider(model=model, positive=sides[0], negative=sides[1], scale=GUIDANCE),
        method=SAMPLERS["euler"],
        sigmas=sigmas_for(model.sampling.levels, "euler", "normal", steps),
        latent={"samples": torch.zeros(batch, 4, kind.side, kind.side)},
        noise=SeededNoise(1),
        seed=1,
    )

    def sampled() -> Tensor:
        task = run.task(lambda step, steps, denoised: None)
        loop.add(task)
        return task.result.result()

    return sampled


def pipeline_of_diffusers(model: DiffusionModel, kind: Kind, backend: str) -> Any:
    """With the same weights, and without text encoder and autoencoder."""
    diffusers = importlib.import_module("diffusers")
    device, dtype = model.compute.device, model.compute.dtype
    tensors = dict(model.model.weights.originals)
    unet = unet_of_diffusers(model.model.diffusion_model, tensors, kind.sizes, kind.heads)
    unet.to(device, dtype)
    if backend:
        unet.compile_repeated_blocks(backend=backend, dynamic=False)
    scheduler = diffusers.EulerDiscreteScheduler(
        beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", steps_offset=1
    )
    parts = {"vae": None, "text_encoder": None, "tokenizer": None, "unet": unet}
    if kind.pooled:
        further = {"text_encoder_2": None, "tokenizer_2": None}
        made = diffusers.StableDiffusionXLPipeline(
            **parts, **further, scheduler=scheduler, add_watermarker=False
        )
    else:
        further = {"safety_checker": None, "feature_extractor": None}
        made = diffusers.StableDiffusionPipeline(
            **parts, **further, scheduler=scheduler, requires_safety_checker=False
        )
    made.set_progress_bar_config(disable=True)
    return made


def their_sampling(pipeline: Any, kind: Kind, batch: int, steps: int) -> Sampled:
    text, pooled = (part.to(pipeline.unet.device, pipeline.unet.dtype) for part in _texts(kind))
    told = {"prompt_embeds": text[:1], "negative_prompt_embeds": text[1:]}
    if kind.pooled:
        told |= {"pooled_prompt_embeds": pooled[:1], "negative_pooled_prompt_embeds": pooled[1:]}

    def sampled() -> object:
        return pipeline(
            **{name: part.repeat_interleave(batch, dim=0) for name, part in told.items()},
            height=kind.side * 8,
            width=kind.side * 8,
            num_inference_steps=steps,
            guidance_scale=GUIDANCE,
            output_type="latent",
        ).images

    return sampled


def _texts(kind: Kind) -> tuple[Tensor, Tensor]:
    """With a prompt and without one."""
    draw = torch.Generator().manual_seed(1)
    text = torch.randn(2, 77, kind.sizes.text, generator=draw)
    return text, torch.randn(2, max(kind.pooled, 1), generator=draw)


if __name__ == "__main__":
    _, work, chosen, wanted = sys.argv
    torch.set_grad_enabled(False)
    file = Path(work) / f"{chosen}.safetensors"
    told_from_apart(compared(chosen, KINDS[chosen], file, wanted, BATCHES, STEPS))
