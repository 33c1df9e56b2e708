"""What a STYLE_MODEL link carries: a network that tells a denoiser of a picture's style."""

from collections.abc import Iterable
from pathlib import Path

import torch
from torch import Tensor

from hub.engine.models.compute import Compute, compute_for_text
from hub.engine.models.model_file import below, read_tensors
from hub.engine.models.style_adapter import StyleAdapter
from hub.engine.models.vision_encoder import VisionOutput
from hub.engine.models.weights import Weights, mapped
from hub.errors import Invalid

_ADAPTER = "adapter."  # stands before all names in some files
_MARK = "style_embedding"
_OTHER_KINDS = {
    "redux_": "Redux, which is for Flux, a family of models that is not here",
    "body.": "a T2I-Adapter that is not for style (ControlNetLoader loads it)",
    "image_proj": "an IP-Adapter",
    "vision_model.": "a CLIP vision encoder (CLIPVisionLoader loads it)",
    "lora": "a LoRA (LoraLoader loads it)",
}


class NotAStyleModel(Invalid):
    """A file holds something else."""

    def __init__(self, path: Path, names: Iterable[str]) -> None:
        held = list(names)
        what = next(
            (kind for part, kind in _OTHER_KINDS.items() if any(part in name for name in held)),
            "no style model",
        )
        super().__init__(
            f"The model file {path.name} holds {what}. StyleModelLoader takes the style adapter of "
            "Stable Diffusion 1, t2iadapter_style_sd14v1.pth; choose that file."
        )


class OtherVisionEncoder(Invalid):
    """The states are not those that the network was trained with."""

    def __init__(self, wanted: int, found: int) -> None:
        super().__init__(
            f"This style model was trained with a vision encoder of the width {wanted}, and "
            f"clip_vision_output comes from one of {found}. The style adapter of Stable Diffusion "
            "1 goes with OpenAI's CLIP ViT-L/14: load that with CLIPVisionLoader."
        )


class StyleModel:
    def __init__(self, weights: Weights[StyleAdapter], compute: Compute | None = None) -> None:
        self._weights = weights
        self._compute = compute or compute_for_text()

    def get_cond(self, seen: VisionOutput) -> Tensor:
        """The words [pictures, words, width of the text]. Raises `OtherVisionEncoder`."""
        states: Tensor = seen.last_hidden_state
        wanted = self._weights.module.style_embedding.shape[-1]
        if states.shape[-1] != wanted:
            raise OtherVisionEncoder(wanted, states.shape[-1])
        with self._weights.placed(self._compute) as model, torch.no_grad():
            words: Tensor = model(states.to(self._compute.device, self._compute.dtype))
        return words.float().cpu()


def load_style_model(path: Path) -> StyleModel:
    """Map one. Raises `NotAStyleModel`, `WeightsDoNotFit`, and what `read_tensors` raises."""
    held = read_tensors(path)
    tensors = below(held, _ADAPTER) or held
    if _MARK not in tensors:
        raise NotAStyleModel(path, held)
    return StyleModel(mapped("style adapter", StyleAdapter, tensors, path))
