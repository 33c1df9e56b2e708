"""Nodes for models that draw a small picture anew, larger."""

import torch
from torch import Tensor

from hub.nodes.api import CONDITIONING, FLOAT, IMAGE, LATENT, Node, NodeOutput, Schema
from hub.nodes.conditionings import Conditioning, with_options
from hub.nodes.resampling import fitted

_PIXELS = 4  # of a side of the large picture, for each of the latent


class SDUpscaleConditioning(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="SD_4XUpscale_Conditioning",
            display_name="SD_4XUpscale_Conditioning",
            category="conditioning/upscale_diffusion",
            description=(
                "Shows a picture to the x4 upscaler of Stable Diffusion 2, on both sides. What it "
                "makes is `scale_ratio` times as large; the latent is an empty one for that size. "
                "`noise_augmentation` puts noise on the picture, which the model takes for flaws: "
                "the more of it, the more it draws by itself."
            ),
            inputs=(
                IMAGE.input("images"),
                CONDITIONING.input("positive"),
                CONDITIONING.input("negative"),
                FLOAT.value("scale_ratio", default=4.0, minimum=0.0, maximum=10.0, step=0.01),
                FLOAT.value(
                    "noise_augmentation", default=0.0, minimum=0.0, maximum=1.0, step=0.001
                ),
            ),
            outputs=(
                CONDITIONING.output("positive"),
                CONDITIONING.output("negative"),
                LATENT.output("latent"),
            ),
            light=True,
            module="comfy_extras.nodes_sdupscale",
        )

    @classmethod
    def execute(
        cls,
        images: Tensor,
        positive: Conditioning,
        negative: Conditioning,
        scale_ratio: float,
        noise_augmentation: float,
    ) -> NodeOutput:
        height, width = (_side(side, scale_ratio) for side in images.shape[1:3])
        small = fitted(images[..., :3], width, height, "bilinear").movedim(-1, 1)
        shown = {"concat_image": small * 2 - 1, "noise_augmentation": noise_augmentation}
        sides = (with_options(side, **shown) for side in (positive, negative))
        return NodeOutput(*sides, {"samples": torch.zeros(len(images), 4, height, width)})


def _side(pixels: int, ratio: float) -> int:
    """Of the latent."""
    return max(1, round(pixels * ratio) // _PIXELS)


NODES: tuple[type[Node], ...] = (SDUpscaleConditioning,)
