"""Previews in ComfyUI's binary messages, and which of the two kinds a client understands.

All integers are big-endian and of 32 bits: the kind of message, then for kind 1 the format of the
picture, and for kind 4 the length of a JSON that stands before it.
"""

import json
from typing import Any

from hub.notices import NodePreviewed
from hub.web.json_text import to_json
from hub.web.sockets import Send

_PLAIN, _WITH_METADATA = 1, 4
_FORMATS = {"image/jpeg": 1, "image/png": 2}


def features(largest_upload: int) -> dict[str, Any]:
    """What the hub says of itself, to a client that does or that asks.

    ComfyUI's editor takes anything else about its manager for an old one; whether there is one it
    asks elsewhere.
    """
    return {
        "supports_preview_metadata": True,
        "max_upload_size": largest_upload,
        "extension": {"manager": {"supports_v4": True}},
    }


class PreviewKind:
    """Whether one client is sent previews with what they are of. It is told the hub's `features`
    once it has told its own."""

    def __init__(self, features: dict[str, Any]) -> None:
        self._features = features
        self._has_spoken = False
        self.with_metadata = False

    async def hear(self, text: str, send: Send) -> None:
        """The first message of a client may say what it understands; others say nothing."""
        flags = None if self._has_spoken else _feature_flags(text)
        self._has_spoken = True
        if flags is not None:
            self.with_metadata = flags.get("supports_preview_metadata") is True
            await send(to_json({"type": "feature_flags", "data": self._features}))

    def message(self, notice: NodePreviewed) -> bytes:
        if not self.with_metadata:
            return _number(_PLAIN) + _number(_FORMATS[notice.kind]) + notice.image
        metadata = json.dumps(
            {
                "node_id": notice.node,
                "prompt_id": notice.run.id,
                "display_node_id": notice.node,
                "parent_node_id": None,
                "real_node_id": notice.node,
                "image_type": notice.kind,
            }
        ).encode()
        return _number(_WITH_METADATA) + _number(len(metadata)) + metadata + notice.image


def _feature_flags(text: str) -> dict[str, Any] | None:
    """What a client says of itself; None if the message is about something else."""
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(message, dict) or message.get("type") != "feature_flags":
        return None
    flags = message.get("data")
    return flags if isinstance(flags, dict) else None


def _number(value: int) -> bytes:
    return value.to_bytes(4, "big")
