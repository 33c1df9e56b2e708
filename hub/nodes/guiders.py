"""Nodes that say by which conditionings a model is led."""

from collections.abc import Sequence
from typing import Any

from hub.engine.models.conditions import Entry
from hub.engine.models.diffusion_model import DiffusionModel
from hub.engine.models.guiders import BasicGuider as ByOne
from hub.engine.models.guiders import CfgGuider, DualCfgGuider
from hub.engine.models.guiders import PerpNegGuider as ByPerpendicular
from hub.engine.models.wider_guidance import Style
from hub.nodes.api import (
    CONDITIONING,
    FLOAT,
    GUIDER,
    MODEL,
    Input,
    Node,
    NodeOutput,
    Schema,
    choice,
)

_CATEGORY = "sampling/custom_sampling/guiders"
_MODULE = "comfy_extras.nodes_custom_sampler"


class BasicGuider(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return _schema(
            "BasicGuider",
            "The model is led by one conditioning, without a negative one.",
            MODEL.input("model"),
            CONDITIONING.input("conditioning"),
        )

    @classmethod
    def execute(cls, model: DiffusionModel, conditioning: Sequence[Entry]) -> NodeOutput:
        return NodeOutput(ByOne(model=model, positive=conditioning))


class CFGGuider(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return _schema(
            "CFGGuider",
            "The model is led `cfg` times the way from the negative to the positive conditioning.",
            MODEL.input("model"),
            CONDITIONING.input("positive"),
            CONDITIONING.input("negative"),
            _cfg("cfg"),
        )

    @classmethod
    def execute(
        cls,
        model: DiffusionModel,
        positive: Sequence[Entry],
        negative: Sequence[Entry],
        cfg: float,
    ) -> NodeOutput:
        guider = CfgGuider(model=model, positive=positive, negative=negative, scale=cfg)
        return NodeOutput(guider)


class DualCFGGuider(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return _schema(
            "DualCFGGuider",
            "The model is led from the negative conditioning to the second, and from there to the "
            "first; nested, from the negative one to where the other two lead.",
            MODEL.input("model"),
            *(CONDITIONING.input(name) for name in ("cond1", "cond2", "negative")),
            _cfg("cfg_conds"),
            _cfg("cfg_cond2_negative"),
            choice("style", ("regular", "nested")),
        )

    @classmethod
    def execute(
        cls,
        model: DiffusionModel,
        cond1: Sequence[Entry],
        cond2: Sequence[Entry],
        negative: Sequence[Entry],
        cfg_conds: float,
        cfg_cond2_negative: float,
        style: Style,
    ) -> NodeOutput:
        guider = DualCfgGuider(
            model=model,
            first=cond1,
            second=cond2,
            negative=negative,
            scale=cfg_conds,
            second_scale=cfg_cond2_negative,
            style=style,
        )
        return NodeOutput(guider)


class PerpNegGuider(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return _schema(
            "PerpNegGuider",
            "The model is led away from what the negative conditioning has and the positive one "
            "has not, both seen from an empty prompt.",
            MODEL.input("model"),
            *(CONDITIONING.input(name) for name in ("positive", "negative", "empty_conditioning")),
            _cfg("cfg"),
            FLOAT.value("neg_scale", default=1.0, minimum=0.0, maximum=100.0, step=0.01),
            category="_for_testing",
            is_experimental=True,
            module="comfy_extras.nodes_perpneg",
        )

    @classmethod
    def execute(
        cls,
        model: DiffusionModel,
        positive: Sequence[Entry],
        negative: Sequence[Entry],
        empty_conditioning: Sequence[Entry],
        cfg: float,
        neg_scale: float,
    ) -> NodeOutput:
        guider = ByPerpendicular(
            model=model,
            positive=positive,
            negative=negative,
            empty=empty_conditioning,
            scale=cfg,
            negative_scale=neg_scale,
        )
        return NodeOutput(guider)


def _schema(class_type: str, description: str, *inputs: Input, **more: Any) -> Schema:
    return Schema(
        **{"category": _CATEGORY, "module": _MODULE, **more},
        class_type=class_type,
        display_name=class_type,
        description=description,
        inputs=inputs,
        outputs=(GUIDER.output(),),
        light=True,
    )


def _cfg(name: str) -> Input:
    return FLOAT.value(name, default=8.0, minimum=0.0, maximum=100.0, step=0.1)


NODES: tuple[type[Node], ...] = (BasicGuider, CFGGuider, DualCFGGuider, PerpNegGuider)
