"""Nodes that write images as one moving picture."""

import json
from itertools import pairwise
from typing import Any

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from hub.nodes.api import (
    BOOLEAN,
    FLOAT,
    IMAGE,
    INT,
    STRING,
    Hidden,
    Input,
    Node,
    NodeOutput,
    Schema,
    choice,
    context,
)
from hub.nodes.media_tags import workflow_tags
from hub.nodes.naming import filled_prefix
from hub.nodes.pictures import Images, pictures_of
from hub.records.output import OutputFolder

METHODS = {"default": 4, "fastest": 0, "slowest": 6}
_MODEL, _MAKE = 0x0110, 0x010F  # EXIF tags: the prompt's, and the first one of the others
_HIDDEN = (Hidden.PROMPT, Hidden.EXTRA_PNGINFO)


def _fps() -> Input:
    return FLOAT.value("fps", default=6.0, minimum=0.01, maximum=1000.0, step=0.01)


class SaveAnimatedWEBP(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="SaveAnimatedWEBP",
            display_name="SaveAnimatedWEBP",
            category="image/animation",
            description="Writes the images of a batch as one animated WebP.",
            inputs=(
                IMAGE.input("images"),
                STRING.value("filename_prefix", default="ComfyUI"),
                _fps(),
                BOOLEAN.value("lossless", default=True),
                INT.value("quality", default=80, minimum=0, maximum=100),
                choice("method", tuple(METHODS)),
            ),
            hidden=_HIDDEN,
            is_output_node=True,
            light=True,
            takes_pictures=True,
            module="comfy_extras.nodes_images",
        )

    @classmethod
    def execute(
        cls,
        images: Images,
        filename_prefix: str,
        fps: float,
        lossless: bool,
        quality: int,
        method: str,
        prompt: Any,
        extra_pnginfo: Any,
    ) -> NodeOutput:
        return _written(
            images,
            filename_prefix,
            fps,
            "WEBP",
            exif=webp_exif(prompt, extra_pnginfo),
            lossless=lossless,
            quality=quality,
            method=METHODS[method],
        )


class SaveAnimatedPNG(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="SaveAnimatedPNG",
            display_name="SaveAnimatedPNG",
            category="image/animation",
            description="Writes the images of a batch as one animated PNG.",
            inputs=(
                IMAGE.input("images"),
                STRING.value("filename_prefix", default="ComfyUI"),
                _fps(),
                INT.value("compress_level", default=4, minimum=0, maximum=9),
            ),
            hidden=_HIDDEN,
            is_output_node=True,
            light=True,
            takes_pictures=True,
            module="comfy_extras.nodes_images",
        )

    @classmethod
    def execute(
        cls,
        images: Images,
        filename_prefix: str,
        fps: float,
        compress_level: int,
        prompt: Any,
        extra_pnginfo: Any,
    ) -> NodeOutput:
        chunks = png_chunks(prompt, extra_pnginfo)
        return _written(
            images, filename_prefix, fps, "PNG", pnginfo=chunks, compress_level=compress_level
        )


def durations(count: int, fps: float) -> list[int]:
    """Whole milliseconds of each frame, of which none is ever off by more than one in sum."""
    ends = [round(1000 * number / fps) for number in range(count + 1)]
    return [max(1, end - begin) for begin, end in pairwise(ends)]


def webp_exif(prompt: Any, extra_pnginfo: Any) -> Image.Exif:
    """The workflow as editors look for it in a WebP: `prompt:{…}` and `<key>:{…}` in EXIF tags."""
    exif = Image.Exif()
    tag = _MAKE
    for key, value in workflow_tags(prompt, extra_pnginfo).items():
        if key == "prompt":
            exif[_MODEL] = f"prompt:{json.dumps(value)}"
        else:
            exif[tag] = f"{key}:{json.dumps(value)}"
            tag -= 1
    return exif


def png_chunks(prompt: Any, extra_pnginfo: Any) -> PngInfo:
    """The same in an animated PNG: private chunks behind the pixels, key and value apart by NUL."""
    chunks = PngInfo()
    for key, value in workflow_tags(prompt, extra_pnginfo).items():
        content = key.encode("latin-1", "replace") + b"\0" + json.dumps(value).encode("ascii")
        chunks.add(b"comf", content, after_idat=True)
    return chunks


def write_animation(
    images: Images, prefix: str, folder: OutputFolder, fps: float, kind: str, **options: Any
) -> dict[str, str]:
    """Stage the images as one file that moves; gives the item of `ui`. `kind` is Pillow's name."""
    pictures = list(pictures_of(images))
    first = pictures[0]
    name = filled_prefix(prefix, width=first.width, height=first.height, number=0)
    file = context().stage(prefix=name, suffix=f".{kind.lower()}", folder=folder)
    first.save(
        file.path,
        kind,
        save_all=True,
        append_images=pictures[1:],
        duration=durations(len(pictures), fps),
        loop=0,
        **options,
    )
    file.describe(width=first.width, height=first.height)
    return file.item()


def _written(images: Images, prefix: str, fps: float, kind: str, **options: Any) -> NodeOutput:
    item = write_animation(images, prefix, OutputFolder.OUTPUT, fps, kind, **options)
    return NodeOutput(ui={"images": [item], "animated": [images.shape[0] > 1]})


NODES: tuple[type[Node], ...] = (
    SaveAnimatedWEBP,
    SaveAnimatedPNG,
)
