"""Numbers behind the question mark of an address."""

import re

from aiohttp import web

from hub.errors import Invalid

LONGEST_PAGE = 1000


class NoNumber(Invalid):
    """A number was expected."""

    def __init__(self, name: str, text: str) -> None:
        super().__init__(f"{name}={text[:50]!r} must be a whole number above 0.")


def number(request: web.Request, name: str) -> int | None:
    """A whole number above 0; None if it is not given. Raises `NoNumber`."""
    text = request.query.get(name)
    if text is None:
        return None
    if not re.fullmatch("[0-9]{1,18}", text) or int(text) == 0:
        raise NoNumber(name, text)
    return int(text)


class NoInteger(Invalid):
    """A whole number was expected."""

    def __init__(self, name: str, text: str) -> None:
        super().__init__(f"{name}={text[:50]!r} must be a whole number.")


def integer(request: web.Request, name: str) -> int | None:
    """A whole number, which may be negative; None if it is not given. Raises `NoInteger`."""
    text = request.query.get(name)
    if text is None:
        return None
    if not re.fullmatch("-?[0-9]{1,18}", text):
        raise NoInteger(name, text)
    return int(text)


def page_length(request: web.Request) -> int:
    """How many items a page shall have: `limit`, or 50."""
    return min(number(request, "limit") or 50, LONGEST_PAGE)
