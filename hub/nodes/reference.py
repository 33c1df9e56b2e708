"""The reference page of the built-in nodes, from their schemas.

`python -m hub.nodes.reference` writes it anew to docs/nodes.md.
"""

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from msgspec.structs import replace

from hub.nodes.registry import builtin_nodes
from hub.nodes.schema import Autogrow, DynamicCombo, Input, Output, Schema

PAGE = Path(__file__).parents[2] / "docs" / "nodes.md"

_HEAD = """\
# Built-in nodes

This page is made from the nodes' own declarations. After a change to one of them run
`python -m hub.nodes.reference`.

An `IMAGE` is a batch of pictures, float32 [batch, height, width, 3] from 0 to 1. A `MASK` is
float32 [batch, height, width], 1 where something is left out. `PHOTO_METADATA` carries EXIF,
colour profile and XMP of a photo file. A `VIDEO` is read frame by frame, when it is needed. An
`AUDIO` is a waveform, float32 [batch, channels, samples] from -1 to 1, with its sample rate.

A `LATENT` is a dictionary with `samples`, float32 [batch, channels, height, width]. A
`CONDITIONING` is a list of entries, each of a text's states [batch, tokens, width] and a dictionary
of what else the model is told. `MODEL`, `CLIP` and `VAE` are a denoiser, its text encoders and its
autoencoder; a `CONTROL_NET` steers a denoiser by pictures, a `GLIGEN` by boxes with phrases, and a
`GUIDER` is a denoiser with what leads it. `SIGMAS` are the noise levels that a sampler visits,
float32 [steps + 1]; `NOISE` and `SAMPLER` are the other parts of custom sampling.

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
        parts.append(f"## {category or 'without a category'}\n")
        parts += [_section(schema) for schema in members]
    return "\n".join(parts)


def _section(schema: Schema) -> str:
    lines = [f"### {schema.class_type}", "", f"*{schema.display_name}.* {schema.description}", ""]
    if schema.is_deprecated:
        lines += ["Deprecated: kept for workflows that use it.", ""]
    lines += ["| input | type | default | takes | about |", "|---|---|---|---|---|"]
    lines += [row for item in schema.inputs for row in _rows(item)]
    outputs = ", ".join(map(_given, schema.outputs))
    return "\n".join([*lines, "", f"Gives {outputs}." if outputs else "Writes files.", ""])


def _given(item: Output) -> str:
    told = "of the type that it is given" if item.match else f"`{item.type}`"
    return told if item.name == item.type else f"`{item.name}` ({told})"


def _rows(item: Input, path: str = "", when: str = "") -> Iterator[str]:
    """A line for an input, and one for each that it brings."""
    full = f"{path}{item.name}"
    name = f"`{full}`" + (" (optional)" if item.optional else "")
    default = "" if item.default is None else f"`{item.default}`"
    about = " ".join(filter(None, (item.extra.get("tooltip", ""), when)))
    kind = item.match.allowed.replace(",", " or ") if item.match else item.type
    match item.dynamic:
        case Autogrow(template=template, prefix=prefix, minimum=least, maximum=most):
            names = f"{full}.{prefix}0` … `{full}.{prefix}{most - 1}"
            yield from _rows(replace(template, name=names), when=f"At least {least}.")
        case DynamicCombo(options):
            yield f"| {name} | choice | {default} | {_takes(item)} | {about} |"
            for option in options:
                for inner in option.inputs:
                    yield from _rows(inner, f"{full}.", f"With `{option.key}`.")
        case _:
            yield f"| {name} | {kind} | {default} | {_takes(item)} | {about} |"


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
