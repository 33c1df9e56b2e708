"""Nodes that turn prompts into conditionings."""

from collections.abc import Sequence

from hub.engine.models.conditions import Entry
from hub.engine.models.text_encoder import TextEncoder
from hub.errors import Invalid
from hub.nodes.api import CLIP, CONDITIONING, FLOAT, INT, STRING, Input, Node, NodeOutput, Schema

_MODULE = "comfy_extras.nodes_clip_sdxl"
_LARGEST_SIDE = 16384


class NoTextEncoder(Invalid):
    """The checkpoint that a CLIP link comes from has none."""

    def __init__(self) -> None:
        super().__init__(
            "There is no text encoder on the clip input: the checkpoint that it comes from has "
            "none. Load one with CLIPLoader, for XL both with DualCLIPLoader, or choose a whole "
            "checkpoint."
        )


class NotTheEncodersOfXl(Invalid):
    """A node has a text for each of two encoders, and there is only one."""

    def __init__(self) -> None:
        super().__init__(
            "CLIPTextEncodeSDXL takes the two text encoders of Stable Diffusion XL, and the clip "
            "input has only one. Use CLIPTextEncode for this model, or "
            "CLIPTextEncodeSDXLRefiner for the refiner."
        )


class CLIPTextEncode(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="CLIPTextEncode",
            display_name="CLIP Text Encode (Prompt)",
            category="conditioning",
            description=(
                "Turns a prompt into what a model understands. `(words:1.3)` weigh more, and "
                "`embedding:name` stands for an embedding file."
            ),
            inputs=(_prompt("text"), CLIP.input("clip")),
            outputs=(CONDITIONING.output(),),
        )

    @classmethod
    def execute(cls, text: str, clip: TextEncoder | None) -> NodeOutput:
        encoder = given_encoder(clip)
        return NodeOutput(encoder.encode_from_tokens_scheduled(encoder.tokenize(text)))


class CLIPSetLastLayer(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="CLIPSetLastLayer",
            display_name="CLIP Set Last Layer",
            category="conditioning",
            description=(
                "Tells the model what an earlier layer of the text encoder says: -2 is the last "
                "but one."
            ),
            inputs=(
                CLIP.input("clip"),
                INT.value("stop_at_clip_layer", default=-1, minimum=-24, maximum=-1, step=1),
            ),
            outputs=(CLIP.output(),),
            light=True,
        )

    @classmethod
    def execute(cls, clip: TextEncoder | None, stop_at_clip_layer: int) -> NodeOutput:
        earlier = given_encoder(clip).clone()
        earlier.clip_layer(stop_at_clip_layer)
        return NodeOutput(earlier)


class CLIPTextEncodeSDXL(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="CLIPTextEncodeSDXL",
            display_name="CLIPTextEncodeSDXL",
            category="advanced/conditioning",
            description=(
                "A prompt for each text encoder of Stable Diffusion XL, with the size that the "
                "picture should seem to have been made from, its crop and the size aimed at."
            ),
            inputs=(
                CLIP.input("clip"),
                _side("width"),
                _side("height"),
                _side("crop_w", 0),
                _side("crop_h", 0),
                _side("target_width"),
                _side("target_height"),
                _prompt("text_g"),
                _prompt("text_l"),
            ),
            outputs=(CONDITIONING.output(),),
            module=_MODULE,
        )

    @classmethod
    def execute(
        cls,
        clip: TextEncoder | None,
        width: int,
        height: int,
        crop_w: int,
        crop_h: int,
        target_width: int,
        target_height: int,
        text_g: str,
        text_l: str,
    ) -> NodeOutput:
        sizes = {
            "width": width,
            "height": height,
            "crop_w": crop_w,
            "crop_h": crop_h,
            "target_width": target_width,
            "target_height": target_height,
        }
        encoder = given_encoder(clip)
        if len(encoder.encoders) < 2:
            raise NotTheEncodersOfXl
        tokens = encoder.tokenize(text_g) | {"l": encoder.tokenize(text_l)["l"]}
        return NodeOutput(encoder.encode_from_tokens_scheduled(encoder.filled(tokens), sizes))


class CLIPTextEncodeSDXLRefiner(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="CLIPTextEncodeSDXLRefiner",
            display_name="CLIPTextEncodeSDXLRefiner",
            category="advanced/conditioning",
            description=(
                "A prompt for the refiner of Stable Diffusion XL, with the aesthetic score and the "
                "size that the picture should seem to have."
            ),
            inputs=(
                FLOAT.value("ascore", default=6.0, minimum=0.0, maximum=1000.0, step=0.01),
                _side("width"),
                _side("height"),
                _prompt("text"),
                CLIP.input("clip"),
            ),
            outputs=(CONDITIONING.output(),),
            module=_MODULE,
        )

    @classmethod
    def execute(
        cls, ascore: float, width: int, height: int, text: str, clip: TextEncoder | None
    ) -> NodeOutput:
        encoder = given_encoder(clip)
        options = {"aesthetic_score": ascore, "width": width, "height": height}
        return NodeOutput(encoder.encode_from_tokens_scheduled(encoder.tokenize(text), options))


class CLIPTextEncodeControlnet(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="CLIPTextEncodeControlnet",
            display_name="CLIPTextEncodeControlnet",
            category="_for_testing/conditioning",
            description=(
                "Tells the ControlNets of a conditioning another text than the model: what they "
                "should see in their picture."
            ),
            inputs=(CLIP.input("clip"), CONDITIONING.input("conditioning"), _prompt("text")),
            outputs=(CONDITIONING.output(),),
            is_experimental=True,
            module="comfy_extras.nodes_cond",
        )

    @classmethod
    def execute(
        cls, clip: TextEncoder | None, conditioning: Sequence[Entry], text: str
    ) -> NodeOutput:
        encoder = given_encoder(clip)
        states, pooled = encoder.encode_from_tokens(encoder.tokenize(text), return_pooled=True)
        told = {"cross_attn_controlnet": states, "pooled_output_controlnet": pooled}
        return NodeOutput([[own, {**options, **told}] for own, options in conditioning])


def _prompt(name: str) -> Input:
    return STRING.value(name, multiline=True, dynamicPrompts=True)


def _side(name: str, default: int = 1024) -> Input:
    return INT.value(name, default=default, minimum=0, maximum=_LARGEST_SIDE)


def given_encoder(clip: TextEncoder | None) -> TextEncoder:
    if clip is None:
        raise NoTextEncoder
    return clip


NODES: tuple[type[Node], ...] = (
    CLIPTextEncode,
    CLIPSetLastLayer,
    CLIPTextEncodeSDXL,
    CLIPTextEncodeSDXLRefiner,
    CLIPTextEncodeControlnet,
)
