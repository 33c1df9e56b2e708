"""Fits images into a square, as galleries and web pages want them."""

import torch
from torch import Tensor

from hub.nodes.api import BOOLEAN, IMAGE, INT, MASK, Node, NodeOutput, Schema, choice
from hub.nodes.pictures import Images
from hub.nodes.resampling import METHODS, resampled_mask, rescaled
from hub.nodes.scaling import LARGEST_SIDE


class ImageFit(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="ImageFit",
            display_name="Fit Image",
            category="photo",
            description=(
                "Makes the longer side of images as long as wanted and keeps their ratio. Smaller "
                "ones stay as they are unless they may be enlarged. A mask goes along."
            ),
            inputs=(
                IMAGE.input("image"),
                INT.value("longest_side", default=1600, minimum=1, maximum=LARGEST_SIDE, step=1),
                choice("method", METHODS, default="lanczos"),
                BOOLEAN.value("enlarge", default=False),
                MASK.input("mask", optional=True),
            ),
            outputs=(IMAGE.output(), MASK.output()),
            light=True,
            takes_pictures=True,
        )

    @classmethod
    def execute(
        cls,
        image: Images,
        longest_side: int,
        method: str,
        enlarge: bool,
        mask: Tensor | None = None,
    ) -> NodeOutput:
        height, width = image.shape[1:3]
        factor = longest_side / max(height, width)
        if factor > 1 and not enlarge:
            factor = 1.0
        new_width, new_height = (max(1, round(side * factor)) for side in (width, height))
        fitted = rescaled(image, new_width, new_height, method)
        if mask is None:
            return NodeOutput(fitted, torch.zeros(fitted.shape[:3]))
        return NodeOutput(fitted, resampled_mask(mask, new_width, new_height, method))


NODES: tuple[type[Node], ...] = (ImageFit,)
