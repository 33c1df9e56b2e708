"""Nodes that put adapters (LoRA and its kin) on models."""

from hub.engine.models.adapter_file import load_adapter
from hub.engine.models.adapters import adapted
from hub.engine.models.diffusion_model import DiffusionModel
from hub.engine.models.text_encoder import TextEncoder
from hub.nodes.api import (
    CLIP,
    FLOAT,
    MODEL,
    Input,
    Node,
    NodeOutput,
    Schema,
    context,
    file_choice,
)


class LoraLoader(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="LoraLoader",
            display_name="Load LoRA",
            category="loaders",
            description=(
                "Puts an adapter on a denoiser and its text encoder: LoRA, LoHa, LoKr, DoRA or "
                "plain differences. Several can be put on after each other, and a negative "
                "strength takes away what one adds."
            ),
            inputs=(
                MODEL.input("model", tooltip="The denoiser that the adapter changes."),
                CLIP.input("clip", tooltip="The text encoder that the adapter changes."),
                file_choice("lora_name", "loras", tooltip="The file of the adapter."),
                _strength("strength_model", "How much of the change the denoiser gets."),
                _strength("strength_clip", "How much of the change the text encoder gets."),
            ),
            outputs=(MODEL.output(), CLIP.output()),
        )

    @classmethod
    def execute(
        cls,
        model: DiffusionModel,
        clip: TextEncoder | None,
        lora_name: str,
        strength_model: float,
        strength_clip: float,
    ) -> NodeOutput:
        if not strength_model and not strength_clip:
            return NodeOutput(model, clip)
        adapter = load_adapter(context().model_file("loras", lora_name))
        return NodeOutput(*adapted(adapter, model, clip, strength_model, strength_clip))


class LoraLoaderModelOnly(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="LoraLoaderModelOnly",
            display_name="LoraLoaderModelOnly",
            category="loaders",
            description="Puts an adapter on a denoiser and leaves the text encoder as it is.",
            inputs=(
                MODEL.input("model"),
                file_choice("lora_name", "loras"),
                _strength("strength_model", "How much of the change the denoiser gets."),
            ),
            outputs=(MODEL.output(),),
        )

    @classmethod
    def execute(cls, model: DiffusionModel, lora_name: str, strength_model: float) -> NodeOutput:
        if not strength_model:
            return NodeOutput(model)
        adapter = load_adapter(context().model_file("loras", lora_name))
        changed, _ = adapted(adapter, model, None, strength_model, 0.0)
        return NodeOutput(changed)


def _strength(name: str, tooltip: str) -> Input:
    return FLOAT.value(name, default=1.0, minimum=-100.0, maximum=100.0, step=0.01, tooltip=tooltip)


NODES: tuple[type[Node], ...] = (LoraLoader, LoraLoaderModelOnly)
