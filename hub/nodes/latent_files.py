"""Nodes that keep latents in files: safetensors with the workflow inside."""

from pathlib import Path
from typing import Any

import safetensors
import safetensors.torch
import torch
from torch import Tensor

from hub.engine.models.latent_formats import SD1
from hub.engine.models.weight_writing import write_safetensors
from hub.errors import Invalid
from hub.nodes.api import LATENT, STRING, Hidden, Node, NodeOutput, Schema, context, file_choice
from hub.nodes.fingerprints import file_fingerprint
from hub.nodes.naming import filled_prefix
from hub.nodes.saving import metadata_of
from hub.records.output import OutputFolder

Latent = dict[str, Any]
_TENSOR = "latent_tensor"
_VERSION = "latent_format_version_0"  # an empty tensor in files whose latents are not scaled
_RATIO = 8  # pixels for each of a latent


class NotALatent(Invalid):
    """A file was chosen that SaveLatent did not write."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path.name} cannot be read as a latent. Choose a file that SaveLatent wrote."
        )


class SaveLatent(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="SaveLatent",
            display_name="SaveLatent",
            category="_for_testing",
            description="Writes latents into a file of the output folder, without masks.",
            inputs=(
                LATENT.input("samples"),
                STRING.value("filename_prefix", default="latents/ComfyUI"),
            ),
            hidden=(Hidden.PROMPT, Hidden.EXTRA_PNGINFO),
            is_output_node=True,
            light=True,
        )

    @classmethod
    def execute(
        cls, samples: Latent, filename_prefix: str, prompt: Any, extra_pnginfo: Any
    ) -> NodeOutput:
        latent: Tensor = samples["samples"]
        height, width = (side * _RATIO for side in latent.shape[-2:])
        name = filled_prefix(filename_prefix, width=width, height=height, number=0)
        file = context().stage(prefix=name, suffix=".latent", folder=OutputFolder.OUTPUT)
        write_safetensors(
            file.path,
            {_TENSOR: latent.cpu().contiguous(), _VERSION: torch.tensor([])},
            metadata_of(prompt, extra_pnginfo),
        )
        return NodeOutput(ui={"latents": [file.item()]})


class LoadLatent(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="LoadLatent",
            display_name="LoadLatent",
            category="_for_testing",
            description="Reads latents that SaveLatent wrote, from the input folder.",
            inputs=(file_choice("latent", "input"),),
            outputs=(LATENT.output(),),
            light=True,
            fingerprints_inputs=True,
        )

    @classmethod
    def execute(cls, latent: str) -> NodeOutput:
        return NodeOutput({"samples": read_latent(context().input_file(latent))})

    @classmethod
    def fingerprint_inputs(cls, latent: str) -> str:
        return file_fingerprint(latent)


def read_latent(path: Path) -> Tensor:
    """Old files have latents as the denoiser of Stable Diffusion 1 sees them. Raises
    `NotALatent`."""
    try:
        tensors = safetensors.torch.load_file(path)
    except safetensors.SafetensorError as error:
        raise NotALatent(path) from error
    if _TENSOR not in tensors:
        raise NotALatent(path)
    latent = tensors[_TENSOR].float()
    return latent if _VERSION in tensors else SD1.process_out(latent)


NODES: tuple[type[Node], ...] = (SaveLatent, LoadLatent)
