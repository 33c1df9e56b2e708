"""The workflow that ComfyUI, and this hub, write into pictures and recordings."""

import json
from collections.abc import Iterator
from typing import Any, BinaryIO

from hub.probe.inspection import open_regular
from hub.probe.pictures import damage_named, open_picture
from hub.probe.recordings import open_recording
from hub.probe.unopenable import Unopenable

_KEYS = ("prompt", "workflow")  # API format, which was carried out; the editor's own
_FIRST_TAG, _LAST_TAG = 0x0100, 0x0110  # EXIF tags that hold `key:json`


def embedded_workflow(path: bytes) -> str:
    """The JSON of the workflow that made the file. Raises `Unopenable` if it holds none."""
    with open_regular(path) as file:
        found = dict(_texts(file))
    for key in _KEYS:
        if key in found:
            return found[key]
    raise Unopenable("holds no workflow")


def _texts(file: BinaryIO) -> Iterator[tuple[str, str]]:
    image = open_picture(file)
    if image is not None:
        with image, damage_named("It"):
            yield from _known(dict(getattr(image, "text", image.info)))
            exif = image.getexif().items()
            texts = [str(value) for tag, value in exif if _FIRST_TAG <= tag <= _LAST_TAG]
            pairs = [text.partition(":") for text in texts]
            yield from _known({key.lower(): value for key, _, value in pairs})
        return
    container = open_recording(file)
    if container is not None:
        with container:
            yield from _known(dict(container.metadata))
            yield from _known(_of_comment(container.metadata.get("comment", "")))


def _known(values: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for key, value in values.items():
        if str(key).lower() in _KEYS:
            yield str(key).lower(), value if isinstance(value, str) else json.dumps(value)


def _of_comment(comment: str) -> dict[str, Any]:
    """Some packs put all of it into the comment."""
    try:
        content = json.loads(comment)
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}
