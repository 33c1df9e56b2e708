"""Nodes that cut, turn and extend schedules of noise levels."""

import re

import torch
from torch import Tensor

from hub.engine.models.diffusion_model import DiffusionModel
from hub.engine.sampling.schedules_of_levels import with_more_between
from hub.nodes.api import (
    BOOLEAN,
    FLOAT,
    INT,
    MODEL,
    SIGMAS,
    STRING,
    Input,
    Node,
    NodeOutput,
    Output,
    Schema,
    choice,
)

_CATEGORY = "sampling/custom_sampling/sigmas"
_MODULE = "comfy_extras.nodes_custom_sampler"
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)")
_INSTEAD_OF_ZERO = 0.0001  # where a schedule begins, as nothing can be divided by 0


class SplitSigmas(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return _schema(
            "SplitSigmas",
            "Parts a schedule at a step, which ends the first part and begins the second.",
            SIGMAS.input("sigmas"),
            INT.value("step", default=0, minimum=0, maximum=10_000),
            outputs=_BOTH_PARTS,
        )

    @classmethod
    def execute(cls, sigmas: Tensor, step: int) -> NodeOutput:
        return NodeOutput(sigmas[: step + 1], sigmas[step:])


class SplitSigmasDenoise(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return _schema(
            "SplitSigmasDenoise",
            "Parts a schedule so that the second part has this share of the steps.",
            SIGMAS.input("sigmas"),
            FLOAT.value("denoise", default=1.0, minimum=0.0, maximum=1.0, step=0.01),
            outputs=_BOTH_PARTS,
        )

    @classmethod
    def execute(cls, sigmas: Tensor, denoise: float) -> NodeOutput:
        last = round(max(len(sigmas) - 1, 0) * denoise)
        return NodeOutput(sigmas[:-last], sigmas[-(last + 1) :])


class FlipSigmas(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return _schema(
            "FlipSigmas",
            "A schedule backwards, for adding the noise that belongs to a picture.",
            SIGMAS.input("sigmas"),
        )

    @classmethod
    def execute(cls, sigmas: Tensor) -> NodeOutput:
        flipped = sigmas.flip(0)
        if len(flipped) and flipped[0] == 0:
            flipped[0] = _INSTEAD_OF_ZERO
        return NodeOutput(flipped)


class SetFirstSigma(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return _schema(
            "SetFirstSigma",
            "Puts another noise level in the place of the first.",
            SIGMAS.input("sigmas"),
            FLOAT.value("sigma", default=136.0, minimum=0.0, maximum=20_000.0, step=0.001),
        )

    @classmethod
    def execute(cls, sigmas: Tensor, sigma: float) -> NodeOutput:
        changed = sigmas.clone()
        changed[:1] = sigma
        return NodeOutput(changed)


class ExtendIntermediateSigmas(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return _schema(
            "ExtendIntermediateSigmas",
            "Makes several steps of each one that begins between two noise levels.",
            SIGMAS.input("sigmas"),
            INT.value("steps", default=2, minimum=1, maximum=100),
            FLOAT.value(
                "start_at_sigma",
                default=-1.0,
                minimum=-1.0,
                maximum=20_000.0,
                step=0.01,
                tooltip="Less than 0 is from the first step on.",
            ),
            FLOAT.value("end_at_sigma", default=12.0, minimum=0.0, maximum=20_000.0, step=0.01),
            choice("spacing", ("linear", "cosine", "sine")),
        )

    @classmethod
    def execute(
        cls, sigmas: Tensor, steps: int, start_at_sigma: float, end_at_sigma: float, spacing: str
    ) -> NodeOutput:
        start = start_at_sigma if start_at_sigma >= 0 else float("inf")
        return NodeOutput(with_more_between(sigmas, steps, start, end_at_sigma, spacing))


class SamplingPercentToSigma(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return _schema(
            "SamplingPercentToSigma",
            "The noise level of a model where this part of sampling is done.",
            MODEL.input("model"),
            FLOAT.value("sampling_percent", default=0.0, minimum=0.0, maximum=1.0, step=0.0001),
            BOOLEAN.value(
                "return_actual_sigma",
                default=False,
                tooltip="Whether 0 and 1 give the highest and the lowest level of the model, "
                "instead of levels beyond them.",
            ),
            outputs=(FLOAT.output("sigma_value"),),
        )

    @classmethod
    def execute(
        cls, model: DiffusionModel, sampling_percent: float, return_actual_sigma: bool
    ) -> NodeOutput:
        levels = model.sampling.levels
        if return_actual_sigma and sampling_percent in (0.0, 1.0):
            return NodeOutput(float(levels.sigma_min if sampling_percent else levels.sigma_max))
        return NodeOutput(levels.percent_to_sigma(sampling_percent))


class ManualSigmas(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return _schema(
            "ManualSigmas",
            "The numbers that stand in a text, as noise levels.",
            STRING.value("sigmas", default="1, 0.5"),
            category="_for_testing/custom_sampling",
            is_experimental=True,
        )

    @classmethod
    def execute(cls, sigmas: str) -> NodeOutput:
        return NodeOutput(torch.tensor([float(number) for number in _NUMBER.findall(sigmas)]))


_BOTH_PARTS = (SIGMAS.output("high_sigmas"), SIGMAS.output("low_sigmas"))


def _schema(
    class_type: str,
    description: str,
    *inputs: Input,
    outputs: tuple[Output, ...] = (SIGMAS.output(),),
    category: str = _CATEGORY,
    is_experimental: bool = False,
) -> Schema:
    return Schema(
        class_type=class_type,
        display_name=class_type,
        category=category,
        description=description,
        inputs=inputs,
        outputs=outputs,
        light=True,
        is_experimental=is_experimental,
        module=_MODULE,
    )


NODES: tuple[type[Node], ...] = (
    SplitSigmas,
    SplitSigmasDenoise,
    FlipSigmas,
    SetFirstSigma,
    ExtendIntermediateSigmas,
    SamplingPercentToSigma,
    ManualSigmas,
)
