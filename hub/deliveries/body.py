"""The body of a delivery: the same bytes in every attempt, as long as its files are there."""

import asyncio
import json
import mimetypes
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from aiohttp import MultipartWriter

from hub.errors import Invalid, NotFound
from hub.records.delivery import Delivery

LARGEST = 64 << 20  # bytes of all files of one delivery


class FileGone(NotFound):
    """A file that was to be sent is not there."""

    def __init__(self, path: str, cause: OSError) -> None:
        super().__init__(f"the file {path} cannot be read: {cause.strerror or cause}")


class TooLarge(Invalid):
    """The files of a delivery are too large."""

    def __init__(self) -> None:
        super().__init__(f"its files are larger than {LARGEST >> 20} MiB")


@dataclass(frozen=True, kw_only=True, slots=True)
class Body:
    """What is sent."""

    content: bytes
    content_type: str | None


async def body_of(delivery: Delivery) -> Body:
    """Raises `FileGone`, `TooLarge`."""
    if delivery.attachments:
        return await _form_with_files(delivery)
    match delivery.content:
        case {"json": value}:
            return Body(content=json.dumps(value).encode(), content_type="application/json")
        case {"form": dict(fields)}:
            content = urlencode(fields, errors="surrogateescape").encode()
            return Body(content=content, content_type="application/x-www-form-urlencoded")
        case {"text": str(text)}:
            return Body(content=_bytes(text), content_type="text/plain; charset=utf-8")
        case {"file": str(path)}:
            [content] = await asyncio.to_thread(_read, [path])
            return Body(content=content, content_type=_kind(path))
    return Body(content=b"", content_type=None)


async def _form_with_files(delivery: Delivery) -> Body:
    files = delivery.attachments
    contents = await asyncio.to_thread(_read, [file.path for file in files])
    boundary = f"delivery-{delivery.id}"
    with MultipartWriter("form-data", boundary=boundary) as writer:
        if "json" in delivery.content:
            part = writer.append(
                json.dumps(delivery.content["json"]).encode(), {"Content-Type": "application/json"}
            )
            part.set_content_disposition("form-data", name="json")
        for name, text in delivery.content.get("form", {}).items():
            part = writer.append(_bytes(str(text)), {"Content-Type": "text/plain; charset=utf-8"})
            part.set_content_disposition("form-data", name=name)
        for file, content in zip(files, contents, strict=True):
            part = writer.append(content, {"Content-Type": _kind(file.path)})
            name = Path(file.path).name.encode(errors="replace").decode()
            part.set_content_disposition("form-data", name=file.name, filename=name)
        whole = await writer.as_bytes()
    return Body(content=whole, content_type=f"multipart/form-data; boundary={boundary}")


def _read(paths: list[str]) -> list[bytes]:
    contents: list[bytes] = []
    left = LARGEST
    for path in paths:
        try:
            with Path(path).open("rb") as file:
                content = file.read(left + 1)
        except OSError as error:
            raise FileGone(path, error) from error
        left -= len(content)
        if left < 0:
            raise TooLarge
        contents.append(content)
    return contents


def _kind(path: str) -> str:
    return mimetypes.guess_type(path)[0] or "application/octet-stream"


def _bytes(text: str) -> bytes:
    return text.encode(errors="surrogateescape")
