"""Nodes that write models into files, as they are with all that was changed about them."""

from collections.abc import Mapping
from typing import Any

from torch import Tensor

from hub.engine.models.auto_encoder import AutoEncoder
from hub.engine.models.diffusion_model import DiffusionModel
from hub.engine.models.extraction import Extraction, Form
from hub.engine.models.saving import checkpoint_tensors
from hub.engine.models.text_encoder import TextEncoder
from hub.engine.models.weight_writing import write_tensors
from hub.nodes.api import (
    BOOLEAN,
    CLIP,
    INT,
    MODEL,
    STRING,
    VAE,
    Hidden,
    Input,
    Node,
    NodeOutput,
    Schema,
    choice,
    context,
)
from hub.nodes.naming import filled_prefix
from hub.nodes.picture_latents import given
from hub.nodes.prompts import given_encoder
from hub.nodes.saving import metadata_of
from hub.records.output import OutputFolder


class CheckpointSave(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return _schema(
            "CheckpointSave",
            "Save Checkpoint",
            "Writes a whole model, with what LoRAs and merges changed, as one file.",
            (MODEL.input("model"), CLIP.input("clip"), VAE.input("vae")),
            "checkpoints/ComfyUI",
        )

    @classmethod
    def execute(
        cls,
        model: DiffusionModel,
        clip: TextEncoder,
        vae: AutoEncoder,
        filename_prefix: str,
        prompt: Any,
        extra_pnginfo: Any,
    ) -> NodeOutput:
        tensors = checkpoint_tensors(model, clip, vae)
        return _written(filename_prefix, tensors, prompt, extra_pnginfo)


class ModelSave(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return _schema(
            "ModelSave",
            "ModelSave",
            "Writes a denoiser, with what LoRAs and merges changed.",
            (MODEL.input("model"),),
            "diffusion_models/ComfyUI",
        )

    @classmethod
    def execute(
        cls, model: DiffusionModel, filename_prefix: str, prompt: Any, extra_pnginfo: Any
    ) -> NodeOutput:
        return _written(filename_prefix, checkpoint_tensors(model), prompt, extra_pnginfo)


class CLIPSave(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return _schema(
            "CLIPSave",
            "CLIPSave",
            "Writes text encoders, with what LoRAs and merges changed: a file for each.",
            (CLIP.input("clip"),),
            "clip/ComfyUI",
        )

    @classmethod
    def execute(
        cls, clip: TextEncoder | None, filename_prefix: str, prompt: Any, extra_pnginfo: Any
    ) -> NodeOutput:
        for key, tensors in given_encoder(clip).saved_weights().items():
            _written(f"{filename_prefix}_clip_{key}", tensors, prompt, extra_pnginfo)
        return NodeOutput()


class VAESave(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return _schema(
            "VAESave",
            "VAESave",
            "Writes an autoencoder.",
            (VAE.input("vae"),),
            "vae/ComfyUI_vae",
        )

    @classmethod
    def execute(
        cls, vae: AutoEncoder | None, filename_prefix: str, prompt: Any, extra_pnginfo: Any
    ) -> NodeOutput:
        return _written(filename_prefix, given(vae).saved_weights(), prompt, extra_pnginfo)


class LoraSave(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="LoraSave",
            display_name="Extract and Save Lora",
            category="_for_testing",
            description=(
                "Writes a LoRA that changes one model into another, of what ModelMergeSubtract "
                "gives of the two, and CLIPMergeSubtract of their text encoders."
            ),
            inputs=(
                STRING.value("filename_prefix", default="loras/ComfyUI_extracted_lora"),
                INT.value(
                    "rank",
                    default=8,
                    minimum=1,
                    maximum=4096,
                    step=1,
                    tooltip="How much of the difference a LoRA can hold, and how large it gets.",
                ),
                choice(
                    "lora_type",
                    tuple(form.value for form in Form),
                    tooltip="standard writes factors of that rank, full_diff whole differences.",
                ),
                BOOLEAN.value(
                    "bias_diff",
                    default=True,
                    tooltip="Also writes what differs in biases and other vectors.",
                ),
                MODEL.input("model_diff", optional=True, tooltip="What ModelMergeSubtract gives."),
                CLIP.input(
                    "text_encoder_diff", optional=True, tooltip="What CLIPMergeSubtract gives."
                ),
            ),
            hidden=(Hidden.PROMPT, Hidden.EXTRA_PNGINFO),
            is_output_node=True,
            is_experimental=True,
            module="comfy_extras.nodes_lora_extract",
        )

    @classmethod
    def execute(
        cls,
        filename_prefix: str,
        rank: int,
        lora_type: str,
        bias_diff: bool,
        prompt: Any,
        extra_pnginfo: Any,
        model_diff: DiffusionModel | None = None,
        text_encoder_diff: TextEncoder | None = None,
    ) -> NodeOutput:
        extraction = Extraction(form=Form(lora_type), rank=rank, has_vectors=bias_diff)
        tensors = extraction.tensors(model_diff, text_encoder_diff, context().progress)
        return _written(filename_prefix, tensors, prompt, extra_pnginfo)


def _schema(
    name: str, display_name: str, description: str, parts: tuple[Input, ...], prefix: str
) -> Schema:
    return Schema(
        class_type=name,
        display_name=display_name,
        category="advanced/model_merging",
        description=description,
        inputs=(*parts, STRING.value("filename_prefix", default=prefix)),
        hidden=(Hidden.PROMPT, Hidden.EXTRA_PNGINFO),
        is_output_node=True,
        module="comfy_extras.nodes_model_merging",
    )


def _written(
    prefix: str, tensors: Mapping[str, Tensor], prompt: Any, extra_pnginfo: Any
) -> NodeOutput:
    name = filled_prefix(prefix, width=0, height=0, number=0)
    file = context().stage(prefix=name, suffix=".safetensors", folder=OutputFolder.OUTPUT)
    write_tensors(file.path, tensors, metadata_of(prompt, extra_pnginfo))
    return NodeOutput()


NODES: tuple[type[Node], ...] = (CheckpointSave, ModelSave, CLIPSave, VAESave, LoraSave)
