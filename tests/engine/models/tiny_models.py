"""A folder with a small random model of every kind that public workflows load."""

from collections.abc import Callable, Collection
from functools import partial
from pathlib import Path

from safetensors.torch import load_file, save_file
from torch import Tensor

from hub.engine.models.families import Family
from tests.engine.models.adapter_files import kohya
from tests.engine.models.hypernetwork_files import pairs_of, plain, save
from tests.engine.models.seeded_checkpoint import UNET, VAE
from tests.engine.models.seeded_control import control_tensors
from tests.engine.models.seeded_gligen import gligen_tensors
from tests.engine.models.seeded_photo_maker import photo_maker_tensors
from tests.engine.models.seeded_style import style_tensors
from tests.engine.models.seeded_vision import vision_tensors
from tests.engine.models.tiny_checkpoints import write_tiny, write_tiny_editor
from tests.nodes import upscalers

FAMILIES = tuple(Family)
UPSCALER = "tiny.safetensors"
HYPERNETWORK = "tiny.pt"
_TEXT_WIDTHS = {Family.SD1: 768, Family.SDXL: 2048}
_QUERIES = "lora_unet_down_blocks_1_attentions_0_transformer_blocks_0_attn2_to_q"
_KEYS = "lora_unet_down_blocks_1_attentions_0_transformer_blocks_0_attn2_to_k"
_MLP = "text_model_encoder_layers_0_mlp_fc1"


def file_name(family: Family) -> str:
    """What each folder calls its file for that family."""
    return f"{family.name.lower()}.safetensors"


def make_models(models: Path, families: Collection[Family] = FAMILIES) -> None:
    """Checkpoints of these families, and of what goes with them what workflows ask for. Files that
    are there already stay."""
    for family in families:
        name = file_name(family)
        _make(models / "checkpoints" / name, partial(write_tiny, family))
        if family in _TEXT_WIDTHS:
            _make(models / "loras" / name, partial(save_file, _lora(family)))
            _make(models / "diffusion_models" / name, partial(write_tiny_editor, family))
            _make(models / "vae" / name, partial(save_file, _part(models, family, VAE)))
        if family not in (Family.SDXL_REFINER, Family.UPSCALER):
            controls = control_tensors(_part(models, family, UNET))
            _make(models / "controlnet" / name, partial(save_file, controls))
    if Family.SD1 in families:
        name = file_name(Family.SD1)
        objects = gligen_tensors(_part(models, Family.SD1, UNET))
        _make(models / "gligen" / name, partial(save_file, objects))
        _make(models / "hypernetworks" / HYPERNETWORK, partial(save, pairs=pairs_of(plain)))
        _make(models / "clip_vision" / name, partial(save_file, vision_tensors(64)))
        _make(models / "style_models" / name, partial(save_file, style_tensors(64)))
    if Family.SDXL in families:
        people = models / "photomaker" / file_name(Family.SDXL)
        _make(people, partial(save_file, photo_maker_tensors()))
    upscalers.save(models.parent, UPSCALER)


def _make(path: Path, write: Callable[[Path], object]) -> None:
    """Other processes may want the same file: it appears whole."""
    if not path.exists():
        path.parent.mkdir(exist_ok=True, parents=True)
        unfinished = path.with_suffix(".part")
        write(unfinished)
        unfinished.replace(path)


def _lora(family: Family) -> dict[str, Tensor]:
    """As kohya's trainer saves one, for a layer of the denoiser and of each text encoder."""
    text = _TEXT_WIDTHS[family]
    if family is Family.SD1:
        return kohya(_QUERIES, 64, 64) | kohya(_KEYS, 64, text) | kohya(f"lora_te_{_MLP}", 64, 768)
    return (
        kohya(_QUERIES, 128, 128)
        | kohya(_KEYS, 128, text)
        | kohya(f"lora_te1_{_MLP}", 64, 768)
        | kohya(f"lora_te2_{_MLP}", 64, 1280)
    )


def _part(models: Path, family: Family, prefix: str) -> dict[str, Tensor]:
    """What its checkpoint holds below a prefix."""
    tensors = load_file(models / "checkpoints" / file_name(family))
    return {
        name.removeprefix(prefix): tensor
        for name, tensor in tensors.items()
        if name.startswith(prefix)
    }
