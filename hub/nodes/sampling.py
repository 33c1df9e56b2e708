"""KSampler and its advanced form: from noise, or a noisy latent, to a clean one."""

from collections.abc import Sequence
from typing import Any

from torch import Tensor

from hub.engine.models.conditions import Entry
from hub.engine.models.diffusion_model import DiffusionModel
from hub.engine.models.guiders import CfgGuider
from hub.engine.models.sampling_run import NoNoise, SamplingRun, SeededNoise
from hub.engine.sampling.samplers.by_name import SAMPLERS
from hub.engine.sampling.samplers.chosen import chosen
from hub.engine.sampling.schedules import SCHEDULES
from hub.engine.sampling.steps import between, sigmas_for
from hub.nodes.api import (
    CONDITIONING,
    FLOAT,
    INT,
    LATENT,
    MODEL,
    Input,
    Node,
    NodeOutput,
    Schema,
    choice,
    context,
)
from hub.nodes.latents import Latent

_MOST_STEPS = 10_000


class KSampler(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="KSampler",
            display_name="KSampler",
            category="sampling",
            description=(
                "Removes the noise from a latent, step by step, towards the positive "
                "conditioning and away from the negative one."
            ),
            inputs=(
                MODEL.input("model", tooltip="The model that tells noise from picture."),
                _seed("seed"),
                *_steps_and_cfg(),
                *_names(),
                *_conditionings(),
                LATENT.input("latent_image", tooltip="The latent to begin from."),
                FLOAT.value(
                    "denoise",
                    default=1.0,
                    minimum=0.0,
                    maximum=1.0,
                    step=0.01,
                    tooltip="How much of the picture is made anew: 1 is all of it.",
                ),
            ),
            outputs=(LATENT.output(tooltip="The denoised latent."),),
        )

    @classmethod
    async def execute(
        cls,
        model: DiffusionModel,
        seed: int,
        steps: int,
        cfg: float,
        sampler_name: str,
        scheduler: str,
        positive: Sequence[Entry],
        negative: Sequence[Entry],
        latent_image: Latent,
        denoise: float,
    ) -> NodeOutput:
        sigmas = sigmas_for(model.sampling.levels, sampler_name, scheduler, steps, denoise)
        run = SamplingRun(
            guider=CfgGuider(model=model, positive=positive, negative=negative, scale=cfg),
            method=chosen(sampler_name),
            sigmas=sigmas,
            latent=latent_image,
            noise=SeededNoise(seed),
            seed=seed,
        )
        return NodeOutput(await sampled(run))


class KSamplerAdvanced(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="KSamplerAdvanced",
            display_name="KSampler (Advanced)",
            category="sampling",
            description=(
                "Carries out some of the steps of a schedule; with the noise left in, another one "
                "can go on with the rest."
            ),
            inputs=(
                MODEL.input("model"),
                choice("add_noise", ("enable", "disable")),
                _seed("noise_seed"),
                *_steps_and_cfg(),
                *_names(),
                *_conditionings(),
                LATENT.input("latent_image"),
                INT.value("start_at_step", default=0, minimum=0, maximum=_MOST_STEPS),
                INT.value("end_at_step", default=_MOST_STEPS, minimum=0, maximum=_MOST_STEPS),
                choice("return_with_leftover_noise", ("disable", "enable")),
            ),
            outputs=(LATENT.output(),),
        )

    @classmethod
    async def execute(
        cls,
        model: DiffusionModel,
        add_noise: str,
        noise_seed: int,
        steps: int,
        cfg: float,
        sampler_name: str,
        scheduler: str,
        positive: Sequence[Entry],
        negative: Sequence[Entry],
        latent_image: Latent,
        start_at_step: int,
        end_at_step: int,
        return_with_leftover_noise: str,
    ) -> NodeOutput:
        whole = sigmas_for(model.sampling.levels, sampler_name, scheduler, steps)
        finish = return_with_leftover_noise == "disable"
        run = SamplingRun(
            guider=CfgGuider(model=model, positive=positive, negative=negative, scale=cfg),
            method=chosen(sampler_name),
            sigmas=between(whole, start_at_step, end_at_step, finish=finish),
            latent=latent_image,
            noise=SeededNoise(noise_seed) if add_noise == "enable" else NoNoise(),
            seed=noise_seed,
        )
        return NodeOutput(await sampled(run))


async def sampled(run: SamplingRun) -> Latent:
    """The LATENT that comes of a run; what else the given one carries stays with it."""
    if run.is_needless:
        return dict(run.latent)
    x: Tensor = await context().sampled(run)
    return {**run.latent, "samples": run.sampled(x)}


def _seed(name: str) -> Input:
    return INT.value(
        name,
        default=0,
        minimum=0,
        maximum=2**64 - 1,
        control_after_generate=True,
        tooltip="The same seed gives the same noise, and so the same picture.",
    )


def _steps_and_cfg() -> tuple[Input, ...]:
    return (
        INT.value("steps", default=20, minimum=1, maximum=_MOST_STEPS),
        FLOAT.value(
            "cfg",
            default=8.0,
            minimum=0.0,
            maximum=100.0,
            step=0.1,
            tooltip="How far to go from the negative to the positive conditioning.",
        ),
    )


def _names() -> tuple[Input, ...]:
    return choice("sampler_name", tuple(SAMPLERS)), choice("scheduler", tuple(SCHEDULES))


def _conditionings() -> tuple[Any, ...]:
    return CONDITIONING.input("positive"), CONDITIONING.input("negative")


NODES: tuple[type[Node], ...] = (KSampler, KSamplerAdvanced)
