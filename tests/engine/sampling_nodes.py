"""A node for tests that samples a small checkpoint, and can be held in the middle of it."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from torch import Tensor

from hub.engine.models.checkpoint import load_checkpoint
from hub.engine.models.guiders import CfgGuider
from hub.engine.models.sampling_run import SamplingRun, SeededNoise
from hub.engine.sampling.samplers.by_name import SAMPLERS
from hub.engine.sampling.steps import sigmas_for
from hub.nodes.api import INT, STRING, Node, NodeOutput, Schema, context
from hub.nodes.compat.sampling.formulas import get_ancestral_step
from hub.nodes.compat.sampling.samplers import KSAMPLER


def plain_ancestral(model: Any, x: Tensor, sigmas: Tensor, extra_args: Any, **rest: Any) -> Tensor:
    """As packs write it, with noise of torch's own generator."""
    for sigma, sigma_next in pairwise(sigmas):
        denoised = model(x, sigma * x.new_ones(len(x)), **extra_args)
        down, up = get_ancestral_step(sigma, sigma_next)
        x = x + (x - denoised) / sigma * (down - sigma) + torch.randn_like(x) * up
    return x


METHODS: dict[str, Any] = {**SAMPLERS, "plain_ancestral": KSAMPLER(plain_ancestral)}


class SampleIntoFile(Node):
    """Each call of the model adds a letter to `calls`. The call number `hold_at` of a process opens
    `gate`, if there is one, and so waits until the other end is opened."""

    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="SampleIntoFile",
            category="test",
            inputs=(
                STRING.value("calls"),
                STRING.value("result"),
                STRING.value("gate", default=""),
                STRING.value("sampler", default="euler_ancestral"),
                INT.value("steps", default=40),
                INT.value("hold_at", default=20),
            ),
            is_output_node=True,
        )

    @classmethod
    async def execute(
        cls, calls: str, result: str, gate: str, sampler: str, steps: int, hold_at: int
    ) -> NodeOutput:
        path = context().model_file("checkpoints", "tiny.safetensors")
        model = load_checkpoint(path).model.clone()
        count = 0

        def counted(apply_model: Any, told: dict[str, Any]) -> Tensor:
            nonlocal count
            count += 1
            with Path(calls).open("a") as file:
                file.write("x")
            if count == hold_at and gate and Path(gate).exists():
                Path(gate).read_text()
            found: Tensor = apply_model(told["input"], told["timestep"], **told["c"])
            return found

        model.set_model_unet_function_wrapper(counted)
        width = model.model.diffusion_model.context_width
        texts = torch.randn(2, 1, 77, width, generator=torch.Generator().manual_seed(3))
        run = SamplingRun(
            guider=CfgGuider(
                model=model, positive=[[texts[0], {}]], negative=[[texts[1], {}]], scale=5.0
            ),
            method=METHODS[sampler],
            sigmas=sigmas_for(model.sampling.levels, sampler, "normal", steps),
            latent={"samples": torch.zeros(1, 4, 8, 8)},
            noise=SeededNoise(7),
            seed=7,
        )
        save_file({"latent": await context().sampled(run)}, result)
        return NodeOutput()


SAMPLING = (SampleIntoFile,)
