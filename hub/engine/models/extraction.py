"""LoRAs from differences: of a model whose weights are what another has more or less than it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

import torch
from torch import Tensor

from hub.engine.models.compute import compute_for_text
from hub.engine.models.diffusion_model import PREFIX, DiffusionModel
from hub.engine.models.text_encoder import TextEncoder
from hub.errors import Invalid

_TEXT = "text_encoders.clip_{key}.transformer."
_SMALLEST = 1e-30  # of a squared singular value, lest anything is divided by 0
Seen = Callable[[int, int], None]


class NoDifference(Invalid):
    """There is nothing to save."""

    def __init__(self) -> None:
        super().__init__(
            "There is nothing to save: what is connected holds no difference. Connect what "
            "ModelMergeSubtract gives of two models, or CLIPMergeSubtract of two text encoders, "
            "which are not the same."
        )


class Form(StrEnum):
    """How the change of a weight is written."""

    STANDARD = "standard"  # as two factors of low rank
    WHOLE = "full_diff"


@dataclass(frozen=True, kw_only=True, slots=True)
class Extraction:
    """What becomes of differences: matrices, and kernels of convolutions, in a `form`, which has
    factors of a `rank`; biases and other vectors as they are, or not at all."""

    form: Form
    rank: int
    has_vectors: bool

    def tensors(
        self, model: DiffusionModel | None, text: TextEncoder | None, seen: Seen
    ) -> dict[str, Tensor]:
        """The file of an adapter, in half precision, under the names of ComfyUI's generic format.

        Only what differs is in it. `seen` is told how many weights are done, and of how many.
        Raises `NoDifference`.
        """
        made: dict[str, Tensor] = {}
        differences = _differences(model, text)
        for number, (name, difference) in enumerate(differences.items()):
            change = difference()
            if change.any():
                parts = self._parts(name, change)
                made.update((part, value.half().cpu()) for part, value in parts)
            seen(number + 1, len(differences))
        if not made:
            raise NoDifference
        return made

    def _parts(self, name: str, change: Tensor) -> Iterator[tuple[str, Tensor]]:
        layer, _, kind = name.rpartition(".")
        if change.dim() < 2:
            if self.has_vectors:
                yield f"{layer}.{'diff_b' if kind == 'bias' else 'diff'}", change
        elif self.form is Form.WHOLE:
            yield f"{layer}.diff", change
        else:
            up, down = factors(change, self.rank)
            yield f"{layer}.lora_up.weight", up
            yield f"{layer}.lora_down.weight", down


def factors(change: Tensor, rank: int) -> tuple[Tensor, Tensor]:
    """The two whose product is nearest to a weight among all of that rank (Eckart and Young 1936):
    [outgoing, rank] and [rank, incoming, …].

    The largest singular vectors come from the smaller of the two matrices of inner products, in
    double precision, which takes a fraction of the time of a whole decomposition. Both factors get
    the same share of the singular values, so that half precision does for them.
    """
    matrix = change.flatten(1).double()
    if len(matrix) > matrix.shape[1]:
        down, up = _nearest(matrix.T, rank)
        up, down = up.T, down.T
    else:
        up, down = _nearest(matrix, rank)
    kernel = [1] * (change.dim() - 2)
    return up.reshape(*up.shape, *kernel), down.reshape(len(down), *change.shape[1:])


def _nearest(wide: Tensor, rank: int) -> tuple[Tensor, Tensor]:
    squares, vectors = torch.linalg.eigh(wide @ wide.T)  # in rising order
    roots = squares[-rank:].clamp_min(_SMALLEST) ** 0.25
    up = vectors[:, -rank:]
    return up * roots, (up / roots).T @ wide


def _differences(
    model: DiffusionModel | None, text: TextEncoder | None
) -> Mapping[str, Callable[[], Tensor]]:
    """By the names of a file: what has no patch is a weight of the model still."""
    found: dict[str, Callable[[], Tensor]] = {}
    if model is not None:
        for name in model.patches:
            full = f"{PREFIX}{name}"
            found[full] = partial(model.weight, full, model.compute.device)
    if text is not None:
        device = compute_for_text().device
        for key, patches in text.patches.items():
            for name in patches:
                read = partial(text.weight, f"clip_{key}.{name}", device)
                found[f"{_TEXT.format(key=key)}{name}"] = read
    return found
