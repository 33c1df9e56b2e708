"""SamplerCustom and its advanced form: sampling by parts that other nodes make."""

import asyncio
from collections.abc import Sequence
from typing import Any

from torch import Tensor

from hub.engine.models.conditions import Entry
from hub.engine.models.diffusion_model import DiffusionModel
from hub.engine.models.guiders import CfgGuider
from hub.engine.models.sampling_run import NoiseSource, NoNoise, SamplingRun, SeededNoise
from hub.engine.sampling.observing import Seen
from hub.engine.sampling.samplers.by_name import Method
from hub.nodes.api import (
    BOOLEAN,
    CONDITIONING,
    FLOAT,
    GUIDER,
    INT,
    LATENT,
    MODEL,
    NOISE,
    SAMPLER,
    SIGMAS,
    Input,
    Node,
    NodeOutput,
    Schema,
)
from hub.nodes.latents import Latent
from hub.nodes.sampling import sampled


class SamplerCustom(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return _schema(
            "SamplerCustom",
            "Samples with a sampler and a schedule of your choice.",
            MODEL.input("model"),
            BOOLEAN.value("add_noise", default=True),
            INT.value(
                "noise_seed",
                default=0,
                minimum=0,
                maximum=2**64 - 1,
                control_after_generate=True,
            ),
            FLOAT.value("cfg", default=8.0, minimum=0.0, maximum=100.0, step=0.1),
            CONDITIONING.input("positive"),
            CONDITIONING.input("negative"),
            *_sampler_and_latent(),
        )

    @classmethod
    async def execute(
        cls,
        model: DiffusionModel,
        add_noise: bool,
        noise_seed: int,
        cfg: float,
        positive: Sequence[Entry],
        negative: Sequence[Entry],
        sampler: Method,
        sigmas: Tensor,
        latent_image: Latent,
    ) -> NodeOutput:
        last = _LastSeen()
        run = SamplingRun(
            guider=CfgGuider(model=model, positive=positive, negative=negative, scale=cfg),
            method=sampler,
            sigmas=sigmas,
            latent=latent_image,
            noise=SeededNoise(noise_seed) if add_noise else NoNoise(),
            seed=noise_seed,
            seen=last,
        )
        made = await sampled(run)
        return NodeOutput(made, last.latent(made, model))


class SamplerCustomAdvanced(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return _schema(
            "SamplerCustomAdvanced",
            "Samples with noise, guidance, sampler and schedule of your choice.",
            NOISE.input("noise"),
            GUIDER.input("guider"),
            *_sampler_and_latent(),
        )

    @classmethod
    async def execute(
        cls,
        noise: NoiseSource,
        guider: Any,
        sampler: Method,
        sigmas: Tensor,
        latent_image: Latent,
    ) -> NodeOutput:
        last = _LastSeen()
        if not hasattr(guider, "ready"):
            made = await _sampled_by_itself(guider, noise, sampler, sigmas, latent_image, last)
            return NodeOutput(made, last.latent(made, guider.model_patcher))
        run = SamplingRun(
            guider=guider,
            method=sampler,
            sigmas=sigmas,
            latent=latent_image,
            noise=noise,
            seed=noise.seed,
            seen=last,
        )
        made = await sampled(run)
        return NodeOutput(made, last.latent(made, guider.model))


async def _sampled_by_itself(
    guider: Any, noise: NoiseSource, sampler: Method, sigmas: Tensor, latent: Latent, seen: Seen
) -> Latent:
    """By a guider of a node pack, whose code waits for the sampling in a thread."""
    if len(sigmas) < 2:
        return dict(latent)

    def callback(step: int, denoised: Tensor, x: Tensor, steps: int) -> None:
        seen(step, denoised, x)

    samples: Tensor = await asyncio.to_thread(
        guider.sample,
        noise.generate_noise(latent),
        latent["samples"],
        sampler,
        sigmas,
        denoise_mask=latent.get("noise_mask"),
        callback=callback,
        disable_pbar=True,
        seed=noise.seed,
    )
    return {**latent, "samples": samples}


class _LastSeen:
    """The clean latent as it looked in the last step."""

    def __init__(self) -> None:
        self._denoised: Tensor | None = None

    def __call__(self, step: int, denoised: Tensor, x: Tensor) -> None:
        self._denoised = denoised

    def latent(self, made: Latent, model: DiffusionModel) -> Latent:
        """It in the place of what was made; that itself where there was no step."""
        if self._denoised is None:
            return made
        samples = model.latent_format.process_out(self._denoised.float().cpu())
        return {**made, "samples": samples}


def _schema(class_type: str, description: str, *inputs: Input) -> Schema:
    return Schema(
        class_type=class_type,
        display_name=class_type,
        category="sampling/custom_sampling",
        description=f"{description} `denoised_output` is the clean latent seen in the last step.",
        inputs=inputs,
        outputs=(LATENT.output("output"), LATENT.output("denoised_output")),
        module="comfy_extras.nodes_custom_sampler",
    )


def _sampler_and_latent() -> tuple[Input, ...]:
    return SAMPLER.input("sampler"), SIGMAS.input("sigmas"), LATENT.input("latent_image")


NODES: tuple[type[Node], ...] = (SamplerCustom, SamplerCustomAdvanced)
