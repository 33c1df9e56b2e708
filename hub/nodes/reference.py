"""The reference page of the built-in nodes, from their schemas.

`python -m hub.nodes.reference` writes it anew to docs/nodes.md.
"""

from itertools import groupby
from pathlib import Path

from hub.nodes.api import Input, Schema
from hub.nodes.registry import builtin_nodes

PAGE = Path(__file__).parents[2] / "docs" / "nodes.md"

_HEAD = """\
# Built-in nodes

This page is made from the nodes' own declarations. After a change to one of them run
`python -m hub.nodes.reference`.

An `IMAGE` is a batch of pictures, float32 [batch, height, width, 3] from 0 to 1. A `MASK` is
float32 [batch, height, width], 1 where something is left out. `PHOTO_METADATA` carries EXIF,
colour profile and XMP of a photo file. A `VIDEO` is read frame by frame, when it is needed. An
`AUDIO` is a waveform, float32 [batch, channels, samples] from -1 to 1, with its sample rate.

Nodes that write words into pictures use Source Sans. It has Latin, Greek and Cyrillic letters; any
other letter shows as a box.
"""


def reference() -> str:
    """The whole page as Markdown, nodes grouped by category."""
    schemas = sorted(
        (node.define_schema() for node in builtin_nodes().values()),
        key=lambda schema: (schema.category, schema.class_type),
    )
    parts = [_HEAD]
    for category, members in groupby(schemas, key=lambda schema: schema.category):
        parts.append(f"## {category}\n")
        parts += [_section(schema) for schema in members]
    return "\n".join(parts)


def _section(schema: Schema) -> str:
    lines = [f"### {schema.class_type}", "", f"*{schema.display_name}.* {schema.description}", ""]
    if schema.is_deprecated:
        lines += ["Deprecated: kept for workflows that use it.", ""]
    lines += ["| input | type | default | takes | about |", "|---|---|---|---|---|"]
    lines += [_row(item) for item in schema.inputs]
    outputs = ", ".join(
        f"`{item.type}`" if item.name == item.type else f"`{item.name}` (`{item.type}`)"
        for item in schema.outputs
    )
    return "\n".join([*lines, "", f"Gives {outputs}." if outputs else "Writes files.", ""])


def _row(item: Input) -> str:
    name = f"`{item.name}`" + (" (optional)" if item.optional else "")
    default = "" if item.default is None else f"`{item.default}`"
    about = item.extra.get("tooltip", "")
    return f"| {name} | {item.type} | {default} | {_takes(item)} | {about} |"


def _takes(item: Input) -> str:
    if item.folder:
        return f"a file of the {item.folder} folder"
    if item.options:
        return ", ".join(f"`{option}`" for option in item.options)
    if item.minimum is not None:
        if item.maximum is None:
            return f"{item.minimum} or more"
        return f"{item.minimum} to {item.maximum}"
    return ""


if __name__ == "__main__":
    PAGE.write_text(reference(), encoding="utf-8")
