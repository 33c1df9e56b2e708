"""Nodes that tell a model which objects are where: GLIGEN."""

from hub.engine.models.gligen_file import load_gligen
from hub.engine.models.grounding import KEY, LoadedGligen, with_box
from hub.engine.models.text_encoder import TextEncoder
from hub.nodes.api import (
    CLIP,
    CONDITIONING,
    GLIGEN,
    INT,
    STRING,
    Input,
    Node,
    NodeOutput,
    Schema,
    context,
    file_choice,
)
from hub.nodes.conditionings import Conditioning
from hub.nodes.prompts import given_encoder

_LARGEST_SIDE = 16384
_LATENT = 8  # pixels for each of a latent


class GLIGENLoader(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="GLIGENLoader",
            display_name="GLIGENLoader",
            category="loaders",
            description=(
                "Loads a GLIGEN for boxes with phrases: layers for Stable Diffusion 1 that know "
                "which objects are where."
            ),
            inputs=(file_choice("gligen_name", "gligen"),),
            outputs=(GLIGEN.output(),),
        )

    @classmethod
    def execute(cls, gligen_name: str) -> NodeOutput:
        return NodeOutput(load_gligen(context().model_file("gligen", gligen_name)))


class GLIGENTextBoxApply(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="GLIGENTextBoxApply",
            display_name="GLIGENTextBoxApply",
            category="conditioning/gligen",
            description=(
                "Tells a model that what the text names is in a box of the picture, in pixels. Put "
                "one behind the other for several objects, 30 at most; the prompt should name them "
                "too."
            ),
            inputs=(
                CONDITIONING.input("conditioning_to"),
                CLIP.input("clip"),
                GLIGEN.input("gligen_textbox_model"),
                STRING.value("text", multiline=True, dynamicPrompts=True),
                _pixels("width", 64, 8),
                _pixels("height", 64, 8),
                _pixels("x", 0, 0),
                _pixels("y", 0, 0),
            ),
            outputs=(CONDITIONING.output(),),
        )

    @classmethod
    def execute(
        cls,
        conditioning_to: Conditioning,
        clip: TextEncoder | None,
        gligen_textbox_model: LoadedGligen,
        text: str,
        width: int,
        height: int,
        x: int,
        y: int,
    ) -> NodeOutput:
        encoder = given_encoder(clip)
        _, phrase = encoder.encode_from_tokens(encoder.tokenize(text), return_pooled=True)
        box = (phrase, height // _LATENT, width // _LATENT, y // _LATENT, x // _LATENT)
        return NodeOutput(
            [
                [told, {**rest, KEY: with_box(rest.get(KEY), gligen_textbox_model, box)}]
                for told, rest in conditioning_to
            ]
        )


def _pixels(name: str, default: int, minimum: int) -> Input:
    return INT.value(name, default=default, minimum=minimum, maximum=_LARGEST_SIDE, step=_LATENT)


NODES: tuple[type[Node], ...] = (GLIGENLoader, GLIGENTextBoxApply)
