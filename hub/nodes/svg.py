"""Vector drawings: the value that links carry, and the node that writes them as files."""

import io
import json
import re
from dataclasses import dataclass
from typing import Any

from hub.errors import Invalid
from hub.nodes.api import STRING, SVG, Hidden, Node, NodeOutput, Schema, context
from hub.nodes.media_tags import workflow_tags
from hub.nodes.naming import filled_prefix
from hub.records.output import OutputFolder

_OPENING_TAG = re.compile(rb"<svg\b[^>]*?(/?)>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Svg:
    """Some drawings, each the content of an SVG file."""

    data: list[io.BytesIO]


class NotSvg(Invalid):
    """A drawing has no `<svg>` element."""

    def __init__(self, number: int) -> None:
        super().__init__(f"Drawing {number} has no <svg> element, so it cannot be saved as SVG.")


class SaveSVGNode(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="SaveSVGNode",
            display_name="SaveSVGNode",
            category="image/save",
            description="Writes each drawing as an SVG file, with the workflow inside.",
            inputs=(SVG.input("svg"), STRING.value("filename_prefix", default="svg/ComfyUI")),
            hidden=(Hidden.PROMPT, Hidden.EXTRA_PNGINFO),
            is_output_node=True,
            light=True,
            module="comfy_extras.nodes_images",
        )

    @classmethod
    def execute(cls, svg: Svg, filename_prefix: str, prompt: Any, extra_pnginfo: Any) -> NodeOutput:
        tags = workflow_tags(prompt, extra_pnginfo)
        items = []
        for number, drawing in enumerate(svg.data):
            name = filled_prefix(filename_prefix, width=0, height=0, number=number)
            file = context().stage(prefix=name, suffix=".svg", folder=OutputFolder.OUTPUT)
            file.path.write_bytes(with_metadata(drawing.getvalue(), tags, number))
            items.append(file.item())
        return NodeOutput(ui={"images": items})


def with_metadata(drawing: bytes, tags: dict[str, Any], number: int = 0) -> bytes:
    """The drawing with `tags` as JSON in a `<metadata>` element. Raises `NotSvg`."""
    opening = _OPENING_TAG.search(drawing)
    if opening is None:
        raise NotSvg(number)
    if not tags or opening[1]:  # `<svg/>` is empty, and stays so
        return drawing
    text = json.dumps(tags).replace("]]>", "]]]]><![CDATA[>")  # the one thing CDATA cannot hold
    metadata = f"<metadata><![CDATA[{text}]]></metadata>".encode()
    return drawing[: opening.end()] + metadata + drawing[opening.end() :]


NODES: tuple[type[Node], ...] = (SaveSVGNode,)
