"""Texts in templates, under Home Assistant's names and with its meaning."""

import base64
import hashlib
import json
import re
import struct
import unicodedata
from datetime import date, time, timedelta
from typing import Any

from hub.automations.template_times import REQUIRED

_STRUCT = re.compile(r"[@=<>!]?[bBhHiIlLqQefd]")
# What decomposition does not take apart.
_LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d"})


def from_json(value: Any, default: Any = REQUIRED) -> Any:
    """The value that a JSON text holds."""
    try:
        return json.loads(value)
    except ValueError:
        if default is REQUIRED:
            raise
        return default


def to_json(
    value: Any, ensure_ascii: bool = False, pretty_print: bool = False, sort_keys: bool = False
) -> str:
    """A value as JSON text; times as ISO texts."""
    return json.dumps(
        value,
        ensure_ascii=ensure_ascii,
        indent=2 if pretty_print else None,
        separators=None if pretty_print else (",", ":"),
        sort_keys=sort_keys,
        default=_json_of,
    )


def regex_match(value: str, find: str = "", ignorecase: bool = False) -> bool:
    """Whether a regular expression matches at the beginning."""
    return re.match(find, value, _flags(ignorecase)) is not None


def regex_search(value: str, find: str = "", ignorecase: bool = False) -> bool:
    """Whether a regular expression matches anywhere."""
    return re.search(find, value, _flags(ignorecase)) is not None


def regex_replace(
    value: str = "", find: str = "", replace: str = "", ignorecase: bool = False
) -> str:
    """The text with every match replaced; `\\1` stands for the first group."""
    return re.sub(find, replace, value, flags=_flags(ignorecase))


def regex_findall(value: str, find: str = "", ignorecase: bool = False) -> list[Any]:
    """Every match; of expressions with groups, the groups."""
    return re.findall(find, value, _flags(ignorecase))


def regex_findall_index(
    value: str, find: str = "", index: int = 0, ignorecase: bool = False
) -> Any:
    """One of the matches, counted from 0."""
    return regex_findall(value, find, ignorecase)[index]


def slugify(value: Any, separator: str = "_") -> str:
    """Lower-case ASCII letters and digits; `unknown` where nothing is left."""
    text = unicodedata.normalize("NFKD", str(value).lower().translate(_LETTERS))
    ascii_text = text.encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", separator, ascii_text).strip(separator) or "unknown"


def ordinal(value: Any) -> str:
    """1st, 2nd, 3rd …"""
    number = int(value)
    teen = abs(number) % 100 in (11, 12, 13)
    return f"{number}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(abs(number) % 10, 'th')}"


def md5(value: Any) -> str:
    """Hexadecimal digest of a text, in UTF-8; file names as the bytes they are."""
    return hashlib.md5(_bytes(value), usedforsecurity=False).hexdigest()


def sha1(value: Any) -> str:
    """As `md5`, longer."""
    return hashlib.sha1(_bytes(value), usedforsecurity=False).hexdigest()


def sha256(value: Any) -> str:
    """As `sha1`, longer and fit for secrets."""
    return hashlib.sha256(_bytes(value)).hexdigest()


def sha512(value: Any) -> str:
    """As `sha256`, longer."""
    return hashlib.sha512(_bytes(value)).hexdigest()


def base64_encode(value: Any) -> str:
    """A text's UTF-8 bytes in Base64."""
    return base64.b64encode(_bytes(value)).decode()


def base64_decode(value: str, encoding: str = "utf-8") -> str:
    """The text that Base64 holds."""
    return base64.b64decode(value).decode(encoding)


def from_hex(value: str) -> bytes:
    """The bytes that hexadecimal digits spell."""
    return bytes.fromhex(value)


def pack(value: Any, format_string: str) -> bytes:
    """A number as bytes, in a format of Python's `struct`."""
    try:
        return struct.pack(_one_value(format_string), value)
    except struct.error as error:
        raise ValueError(f"{value!r} cannot be packed as {format_string!r}: {error}") from error


def unpack(value: bytes, format_string: str, offset: int = 0) -> Any:
    """The number that bytes spell, from `offset` on."""
    try:
        return struct.unpack_from(_one_value(format_string), value, offset)[0]
    except struct.error as error:
        raise ValueError(f"nothing can be unpacked as {format_string!r}: {error}") from error


def is_string_like(value: Any) -> bool:
    """Whether it is a text, or bytes."""
    return isinstance(value, str | bytes | bytearray)


def _one_value(format_string: str) -> str:
    """Raises `ValueError`; a count in front would ask for any amount of memory."""
    if not _STRUCT.fullmatch(format_string):
        raise ValueError(f"{format_string!r} is no format of one number, such as '>I'")
    return format_string


def _flags(ignorecase: bool) -> re.RegexFlag:
    return re.IGNORECASE if ignorecase else re.NOFLAG


def _bytes(value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode(errors="surrogateescape")


def _json_of(value: Any) -> str:
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    raise TypeError(f"a {type(value).__name__} has no place in JSON")
