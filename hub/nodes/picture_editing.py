"""Nodes for models that change a picture as they are told (Brooks et al. 2023)."""

import torch
from torch import Tensor

from hub.engine.models.auto_encoder import AutoEncoder
from hub.nodes.api import CONDITIONING, IMAGE, LATENT, VAE, Node, NodeOutput, Schema
from hub.nodes.conditionings import Conditioning, with_options
from hub.nodes.picture_latents import given


class InstructPixToPixConditioning(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="InstructPixToPixConditioning",
            display_name="InstructPixToPixConditioning",
            category="conditioning/instructpix2pix",
            description=(
                "Shows the picture that is to be changed to a model of InstructPix2Pix, on both "
                "sides; the latent is an empty one of its size. With DualCFGGuider the paper's two "
                "scales count: `cond1` and `cond2` are both sides from here, and `negative` is a "
                "prompt that was not led through this node. Edges are cut where a side is no "
                "multiple of 8."
            ),
            inputs=(
                CONDITIONING.input("positive"),
                CONDITIONING.input("negative"),
                VAE.input("vae"),
                IMAGE.input("pixels"),
            ),
            outputs=(
                CONDITIONING.output("positive"),
                CONDITIONING.output("negative"),
                LATENT.output("latent"),
            ),
            module="comfy_extras.nodes_ip2p",
        )

    @classmethod
    def execute(
        cls,
        positive: Conditioning,
        negative: Conditioning,
        vae: AutoEncoder | None,
        pixels: Tensor,
    ) -> NodeOutput:
        shown = given(vae).encode(pixels)
        sides = (with_options(side, concat_latent_image=shown) for side in (positive, negative))
        return NodeOutput(*sides, {"samples": torch.zeros_like(shown)})


NODES: tuple[type[Node], ...] = (InstructPixToPixConditioning,)
