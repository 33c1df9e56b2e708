"""Nodes that change how a prompt guides a model."""

from collections.abc import Sequence

from hub.engine.models.conditions import Entry
from hub.engine.models.diffusion_model import DiffusionModel
from hub.engine.models.patches.attention_guidance import (
    PerturbedAttention,
    SelfAttention,
)
from hub.engine.models.patches.perp_neg import PerpendicularNegative
from hub.nodes.api import CONDITIONING, FLOAT, MODEL, Node, NodeOutput, Schema


class PerturbedAttentionGuidance(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="PerturbedAttentionGuidance",
            display_name="PerturbedAttentionGuidance",
            category="model_patches/unet",
            description=(
                "Guides away from what the model says when its attention in the middle sees "
                "nothing. Forms get clearer; a step costs half as much again."
            ),
            inputs=(
                MODEL.input("model"),
                FLOAT.value("scale", default=3.0, minimum=0.0, maximum=100.0, step=0.01),
            ),
            outputs=(MODEL.output(),),
            light=True,
            module="comfy_extras.nodes_pag",
        )

    @classmethod
    def execute(cls, model: DiffusionModel, scale: float) -> NodeOutput:
        changed = model.clone()
        changed.set_model_sampler_post_cfg_function(PerturbedAttention(scale))
        return NodeOutput(changed)


class SelfAttentionGuidance(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="SelfAttentionGuidance",
            display_name="Self-Attention Guidance",
            category="_for_testing",
            description=(
                "Guides away from what the model says when the places that it attends to most are "
                "blurred. Details get finer; a step costs twice as much. Without a negative "
                "prompt, as at a cfg of 1 with most samplers, it still asks for one."
            ),
            inputs=(
                MODEL.input("model"),
                FLOAT.value("scale", default=0.5, minimum=-2.0, maximum=5.0, step=0.01),
                FLOAT.value("blur_sigma", default=2.0, minimum=0.0, maximum=10.0, step=0.1),
            ),
            outputs=(MODEL.output(),),
            is_experimental=True,
            light=True,
            module="comfy_extras.nodes_sag",
        )

    @classmethod
    def execute(cls, model: DiffusionModel, scale: float, blur_sigma: float) -> NodeOutput:
        changed = model.clone()
        changed.set_model_sampler_post_cfg_function(
            SelfAttention(scale=scale, blur=blur_sigma), disable_cfg1_optimization=True
        )
        return NodeOutput(changed)


class PerpNeg(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="PerpNeg",
            display_name="Perp-Neg (DEPRECATED by PerpNegGuider)",
            category="_for_testing",
            description=(
                "Guides away from only that part of the negative prompt which has nothing to do "
                "with the positive one."
            ),
            inputs=(
                MODEL.input("model"),
                CONDITIONING.input("empty_conditioning"),
                FLOAT.value("neg_scale", default=1.0, minimum=0.0, maximum=100.0, step=0.01),
            ),
            outputs=(MODEL.output(),),
            is_deprecated=True,
            is_experimental=True,
            light=True,
            module="comfy_extras.nodes_perpneg",
        )

    @classmethod
    def execute(
        cls, model: DiffusionModel, empty_conditioning: Sequence[Entry], neg_scale: float
    ) -> NodeOutput:
        changed = model.clone()
        changed.set_model_sampler_cfg_function(
            PerpendicularNegative(empty=empty_conditioning, scale=neg_scale),
            disable_cfg1_optimization=True,
        )
        return NodeOutput(changed)


NODES: tuple[type[Node], ...] = (
    PerturbedAttentionGuidance,
    SelfAttentionGuidance,
    PerpNeg,
)
