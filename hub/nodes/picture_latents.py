"""Nodes that turn pictures into latents and back."""

from typing import Any

from torch import Tensor

from hub.engine.models.auto_encoder import AutoEncoder
from hub.errors import Invalid
from hub.nodes.api import (
    BOOLEAN,
    CONDITIONING,
    IMAGE,
    INT,
    LATENT,
    MASK,
    VAE,
    Input,
    Node,
    NodeOutput,
    Schema,
)
from hub.nodes.conditionings import Conditioning, with_options
from hub.nodes.inpainting import cropped, greyed, grown, mask_for

Latent = dict[str, Any]
_INPAINTING_RATIO = 8


class NoAutoencoder(Invalid):
    """The checkpoint that a VAE link comes from has none."""

    def __init__(self) -> None:
        super().__init__(
            "There is no autoencoder on the vae input: the checkpoint that it comes from has none. "
            "Load one with VAELoader, or choose a whole checkpoint."
        )


class VAEDecode(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="VAEDecode",
            display_name="VAE Decode",
            category="latent",
            description="Turns latents into pictures, in tiles if memory does not suffice.",
            inputs=(LATENT.input("samples"), VAE.input("vae")),
            outputs=(IMAGE.output(),),
        )

    @classmethod
    def execute(cls, samples: Latent, vae: AutoEncoder | None) -> NodeOutput:
        return NodeOutput(given(vae).decode(samples["samples"]))


class VAEDecodeTiled(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="VAEDecodeTiled",
            display_name="VAE Decode (Tiled)",
            category="_for_testing",
            description=(
                "Turns latents into pictures tile by tile, which takes less memory. Sizes are in "
                "pixels; those in time are for videos."
            ),
            inputs=(LATENT.input("samples"), VAE.input("vae"), *_tile_inputs(step=32)),
            outputs=(IMAGE.output(),),
        )

    @classmethod
    def execute(
        cls,
        samples: Latent,
        vae: AutoEncoder | None,
        tile_size: int,
        overlap: int,
        temporal_size: int,
        temporal_overlap: int,
    ) -> NodeOutput:
        decoder = given(vae)
        ratio = decoder.spacial_compression_decode()
        tile, overlap = tile_size // ratio, min(overlap, tile_size // 4) // ratio
        return NodeOutput(decoder.decode_tiled(samples["samples"], tile, tile, overlap))


class VAEEncode(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="VAEEncode",
            display_name="VAE Encode",
            category="latent",
            description=(
                "Turns pictures into latents, in tiles if memory does not suffice. Edges are cut "
                "where a side is no multiple of 8."
            ),
            inputs=(IMAGE.input("pixels"), VAE.input("vae")),
            outputs=(LATENT.output(),),
        )

    @classmethod
    def execute(cls, pixels: Tensor, vae: AutoEncoder | None) -> NodeOutput:
        return NodeOutput({"samples": given(vae).encode(pixels)})


class VAEEncodeTiled(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="VAEEncodeTiled",
            display_name="VAE Encode (Tiled)",
            category="_for_testing",
            description=(
                "Turns pictures into latents tile by tile, which takes less memory. Sizes are in "
                "pixels; those in time are for videos."
            ),
            inputs=(IMAGE.input("pixels"), VAE.input("vae"), *_tile_inputs(step=64)),
            outputs=(LATENT.output(),),
        )

    @classmethod
    def execute(
        cls,
        pixels: Tensor,
        vae: AutoEncoder | None,
        tile_size: int,
        overlap: int,
        temporal_size: int,
        temporal_overlap: int,
    ) -> NodeOutput:
        overlap = min(overlap, tile_size // 4)
        latent = given(vae).encode_tiled(pixels, tile_size, tile_size, overlap)
        return NodeOutput({"samples": latent})


class VAEEncodeForInpaint(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="VAEEncodeForInpaint",
            display_name="VAE Encode (for Inpainting)",
            category="latent/inpaint",
            description=(
                "Turns pictures into latents with grey where a mask is, for models that were "
                "trained to fill that in. What may change is the mask, grown by some pixels."
            ),
            inputs=(
                IMAGE.input("pixels"),
                VAE.input("vae"),
                MASK.input("mask"),
                INT.value("grow_mask_by", default=6, minimum=0, maximum=64, step=1),
            ),
            outputs=(LATENT.output(),),
        )

    @classmethod
    def execute(
        cls, pixels: Tensor, vae: AutoEncoder | None, mask: Tensor, grow_mask_by: int
    ) -> NodeOutput:
        encoder = given(vae)
        pixels, mask = cropped(pixels, mask_for(pixels, mask), encoder.downscale_ratio)
        latent = encoder.encode(greyed(pixels, mask))
        return NodeOutput({"samples": latent, "noise_mask": grown(mask, grow_mask_by)})


class InpaintModelConditioning(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="InpaintModelConditioning",
            display_name="InpaintModelConditioning",
            category="conditioning/inpaint",
            description=(
                "Shows an inpainting model the picture without what is masked. With `noise_mask` "
                "nothing but what is masked changes."
            ),
            inputs=(
                CONDITIONING.input("positive"),
                CONDITIONING.input("negative"),
                VAE.input("vae"),
                IMAGE.input("pixels"),
                MASK.input("mask"),
                BOOLEAN.value("noise_mask", default=True),
            ),
            outputs=(
                CONDITIONING.output("positive"),
                CONDITIONING.output("negative"),
                LATENT.output("latent"),
            ),
        )

    @classmethod
    def execute(
        cls,
        positive: Conditioning,
        negative: Conditioning,
        vae: AutoEncoder | None,
        pixels: Tensor,
        mask: Tensor,
        noise_mask: bool,
    ) -> NodeOutput:
        encoder = given(vae)
        pixels, mask = cropped(pixels, mask_for(pixels, mask), _INPAINTING_RATIO)
        shown = {
            "concat_latent_image": encoder.encode(greyed(pixels, mask)),
            "concat_mask": mask,
        }
        latent = {"samples": encoder.encode(pixels)} | ({"noise_mask": mask} if noise_mask else {})
        return NodeOutput(with_options(positive, **shown), with_options(negative, **shown), latent)


def _tile_inputs(step: int) -> tuple[Input, ...]:
    return (
        INT.value("tile_size", default=512, minimum=64, maximum=4096, step=step),
        INT.value("overlap", default=64, minimum=0, maximum=4096, step=32),
        INT.value("temporal_size", default=64, minimum=8, maximum=4096, step=4),
        INT.value("temporal_overlap", default=8, minimum=4, maximum=4096, step=4),
    )


def given(vae: AutoEncoder | None) -> AutoEncoder:
    """What a VAE link carries. Raises `NoAutoencoder`."""
    if vae is None:
        raise NoAutoencoder
    return vae


NODES: tuple[type[Node], ...] = (
    VAEDecode,
    VAEDecodeTiled,
    VAEEncode,
    VAEEncodeTiled,
    VAEEncodeForInpaint,
    InpaintModelConditioning,
)
