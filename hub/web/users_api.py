"""The hub's own API: users, for admins; everybody's own password."""

from typing import Any

import msgspec
from aiohttp import web

from hub.records.access import Role
from hub.records.user import User
from hub.web.door import identity_of
from hub.web.errors import Forbidden
from hub.web.json_body import asked_for
from hub.web.json_text import answer
from hub.web.login_cookie import set_login
from hub.web.parts import parts_of
from hub.web.standing import turn_out


class OwnPasswordOnly(Forbidden):
    """Somebody wants to change what belongs to somebody else."""

    def __init__(self) -> None:
        super().__init__("Passwords of others are changed by admins.")


class NewUser(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: str
    password: str
    role: Role | None = None


class NewRole(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    role: Role


class NewPassword(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    password: str
    current: str | None = None


async def list_users(request: web.Request) -> web.Response:
    """GET /api/hub/users"""
    return answer({"users": [_shape(user) for user in parts_of(request).door.accounts.all]})


async def add_user(request: web.Request) -> web.Response:
    """POST /api/hub/users: without a role the first one is an admin, others are operators."""
    accounts = parts_of(request).door.accounts
    wanted = await asked_for(request, NewUser)
    role = wanted.role or (Role.OPERATOR if accounts.all else Role.ADMIN)
    return answer(_shape(await accounts.add(wanted.name, wanted.password, role)), status=201)


async def remove_user(request: web.Request) -> web.Response:
    """DELETE /api/hub/users/{user}: with all that lets it in."""
    name = request.match_info["user"]
    await parts_of(request).door.accounts.remove(name)
    await turn_out(request.app)
    return answer({"user": name, "removed": True})


async def set_role(request: web.Request) -> web.Response:
    """POST /api/hub/users/{user}/role: it counts at once."""
    accounts, name = parts_of(request).door.accounts, request.match_info["user"]
    await accounts.set_role(name, (await asked_for(request, NewRole)).role)
    await turn_out(request.app)
    return answer(_shape(accounts.get(name)))


async def set_password(request: web.Request) -> web.Response:
    """POST /api/hub/users/{user}/password: one's own with the `current` one, others' as admin.

    The user is logged out everywhere, but for the browser that asks.
    """
    door, name = parts_of(request).door, request.match_info["user"]
    identity, wanted = identity_of(request), await asked_for(request, NewPassword)
    if identity.user == name:
        address = door.caller(request).address
        await door.reception.check(name, wanted.current or "", address)
    elif not identity.may_manage:
        raise OwnPasswordOnly
    await door.accounts.set_password(name, wanted.password)
    await turn_out(request.app)
    response = answer({"user": name, "changed": True})
    if identity.user == name and not identity.by_token:
        set_login(request, response, await door.keyring.add_login(name))
    return response


def _shape(user: User) -> dict[str, Any]:
    return {"name": user.name, "role": user.role, "created_at": user.created_at.isoformat()}
