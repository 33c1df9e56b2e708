"""Nodes that write a batch of images as one moving picture, with the workflow inside."""

import json
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
from hub.nodes.naming import filled_prefix
from hub.nodes.pictures import Images, pictures_of
from hub.records.output import OutputFolder

_MODULE = "comfy_extras.nodes_images"
_HIDDEN = (Hidden.PROMPT, Hidden.EXTRA_PNGINFO)
_METHODS = {"default": 4, "fastest": 0, "slowest": 6}
_MODEL_TAG, _MAKE_TAG = 0x0110, 0x010F  # EXIF tags in which editors look for prompt and workflow


class SaveAnimatedWEBP(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="SaveAnimatedWEBP",
            display_name="SaveAnimatedWEBP",
            category="image/animation",
            description="Writes a batch as one moving WebP into the output folder.",
            inputs=(
                IMAGE.input("images"),
                STRING.value("filename_prefix", default="ComfyUI"),
                _fps(),
                BOOLEAN.value("lossless", default=True),
                INT.value("quality", default=80, minimum=0, maximum=100),
                choice("method", tuple(_METHODS)),
            ),
            hidden=_HIDDEN,
            is_output_node=True,
            light=True,
            takes_pictures=True,
            module=_MODULE,
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
        options = {"lossless": lossless, "quality": quality, "method": _METHODS[method]}
        exif = _exif(prompt, extra_pnginfo)
        return _saved(images, filename_prefix, ".webp", fps, exif=exif, **options)


class SaveAnimatedPNG(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="SaveAnimatedPNG",
            display_name="SaveAnimatedPNG",
            category="image/animation",
            description="Writes a batch as one moving PNG into the output folder.",
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
            module=_MODULE,
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
        chunks = PngInfo()
        for key, value in _metadata(prompt, extra_pnginfo).items():
            # Behind the pixels: some viewers show no animation with text before it.
            chunks.add(b"comf", f"{key}\0{json.dumps(value)}".encode("latin-1"), after_idat=True)
        options = {"pnginfo": chunks, "compress_level": compress_level}
        return _saved(images, filename_prefix, ".png", fps, **options)


def _fps() -> Input:
    return FLOAT.value("fps", default=6.0, minimum=0.01, maximum=1000.0, step=0.01)


def _metadata(prompt: Any, extra_pnginfo: Any) -> dict[str, Any]:
    return ({} if prompt is None else {"prompt": prompt}) | (extra_pnginfo or {})


def _exif(prompt: Any, extra_pnginfo: Any) -> Image.Exif:
    """The prompt in one tag, and the extras in those below it."""
    exif = Image.Exif()
    if prompt is not None:
        exif[_MODEL_TAG] = f"prompt:{json.dumps(prompt)}"
    for number, (key, value) in enumerate((extra_pnginfo or {}).items()):
        exif[_MAKE_TAG - number] = f"{key}:{json.dumps(value)}"
    return exif


def _saved(images: Images, prefix: str, suffix: str, fps: float, **options: Any) -> NodeOutput:
    first, *others = pictures_of(images)
    name = filled_prefix(prefix, width=first.width, height=first.height, number=0)
    file = context().stage(prefix=name, suffix=suffix, folder=OutputFolder.OUTPUT)
    duration = round(1000 / fps)
    first.save(file.path, save_all=True, append_images=others, duration=duration, loop=0, **options)
    file.describe(width=first.width, height=first.height)
    return NodeOutput(ui={"images": [file.item()], "animated": [True]})
