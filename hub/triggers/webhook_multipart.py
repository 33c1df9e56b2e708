"""Forms with files (multipart/form-data, RFC 7578), taken apart where they lie on the disk.

The file is mapped, so that a form of any size takes no more memory than its pages. All of it
blocks, and belongs into a thread.
"""

import mmap
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.parser import HeaderParser
from email.utils import collapse_rfc2231_value
from pathlib import Path

from hub.triggers.webhook_body import MOST_FIELDS, UnreadableBody

_LONGEST_HEAD = 16 << 10
_LONGEST_FIELD = 1 << 20
_PIECE = 1 << 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """One field: a text (`value`), or a file with its content in `path`."""

    name: str
    value: str = ""
    path: Path | None = None
    filename: str = ""
    content_type: str = ""


def take_apart(form: Path, content_type: str) -> list[Part]:
    """The fields of a form; the contents of files lie beside it, as `<form>-<number><suffix>`.

    Raises `UnreadableBody`.
    """
    boundary = _boundary(content_type)
    if form.stat().st_size == 0:
        raise UnreadableBody("The form in the body is empty.")
    with form.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return [
            _part(form, number, content, start, end)
            for number, (start, end) in enumerate(_places(content, boundary))
        ]


def _boundary(content_type: str) -> bytes:
    message = Message()
    message["Content-Type"] = content_type
    boundary = message.get_boundary()
    if not boundary or len(boundary) > 200:
        raise UnreadableBody("The form's content type names no boundary.")
    return boundary.encode(errors="surrogateescape")


def _places(content: mmap.mmap, boundary: bytes) -> Iterator[tuple[int, int]]:
    """Where each part begins and ends, its head included."""
    mark = b"\r\n--" + boundary
    if content[: len(mark) - 2] == mark[2:]:
        position = len(mark) - 2
    else:
        position = content.find(mark)
        if position < 0:
            raise UnreadableBody("The form's boundary is not in the body.")
        position += len(mark)
    count = 0
    while content[position : position + 2] != b"--":
        begin = content.find(b"\r\n", position) + 2
        end = content.find(mark, begin - 2)
        count += 1
        if begin < 2 or end < 0 or count > MOST_FIELDS:
            raise UnreadableBody(f"The form breaks off, or has more than {MOST_FIELDS} fields.")
        yield begin, end
        position = end + len(mark)


def _part(form: Path, number: int, content: mmap.mmap, start: int, end: int) -> Part:
    head_end = content.find(b"\r\n\r\n", start, min(start + _LONGEST_HEAD, end + 4))
    if head_end < 0:
        raise UnreadableBody(f"Field {number + 1} of the form has no readable head.")
    # Browsers send names as plain UTF-8, which the parser of mail headers takes from a text only.
    head = HeaderParser().parsestr(content[start : head_end + 4].decode(errors="replace"))
    name = _text(head.get_param("name", header="content-disposition"))
    filename = _text(head.get_param("filename", header="content-disposition"))
    if not name:
        raise UnreadableBody(f"Field {number + 1} of the form has no name.")
    body_start = head_end + 4
    if not filename:
        return Part(name=name, value=_value(name, content, body_start, end))
    plain = filename.replace("\\", "/").rpartition("/")[2]
    path = form.with_name(f"{form.name}-{number}{_suffix(plain)}")
    _copy(content, body_start, end, path)
    kind = head.get_content_type()
    return Part(name=name, path=path, filename=plain, content_type=kind)


def _value(name: str, content: mmap.mmap, start: int, end: int) -> str:
    if end - start > _LONGEST_FIELD:
        raise UnreadableBody(f"The form's field {name!r} has more than {_LONGEST_FIELD} bytes.")
    try:
        return content[start:end].decode()
    except UnicodeDecodeError:
        raise UnreadableBody(f"The form's field {name!r} is not UTF-8.") from None


def _copy(content: mmap.mmap, start: int, end: int, path: Path) -> None:
    with path.open("xb") as file:
        for position in range(start, end, _PIECE):
            file.write(content[position : min(position + _PIECE, end)])


def _suffix(filename: str) -> str:
    suffix = Path(filename).suffix
    return suffix if suffix[1:].isalnum() and suffix.isascii() and len(suffix) < 10 else ""


def _text(parameter: object) -> str:
    """A parameter of a header, also one that is encoded (RFC 2231)."""
    return "" if parameter is None else collapse_rfc2231_value(parameter)  # type: ignore[arg-type]  # a text, or three
