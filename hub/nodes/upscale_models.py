"""Models that make pictures larger: which architecture a file holds is found out by spandrel.

spandrel is loaded with the first model. It asks for torchvision, of which it uses two functions,
and those for other models than these; where torchvision is absent, two of ours stand in while
spandrel is imported.
"""

import importlib.util
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, NoReturn, Protocol

import torch
from torch import Tensor

from hub.engine.models.weight_files import load_weights
from hub.errors import Invalid, Unavailable


class UpscaleModel(Protocol):
    """What UPSCALE_MODEL carries: spandrel's description of a model, as packs know it."""

    scale: int
    input_channels: int
    output_channels: int
    device: torch.device

    def to(self, device: torch.device) -> "UpscaleModel":
        """The same, on another device."""

    def __call__(self, image: Tensor) -> Tensor:
        """[batch, channels, height, width], 0…1, `scale` times as large."""


class SpandrelMissing(Unavailable):
    """The library is not installed."""

    def __init__(self) -> None:
        super().__init__(
            "Upscaling with models needs the Python package spandrel, which is not installed. "
            "Install it into the hub's environment (pip install spandrel), and start the hub again."
        )


class NoUpscaler(Invalid):
    """A file holds another kind of model."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path.name} is no upscaling model: {why}. Choose another.")


def load_upscale_model(path: Path) -> UpscaleModel:
    """The model in a file. Raises `NoUpscaler`, `SpandrelMissing`, and what `load_weights` does."""
    spandrel = _spandrel()
    weights = spandrel.canonicalize_state_dict(load_weights(path))
    try:
        model = spandrel.ModelLoader().load_from_state_dict(weights)
    except spandrel.UnsupportedModelError as error:
        raise NoUpscaler(path, "its architecture is not among those that spandrel knows") from error
    except (LookupError, RuntimeError) as error:
        raise NoUpscaler(path, "its weights do not fit together") from error
    if not isinstance(model, spandrel.ImageModelDescriptor) or model.input_channels < 3:
        raise NoUpscaler(path, "it does not take a colour picture alone")
    found: UpscaleModel = model.eval()
    return found


@cache
def _spandrel() -> Any:
    if importlib.util.find_spec("spandrel") is None:
        raise SpandrelMissing
    with _torchvision():
        import spandrel  # with all its architectures, in a second
    return spandrel


@contextmanager
def _torchvision() -> Iterator[None]:
    """The stand-ins are there only meanwhile, so that nobody else takes them for the library."""
    if importlib.util.find_spec("torchvision") is not None:
        yield
        return
    names = ("torchvision", "torchvision.transforms", "torchvision.transforms.functional")
    modules = {name: ModuleType(name) for name in names}
    vars(modules[names[-1]]).update(
        normalize=_normalize, rotate=_rotate, InterpolationMode=SimpleNamespace(BILINEAR=None)
    )
    sys.modules.update(modules)
    try:
        yield
    finally:
        for name in names:
            del sys.modules[name]


def _normalize(
    tensor: Tensor, mean: Sequence[float], std: Sequence[float], inplace: bool = False
) -> Tensor:
    """Every channel of [batch, channels, height, width] less its mean, by its deviation."""
    means, deviations = (tensor.new_tensor(values)[:, None, None] for values in (mean, std))
    result = (tensor - means) / deviations
    return tensor.copy_(result) if inplace else result


def _rotate(*arguments: object, **named: object) -> NoReturn:
    raise Unavailable(
        "This model needs the Python package torchvision, which is not installed. Install the one "
        "that goes with the hub's torch."
    )
