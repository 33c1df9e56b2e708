"""The hub's own API: tokens, by which programs come in."""

from datetime import timedelta
from typing import Annotated, Any

import msgspec
from aiohttp import web
from msgspec import Meta

from hub.errors import Invalid
from hub.records.access import Scope
from hub.records.user import Token
from hub.web.door import identity_of
from hub.web.errors import Forbidden
from hub.web.json_body import asked_for
from hub.web.json_text import answer
from hub.web.parts import parts_of
from hub.web.standing import turn_out


class OwnTokensOnly(Forbidden):
    """Somebody wants a token of somebody else."""

    def __init__(self) -> None:
        super().__init__("Tokens of others are made by admins.")


class TokensMakeNone(Forbidden):
    """A token would make itself another one, which stays when it is revoked."""

    def __init__(self) -> None:
        super().__init__("A token makes no tokens unless its scope is 'admin'. Log in to make one.")


class WhoseToken(Invalid):
    """Who asks has no name, and neither has the token's user."""

    def __init__(self) -> None:
        super().__init__("Say whose token it shall be: `user`.")


class NewToken(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: Annotated[str, Meta(min_length=1, max_length=100)]
    scope: Scope
    user: str | None = None
    days: Annotated[float, Meta(gt=0, le=36500)] | None = None


async def list_tokens(request: web.Request) -> web.Response:
    """GET /api/hub/tokens: one's own; for admins everybody's. Never the secrets."""
    identity = identity_of(request)
    own = None if identity.may_manage else identity.user
    tokens = parts_of(request).door.keyring.tokens(own)
    return answer({"tokens": [_shape(token) for token in tokens]})


async def create_token(request: web.Request) -> web.Response:
    """POST /api/hub/tokens: the one time that its secret is told."""
    parts, identity = parts_of(request), identity_of(request)
    wanted = await asked_for(request, NewToken)
    name = wanted.user or identity.user
    if name is None:
        raise WhoseToken
    if name != identity.user and not identity.may_manage:
        raise OwnTokensOnly
    if identity.by_token and not identity.may_manage:
        raise TokensMakeNone
    ends = parts.clock.now() + timedelta(days=wanted.days) if wanted.days else None
    user = parts.door.accounts.get(name)
    token, secret = await parts.door.keyring.add_token(user, wanted.name, wanted.scope, ends)
    return answer({**_shape(token), "token": secret}, status=201)


async def revoke_token(request: web.Request) -> web.Response:
    """DELETE /api/hub/tokens/{token}: it lets nobody in any more."""
    identity, token = identity_of(request), request.match_info["token"]
    own = None if identity.may_manage else identity.user
    await parts_of(request).door.keyring.revoke(token, own)
    await turn_out(request.app)
    return answer({"id": token, "revoked": True})


def _shape(token: Token) -> dict[str, Any]:
    return {
        "id": token.id,
        "name": token.name,
        "user": token.user,
        "scope": token.scope,
        "created_at": token.created_at.isoformat(),
        "expires_at": token.expires_at and token.expires_at.isoformat(),
        "used_at": token.used_at and token.used_at.isoformat(),
    }
