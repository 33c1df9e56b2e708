"""Mixes two images."""

import torch
from torch import Tensor

from hub.nodes.api import FLOAT, IMAGE, Node, NodeOutput, Schema, choice
from hub.nodes.bands import bands
from hub.nodes.blend_modes import BLEND_MODES
from hub.nodes.resampling import fitted, with_channels


class ImageBlend(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="ImageBlend",
            display_name="Image Blend",
            category="image/postprocessing",
            description=(
                "Lays the second image over the first in a blend mode, with the factor as opacity. "
                "The second is brought to the size of the first, cut to its ratio."
            ),
            inputs=(
                IMAGE.input("image1"),
                IMAGE.input("image2"),
                FLOAT.value("blend_factor", default=0.5, minimum=0.0, maximum=1.0, step=0.01),
                choice("blend_mode", tuple(BLEND_MODES)),
            ),
            outputs=(IMAGE.output(),),
            light=True,
            module="comfy_extras.nodes_post_processing",
        )

    @classmethod
    def execute(
        cls, image1: Tensor, image2: Tensor, blend_factor: float, blend_mode: str
    ) -> NodeOutput:
        height, width = image1.shape[1:3]
        above = with_channels(fitted(image2, width, height, "bicubic"), image1.shape[-1])
        return NodeOutput(_blended(image1, above.to(image1), blend_factor, blend_mode))


def _blended(below: Tensor, above: Tensor, opacity: float, mode: str) -> Tensor:
    """Two batches of one size, or one of them a single image."""
    batch = max(len(below), len(above))
    result = below.new_empty(batch, *below.shape[1:])
    for band in bands(result):
        mixed = BLEND_MODES[mode](below[:, band], above[:, band])
        torch.lerp(below[:, band], mixed, opacity, out=result[:, band]).clamp_(0, 1)
    return result


NODES: tuple[type[Node], ...] = (ImageBlend,)
