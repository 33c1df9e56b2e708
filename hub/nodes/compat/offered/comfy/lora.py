"""Adapters by hand: which of their keys mean which weights, and the patches for these."""

from collections.abc import Mapping
from typing import Any

from torch import Tensor

from hub.engine.models.adapter_file import adapter_in, has_weight
from hub.engine.models.adapter_forms import BIAS_DIFFERENCES, AdapterPatch, BiasPatch
from hub.engine.models.adapter_names import denoiser_layers, text_layers
from hub.engine.models.denoiser import Denoiser
from hub.engine.models.diffusion_model import PREFIX
from hub.engine.models.weights import Patch
from hub.nodes.compat.not_yet import not_yet

__getattr__ = not_yet("comfy.lora")
_WEIGHT = ".weight"
KeyMap = dict[str, str]


def model_lora_keys_unet(model: Denoiser, key_map: KeyMap | None = None) -> KeyMap:
    """From the names that adapters give the layers of a denoiser to its weights."""
    layers = denoiser_layers(model.diffusion_model)
    return _added(key_map, {name: f"{PREFIX}{layer}" for name, layer in layers.items()})


def model_lora_keys_clip(model: Any, key_map: KeyMap | None = None) -> KeyMap:
    """The same for text encoders, of what `cond_stage_model` gives."""
    encoders = {name.removeprefix("clip_"): encoder for name, encoder in model.named_children()}
    return _added(key_map, text_layers(encoders))


def load_lora(
    lora: Mapping[str, Tensor], to_load: Mapping[str, str], log_missing: bool = True
) -> dict[str, Patch]:
    """A patch for each weight that the adapter changes, for `add_patches` with a strength."""
    patches: dict[str, Patch] = {}
    for name, parts in adapter_in("LoRA", lora).layers.items():
        if name in to_load:
            weight = to_load[name]
            if has_weight(parts):
                patches[weight] = AdapterPatch(parts, 1.0)
            for bias in BIAS_DIFFERENCES:
                if bias in parts:
                    changed = f"{weight.removesuffix(_WEIGHT)}.bias"
                    patches[changed] = BiasPatch(parts[bias], 1.0)
    return patches


def _added(key_map: KeyMap | None, layers: Mapping[str, str]) -> KeyMap:
    key_map = {} if key_map is None else key_map
    key_map.update({name: f"{layer}{_WEIGHT}" for name, layer in layers.items()})
    return key_map
