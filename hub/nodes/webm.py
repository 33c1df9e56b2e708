"""The node that writes images as WebM."""

from fractions import Fraction
from typing import Any

from torch import Tensor

from hub.nodes.api import (
    FLOAT,
    IMAGE,
    STRING,
    Hidden,
    Node,
    NodeOutput,
    Schema,
    choice,
    context,
)
from hub.nodes.media_tags import as_text, workflow_tags
from hub.nodes.naming import filled_prefix
from hub.nodes.video import VideoComponents
from hub.nodes.video_components import VideoFromComponents
from hub.nodes.video_encoding import Encoding, write_video
from hub.records.output import OutputFolder

_FINEST_RATE = 1001
# Encoder and pixels of each codec: AV1 is made for 10 bits, which it writes no larger than 8.
_CODECS = {"vp9": ("libvpx-vp9", "yuv420p"), "av1": ("libsvtav1", "yuv420p10le")}


class SaveWEBM(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="SaveWEBM",
            display_name="SaveWEBM",
            category="image/video",
            description="Writes the images of a batch as a video in VP9 or AV1, without sound.",
            inputs=(
                IMAGE.input("images"),
                STRING.value("filename_prefix", default="ComfyUI"),
                choice("codec", tuple(_CODECS)),
                FLOAT.value("fps", default=24.0, minimum=0.01, maximum=1000.0, step=0.01),
                FLOAT.value(
                    "crf",
                    default=32.0,
                    minimum=0,
                    maximum=63.0,
                    step=1,
                    tooltip="Lower is better and larger.",
                ),
            ),
            hidden=(Hidden.PROMPT, Hidden.EXTRA_PNGINFO),
            is_output_node=True,
            is_experimental=True,
            light=True,
            module="comfy_extras.nodes_video",
        )

    @classmethod
    def execute(
        cls,
        images: Tensor,
        filename_prefix: str,
        codec: str,
        fps: float,
        crf: float,
        prompt: Any,
        extra_pnginfo: Any,
    ) -> NodeOutput:
        rate = Fraction(fps).limit_denominator(_FINEST_RATE)
        video = VideoFromComponents(VideoComponents(images=images, frame_rate=rate))
        width, height = video.get_dimensions()
        prefix = filled_prefix(filename_prefix, width=width, height=height, number=0)
        file = context().stage(prefix=prefix, suffix=".webm", folder=OutputFolder.OUTPUT)
        encoder, pixels = _CODECS[codec]
        options = {"crf": str(round(crf)), "b": "0"}
        encoding = Encoding(container="webm", codec=encoder, pixels=pixels, options=options)
        tags, total = as_text(workflow_tags(prompt, extra_pnginfo)), video.get_duration()
        write_video(
            file.path,
            encoding,
            video.frames(),
            rate,
            tags=tags,
            progress=lambda seconds: context().progress(min(max(seconds, 0), total), total),
        )
        file.describe(width=width, height=height)
        return NodeOutput(ui={"images": [file.item()], "animated": [True]})


NODES: tuple[type[Node], ...] = (SaveWEBM,)
