"""Loading models from files and weights, and what MODEL, CLIP and VAE links carry."""

from collections.abc import Mapping, Sequence
from enum import Enum
from pathlib import Path
from typing import Any

from torch import Tensor

from hub.engine.models.adapter_file import adapter_in
from hub.engine.models.adapters import adapted
from hub.engine.models.auto_encoder import AutoEncoder
from hub.engine.models.checkpoint import autoencoder_in, load_denoiser
from hub.engine.models.checkpoint import load_checkpoint as load_parts
from hub.engine.models.compute import compute_for_denoising
from hub.engine.models.diffusion_model import DiffusionModel
from hub.engine.models.embeddings import Embeddings
from hub.engine.models.saving import checkpoint_tensors
from hub.engine.models.style_model import StyleModel
from hub.engine.models.style_model import load_style_model as load_style
from hub.engine.models.text_encoder import TextEncoder
from hub.engine.models.text_files import load_text_encoder
from hub.engine.models.weight_writing import write_tensors
from hub.nodes.compat.kinds import kind
from hub.nodes.compat.not_yet import not_yet
from hub.nodes.model_loading import DOUBLE_TEXT_TYPES, SINGLE_TEXT_TYPES

__getattr__ = not_yet("comfy.sd")
_TYPES = dict.fromkeys((*SINGLE_TEXT_TYPES, *DOUBLE_TEXT_TYPES))
CLIPType = Enum("CLIPType", [name.upper() for name in _TYPES])  # type: ignore[misc]
Options = Mapping[str, Any] | None
Folders = str | Sequence[str] | None


def load_checkpoint_guess_config(
    ckpt_path: str,
    output_vae: bool = True,
    output_clip: bool = True,
    output_clipvision: bool = False,
    embedding_directory: Folders = None,
    output_model: bool = True,
    model_options: Options = None,
    te_model_options: Options = None,
) -> tuple[DiffusionModel | None, TextEncoder | None, AutoEncoder | None, None]:
    """Model, text encoder, autoencoder; the vision encoder of such models is not known here."""
    parts = load_parts(Path(ckpt_path), _embeddings(embedding_directory))
    return (
        parts.model if output_model else None,
        parts.text if output_clip else None,
        parts.pictures if output_vae else None,
        None,
    )


def load_checkpoint(
    config_path: str | None = None,
    ckpt_path: str = "",
    output_vae: bool = True,
    output_clip: bool = True,
    embedding_directory: Folders = None,
    *more: Any,
) -> tuple[DiffusionModel | None, TextEncoder | None, AutoEncoder | None]:
    """The configuration of old is not read: the weights tell what they are."""
    model, text, pictures, _ = load_checkpoint_guess_config(
        ckpt_path, output_vae, output_clip, embedding_directory=embedding_directory
    )
    return model, text, pictures


def load_diffusion_model(unet_path: str, model_options: Options = None) -> DiffusionModel:
    storage = (model_options or {}).get("dtype")
    return load_denoiser(Path(unet_path), compute_for_denoising(storage))


def load_unet(unet_path: str, dtype: Any = None) -> DiffusionModel:
    return load_diffusion_model(unet_path, {"dtype": dtype})


def load_clip(
    ckpt_paths: Sequence[str],
    embedding_directory: Folders = None,
    clip_type: Any = None,
    model_options: Options = None,
) -> TextEncoder:
    """The weights tell which family's they are."""
    return load_text_encoder([Path(path) for path in ckpt_paths], _embeddings(embedding_directory))


def load_style_model(ckpt_path: str) -> StyleModel:
    return load_style(Path(ckpt_path))


def save_checkpoint(
    output_path: str,
    model: DiffusionModel,
    clip: TextEncoder | None = None,
    vae: AutoEncoder | None = None,
    clip_vision: Any = None,
    metadata: Mapping[str, str] | None = None,
    extra_keys: Mapping[str, Tensor] | None = None,
) -> None:
    """All patches are written with it; no vision encoder is."""
    tensors = checkpoint_tensors(model, clip, vae)
    write_tensors(Path(output_path), {**tensors, **(extra_keys or {})}, metadata)


def load_lora_for_models(
    model: DiffusionModel | None,
    clip: TextEncoder | None,
    lora: Mapping[str, Tensor],
    strength_model: float,
    strength_clip: float,
) -> tuple[DiffusionModel | None, TextEncoder | None]:
    """Copies of both with an adapter of these weights on them."""
    return adapted(adapter_in("LoRA", lora), model, clip, strength_model, strength_clip)


def _autoencoder(
    sd: Mapping[str, Tensor] | None = None,
    device: Any = None,
    config: Any = None,
    dtype: Any = None,
    metadata: Any = None,
) -> AutoEncoder:
    return autoencoder_in(dict(sd or {}), Path("of these weights"))


VAE = kind("comfy.sd.VAE", AutoEncoder, _autoencoder)
CLIP = kind("comfy.sd.CLIP", TextEncoder)


def _embeddings(folders: Folders) -> Embeddings:
    paths = [folders] if isinstance(folders, str) else folders or ()
    return Embeddings([Path(path) for path in paths])
