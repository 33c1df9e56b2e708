"""Vision encoders, and what they say of pictures."""

from collections.abc import Sequence
from pathlib import Path

from torch import Tensor

from hub.engine.models.vision_encoder import (
    DEVIATION,
    MEAN,
    VisionEncoder,
    VisionOutput,
    load_vision_encoder,
    looked_at,
)
from hub.nodes.compat.kinds import kind
from hub.nodes.compat.not_yet import not_yet

__getattr__ = not_yet("comfy.clip_vision")
ClipVisionModel = kind("comfy.clip_vision.ClipVisionModel", VisionEncoder)
Output = VisionOutput


def load(ckpt_path: str) -> VisionEncoder:
    return load_vision_encoder(Path(ckpt_path))


def clip_preprocess(
    image: Tensor,
    size: int = 224,
    mean: Sequence[float] = MEAN,
    std: Sequence[float] = DEVIATION,
    crop: bool = True,
) -> Tensor:
    """Pictures as such networks see them."""
    return looked_at(image, size, tuple(mean), tuple(std), crop=crop)
