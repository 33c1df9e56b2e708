"""Nodes that read pictures from the input folder and the input store."""

import torch
from torch import Tensor

from hub.nodes.api import (
    BOOLEAN,
    COMBO,
    IMAGE,
    INT,
    MASK,
    Input,
    Node,
    NodeOutput,
    Schema,
    choice,
    context,
    file_choice,
)
from hub.nodes.fingerprints import file_fingerprint
from hub.nodes.opening import upright, upright_frames
from hub.nodes.pictures import images_of
from hub.nodes.pixels import channel_of, image_of, is_sixteen_bit, mask_of
from hub.nodes.scaling import LARGEST_SIDE

_CHANNELS = ("alpha", "red", "green", "blue")


class LoadImage(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="LoadImage",
            display_name="Load Image",
            category="image",
            description=(
                "Reads a picture, upright; an animation or a file of many pages becomes a batch. "
                "The mask is 1 where the picture is transparent, and 64×64 zeros if it has no "
                "transparency."
            ),
            inputs=(file_choice("image", "input", image_upload=True),),
            outputs=(IMAGE.output(), MASK.output()),
            light=True,
            fingerprints_inputs=True,
        )

    @classmethod
    def execute(cls, image: str) -> NodeOutput:
        frames = upright_frames(context().input_file(image))
        masks = [mask_of(frame) for frame in frames]
        return NodeOutput(images_of(frames), joined_masks(masks))

    @classmethod
    def fingerprint_inputs(cls, image: str) -> str:
        return file_fingerprint(image)


class LoadImageMask(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="LoadImageMask",
            display_name="Load Image (as Mask)",
            category="mask",
            description=(
                "Reads one channel of a picture as a mask. The alpha channel is inverted, so that "
                "the mask is 1 where the picture is transparent."
            ),
            inputs=(
                file_choice("image", "input", image_upload=True),
                choice("channel", _CHANNELS),
            ),
            outputs=(MASK.output(),),
            light=True,
            fingerprints_inputs=True,
        )

    @classmethod
    def execute(cls, image: str, channel: str) -> NodeOutput:
        picture = upright(context().input_file(image))
        if channel == "alpha":
            mask = mask_of(picture)
            return NodeOutput(torch.zeros(1, *picture.size[::-1]) if mask is None else mask[None])
        if is_sixteen_bit(picture):
            return NodeOutput(image_of(picture)[None, ..., 0])
        return NodeOutput(channel_of(picture.convert("RGBA").getchannel(channel[0].upper()))[None])

    @classmethod
    def fingerprint_inputs(cls, image: str, channel: str) -> str:
        return file_fingerprint(image)


class LoadImageOutput(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        remote = {
            "route": "/internal/files/output",
            "refresh_button": True,
            "control_after_refresh": "first",
        }
        hints = {"image_upload": True, "image_folder": "output", "remote": remote}
        return Schema(
            class_type="LoadImageOutput",
            display_name="Load Image (from Outputs)",
            category="image",
            description="Reads a picture that a run has produced, named like `name.png [output]`.",
            inputs=(Input(name="image", type=COMBO.name, extra=hints),),
            outputs=(IMAGE.output(), MASK.output()),
            is_experimental=True,
            light=True,
            fingerprints_inputs=True,
        )

    @classmethod
    def execute(cls, image: str) -> NodeOutput:
        return LoadImage.execute(image)

    @classmethod
    def fingerprint_inputs(cls, image: str) -> str:
        return file_fingerprint(image)


class WebcamCapture(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="WebcamCapture",
            display_name="Webcam Capture",
            category="image",
            description="Reads a picture that the editor took with a camera and has uploaded.",
            inputs=(
                Input(name="image", type="WEBCAM"),
                INT.value("width", default=0, minimum=0, maximum=LARGEST_SIDE, step=1),
                INT.value("height", default=0, minimum=0, maximum=LARGEST_SIDE, step=1),
                BOOLEAN.value("capture_on_queue", default=True),
            ),
            outputs=(IMAGE.output(),),
            light=True,
            fingerprints_inputs=True,
            module="comfy_extras.nodes_webcam",
        )

    @classmethod
    def execute(cls, image: str, width: int, height: int, capture_on_queue: bool) -> NodeOutput:
        return NodeOutput(images_of(upright_frames(context().input_file(image))))

    @classmethod
    def fingerprint_inputs(cls, image: str) -> str:
        return file_fingerprint(image)


def joined_masks(masks: list[Tensor | None]) -> Tensor:
    """One mask per frame; 64×64 zeros, as ComfyUI's workflows expect, if no frame has any."""
    found = [mask for mask in masks if mask is not None]
    if not found:
        return torch.zeros(len(masks), 64, 64)
    opaque = torch.zeros_like(found[0])
    return torch.stack([opaque if mask is None else mask for mask in masks])


NODES: tuple[type[Node], ...] = (
    LoadImage,
    LoadImageMask,
    LoadImageOutput,
    WebcamCapture,
)
