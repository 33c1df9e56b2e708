"""Nodes that write pictures as PNG, with the workflow that made them inside."""

import json
from typing import Any

from PIL.PngImagePlugin import PngInfo
from torch import Tensor

from hub.nodes.api import IMAGE, MASK, STRING, Hidden, Node, NodeOutput, Schema, context
from hub.nodes.naming import filled_prefix, preview_prefix
from hub.nodes.pictures import Images, pictures_of
from hub.nodes.resampling import planes
from hub.records.output import OutputFolder

_HIDDEN = (Hidden.PROMPT, Hidden.EXTRA_PNGINFO)


class SaveImage(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="SaveImage",
            display_name="Save Image",
            category="image",
            description=(
                "Writes each image of the batch as a PNG into the output folder. The prefix may "
                "hold folders and %width%, %height%, %batch_num%, %year%, %month%, %day%, %hour%, "
                "%minute% and %second%."
            ),
            inputs=(
                IMAGE.input("images", tooltip="The images to write."),
                STRING.value(
                    "filename_prefix", default="ComfyUI", tooltip="What the file names begin with."
                ),
            ),
            hidden=_HIDDEN,
            is_output_node=True,
            light=True,
            takes_pictures=True,
        )

    @classmethod
    def execute(
        cls, images: Images, filename_prefix: str, prompt: Any, extra_pnginfo: Any
    ) -> NodeOutput:
        text = text_chunks(prompt, extra_pnginfo)
        items = write_pngs(images, filename_prefix, OutputFolder.OUTPUT, text, compress_level=4)
        return NodeOutput(ui={"images": items})


class PreviewImage(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="PreviewImage",
            display_name="Preview Image",
            category="image",
            description="Shows each image of the batch; the files are temporary.",
            inputs=(IMAGE.input("images", tooltip="The images to show."),),
            hidden=_HIDDEN,
            is_output_node=True,
            light=True,
            takes_pictures=True,
        )

    @classmethod
    def execute(cls, images: Images, prompt: Any, extra_pnginfo: Any) -> NodeOutput:
        return preview(images, prompt, extra_pnginfo)


class MaskPreview(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="MaskPreview",
            display_name="Preview Mask",
            category="mask",
            description="Shows each mask in grey, white where it is 1; the files are temporary.",
            inputs=(MASK.input("mask"),),
            hidden=_HIDDEN,
            is_output_node=True,
            light=True,
            module="comfy_extras.nodes_mask",
        )

    @classmethod
    def execute(cls, mask: Tensor, prompt: Any, extra_pnginfo: Any) -> NodeOutput:
        return preview(planes(mask)[..., None], prompt, extra_pnginfo)


def preview(images: Images, prompt: Any, extra_pnginfo: Any) -> NodeOutput:
    """Write images as temporary PNGs, and show them."""
    text = text_chunks(prompt, extra_pnginfo)
    items = write_pngs(images, preview_prefix(), OutputFolder.TEMP, text, compress_level=1)
    return NodeOutput(ui={"images": items})


def text_chunks(prompt: Any, extra_pnginfo: Any) -> PngInfo:
    """The chunks from which editors read a workflow back: `prompt`, and each extra by its key."""
    chunks = PngInfo()
    for key, text in metadata_of(prompt, extra_pnginfo).items():
        chunks.add_text(key, text)
    return chunks


def metadata_of(prompt: Any, extra_pnginfo: Any) -> dict[str, str]:
    """The same as texts by name, for other kinds of files."""
    known = {} if prompt is None else {"prompt": prompt}
    return {key: json.dumps(value) for key, value in {**known, **(extra_pnginfo or {})}.items()}


def write_pngs(
    images: Images, prefix: str, folder: OutputFolder, text: PngInfo, *, compress_level: int
) -> list[dict[str, str]]:
    """Stage one PNG per image of [batch, height, width, channels]; gives the items of `ui`."""
    items = []
    for number, picture in enumerate(pictures_of(images)):
        name = filled_prefix(prefix, width=picture.width, height=picture.height, number=number)
        file = context().stage(prefix=name, suffix=".png", folder=folder)
        picture.save(file.path, "PNG", pnginfo=text, compress_level=compress_level)
        file.describe(width=picture.width, height=picture.height)
        items.append(file.item())
    return items


NODES: tuple[type[Node], ...] = (
    SaveImage,
    PreviewImage,
    MaskPreview,
)
