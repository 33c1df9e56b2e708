"""Encodes pictures as JPEG, WebP, AVIF or PNG, with metadata and, where there is room, alpha."""

import logging
from pathlib import Path
from typing import Any

import torch
from PIL import Image, features
from PIL.PngImagePlugin import PngInfo
from torch import Tensor

from hub.errors import Unavailable
from hub.nodes.colours import Colour, flattened
from hub.nodes.photo_metadata import PhotoMetadata
from hub.nodes.pixels import picture_of
from hub.nodes.resampling import resampled_mask

SUFFIXES = {"jpeg": ".jpg", "webp": ".webp", "avif": ".avif", "png": ".png"}
FORMATS = tuple(SUFFIXES)
_SEGMENT = 65533  # bytes: JPEG writes the length of a segment, itself included, in two bytes
_LARGEST_IN_JPEG = {"exif": _SEGMENT, "xmp": _SEGMENT - len(b"http://ns.adobe.com/xap/1.0/\0")}

log = logging.getLogger(__name__)


def with_alpha(
    picture: Image.Image, mask: Tensor | None, kind: str, background: Colour
) -> Image.Image:
    """A picture with its mask [height, width] as alpha, in place of any that it has.

    What cannot hold alpha is laid on `background`. A mask that hides nothing is left out.
    """
    opaque = picture.convert("RGB") if picture.mode == "RGBA" else picture
    if mask is None or not bool(torch.any(mask > 0)):
        return opaque
    fitted = resampled_mask(mask, *picture.size)[0]
    opaque.putalpha(picture_of((1 - fitted)[..., None]))
    return flattened(opaque, background) if kind == "jpeg" else opaque


def encode(
    picture: Image.Image, path: Path, kind: str, quality: int, metadata: PhotoMetadata | None
) -> None:
    """Write the file; metadata that a JPEG cannot hold is left out, and the log says so.

    Raises `Unavailable` if this build of Pillow has no such encoder.
    """
    if not _is_available(kind):
        raise Unavailable(f"This build of Pillow cannot write {kind}. Choose another format.")
    kept = _kept(kind, metadata)
    if kind == "jpeg":
        kept = {name: value for name, value in kept.items() if _fits_in_jpeg(name, value, path)}
    picture.save(path, kind.upper(), **_options(kind, quality), **kept)


def _is_available(kind: str) -> bool:
    return kind in ("jpeg", "png") or bool(features.check(kind))


def _options(kind: str, quality: int) -> dict[str, Any]:
    match kind:
        case "png":
            return {"compress_level": 4}
        case "jpeg":
            return {"quality": quality, "subsampling": 0 if quality >= 90 else 2, "optimize": True}
        case "webp":
            return {"quality": quality, "method": 4}
        case _:
            return {"quality": quality, "speed": 7}


def _kept(kind: str, metadata: PhotoMetadata | None) -> dict[str, Any]:
    if metadata is None:
        return {}
    xmp = {"pnginfo": _xmp_chunk(metadata.xmp)} if kind == "png" else {"xmp": metadata.xmp}
    found = {"exif": metadata.exif, "icc_profile": metadata.icc_profile, **xmp}
    return {name: value for name, value in found.items() if value}


def _fits_in_jpeg(name: str, value: bytes, path: Path) -> bool:
    largest = _LARGEST_IN_JPEG.get(name, len(value))
    if len(value) > largest:
        log.warning(
            "%s is written without its %s: %d bytes, and a JPEG holds %d.",
            *(path.name, name.upper(), len(value), largest),
        )
    return len(value) <= largest


def _xmp_chunk(xmp: bytes) -> PngInfo | None:
    if not xmp:
        return None
    chunks = PngInfo()
    chunks.add_itxt("XML:com.adobe.xmp", xmp.decode("utf-8", "replace"))
    return chunks
