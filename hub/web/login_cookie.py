"""The cookie that keeps a browser logged in: out of reach of scripts, and of other sites."""

from aiohttp import web

from hub.access.keyring import LOGIN_LASTS
from hub.web.door import COOKIE
from hub.web.parts import parts_of


def set_login(request: web.Request, response: web.StreamResponse, secret: str) -> None:
    """Hand it out with this answer."""
    response.set_cookie(
        COOKIE,
        secret,
        max_age=int(LOGIN_LASTS.total_seconds()),
        httponly=True,
        samesite="Strict",
        secure=parts_of(request).door.caller(request).scheme == "https",
    )


def drop_login(response: web.StreamResponse) -> None:
    """Have the browser forget it."""
    response.del_cookie(COOKIE, httponly=True, samesite="Strict")
