"""A model file taken apart: which of its tensors are denoiser, text encoders and autoencoder."""

from dataclasses import dataclass
from pathlib import Path

from hub.engine.models import diffusers_vae
from hub.engine.models.auto_encoder import AutoEncoder
from hub.engine.models.compute import Compute
from hub.engine.models.denoiser import Denoiser
from hub.engine.models.diffusers_layout import UNET_MARK, in_first_names
from hub.engine.models.diffusion_model import DiffusionModel
from hub.engine.models.embeddings import Embeddings
from hub.engine.models.families import MARKS, UnknownModel, recognised
from hub.engine.models.model_file import Tensors, below, read_tensors
from hub.engine.models.text_encoder import TextEncoder
from hub.engine.models.text_files import text_encoder_in
from hub.engine.models.unet import UNet
from hub.engine.models.weights import mapped
from hub.errors import Invalid

UNET = "model.diffusion_model."
VAE = "first_stage_model."
_VAE_PARTS = ("encoder.", "decoder.", "quant_conv.", "post_quant_conv.")


class WrongKindOfFile(Invalid):
    """A file holds another part of a model than the one that is wanted from it."""

    def __init__(self, path: Path, holds: str, loader: str) -> None:
        super().__init__(
            f"The model file {path.name} holds only {holds}. Load it with {loader} instead."
        )


class NoAutoencoder(Invalid):
    """A file has no autoencoder that we know."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"The model file {path.name} holds no autoencoder of Stable Diffusion (with keys such "
            "as `decoder.conv_in.weight`). Choose another file."
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Checkpoint:
    """The parts of a whole model; what a file lacks is None."""

    model: DiffusionModel
    text: TextEncoder | None
    pictures: AutoEncoder | None


def load_checkpoint(path: Path, embeddings: Embeddings | None = None) -> Checkpoint:
    """Map a whole model. Raises `UnknownModel`, `WeightsDoNotFit`, what `load_weights` raises, and
    `WrongKindOfFile` for a file that is only a part."""
    tensors = read_tensors(path)
    unet = below(tensors, UNET)
    if not unet:
        _refuse_a_part(path, tensors)
    denoiser = _denoiser(path, unet, tensors)
    vae = _vae_in(below(tensors, VAE))
    return Checkpoint(
        model=DiffusionModel(denoiser),
        text=text_encoder_in(tensors, denoiser.family, embeddings, path),
        pictures=AutoEncoder.of(vae, path) if vae else None,
    )


def load_denoiser(path: Path, compute: Compute | None = None) -> DiffusionModel:
    """Map the denoiser of a file that holds it alone, by the names of diffusers too, or among other
    parts. Raises the same."""
    tensors = read_tensors(path)
    unet = below(tensors, UNET) or tensors
    if UNET_MARK in unet:
        unet = in_first_names(unet)
    return DiffusionModel(_denoiser(path, unet, tensors), compute)


def load_autoencoder(path: Path) -> AutoEncoder:
    """Map the autoencoder of a file that holds it alone, by the names of diffusers too, or among
    other parts. Raises the same, and `NoAutoencoder`."""
    return autoencoder_in(read_tensors(path), path)


def autoencoder_in(tensors: Tensors, path: Path) -> AutoEncoder:
    """The same, of a file that was read already."""
    found = below(tensors, VAE) or tensors
    if diffusers_vae.MARK in found:
        found = diffusers_vae.in_first_names(found)
    vae = _vae_in(found)
    if "decoder.conv_in.weight" not in vae:
        raise NoAutoencoder(path)
    return AutoEncoder.of(vae, path)


def _denoiser(path: Path, unet: Tensors, tensors: Tensors) -> Denoiser:
    facts = recognised(path, unet, tensors)
    own = {name: tensor for name, tensor in unet.items() if name not in MARKS}
    return Denoiser(mapped("denoiser", UNet, own, path), facts)


def _vae_in(tensors: Tensors) -> Tensors:
    """Files of an autoencoder alone hold what its training needed besides."""
    return {name: tensor for name, tensor in tensors.items() if name.startswith(_VAE_PARTS)}


def _refuse_a_part(path: Path, tensors: Tensors) -> None:
    if "input_blocks.0.0.weight" in tensors or UNET_MARK in tensors:
        raise WrongKindOfFile(path, "a denoiser", "UNETLoader")
    if "decoder.conv_in.weight" in tensors:
        raise WrongKindOfFile(path, "an autoencoder", "VAELoader")
    if any("text_model." in name or "transformer.resblocks." in name for name in tensors):
        raise WrongKindOfFile(path, "a text encoder", "CLIPLoader")
    raise UnknownModel(path, tensors)
