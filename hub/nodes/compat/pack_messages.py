"""What packs say to ComfyUI's clients, as messages to the hub.

Nothing here waits or raises: a message that cannot be written, is too large, or comes while too
many wait for the hub is dropped, and the log says so.
"""

import io
import json
import logging
from enum import IntEnum
from typing import Any

from PIL import Image

from hub.engine.messages import PackMessage
from hub.engine.worker.node_code import NodeRaised, call
from hub.nodes.compat.installed import installed

LARGEST = 16 << 20
JPEG_QUALITY = 95
_FORMATS = {"JPEG": 1, "PNG": 2}

log = logging.getLogger(__name__)


class BinaryEventTypes(IntEnum):
    """The first four bytes of ComfyUI's binary messages."""

    PREVIEW_IMAGE = 1
    UNENCODED_PREVIEW_IMAGE = 2
    TEXT = 3
    PREVIEW_IMAGE_WITH_METADATA = 4


def send_text(event: str, data: Any, client: str | None) -> None:
    """An event of the pack's own, with any JSON; what is not JSON is shown as its `repr`."""
    try:
        content = call(json.dumps, {"type": event, "data": data}, default=repr)
    except NodeRaised as raised:
        log.warning("A pack's message %s cannot be written as JSON: %s", event, raised.error)
        return
    _tell(event, PackMessage(payload=content.encode(), client=client))


def send_binary(event: int, data: Any, client: str | None) -> None:
    """Bytes as they are; of an unencoded preview (format, picture, longest side or None)."""
    try:
        if event == BinaryEventTypes.UNENCODED_PREVIEW_IMAGE:
            event, data = BinaryEventTypes.PREVIEW_IMAGE, call(_encoded, *data)
        content = memoryview(data).tobytes()
    except (NodeRaised, TypeError) as error:
        log.warning("A pack's binary message %s cannot be sent: %s", event, error)
        return
    payload = event.to_bytes(4, "big") + content
    _tell(str(event), PackMessage(payload=payload, binary=True, client=client))


def send_progress_text(text: str | bytes, node: str, client: str | None) -> None:
    name = str(node).encode(errors="replace")
    words = text if isinstance(text, bytes) else str(text).encode(errors="replace")
    send_binary(BinaryEventTypes.TEXT, len(name).to_bytes(4, "big") + name + words, client)


def _tell(event: str, message: PackMessage) -> None:
    if len(message.payload) > LARGEST:
        log.warning(
            "A pack's message %s is dropped: over %d MiB are too much", event, LARGEST >> 20
        )
    elif tell := installed().tell:
        tell(message)


def _encoded(kind: str, picture: Image.Image, longest_side: int | None = None) -> bytes:
    """Format number and file, shrunk to the longest side."""
    if longest_side is not None and max(picture.size) > longest_side:
        picture = picture.copy()
        picture.thumbnail((longest_side, longest_side), Image.Resampling.BILINEAR)
    file = io.BytesIO()
    kind = kind if kind in _FORMATS else "JPEG"
    mode = "RGB" if kind == "JPEG" else picture.mode
    picture.convert(mode).save(file, kind, quality=JPEG_QUALITY, compress_level=1)
    return _FORMATS[kind].to_bytes(4, "big") + file.getvalue()
