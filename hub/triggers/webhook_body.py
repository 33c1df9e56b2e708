"""What a webhook's body says: JSON, form fields or a text, by its content type."""

import json
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import Message
from typing import Any
from urllib.parse import parse_qsl

from hub.errors import Invalid
from hub.triggers.base import WebhookRequest

MOST_FIELDS = 1000
# Texts are parsed in memory; what is larger than this can only be a file.
LONGEST_TEXT = 16 << 20
_ENCODINGS = {"us-ascii", "utf-8", "utf-16", "iso-8859-1", "windows-1252"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Content:
    """A body as templates see it: JSON, a text, form fields, and files by the names of their
    fields."""

    json: Any = None
    text: str | None = None
    data: dict[str, str] = field(default_factory=dict)
    files: dict[str, dict[str, Any]] = field(default_factory=dict)


class UnreadableBody(Invalid):
    """The body is not what its content type says."""


class TooLarge(Invalid):
    """The body is longer than it may be."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"The body has more than {limit} bytes.")


def is_json(media_type: str) -> bool:
    return media_type == "application/json" or media_type.endswith("+json")


def is_form(media_type: str) -> bool:
    return media_type == "application/x-www-form-urlencoded"


def is_multipart(media_type: str) -> bool:
    return media_type == "multipart/form-data"


def holds_files(request: WebhookRequest) -> bool:
    """Whether the body is a form with files, or a file by itself: anything but JSON and texts."""
    kind = request.media_type
    if is_multipart(kind):
        return True
    has_body = bool(request.body) or request.rest is not None
    return has_body and not (is_json(kind) or is_form(kind) or kind.startswith("text/"))


async def whole_text(request: WebhookRequest, limit: int) -> bytes:
    """The body of a request that holds no files. Raises `TooLarge`."""
    limit = min(limit, LONGEST_TEXT)
    if request.rest is None:
        if len(request.body) > limit:
            raise TooLarge(limit)
        return request.body
    gathered = bytearray()
    async for piece in request.pieces():
        gathered += piece
        if len(gathered) > limit:
            raise TooLarge(limit)
    return bytes(gathered)


def read_text(content_type: str, body: bytes) -> Content:
    """Raises `UnreadableBody`."""
    media_type = content_type.partition(";")[0].strip().lower()
    if is_json(media_type):
        return Content(json=read_json(body))
    if is_form(media_type):
        as_json = _json_after_all(body)
        return Content(data=read_form(body)) if as_json is None else Content(json=as_json)
    return Content(text=read_plain(content_type, body) if body else None)


def read_json(body: bytes) -> Any:
    """The body's JSON value."""
    try:
        return json.loads(body, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise UnreadableBody(
            f"The body is not JSON: {error.msg} in line {error.lineno}, column {error.colno}."
        ) from error
    except UnicodeDecodeError as error:
        raise UnreadableBody(f"The body is not JSON: byte {error.start} is not UTF-8.") from error
    except (ValueError, RecursionError) as error:
        raise UnreadableBody(f"The body's JSON cannot be read: {error}.") from error


def read_plain(content_type: str, body: bytes) -> str:
    """A text in the encoding that its content type names, or else UTF-8; no text is refused for
    bytes that do not fit."""
    header = Message()
    header["content-type"] = content_type
    named = header.get_content_charset("utf-8")
    return body.decode(named if named in _ENCODINGS else "utf-8", errors="replace")


def read_form(body: bytes) -> dict[str, str]:
    """The body's form fields, of repeated ones the first."""
    try:
        fields = parse_qsl(
            body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict"
        )
    except UnicodeDecodeError as error:
        raise UnreadableBody("The form in the body is not UTF-8.") from error
    except ValueError as error:
        raise UnreadableBody(f"The form has more than {MOST_FIELDS} fields.") from error
    return dict(reversed(fields))


def _json_after_all(body: bytes) -> Any:
    """The object or list in what `curl -d '{…}'` sends, which says that this was a form."""
    if not body.lstrip().startswith((b"{", b"[")):
        return None
    with suppress(UnreadableBody):
        return read_json(body)
    return None


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")
