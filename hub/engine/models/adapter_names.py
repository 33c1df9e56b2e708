"""Which layers adapters mean: from every name that they give one to our name for it.

The names are spelled as `adapter_file.plain` has them.
"""

from collections.abc import Iterable, Mapping

from hub.engine.models.adapter_file import plain
from hub.engine.models.clip_text import ClipText
from hub.engine.models.diffusers_names import diffusers_names, layers_of
from hub.engine.models.unet import UNet

_OWN = ("unet", "diffusion_model")
_FIRST_TEXT, _SECOND_TEXT = ("te", "te1", "text_encoder"), ("te2", "text_encoder_2")
_OF_A_TEXT = tuple(f"{start}_" for start in (*_FIRST_TEXT, *_SECOND_TEXT, "text_encoders"))
_OLD_TEXT_NAMES = {"q_proj": "to_q", "k_proj": "to_k", "v_proj": "to_v", "out_proj": "to_out"}


def denoiser_layers(unet: UNet) -> dict[str, str]:
    """By the names of the checkpoints and those of diffusers."""
    theirs = diffusers_names(unet)
    return {
        alias: layer
        for layer in layers_of(unet)
        for alias in (*_with_starts(_OWN, layer), *_with_starts(("unet",), theirs[layer]))
    }


def text_layers(encoders: Mapping[str, ClipText]) -> dict[str, str]:
    """Of encoders by their key, `l`, `g` or `h`; our names begin with `clip_` and that."""
    found = {}
    for number, (key, encoder) in enumerate(encoders.items()):
        starts = [f"text_encoders.clip_{key}.transformer"]
        starts += [*_FIRST_TEXT] * (number == 0) + [*_SECOND_TEXT] * (key == "g")
        for layer in layers_of(encoder):
            before, _, last = layer.rpartition(".")
            for name in (layer, f"{before}.{_OLD_TEXT_NAMES.get(last, last)}"):
                for alias in _with_starts(starts, name):
                    found[alias] = f"clip_{key}.{layer}"
    return found


def is_of_a_text(layer: str) -> bool:
    return layer.startswith(_OF_A_TEXT)


def _with_starts(starts: Iterable[str], layer: str) -> list[str]:
    """Some leave out the number of the only part of `to_out`."""
    names = {layer, layer.removesuffix(".0") if layer.endswith("to_out.0") else layer}
    return [plain(f"{start}.{name}") for start in starts for name in names]
