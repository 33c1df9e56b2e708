"""Files of hypernetworks, as the trainers of NovelAI and of AUTOMATIC1111's page save them.

A pickle has, by width, a pair of networks, each with its tensors by name: `linear.0.weight`, or
`linear1.weight` in the oldest. The numbers count activations and dropout too, so there are gaps.
Beside them it is noted how the layers are activated; the last one too, unless that is denied.
"""

import re
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from torch import Tensor

from hub.engine.models.compute import compute_for_denoising
from hub.engine.models.hypernetwork import (
    ACTIVATIONS,
    KEYS,
    VALUES,
    Form,
    Hypernetwork,
    LoadedHypernetwork,
)
from hub.engine.models.model_file import Tensors
from hub.engine.models.weight_files import load_weights
from hub.engine.models.weights import mapped
from hub.errors import Invalid

_LAYER = re.compile(r"linear\.?(\d+)\.(\w+)")


class NotAHypernetwork(Invalid):
    """A file holds something else."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"The model file {path.name} holds no hypernetwork that we know: {reason}. Choose "
            "another file, of the kind that is trained for Stable Diffusion (.pt)."
        )


def load_hypernetwork(path: Path) -> LoadedHypernetwork:
    """Map one. Raises `NotAHypernetwork`, `WeightsDoNotFit`, and what `load_weights` raises."""
    held: Mapping[Any, Any] = load_weights(path)
    pairs = {width: pair for width, pair in held.items() if _is_pair(width, pair)}
    if not pairs:
        raise NotAHypernetwork(path, "it has no pair of networks for any width, such as 768")
    form = Form(
        widths=frozenset(pairs),
        activation=_activation(path, held.get("activation_func")),
        is_output_activated=bool(held.get("activate_output", True)),
    )
    tensors = {
        f"{side}.{width}.{name}": tensor
        for width, pair in pairs.items()
        for side, network in zip((KEYS, VALUES), pair, strict=True)
        for name, tensor in _numbered(path, width, network).items()
    }
    weights = mapped("hypernetwork", partial(Hypernetwork, form=form), tensors, path)
    if width := weights.module.broken:
        raise NotAHypernetwork(path, f"its layers for the width {width} do not follow one another")
    return LoadedHypernetwork(weights, form, compute_for_denoising())


def _is_pair(width: object, pair: object) -> bool:
    if not isinstance(width, int) or not isinstance(pair, tuple | list) or len(pair) != 2:
        return False
    return all(isinstance(network, Mapping) for network in pair)


def _activation(path: Path, name: str | None) -> str:
    """Without a name, as in the first ones, the layers are not activated."""
    activation = (name or "linear").lower()
    if activation not in ACTIVATIONS:
        raise NotAHypernetwork(path, f"its layers are activated by {name!r}")
    return activation


def _numbered(path: Path, width: int, network: Mapping[str, Tensor]) -> Tensors:
    """Its tensors by the number of their layer, without gaps."""
    found = {name: _LAYER.fullmatch(name) for name in network}
    if strange := [name for name, match in found.items() if match is None]:
        raise NotAHypernetwork(path, f"that for the width {width} has {strange[0]!r}")
    places = {name: (int(match[1]), match[2]) for name, match in found.items() if match}
    order = {number: place for place, number in enumerate(sorted({n for n, _ in places.values()}))}
    return {f"{order[n]}.{part}": network[name] for name, (n, part) in places.items()}
