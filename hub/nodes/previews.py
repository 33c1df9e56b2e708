"""Pictures of what a node has so far, as clients are shown them."""

import io

from PIL import Image

LONGEST_SIDE = 512
_QUALITY = 95


def encoded_preview(
    picture: Image.Image, *, longest_side: int | None = LONGEST_SIDE, kind: str = "JPEG"
) -> tuple[bytes, str]:
    """`picture`, not larger than that, as a file of Pillow's `kind`; and the MIME type."""
    if longest_side is not None and max(picture.size) > longest_side:
        factor = longest_side / max(picture.size)
        width, height = (max(1, round(side * factor)) for side in picture.size)
        picture = picture.resize((width, height), Image.Resampling.BILINEAR)
    if kind == "JPEG" and picture.mode not in ("RGB", "L"):
        picture = picture.convert("RGB")
    content = io.BytesIO()
    picture.save(content, kind, quality=_QUALITY)
    return content.getvalue(), f"image/{kind.lower()}"
