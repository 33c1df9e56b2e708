"""Nodes that say which noise levels a sampler visits."""

import math

from torch import Tensor

from hub.engine.models.diffusion_model import DiffusionModel
from hub.engine.sampling.schedules import (
    SCHEDULES,
    beta_spread,
    exponential_between,
    karras_between,
)
from hub.engine.sampling.schedules_of_levels import (
    ALIGNED,
    aligned,
    flux_2,
    laplace,
    ltx_video,
    polyexponential,
    turbo,
    variance_preserving,
)
from hub.engine.sampling.steps import sigmas_for
from hub.errors import Invalid
from hub.nodes.api import (
    BOOLEAN,
    FLOAT,
    INT,
    LATENT,
    MODEL,
    SIGMAS,
    Input,
    Node,
    NodeOutput,
    Schema,
    choice,
)
from hub.nodes.latents import Latent

_CATEGORY = "sampling/custom_sampling/schedulers"
_MODULE = "comfy_extras.nodes_custom_sampler"


class LevelIsNotPositive(Invalid):
    """The logarithm of a noise level was wanted, which 0 does not have."""

    def __init__(self) -> None:
        super().__init__(
            "This schedule needs noise levels above 0: set sigma_min and sigma_max to more than 0."
        )


class BasicScheduler(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return _schema(
            "BasicScheduler",
            "The schedule of a model by its name, as KSampler has it.",
            MODEL.input("model"),
            choice("scheduler", tuple(SCHEDULES)),
            _steps(),
            _denoise(),
        )

    @classmethod
    def execute(
        cls, model: DiffusionModel, scheduler: str, steps: int, denoise: float
    ) -> NodeOutput:
        return NodeOutput(sigmas_for(model.sampling.levels, "", scheduler, steps, denoise))


class KarrasScheduler(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return _schema(
            "KarrasScheduler",
            "Levels whose roots are evenly spaced (Karras et al. 2022).",
            _steps(),
            *_limits(),
            _number("rho", 7.0, 0.0, 100.0),
        )

    @classmethod
    def execute(cls, steps: int, sigma_max: float, sigma_min: float, rho: float) -> NodeOutput:
        if rho == 0:
            raise Invalid("The schedule of Karras takes a root of this order: rho cannot be 0.")
        return NodeOutput(karras_between(sigma_min, sigma_max, steps, rho))


class ExponentialScheduler(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return _schema(
            "ExponentialScheduler",
            "Levels whose logarithms are evenly spaced.",
            _steps(),
            *_limits(),
        )

    @classmethod
    def execute(cls, steps: int, sigma_max: float, sigma_min: float) -> NodeOutput:
        _need_positive(sigma_min, sigma_max)
        return NodeOutput(exponential_between(sigma_min, sigma_max, steps))


class PolyexponentialScheduler(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return _schema(
            "PolyexponentialScheduler",
            "Levels whose logarithms are a power of evenly spaced ones.",
            _steps(),
            *_limits(),
            _number("rho", 1.0, 0.0, 100.0),
        )

    @classmethod
    def execute(cls, steps: int, sigma_max: float, sigma_min: float, rho: float) -> NodeOutput:
        _need_positive(sigma_min, sigma_max)
        return NodeOutput(polyexponential(sigma_min, sigma_max, steps, rho))


class LaplaceScheduler(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return _schema(
            "LaplaceScheduler",
            "Levels spread as a Laplace distribution, most of them near e^mu. Does not end in 0.",
            _steps(),
            *_limits(),
            _number("mu", 0.0, -10.0, 10.0, step=0.1),
            _number("beta", 0.5, 0.0, 10.0, step=0.1),
        )

    @classmethod
    def execute(
        cls, steps: int, sigma_max: float, sigma_min: float, mu: float, beta: float
    ) -> NodeOutput:
        return NodeOutput(laplace(sigma_min, sigma_max, steps, mu, beta))


class VPScheduler(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return _schema(
            "VPScheduler",
            "The levels of a variance preserving diffusion, evenly spaced in time.",
            _steps(),
            _number("beta_d", 19.9, 0.0, 5000.0),
            _number("beta_min", 0.1, 0.0, 5000.0),
            _number("eps_s", 0.001, 0.0, 1.0, step=0.0001),
        )

    @classmethod
    def execute(cls, steps: int, beta_d: float, beta_min: float, eps_s: float) -> NodeOutput:
        return NodeOutput(variance_preserving(steps, beta_d, beta_min, eps_s))


class BetaSamplingScheduler(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return _schema(
            "BetaSamplingScheduler",
            "Levels of the model spread as a beta distribution.",
            MODEL.input("model"),
            _steps(),
            _number("alpha", 0.6, 0.0, 50.0),
            _number("beta", 0.6, 0.0, 50.0),
        )

    @classmethod
    def execute(cls, model: DiffusionModel, steps: int, alpha: float, beta: float) -> NodeOutput:
        if alpha == 0 or beta == 0:
            raise Invalid("A beta distribution needs alpha and beta above 0.")
        return NodeOutput(beta_spread(model.sampling.levels, steps, alpha, beta))


class SDTurboScheduler(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return _schema(
            "SDTurboScheduler",
            "The first of the ten levels for which SD Turbo was made.",
            MODEL.input("model"),
            INT.value("steps", default=1, minimum=1, maximum=10),
            FLOAT.value("denoise", default=1.0, minimum=0, maximum=1.0, step=0.01),
        )

    @classmethod
    def execute(cls, model: DiffusionModel, steps: int, denoise: float) -> NodeOutput:
        return NodeOutput(turbo(model.sampling.levels, steps, denoise))


class AlignYourStepsScheduler(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return _schema(
            "AlignYourStepsScheduler",
            "Levels that were optimised for a family of models (Sabour et al. 2024).",
            choice("model_type", tuple(ALIGNED)),
            _steps(10),
            _denoise(),
            module="comfy_extras.nodes_align_your_steps",
        )

    @classmethod
    def execute(cls, model_type: str, steps: int, denoise: float) -> NodeOutput:
        return NodeOutput(aligned(model_type, steps, denoise))


class Flux2Scheduler(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        sides = (
            INT.value(name, default=1024, minimum=16, maximum=16384, step=1)
            for name in ("width", "height")
        )
        return _schema(
            "Flux2Scheduler",
            "The levels of FLUX.2 for a picture of this size.",
            INT.value("steps", default=20, minimum=1, maximum=4096),
            *sides,
            module="comfy_extras.nodes_flux",
        )

    @classmethod
    def execute(cls, steps: int, width: int, height: int) -> NodeOutput:
        return NodeOutput(flux_2(steps, width, height))


class LTXVScheduler(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return _schema(
            "LTXVScheduler",
            "The levels of LTX-Video, for a latent of this size or of 4096 tokens.",
            _steps(),
            FLOAT.value("max_shift", default=2.05, minimum=0.0, maximum=100.0, step=0.01),
            FLOAT.value("base_shift", default=0.95, minimum=0.0, maximum=100.0, step=0.01),
            BOOLEAN.value(
                "stretch",
                default=True,
                tooltip="Whether the last level before 0 is `terminal`.",
            ),
            FLOAT.value("terminal", default=0.1, minimum=0.0, maximum=0.99, step=0.01),
            LATENT.input("latent", optional=True),
            module="comfy_extras.nodes_lt",
        )

    @classmethod
    def execute(
        cls,
        steps: int,
        max_shift: float,
        base_shift: float,
        stretch: bool,
        terminal: float,
        latent: Latent | None = None,
    ) -> NodeOutput:
        tokens = 4096 if latent is None else math.prod(latent["samples"].shape[2:])
        sigmas: Tensor = ltx_video(
            steps,
            tokens,
            max_shift=max_shift,
            base_shift=base_shift,
            terminal=terminal if stretch else None,
        )
        return NodeOutput(sigmas)


def _need_positive(*levels: float) -> None:
    if min(levels) <= 0:
        raise LevelIsNotPositive


def _schema(class_type: str, description: str, *inputs: Input, module: str = _MODULE) -> Schema:
    return Schema(
        class_type=class_type,
        display_name=class_type,
        category=_CATEGORY,
        description=description,
        inputs=inputs,
        outputs=(SIGMAS.output(),),
        light=True,
        module=module,
    )


def _steps(default: int = 20) -> Input:
    return INT.value("steps", default=default, minimum=1, maximum=10_000)


def _denoise() -> Input:
    return FLOAT.value(
        "denoise",
        default=1.0,
        minimum=0.0,
        maximum=1.0,
        step=0.01,
        tooltip="Less than 1 leaves out the first levels; the steps stay as many.",
    )


def _limits() -> tuple[Input, ...]:
    return (
        _number("sigma_max", 14.614642, 0.0, 5000.0),
        _number("sigma_min", 0.0291675, 0.0, 5000.0),
    )


def _number(
    name: str, default: float, minimum: float, maximum: float, *, step: float = 0.01
) -> Input:
    return FLOAT.value(name, default=default, minimum=minimum, maximum=maximum, step=step)


NODES: tuple[type[Node], ...] = (
    BasicScheduler,
    KarrasScheduler,
    ExponentialScheduler,
    PolyexponentialScheduler,
    LaplaceScheduler,
    VPScheduler,
    BetaSamplingScheduler,
    SDTurboScheduler,
    AlignYourStepsScheduler,
    Flux2Scheduler,
    LTXVScheduler,
)
