"""Models as diffusers saves them, made of checkpoints."""

import json
from pathlib import Path

from safetensors.torch import save_file
from torch import Tensor

from hub.engine.models.checkpoint import VAE, load_checkpoint
from hub.engine.models.diffusers_names import diffusers_names
from hub.engine.models.model_file import below, read_tensors

NEW = {"q": "to_q", "k": "to_k", "v": "to_v", "proj_out": "to_out.0"}
OLD = {"q": "query", "k": "key", "v": "value", "proj_out": "proj_attn"}
_PARTS = {
    "norm_out": "conv_norm_out",
    "mid.block_1": "mid_block.resnets.0",
    "mid.block_2": "mid_block.resnets.1",
    "mid.attn_1": "mid_block.attentions.0",
    "down.": "down_blocks.",
    ".block.": ".resnets.",
    "downsample": "downsamplers.0",
    "upsample": "upsamplers.0",
    "nin_shortcut": "conv_shortcut",
}


def saved_by_diffusers(name: str, tensor: Tensor, attention: dict[str, str]) -> tuple[str, Tensor]:
    """A parameter of an autoencoder."""
    for level in range(4):
        name = name.replace(f".up.{level}.", f".up_blocks.{3 - level}.")
    for ours, theirs in _PARTS.items():
        name = name.replace(ours, theirs)
    if ".attentions.0." not in name:
        return name, tensor
    before, part, kind = name.rsplit(".", 2)
    if part == "norm":
        return f"{before}.group_norm.{kind}", tensor
    return f"{before}.{attention[part]}.{kind}", tensor.squeeze(
        (2, 3)
    ) if kind == "weight" else tensor


def save_folder(checkpoint: Path, folder: Path) -> None:
    """A folder with the parts of a checkpoint that has one text encoder, each by itself."""
    loaded = load_checkpoint(checkpoint)
    assert loaded.text is not None
    names = diffusers_names(loaded.model.model.diffusion_model)
    unet = {}
    for name, value in loaded.model.model.weights.originals.items():
        layer, _, kind = name.rpartition(".")
        unet[f"{names[layer]}.{kind}"] = value
    pictures = below(read_tensors(checkpoint), VAE)
    (text,) = loaded.text.saved_weights().values()
    parts = {
        "unet/diffusion_pytorch_model": unet,
        "vae/diffusion_pytorch_model": dict(
            saved_by_diffusers(*pair, NEW) for pair in pictures.items()
        ),
        "text_encoder/model": text,
    }
    for name, tensors in parts.items():
        path = folder / f"{name}.safetensors"
        path.parent.mkdir(parents=True)
        save_file({key: value.contiguous() for key, value in tensors.items()}, path)
    index = {"_class_name": "StableDiffusionPipeline"}
    (folder / "model_index.json").write_text(json.dumps(index))
