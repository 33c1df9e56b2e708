"""One step of the U-Net against diffusers' on the same weights, at 1, 2 and 8 pictures.

Needs the package diffusers, which the hub itself does not: `pip install workflow-hub[benchmark]`.
"""

import importlib.util
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import torch
from torch import Tensor

from benchmarks.apart import measured_apart, told_from_apart
from benchmarks.diffusers_unet import unet_of_diffusers
from benchmarks.figure import Figure
from hub.engine.models.compute import compute_for_denoising
from hub.engine.models.model_file import Tensors, below
from hub.engine.models.unet import UNet
from hub.engine.models.weights import mapped
from tests.engine.models.seeded_checkpoint import UNET, Drawer, UNetDrawer, UNetSizes

PICTURES = (1, 2, 8)
MULTIPLES = (1, 2, 4, 4)
TURNS = 5
HAS_GPU = torch.cuda.is_available()
CHANNELS = 320 if HAS_GPU else 128
SIDE = 64 if HAS_GPU else 16  # of the latents
SAME = 2e-2 if HAS_GPU else 1e-3  # of the standard deviation

Inputs = tuple[Tensor, Tensor, Tensor]
Step = Callable[[Inputs], Tensor]


async def measure(work: Path) -> list[Figure]:
    """Nothing but why, where diffusers is not installed."""
    if importlib.util.find_spec("diffusers") is None:
        value = "not measured: diffusers is not installed, which the extra `benchmark` brings"
        return [Figure(what="a step of the U-Net, against diffusers", value=value)]
    return await measured_apart("benchmarks.unet_step", work)


def _measure(work: Path) -> list[Figure]:
    torch.set_grad_enabled(False)
    torch.set_num_threads(1)  # beside other work two threads wait for each other
    compute = compute_for_denoising()
    sizes = UNetSizes(channels=CHANNELS, multiples=MULTIPLES, depths=(1, 1, 1, 0))
    tensors = _drawn(sizes)
    ours = mapped("denoiser", UNet, tensors).module.to(compute.device, compute.dtype)
    theirs = unet_of_diffusers(ours, tensors, sizes, heads=8).to(compute.device, compute.dtype)
    steps: tuple[Step, Step] = (
        lambda inputs: ours(*inputs),
        lambda inputs: theirs(*inputs, return_dict=False)[0],
    )
    figures = []
    for pictures in PICTURES:
        inputs = _inputs(pictures, compute.device, compute.dtype)
        _refuse_others(*(step(inputs) for step in steps))
        own, other = _in_turns(steps, inputs)
        what = f"a step of the U-Net ({CHANNELS} channels), {pictures} × {SIDE * 8}² pixels"
        value = f"{own / other:.2f} × diffusers' time, {own:.2f} s on {compute.device.type}"
        figures.append(Figure(what=what, value=value, hold="≤ 1 ×"))
    return figures


def _drawn(sizes: UNetSizes) -> Tensors:
    """Of the layout of Stable Diffusion 1, with one block on each level, and on a GPU as wide."""
    drawer = Drawer()
    UNetDrawer(drawer, sizes).draw()
    tensors = {name: torch.from_numpy(values).float() for name, values in drawer.tensors.items()}
    return below(tensors, UNET)


def _inputs(pictures: int, device: torch.device, dtype: torch.dtype) -> Inputs:
    """With and without a prompt."""
    draw = torch.Generator().manual_seed(pictures)
    x = torch.randn(2 * pictures, 4, SIDE, SIDE, generator=draw)
    text = torch.randn(2 * pictures, 77, 768, generator=draw)
    time_of_all = torch.full((2 * pictures,), 500.0, device=device)
    return x.to(device, dtype), time_of_all, text.to(device, dtype)


def _refuse_others(ours: Tensor, theirs: Tensor) -> None:
    """A comparison counts only if both compute the same."""
    difference = float((ours - theirs).abs().max() / theirs.std())
    if difference > SAME:
        raise SystemExit(f"The two networks differ by {difference:.1e} of the deviation.")


def _in_turns(steps: tuple[Step, Step], inputs: Inputs) -> tuple[float, float]:
    """Medians of processor time, or on a GPU of its own time, taken by turns."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(TURNS):
        for step, taken in zip(steps, times, strict=True):
            began = _now()
            step(inputs)
            taken.append(_now() - began)
    return median(times[0]), median(times[1])


def _now() -> float:
    if not HAS_GPU:
        return time.process_time()
    torch.cuda.synchronize()
    return time.perf_counter()


if __name__ == "__main__":
    told_from_apart(_measure(Path(sys.argv[1])))
