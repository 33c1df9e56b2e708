"""The hub's own API: who asks, logging in and out."""

from typing import Any

import msgspec
from aiohttp import web

from hub.access.identity import Identity
from hub.web.door import COOKIE
from hub.web.json_body import asked_for
from hub.web.json_text import answer
from hub.web.login_cookie import drop_login, set_login
from hub.web.parts import parts_of
from hub.web.standing import turn_out


class Credentials(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    password: str
    code: str | None = None


async def show_me(request: web.Request) -> web.Response:
    """GET /api/hub/me: who asks, and how far that reaches; also for those who are nobody yet."""
    door = parts_of(request).door
    identity = door.identify(request, door.caller(request))
    return answer({**_shape(request, identity), "awaits_owner": door.reception.awaits_owner})


async def log_in(request: web.Request) -> web.Response:
    """POST /api/hub/login: with name and password; the first of all with the code, to be owner."""
    door, address = parts_of(request).door, parts_of(request).door.caller(request).address
    given = await asked_for(request, Credentials)
    if given.code is not None:
        await door.reception.make_owner(given.code, given.name, given.password, address)
    secret = await door.reception.log_in(given.name, given.password, address)
    response = answer(_shape(request, door.keyring.find(secret)))
    set_login(request, response, secret)
    return response


async def log_out(request: web.Request) -> web.Response:
    """POST /api/hub/logout: this browser is nobody any more."""
    await parts_of(request).door.keyring.end_login(request.cookies.get(COOKIE, ""))
    await turn_out(request.app)
    response = answer({"logged_out": True})
    drop_login(response)
    return response


def _shape(request: web.Request, identity: Identity | None) -> dict[str, Any]:
    if identity is None:
        return {"user": None, "role": None, "scope": None}
    user = identity.user and parts_of(request).door.accounts.get(identity.user)
    return {
        "user": identity.user,
        "role": user.role if user else None,
        "scope": identity.scope,
    }
