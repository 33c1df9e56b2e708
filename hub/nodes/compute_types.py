"""A node that says in which type a model computes."""

from dataclasses import replace

import torch

from hub.engine.models.diffusion_model import DiffusionModel
from hub.nodes.api import MODEL, Node, NodeOutput, Schema, choice

_TYPES = {
    "default": None,
    "fp32": torch.float32,
    "fp16": torch.float16,
    "bf16": torch.bfloat16,
}


class ModelComputeDtype(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="ModelComputeDtype",
            display_name="ModelComputeDtype",
            category="advanced/debug/model",
            description=(
                "Has the denoiser compute in a type of numbers: fp32 where a GPU's fp16 does not "
                "suffice and pictures are black. Without a GPU all but fp32 is very slow."
            ),
            inputs=(MODEL.input("model"), choice("dtype", tuple(_TYPES))),
            outputs=(MODEL.output(),),
            light=True,
            module="comfy_extras.nodes_model_advanced",
        )

    @classmethod
    def execute(cls, model: DiffusionModel, dtype: str) -> NodeOutput:
        wanted = _TYPES[dtype]
        if wanted is None:
            return NodeOutput(model)
        changed = model.clone()
        changed.compute = replace(model.compute, dtype=wanted)
        return NodeOutput(changed)


NODES: tuple[type[Node], ...] = (ModelComputeDtype,)
