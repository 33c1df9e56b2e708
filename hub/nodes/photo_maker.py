"""Nodes that put people of pictures into prompts: PhotoMaker."""

from torch import Tensor

from hub.engine.models.photo_maker import PhotoMaker
from hub.engine.models.photo_maker_file import load_photo_maker
from hub.engine.models.text_encoder import TextEncoder
from hub.nodes.api import (
    CLIP,
    CONDITIONING,
    IMAGE,
    PHOTOMAKER,
    STRING,
    Node,
    NodeOutput,
    Schema,
    context,
    file_choice,
)
from hub.nodes.prompts import given_encoder

_CATEGORY = "_for_testing/photomaker"
_MODULE = "comfy_extras.nodes_photomaker"


class PhotoMakerLoader(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="PhotoMakerLoader",
            display_name="PhotoMakerLoader",
            category=_CATEGORY,
            description=(
                "Loads the first version of PhotoMaker, which puts people of pictures into prompts "
                "for Stable Diffusion XL. The LoRA in its file is not put on the model: with the "
                "file in the folder `loras` too, LoraLoader does that."
            ),
            inputs=(file_choice("photomaker_model_name", "photomaker"),),
            outputs=(PHOTOMAKER.output(),),
            module=_MODULE,
            is_experimental=True,
        )

    @classmethod
    def execute(cls, photomaker_model_name: str) -> NodeOutput:
        return NodeOutput(
            load_photo_maker(context().model_file("photomaker", photomaker_model_name))
        )


class PhotoMakerEncode(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="PhotoMakerEncode",
            display_name="PhotoMakerEncode",
            category=_CATEGORY,
            description=(
                "Turns a prompt into what a model understands, with the person on the pictures in "
                "the word before `photomaker`, as in `a photo of a woman photomaker at sea`. "
                "Without that word it is a prompt like any other."
            ),
            inputs=(
                PHOTOMAKER.input("photomaker"),
                IMAGE.input("image"),
                CLIP.input("clip"),
                STRING.value(
                    "text",
                    default="photograph of photomaker",
                    multiline=True,
                    dynamicPrompts=True,
                ),
            ),
            outputs=(CONDITIONING.output(),),
            module=_MODULE,
            is_experimental=True,
        )

    @classmethod
    def execute(
        cls, photomaker: PhotoMaker, image: Tensor, clip: TextEncoder | None, text: str
    ) -> NodeOutput:
        return NodeOutput(photomaker.encode(text, image, given_encoder(clip)))


NODES: tuple[type[Node], ...] = (PhotoMakerLoader, PhotoMakerEncode)
