"""Nodes that tell a model of a picture's style."""

from typing import Any

import torch
from torch import Tensor

from hub.engine.models.style_model import StyleModel, load_style_model
from hub.engine.models.vision_encoder import VisionOutput
from hub.errors import Invalid
from hub.nodes.api import (
    CLIP_VISION_OUTPUT,
    CONDITIONING,
    FLOAT,
    STYLE_MODEL,
    Node,
    NodeOutput,
    Schema,
    choice,
    context,
    file_choice,
)
from hub.nodes.conditionings import Conditioning

_MULTIPLY, _BIAS = "multiply", "attn_bias"


class StyleOfAnotherFamily(Invalid):
    """The style is told in words of another width than the text's."""

    def __init__(self, style: int, text: int) -> None:
        super().__init__(
            f"The style model speaks in words of the width {style}, and the conditioning has "
            f"{text}: they are for two kinds of models. Take a checkpoint of Stable Diffusion 1, "
            "or a style model for this one."
        )


class NoBias(Invalid):
    """A strength is to count in the attention."""

    def __init__(self, strength: float) -> None:
        super().__init__(
            f"The strength {strength:g} with strength_type {_BIAS} changes how much attention is "
            "paid to the style's words, which the models that are here cannot do. Choose "
            f"{_MULTIPLY}, or the strength 1."
        )


class StyleModelLoader(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="StyleModelLoader",
            display_name="Load Style Model",
            category="loaders",
            description="Loads the style adapter of Stable Diffusion 1 (a T2I-Adapter).",
            inputs=(file_choice("style_model_name", "style_models"),),
            outputs=(STYLE_MODEL.output(),),
        )

    @classmethod
    def execute(cls, style_model_name: str) -> NodeOutput:
        return NodeOutput(load_style_model(context().model_file("style_models", style_model_name)))


class StyleModelApply(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="StyleModelApply",
            display_name="Apply Style Model",
            category="conditioning/style_model",
            description=(
                "Puts words on the style of pictures behind those of a text, multiplied by a "
                "strength."
            ),
            inputs=(
                CONDITIONING.input("conditioning"),
                STYLE_MODEL.input("style_model"),
                CLIP_VISION_OUTPUT.input("clip_vision_output"),
                FLOAT.value("strength", default=1.0, minimum=0.0, maximum=10.0, step=0.001),
                choice("strength_type", (_MULTIPLY, _BIAS)),
            ),
            outputs=(CONDITIONING.output(),),
        )

    @classmethod
    def execute(
        cls,
        conditioning: Conditioning,
        style_model: StyleModel,
        clip_vision_output: VisionOutput,
        strength: float,
        strength_type: str,
    ) -> NodeOutput:
        if strength_type == _BIAS and strength != 1.0:
            raise NoBias(strength)
        words = style_model.get_cond(clip_vision_output).flatten(0, 1) * strength
        return NodeOutput([_with_words(entry, words) for entry in conditioning])


def _with_words(entry: list[Any], words: Tensor) -> list[Any]:
    told, options = entry
    if told.shape[-1] != words.shape[-1]:
        raise StyleOfAnotherFamily(words.shape[-1], told.shape[-1])
    behind = words.to(told).expand(len(told), -1, -1)
    return [torch.cat([told, behind], dim=1), dict(options)]


NODES: tuple[type[Node], ...] = (StyleModelLoader, StyleModelApply)
