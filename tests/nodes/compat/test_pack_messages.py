"""What packs say, as messages to the hub."""

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from hub.config.folders import Folders
from hub.engine.messages import PackMessage
from hub.nodes.compat import installed as state
from hub.nodes.compat.pack_messages import (
    LARGEST,
    BinaryEventTypes,
    send_binary,
    send_progress_text,
    send_text,
)


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[PackMessage]:
    """What the hub was told."""
    messages: list[PackMessage] = []
    here = state.Installed(folders=Folders(config=tmp_path, data=tmp_path), tell=messages.append)
    monkeypatch.setattr(state, "_installed", here)
    return messages


def test_an_event_is_one_text_for_a_client_or_for_all(told: list[PackMessage]) -> None:
    send_text("pack.event", {"a": "ä\udc80"}, "me")
    assert told == [
        PackMessage(payload=rb'{"type": "pack.event", "data": {"a": "\u00e4\udc80"}}', client="me")
    ]


class Unwilling:
    def __repr__(self) -> str:
        raise RuntimeError("it will not be shown")


@pytest.mark.parametrize("data", [Unwilling(), {(1, 2): 3}, "x" * LARGEST])
def test_what_cannot_be_sent_is_dropped(told: list[PackMessage], data: Any) -> None:
    send_text("pack.event", data, None)
    assert told == []


@pytest.mark.parametrize("data", [None, ("JPEG",), (), "text", 1 << 62])
@pytest.mark.parametrize("event", [1, 2])
def test_what_are_no_bytes_and_no_picture_is_dropped(
    told: list[PackMessage], event: int, data: Any
) -> None:
    send_binary(event, data, None)
    assert told == []


def test_words_on_a_node_follow_its_id(told: list[PackMessage]) -> None:
    send_progress_text("halb fertig: ½", "12.0.1", None)
    (message,) = told
    assert message.payload == b"\0\0\0\3\0\0\0\x06" + b"12.0.1" + "halb fertig: ½".encode()


@pytest.mark.parametrize(("kind", "number", "format_"), [("JPEG", 1, "JPEG"), ("PNG", 2, "PNG")])
def test_a_picture_is_shrunk_and_encoded(
    told: list[PackMessage], kind: str, number: int, format_: str
) -> None:
    picture = Image.new("RGBA", (800, 200), "red")
    send_binary(BinaryEventTypes.UNENCODED_PREVIEW_IMAGE, (kind, picture, 400), "me")
    (message,) = told
    assert message.payload[:8] == b"\0\0\0\1" + number.to_bytes(4, "big")
    with Image.open(io.BytesIO(message.payload[8:])) as shown:
        assert (shown.format, shown.size) == (format_, (400, 100))
    assert picture.size == (800, 200)
