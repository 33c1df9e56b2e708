"""What a CLIP_VISION link carries: a network that looks at pictures, and what it says of them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from hub.engine.models.clip_vision import ClipVision
from hub.engine.models.compute import Compute, compute_for_text
from hub.engine.models.model_file import read_tensors
from hub.engine.models.weights import Weights, mapped
from hub.errors import Invalid

_PARTS = ("vision_model.", "visual_projection.")
_NEVER_USED = ".position_ids"
MEAN = (0.48145466, 0.4578275, 0.40821073)  # of CLIP's training pictures
DEVIATION = (0.26862954, 0.26130258, 0.27577711)


class UnknownVisionEncoder(Invalid):
    """A file has no vision encoder that we know."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"The model file {path.name} holds no CLIP vision encoder with the key names of "
            "transformers (`vision_model.…`, `visual_projection.…`). Choose another file."
        )


@dataclass(slots=True)
class VisionOutput:
    """What a CLIP_VISION_OUTPUT link carries, under the names that node packs read."""

    last_hidden_state: Any = None
    image_embeds: Any = None
    penultimate_hidden_states: Any = None
    mm_projected: Any = None

    def __getitem__(self, name: str) -> Any:
        return getattr(self, name)


class VisionEncoder:
    """Says of pictures [batch, height, width, channels] from 0 to 1 what is on them."""

    def __init__(self, weights: Weights[ClipVision], compute: Compute | None = None) -> None:
        self._weights = weights
        self._compute = compute or compute_for_text()

    @property
    def model(self) -> ClipVision:
        return self._weights.module

    @property
    def image_size(self) -> int:
        return self.model.size

    def encode_image(self, image: Tensor, crop: bool = True) -> VisionOutput:
        """With `crop`, of the largest square in the middle; else of all, pressed into a square."""
        pixels = looked_at(image, self.image_size, crop=crop)
        with self._weights.placed(self._compute) as model, torch.no_grad():
            states = model(pixels.to(self._compute.device, self._compute.dtype))
        return VisionOutput(
            last_hidden_state=states.last.float().cpu(),
            image_embeds=states.projected.float().cpu(),
            penultimate_hidden_states=states.penultimate.float().cpu(),
        )


def load_vision_encoder(path: Path) -> VisionEncoder:
    """Map one. Raises `UnknownVisionEncoder`, `WeightsDoNotFit`, and what `load_weights` raises."""
    tensors = {
        name: tensor
        for name, tensor in read_tensors(path).items()
        if name.startswith(_PARTS) and not name.endswith(_NEVER_USED)
    }
    if "vision_model.embeddings.class_embedding" not in tensors:
        raise UnknownVisionEncoder(path)
    return VisionEncoder(mapped("vision encoder", ClipVision, tensors, path))


def looked_at(
    image: Tensor,
    size: int,
    mean: tuple[float, ...] = MEAN,
    deviation: tuple[float, ...] = DEVIATION,
    *,
    crop: bool = True,
) -> Tensor:
    """Pictures as the network sees them: [batch, 3, size, size], in steps of 8 bits, normalised."""
    x = image[..., :3].movedim(-1, 1).float()
    if x.shape[2:] != (size, size):
        height, width = x.shape[2:]
        scale = size / min(height, width)
        sides = (round(scale * height), round(scale * width)) if crop else (size, size)
        x = functional.interpolate(x, sides, mode="bicubic", antialias=True)
        top, left = ((side - size) // 2 for side in sides)
        x = x[:, :, top : top + size, left : left + size]
    x = (255 * x).clamp(0, 255).round() / 255
    shape = (1, 3, 1, 1)
    return (x - x.new_tensor(mean).view(shape)) / x.new_tensor(deviation).view(shape)
