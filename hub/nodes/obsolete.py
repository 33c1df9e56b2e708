"""Nodes that do nothing any more, but stand in saved workflows."""

from typing import Any

from hub.nodes.api import MODEL, Node, NodeOutput, Schema


class WanBlockSwap(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="wanBlockSwap",
            display_name="wanBlockSwap",
            category="",
            description="Gives the model as it is: where it lies in memory is the hub's affair.",
            inputs=(MODEL.input("model"),),
            outputs=(MODEL.output(),),
            is_deprecated=True,
            light=True,
            module="comfy_extras.nodes_nop",
        )

    @classmethod
    def execute(cls, model: Any) -> NodeOutput:
        return NodeOutput(model)


NODES: tuple[type[Node], ...] = (WanBlockSwap,)
