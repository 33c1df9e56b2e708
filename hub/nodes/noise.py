"""Adds noise to images."""

import torch
from torch import Tensor

from hub.nodes.api import FLOAT, IMAGE, INT, Node, NodeOutput, Schema


class ImageAddNoise(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="ImageAddNoise",
            display_name="ImageAddNoise",
            category="image",
            description=(
                "Adds Gaussian noise, with the strength as its standard deviation. The same seed "
                "gives the same noise."
            ),
            inputs=(
                IMAGE.input("image"),
                INT.value(
                    "seed", default=0, minimum=0, maximum=2**64 - 1, control_after_generate=True
                ),
                FLOAT.value("strength", default=0.5, minimum=0.0, maximum=1.0, step=0.01),
            ),
            outputs=(IMAGE.output(),),
            light=True,
            module="comfy_extras.nodes_images",
        )

    @classmethod
    def execute(cls, image: Tensor, seed: int, strength: float) -> NodeOutput:
        # Drawn on the processor, so that it is the same on every device.
        noise = torch.randn(image.shape, generator=torch.Generator().manual_seed(seed))
        return NodeOutput((image + strength * noise.to(image)).clamp_(0, 1))


NODES: tuple[type[Node], ...] = (ImageAddNoise,)
