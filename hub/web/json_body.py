"""A request's body as JSON, whatever its content type says: many scripts send none, or a form's."""

import asyncio
import json
from typing import Any, TypeVar

import msgspec
from aiohttp import web

from hub.errors import Invalid
from hub.web.bodies import read_body

T = TypeVar("T")


class NotJson(Invalid):
    """The body is no JSON, or more of it than is looked at."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"The body of the request cannot be read as JSON: {reason}.")


LARGE = 64 << 10  # bytes, for which 10 ms are enough
DEEPEST = 100
_TOO_DEEP = NotJson(f"it is nested more than {DEEPEST} deep")
MOST_VALUES = 1_000_000  # a graph of 10,000 nodes has some hundred thousand, with what draws it
_TOO_MANY = NotJson(f"it has more than {MOST_VALUES} values")
_OPENING = (b"[", b"{")
_BEFORE_VALUES = (b",", *_OPENING)
_NESTING = (dict, list)  # a union would be made anew for each of thousands of values


async def read_json(request: web.Request) -> Any:
    """Raises `NotJson`. An empty body counts as an empty object."""
    body = await read_body(request)
    if len(body) > LARGE:  # the loop has turns between, though not while msgspec reads
        return await asyncio.to_thread(decode_json, body)
    return decode_json(body) if body else {}


async def asked_for(request: web.Request, kind: type[T]) -> T:
    """The body as what it should be. Raises `Invalid`."""
    content = await read_json(request)
    try:
        msgspec.json.encode(content)  # has no half letters, as JSON may and our tables may not
        return msgspec.convert(content, kind)
    except UnicodeEncodeError as error:
        half = ascii(error.object[error.start])
        raise Invalid(f"That is not what this takes: {half} is half a letter.") from error
    except (msgspec.ValidationError, OverflowError) as error:
        raise Invalid(f"That is not what this takes: {error}.") from error


def decode_json(body: bytes) -> Any:
    """Raises `NotJson`."""
    if len(body) > MOST_VALUES and sum(map(body.count, _BEFORE_VALUES)) > MOST_VALUES:
        # Whoever reads, checks or writes them would hold up everybody else for seconds.
        raise _TOO_MANY
    try:
        content = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        content = _lenient(body)
    except RecursionError as error:
        raise _TOO_DEEP from error
    if sum(map(body.count, _OPENING)) > DEEPEST:
        _check_depth(content)
    return content


def _lenient(body: bytes) -> Any:
    """What msgspec refuses and Python's clients send: NaN, and names that are no UTF-8."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise NotJson(str(error)) from error


def _check_depth(content: Any) -> None:
    """Whatever goes through nested values calls itself; what is deeper would break it somewhere."""
    level = [content] if isinstance(content, _NESTING) else []
    for _ in range(DEEPEST):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, _NESTING)
        ]
        if not level:
            return
    raise _TOO_DEEP


def ids_in(body: Any, name: str) -> set[str]:
    """The texts in the list of that name; whatever is none, or not in ASCII, cannot be an id of
    anything."""
    listed = body.get(name) if isinstance(body, dict) else None
    return (
        {each for each in listed if isinstance(each, str) and each.isascii()}
        if isinstance(listed, list)
        else set()
    )
