"""Files of GLIGEN: whole models of its authors, those layers alone, or in the layout of diffusers.

All name the layers by the transformer that they belong to: `….transformer_blocks.0.fuser.…`.
"""

import re
from functools import partial
from pathlib import Path

from hub.engine.models.compute import compute_for_denoising
from hub.engine.models.diffusers_layout import in_first_names
from hub.engine.models.gligen import Gligen, place
from hub.engine.models.grounding import LoadedGligen
from hub.engine.models.model_file import Tensors, read_tensors
from hub.engine.models.weights import mapped
from hub.errors import Invalid

_FUSER = re.compile(
    r"(?:.*\.)?(?:(input|output)_blocks\.(\d+)|middle_block)\.\d+"
    r"\.transformer_blocks\.(\d+)\.fuser\.(.+)"
)
_POSITION = re.compile(r"(?:.*\.)?(position_net\..+)")
_OF_DIFFUSERS = "down_blocks."
_FOR_BOXES = {"position_net.null_positive_feature", "position_net.null_position_feature"}


class NotAGligen(Invalid):
    """A file holds something else."""

    def __init__(self, path: Path, what: str) -> None:
        super().__init__(
            f"The model file {path.name} holds {what}. GLIGEN for boxes with phrases can be used "
            "here, such as gligen_sd14_textbox_pruned.safetensors; choose another file."
        )


def load_gligen(path: Path) -> LoadedGligen:
    """Map one. Raises `NotAGligen`, `WeightsDoNotFit`, and what `load_weights` raises."""
    tensors = read_tensors(path)
    if any(name.startswith(_OF_DIFFUSERS) for name in tensors):
        tensors = in_first_names(tensors)
    fusers = _fusers_in(tensors)
    position = {match[1]: t for name, t in tensors.items() if (match := _POSITION.fullmatch(name))}
    if not fusers or not position:
        raise NotAGligen(path, "no GLIGEN")
    if not position.keys() >= _FOR_BOXES:
        raise NotAGligen(path, "a GLIGEN for something else, such as pictures or key points")
    places = frozenset(name.split(".")[1] for name in fusers)
    weights = mapped("GLIGEN", partial(Gligen, places=places), {**fusers, **position}, path)
    return LoadedGligen(weights, compute_for_denoising())


def _fusers_in(tensors: Tensors) -> Tensors:
    """By our own names."""
    return {
        f"fusers.{place(match[1] or 'middle', match[2] or 0, match[3])}.{match[4]}": tensor
        for name, tensor in tensors.items()
        if (match := _FUSER.fullmatch(name))
    }
