"""A request's body as JSON, whatever its content type says: many scripts send none, or a form's."""

import json
from typing import Any

import msgspec
from aiohttp import web

from hub.errors import Invalid


class NotJson(Invalid):
    """The body is no JSON."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"The body of the request is not JSON: {reason}.")


async def read_json(request: web.Request) -> Any:
    """Raises `NotJson`. An empty body counts as an empty object."""
    body = await request.read()
    if not body:
        return {}
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return _lenient(body)


def _lenient(body: bytes) -> Any:
    """What msgspec refuses and Python's clients send: NaN, and names that are no UTF-8."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise NotJson(str(error)) from error
