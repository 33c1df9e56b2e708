"""Whole models as diffusers saves them: a folder, with one below it for each part."""

import json
from pathlib import Path
from typing import Any

from hub.engine.models.checkpoint import Checkpoint, load_autoencoder, load_denoiser
from hub.engine.models.checkpoint_config import CheckpointConfig, configured
from hub.engine.models.embeddings import Embeddings
from hub.engine.models.text_encoder import TextEncoder
from hub.engine.models.text_files import load_text_encoder
from hub.errors import Invalid

# What the file of a part is called; the first that is there counts.
_NETWORK = "diffusion_pytorch_model"
_TEXT = ("text_encoder", "text_encoder_2")
_TEXT_FILES = ("model.fp16.safetensors", "model.safetensors", "pytorch_model.bin")
_NETWORK_FILES = tuple(
    f"{_NETWORK}{ending}" for ending in (".fp16.safetensors", ".safetensors", ".fp16.bin", ".bin")
)
_LAYERS_OF_OPEN_CLIP_H = 24  # of which diffusers leaves out the last, as nothing is read after it


class PartMissing(Invalid):
    """A folder of diffusers is not whole."""

    def __init__(self, folder: Path, parts: tuple[str, ...], files: tuple[str, ...]) -> None:
        places = " or ".join(f"{part}/" for part in parts)
        super().__init__(
            f"The model folder {folder.name} lacks a file in {places}: none of "
            f"{', '.join(files)} is there. Get the folder anew and whole; a part that is split "
            "into several files cannot be read."
        )


def load_folder(folder: Path, embeddings: Embeddings | None = None) -> Checkpoint:
    """Map a whole model. Raises `PartMissing`, and what the loaders of its parts raise."""
    texts = [path for part in _TEXT if (path := _file(folder / part, _TEXT_FILES))]
    if not texts:
        raise PartMissing(folder, _TEXT, _TEXT_FILES)
    loaded = Checkpoint(
        model=load_denoiser(_network(folder, "unet")),
        text=load_text_encoder(texts, embeddings),
        pictures=load_autoencoder(_network(folder, "vae")),
    )
    return configured(loaded, _config(folder, loaded.text))


def _network(folder: Path, part: str) -> Path:
    path = _file(folder / part, _NETWORK_FILES)
    if path is None:
        raise PartMissing(folder, (part,), _NETWORK_FILES)
    return path


def _file(folder: Path, names: tuple[str, ...]) -> Path | None:
    return next((path for name in names if (path := folder / name).is_file()), None)


def _config(folder: Path, text: TextEncoder | None) -> CheckpointConfig:
    """What the weights do not tell. The last layer that diffusers has kept is the one to read."""
    is_cut = text is not None and any(
        key == "h" and encoder.layer_count < _LAYERS_OF_OPEN_CLIP_H
        for key, encoder in text.encoders.items()
    )
    scheduler = _scheduler(folder)
    return CheckpointConfig(
        is_velocity=scheduler.get("prediction_type") == "v_prediction",
        last_layer=-1 if is_cut else None,
        ends_in_noise=scheduler.get("rescale_betas_zero_snr") is True,
    )


def _scheduler(folder: Path) -> dict[str, Any]:
    try:
        found = json.loads((folder / "scheduler" / "scheduler_config.json").read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
