"""Puts adapters on models: their changes become patches, which come off again exactly."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from torch import Size

from hub.engine.models.adapter_file import AdapterFile, has_weight
from hub.engine.models.adapter_forms import (
    BIAS_DIFFERENCES,
    AdapterPatch,
    BiasPatch,
    Parts,
    fits,
)
from hub.engine.models.adapter_names import denoiser_layers, is_of_a_text, text_layers
from hub.engine.models.diffusion_model import PREFIX, DiffusionModel
from hub.engine.models.text_encoder import TextEncoder
from hub.engine.models.weights import Patch
from hub.errors import Invalid

log = logging.getLogger(__name__)
_NAMES_TOLD = 5
_MOST_MISFITS = 0.05  # such as the first convolution of a model that also sees a mask
Found = tuple[dict[str, list[Patch]], set[str]]
Model = TypeVar("Model", DiffusionModel, DiffusionModel | None)
Text = TypeVar("Text", TextEncoder, TextEncoder | None)


class AdapterDoesNotFit(Invalid):
    """Layers of an adapter are not the model's, or have another size there."""

    def __init__(self, name: str, layers: Iterable[str]) -> None:
        super().__init__(
            f"The adapter {name} was made for another kind of model: layers of it "
            f"({_told(list(layers))}) do not fit this one. Choose an adapter for this model."
        )


def adapted(
    adapter: AdapterFile,
    model: Model,
    text: Text,
    strength: float,
    text_strength: float,
) -> tuple[Model, Text]:
    """Copies of both, or of the one that is there, with the adapter on them. Raises
    `AdapterDoesNotFit`.

    Layers that are in neither are told to the log.
    """
    used: set[str] = set()
    if model is not None:
        model = model.clone()
        patches, used = denoiser_patches(adapter, model)
        if strength:
            model.add_patches(patches, strength)
    if text is not None:
        text = text.clone()
        patches, also_used = text_patches(adapter, text)
        if text_strength:
            text.add_patches(patches, text_strength)
        used |= also_used
    _report(adapter, used, has_text=text is not None)
    return model, text


@dataclass(frozen=True, eq=False, slots=True)
class AdapterChange:
    """An adapter as a hook has it (`hooks.Change`)."""

    adapter: AdapterFile

    def of_denoiser(self, model: DiffusionModel) -> Mapping[str, Sequence[Patch]]:
        patches, used = denoiser_patches(self.adapter, model)
        meant = [layer for layer in self.adapter.layers if not is_of_a_text(layer)]
        if meant and not used:
            raise AdapterDoesNotFit(self.adapter.name, meant)
        return patches

    def of_text(self, text: TextEncoder) -> Mapping[str, Sequence[Patch]]:
        return text_patches(self.adapter, text)[0]


def denoiser_patches(adapter: AdapterFile, model: DiffusionModel) -> Found:
    """The adapter at full strength for the weights of a denoiser, and its layers that are used.

    Raises `AdapterDoesNotFit` where layers have the names of the model's and other sizes: families
    share many layers, and such a picture is that of no adapter that anybody made.
    """
    unet = model.model.diffusion_model
    shapes = {f"{PREFIX}{name}": value.shape for name, value in unet.named_parameters()}
    layers = {alias: f"{PREFIX}{layer}" for alias, layer in denoiser_layers(unet).items()}
    return _patches(adapter, layers, shapes)


def text_patches(adapter: AdapterFile, text: TextEncoder) -> Found:
    """The same for text encoders."""
    encoders = text.encoders
    shapes = {
        f"clip_{key}.{name}": value.shape
        for key, encoder in encoders.items()
        for name, value in encoder.named_parameters()
    }
    return _patches(adapter, text_layers(encoders), shapes)


def _patches(adapter: AdapterFile, names: Mapping[str, str], shapes: Mapping[str, Size]) -> Found:
    patches: dict[str, list[Patch]] = {}
    known = [alias for alias in adapter.layers if alias in names]
    used = set()
    for alias in known:
        if found := _of_layer(adapter.layers[alias], names[alias], shapes):
            used.add(alias)
            patches.update(found)
    misfits = [alias for alias in known if alias not in used]
    if len(misfits) > _MOST_MISFITS * len(known):
        raise AdapterDoesNotFit(adapter.name, misfits)
    return patches, used


def _of_layer(parts: Parts, layer: str, shapes: Mapping[str, Size]) -> dict[str, list[Patch]]:
    weight, bias = f"{layer}.weight", f"{layer}.bias"
    found: dict[str, list[Patch]] = {}
    if has_weight(parts) and weight in shapes and fits(parts, shapes[weight]):
        found[weight] = [AdapterPatch(parts, 1.0)]
    for name in BIAS_DIFFERENCES:
        if name in parts and shapes.get(bias) == parts[name].shape:
            found[bias] = [BiasPatch(parts[name], 1.0)]
    return found


def _report(adapter: AdapterFile, used: set[str], *, has_text: bool) -> None:
    """Layers of text encoders are no news where there is none."""
    unused = [layer for layer in adapter.layers if layer not in used]
    if not used:
        raise AdapterDoesNotFit(adapter.name, unused)
    told = [layer for layer in unused if has_text or not is_of_a_text(layer)]
    if told := [*told, *adapter.unknown]:
        log.warning("The adapter %s has parts without a use here: %s.", adapter.name, _told(told))


def _told(names: list[str]) -> str:
    more = len(names) - _NAMES_TOLD
    return ", ".join(names[:_NAMES_TOLD]) + (f" and {more} more" if more > 0 else "")
