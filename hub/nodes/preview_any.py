"""Shows any value as text."""

import json
from typing import Any

from hub.nodes.api import Input, Node, NodeOutput, Schema


class PreviewAny(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="PreviewAny",
            display_name="Preview as Text",
            category="utils",
            description="Shows a value as text: strings as they are, other plain values as JSON.",
            inputs=(Input(name="source", type="*"),),
            is_output_node=True,
            light=True,
            module="comfy_extras.nodes_preview_any",
        )

    @classmethod
    def execute(cls, source: Any) -> NodeOutput:
        return NodeOutput(ui={"text": [shown(source)]})


def shown(value: Any) -> str:
    """A value as people read it; what JSON cannot hold as Python prints it."""
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, bool | int | float):
        return str(value)
    try:
        return json.dumps(value)
    except (TypeError, ValueError):  # ValueError: it contains itself
        return str(value)


NODES: tuple[type[Node], ...] = (PreviewAny,)
