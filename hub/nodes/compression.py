"""A node that gives images the traces of compression that frames of videos have."""

import io
from fractions import Fraction

import torch
from torch import Tensor

from hub.nodes.api import IMAGE, INT, Node, NodeOutput, Schema
from hub.nodes.video import VideoComponents
from hub.nodes.video_components import VideoFromComponents
from hub.nodes.video_encoding import Encoding, write_video
from hub.nodes.video_file import VideoFromFile


class LTXVPreprocess(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="LTXVPreprocess",
            display_name="LTXVPreprocess",
            category="image",
            description=(
                "Compresses images as a video is, which video models expect of what they go on "
                "from; 0 leaves them as they are. An odd last row or column is cut off."
            ),
            inputs=(
                IMAGE.input("image"),
                INT.value(
                    "img_compression",
                    default=35,
                    minimum=0,
                    maximum=100,
                    tooltip="How much is lost: the constant rate factor of H.264.",
                ),
            ),
            outputs=(IMAGE.output("output_image"),),
            light=True,
            module="comfy_extras.nodes_lt",
        )

    @classmethod
    def execute(cls, image: Tensor, img_compression: int) -> NodeOutput:
        if img_compression == 0:
            return NodeOutput(image)
        return NodeOutput(
            torch.cat([compressed(one, img_compression) for one in torch.split(image, 1)])
        )


def compressed(image: Tensor, rate_factor: int) -> Tensor:
    """An image [1, height, width, channels] as it looks as the only frame of a video."""
    still = VideoFromComponents(VideoComponents(images=image, frame_rate=Fraction(1)))
    options = {"crf": str(rate_factor), "preset": "veryfast"}
    encoding = Encoding(container="mp4", codec="libx264", options=options)
    file = io.BytesIO()
    write_video(file, encoding, still.frames(), still.get_frame_rate(), tags={})
    return VideoFromFile(file).get_components().images


NODES: tuple[type[Node], ...] = (LTXVPreprocess,)
