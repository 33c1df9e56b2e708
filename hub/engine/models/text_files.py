"""Text encoders from files of their own, and from whole checkpoints."""

import logging
from collections.abc import Sequence
from pathlib import Path

from hub.engine.models.clip_names import own_names
from hub.engine.models.clip_text import ClipText
from hub.engine.models.compute import Compute
from hub.engine.models.embeddings import Embeddings
from hub.engine.models.families import Family
from hub.engine.models.model_file import Tensors, below, read_tensors
from hub.engine.models.text_encoder import TextEncoder
from hub.engine.models.text_encoding import (
    SD1_TEXT,
    SD2_TEXT,
    SDXL_G_TEXT,
    SDXL_L_TEXT,
    TextStyle,
    TextTower,
)
from hub.engine.models.weights import mapped
from hub.errors import Invalid

log = logging.getLogger(__name__)

# Per family, where each text encoder lies, in the order in which their states are joined.
_PARTS: dict[Family, tuple[tuple[str, TextStyle], ...]] = {
    Family.SD1: (("cond_stage_model.transformer.", SD1_TEXT),),
    Family.SD2: (("cond_stage_model.model.", SD2_TEXT),),
    Family.SDXL: (
        ("conditioner.embedders.0.transformer.", SDXL_L_TEXT),
        ("conditioner.embedders.1.model.", SDXL_G_TEXT),
    ),
    Family.SDXL_REFINER: (("conditioner.embedders.0.model.", SDXL_G_TEXT),),
    Family.UPSCALER: (("cond_stage_model.model.", SD2_TEXT),),
}

# The embedding of tokens under the names that files give it; what stands before is a prefix.
_TOKEN_EMBEDDINGS = (
    "text_model.embeddings.token_embedding.weight",
    "embeddings.token_embedding.weight",
    "token_embedding.weight",
)

# By the width of each encoder, how a model with exactly these reads them.
_STYLES = {
    (768,): (SD1_TEXT,),
    (1024,): (SD2_TEXT,),
    (1280,): (SDXL_G_TEXT,),
    (768, 1280): (SDXL_L_TEXT, SDXL_G_TEXT),
}


def prefixes_of(family: Family) -> dict[str, str]:
    """What stands in a whole checkpoint before the names of each text encoder, by its key."""
    return {style.key: prefix for prefix, style in _PARTS[family]}


class UnknownTextEncoder(Invalid):
    """A file has no CLIP text encoder in it."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"The model file {path.name} holds no CLIP text encoder. Those of Stable Diffusion 1, "
            "2 and XL can be used here; choose another file."
        )


class TextEncodersDoNotMatch(Invalid):
    """No model reads these encoders together."""

    def __init__(self, widths: Sequence[int]) -> None:
        told = " and ".join(map(str, widths))
        super().__init__(
            f"No model that we know has text encoders of width {told} together. Stable Diffusion "
            "XL has CLIP-L (768) and CLIP-G (1280)."
        )


def text_encoder_in(
    tensors: Tensors,
    family: Family,
    embeddings: Embeddings | None,
    origin: Path | None = None,
) -> TextEncoder | None:
    """That of a whole checkpoint; None if it lacks any of its encoders."""
    parts = {prefix: below(tensors, prefix) for prefix, _ in _PARTS[family]}
    lacking = [prefix for prefix, part in parts.items() if not part]
    if lacking:
        if len(lacking) < len(parts):
            file = "A checkpoint" if origin is None else origin.name
            log.warning("%s has only some of its text encoders: %s is missing.", file, *lacking)
        return None
    towers = [_tower(style, own_names(parts[prefix]), origin) for prefix, style in _PARTS[family]]
    return TextEncoder(towers, embeddings)


def load_text_encoder(
    paths: Sequence[Path],
    embeddings: Embeddings | None = None,
    compute: Compute | None = None,
) -> TextEncoder:
    """From one file for each encoder, in any order. Raises `UnknownTextEncoder`,
    `TextEncodersDoNotMatch`, `WeightsDoNotFit`, or what `load_weights` raises."""
    parts = sorted(
        ((_encoder_in(path), path) for path in paths), key=lambda found: _width(found[0])
    )
    widths = tuple(_width(part) for part, _ in parts)
    styles = _STYLES.get(widths)
    if styles is None:
        raise TextEncodersDoNotMatch(widths)
    towers = [_tower(style, *found) for style, found in zip(styles, parts, strict=True)]
    return TextEncoder(towers, embeddings, compute)


def _encoder_in(path: Path) -> Tensors:
    tensors = read_tensors(path)
    for ending in _TOKEN_EMBEDDINGS:
        for name in tensors:
            if name == ending or name.endswith(f".{ending}"):
                return own_names(below(tensors, name.removesuffix(ending)))
    raise UnknownTextEncoder(path)


def _width(encoder: Tensors) -> int:
    return encoder["text_model.embeddings.token_embedding.weight"].shape[1]


def _tower(style: TextStyle, encoder: Tensors, origin: Path | None) -> TextTower:
    return TextTower(style, mapped("text encoder", ClipText, encoder, origin))
