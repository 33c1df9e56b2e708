"""The classes in the recorded prompts, declared as ComfyUI 0.8.0 showed them then."""

from hub.engine.catalogue import Catalogue
from hub.nodes.api import FLOAT, IMAGE, INT, STRING, IoType, Schema, choice, file_choice

MODEL, CLIP, VAE = IoType("MODEL"), IoType("CLIP"), IoType("VAE")
LATENT, CONDITIONING = IoType("LATENT"), IoType("CONDITIONING")
SAMPLERS = ("euler", *(f"sampler {number}" for number in range(43)))
CHECKPOINTS = ["broken.safetensors", "small.safetensors"]

SCHEMAS = (
    Schema(
        class_type="KSampler",
        category="sampling",
        inputs=(
            MODEL.input("model"),
            INT.value("seed", default=0, minimum=0, maximum=2**64 - 1, control_after_generate=True),
            INT.value("steps", default=20, minimum=1, maximum=10000),
            FLOAT.value("cfg", default=8.0, minimum=0.0, maximum=100.0, step=0.1, round=0.01),
            choice("sampler_name", SAMPLERS),
            choice("scheduler", ("simple", "normal")),
            CONDITIONING.input("positive"),
            CONDITIONING.input("negative"),
            LATENT.input("latent_image"),
            FLOAT.value("denoise", default=1.0, minimum=0.0, maximum=1.0, step=0.01),
        ),
        outputs=(LATENT.output(tooltip="The denoised latent."),),
    ),
    Schema(
        class_type="CheckpointLoaderSimple",
        category="loaders",
        inputs=(file_choice("ckpt_name", "checkpoints"),),
        outputs=(MODEL.output(), CLIP.output(), VAE.output()),
    ),
    Schema(
        class_type="EmptyLatentImage",
        category="latent",
        inputs=(
            INT.value("width", default=512, minimum=16, maximum=16384, step=8),
            INT.value("height", default=512, minimum=16, maximum=16384, step=8),
            INT.value("batch_size", default=1, minimum=1, maximum=4096),
        ),
        outputs=(LATENT.output(),),
    ),
    Schema(
        class_type="CLIPTextEncode",
        category="conditioning",
        inputs=(STRING.value("text", multiline=True), CLIP.input("clip")),
        outputs=(CONDITIONING.output(),),
    ),
    Schema(
        class_type="VAEDecode",
        category="latent",
        inputs=(LATENT.input("samples"), VAE.input("vae")),
        outputs=(IMAGE.output(),),
    ),
    Schema(
        class_type="ImageInvert",
        category="image",
        inputs=(IMAGE.input("image"),),
        outputs=(IMAGE.output(),),
    ),
    Schema(
        class_type="LoadImage",
        category="image",
        inputs=(file_choice("image", "input"),),
        outputs=(IMAGE.output(),),
    ),
    Schema(
        class_type="SaveImage",
        category="image",
        inputs=(IMAGE.input("images"), STRING.value("filename_prefix", default="ComfyUI")),
        is_output_node=True,
    ),
)


class RecordedFiles:
    """The files that the recorded server had."""

    def list_folder(self, folder: str) -> list[str]:
        return CHECKPOINTS if folder == "checkpoints" else []

    def folder_has(self, folder: str, name: str) -> bool:
        return name in self.list_folder(folder)

    def path_of(self, folder: str) -> str:
        return f"/recorded/models/{folder}"


def recorded_catalogue() -> Catalogue:
    return Catalogue(SCHEMAS, RecordedFiles())
