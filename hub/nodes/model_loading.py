"""Nodes that load models from the folders for them."""

import torch

from hub.engine.models.checkpoint import load_autoencoder, load_checkpoint, load_denoiser
from hub.engine.models.checkpoint_config import KNOWN as KNOWN_CONFIGS
from hub.engine.models.checkpoint_config import configured, read_config
from hub.engine.models.compute import compute_for_denoising, compute_for_text
from hub.engine.models.diffusers_folder import load_folder
from hub.engine.models.embeddings import Embeddings
from hub.engine.models.text_files import load_text_encoder
from hub.engine.models.tiny_autoencoder import FAMILIES as TINY_AUTOENCODERS
from hub.engine.models.tiny_autoencoder import load_tiny_autoencoder, pixel_space
from hub.errors import Invalid
from hub.nodes.api import (
    CLIP,
    COMBO,
    MODEL,
    VAE,
    Input,
    Node,
    NodeOutput,
    Schema,
    choice,
    context,
    file_choice,
)

_STORAGES = {
    "default": None,
    "fp8_e4m3fn": torch.float8_e4m3fn,
    "fp8_e4m3fn_fast": torch.float8_e4m3fn,
    "fp8_e5m2": torch.float8_e5m2,
}
_PIXEL_SPACE = "pixel_space"
SINGLE_TEXT_TYPES = (
    *("stable_diffusion", "stable_cascade", "sd3", "stable_audio", "mochi", "ltxv", "pixart"),
    *("cosmos", "lumina2", "wan", "hidream", "chroma", "ace", "omnigen2", "qwen_image"),
    *("hunyuan_image", "flux2", "ovis"),
)
DOUBLE_TEXT_TYPES = (
    *("sdxl", "sd3", "flux", "hunyuan_video", "hidream", "hunyuan_image", "hunyuan_video_15"),
    *("kandinsky5", "kandinsky5_image", "ltxv", "newbie"),
)
_DEVICE = Input(
    name="device",
    type=COMBO.name,
    optional=True,
    default="default",
    options=("default", "cpu"),
    extra={"advanced": True},
)


class NotOfferedYet(Invalid):
    """A choice of ComfyUI's that the hub cannot carry out."""

    def __init__(self, loader: str, kind: str, offered: str) -> None:
        super().__init__(
            f"{loader} cannot load for {kind!r} yet, only for {offered!r}. Choose that, or a "
            "workflow for another model."
        )


class CheckpointLoaderSimple(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="CheckpointLoaderSimple",
            display_name="Load Checkpoint",
            category="loaders",
            description=(
                "Loads a whole model of Stable Diffusion 1, 2 or XL from a single file: the "
                "denoiser, its text encoders and its autoencoder."
            ),
            inputs=(file_choice("ckpt_name", "checkpoints"),),
            outputs=(MODEL.output(), CLIP.output(), VAE.output()),
        )

    @classmethod
    def execute(cls, ckpt_name: str) -> NodeOutput:
        path = context().model_file("checkpoints", ckpt_name)
        loaded = load_checkpoint(path, _embeddings())
        return NodeOutput(loaded.model, loaded.text, loaded.pictures)


class CheckpointLoader(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        config_name = Input(
            name="config_name",
            type=COMBO.name,
            folder="configs",
            options=tuple(KNOWN_CONFIGS),
            default=None,
        )
        return Schema(
            class_type="CheckpointLoader",
            display_name="Load Checkpoint With Config (DEPRECATED)",
            category="advanced/loaders",
            description=(
                "Loads a whole model, and takes from a configuration file whether it predicts "
                "velocity, and after which layer its text encoder ends. CheckpointLoaderSimple "
                "finds out the first, and CLIPSetLastLayer sets the second."
            ),
            inputs=(config_name, file_choice("ckpt_name", "checkpoints")),
            outputs=(MODEL.output(), CLIP.output(), VAE.output()),
            is_deprecated=True,
        )

    @classmethod
    def execute(cls, config_name: str, ckpt_name: str) -> NodeOutput:
        config = KNOWN_CONFIGS.get(config_name)
        if config is None:
            config = read_config(context().model_file("configs", config_name))
        path = context().model_file("checkpoints", ckpt_name)
        loaded = configured(load_checkpoint(path, _embeddings()), config)
        return NodeOutput(loaded.model, loaded.text, loaded.pictures)


class DiffusersLoader(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="DiffusersLoader",
            display_name="DiffusersLoader",
            category="advanced/loaders/deprecated",
            description=(
                "Loads a whole model of Stable Diffusion 1, 2 or XL from a folder as diffusers "
                "saves it, which lies with its model_index.json below `models/diffusers`."
            ),
            inputs=(file_choice("model_path", "diffusers"),),
            outputs=(MODEL.output(), CLIP.output(), VAE.output()),
        )

    @classmethod
    def execute(cls, model_path: str) -> NodeOutput:
        index = context().model_file("diffusers", model_path)
        loaded = load_folder(index.parent, _embeddings())
        return NodeOutput(loaded.model, loaded.text, loaded.pictures)


class UNETLoader(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="UNETLoader",
            display_name="Load Diffusion Model",
            category="advanced/loaders",
            description=(
                "Loads a denoiser from a file of its own, in the original layout or that of "
                "diffusers. It may be kept in 8 bits, which takes half the memory and costs some "
                "quality."
            ),
            inputs=(
                file_choice("unet_name", "diffusion_models"),
                choice("weight_dtype", tuple(_STORAGES)),
            ),
            outputs=(MODEL.output(),),
        )

    @classmethod
    def execute(cls, unet_name: str, weight_dtype: str) -> NodeOutput:
        path = context().model_file("diffusion_models", unet_name)
        return NodeOutput(load_denoiser(path, compute_for_denoising(_STORAGES[weight_dtype])))


class CLIPLoader(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="CLIPLoader",
            display_name="Load CLIP",
            category="advanced/loaders",
            description=(
                "Loads one text encoder: CLIP-L for Stable Diffusion 1, H for 2, G for the refiner "
                "of XL."
            ),
            inputs=(
                file_choice("clip_name", "text_encoders"),
                choice("type", SINGLE_TEXT_TYPES),
                _DEVICE,
            ),
            outputs=(CLIP.output(),),
        )

    @classmethod
    def execute(cls, clip_name: str, type: str, device: str = "default") -> NodeOutput:  # noqa: A002 - ComfyUI's name
        if type != SINGLE_TEXT_TYPES[0]:
            raise NotOfferedYet("CLIPLoader", type, SINGLE_TEXT_TYPES[0])
        return _text_encoder([clip_name], device)


class DualCLIPLoader(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="DualCLIPLoader",
            display_name="DualCLIPLoader",
            category="advanced/loaders",
            description="Loads CLIP-L and CLIP-G for Stable Diffusion XL, in any order.",
            inputs=(
                file_choice("clip_name1", "text_encoders"),
                file_choice("clip_name2", "text_encoders"),
                choice("type", DOUBLE_TEXT_TYPES),
                _DEVICE,
            ),
            outputs=(CLIP.output(),),
        )

    @classmethod
    def execute(
        cls,
        clip_name1: str,
        clip_name2: str,
        type: str,  # noqa: A002 - ComfyUI's name
        device: str = "default",
    ) -> NodeOutput:
        if type != DOUBLE_TEXT_TYPES[0]:
            raise NotOfferedYet("DualCLIPLoader", type, DOUBLE_TEXT_TYPES[0])
        return _text_encoder([clip_name1, clip_name2], device)


class VAELoader(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        vae_name = Input(
            name="vae_name", type=COMBO.name, folder="vae", options=(_PIXEL_SPACE,), default=None
        )
        return Schema(
            class_type="VAELoader",
            display_name="Load VAE",
            category="loaders",
            description=(
                "Loads an autoencoder, which turns pictures into latents and back, in the original "
                "layout or that of diffusers. The tiny ones "
                "`taesd` and `taesdxl` are there if vae_approx has both of their files; with "
                "`pixel_space` latents are the pixels themselves."
            ),
            inputs=(vae_name,),
            outputs=(VAE.output(),),
        )

    @classmethod
    def execute(cls, vae_name: str) -> NodeOutput:
        if vae_name == _PIXEL_SPACE:
            return NodeOutput(pixel_space())
        if vae_name in TINY_AUTOENCODERS:
            folders = context().model_folders("vae_approx")
            return NodeOutput(load_tiny_autoencoder(vae_name, folders))
        return NodeOutput(load_autoencoder(context().model_file("vae", vae_name)))


def _text_encoder(names: list[str], device: str) -> NodeOutput:
    paths = [context().model_file("text_encoders", name) for name in names]
    compute = compute_for_text(on_the_cpu=device == "cpu")
    return NodeOutput(load_text_encoder(paths, _embeddings(), compute))


def _embeddings() -> Embeddings:
    return Embeddings(context().model_folders("embeddings"))


NODES: tuple[type[Node], ...] = (
    CheckpointLoaderSimple,
    CheckpointLoader,
    DiffusersLoader,
    UNETLoader,
    CLIPLoader,
    DualCLIPLoader,
    VAELoader,
)
