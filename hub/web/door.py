"""The door: who may come in, and how far.

A page of another site can make a browser send requests here (`hub.web.origins` tells whose it is);
and if it points its own name at us (DNS rebinding), the `Host` gives it away.

Whoever is let in has an identity: that of a login (cookie), of a token (`Authorization: Bearer`, or
`?token=` for clients that can send no headers), or of somebody at this machine, where
that is enough. Every route says which scope it needs (`hub.web.scoped`).
"""

import hmac
import re
from dataclasses import dataclass, field
from urllib.parse import quote, unquote_plus

from aiohttp import web

from hub.access.accounts import Accounts
from hub.access.identity import AT_THIS_MACHINE, Identity
from hub.access.keyring import Keyring
from hub.access.reception import Reception
from hub.access.secrets import PREFIX, new_secret
from hub.clock import Clock
from hub.config.server_settings import ServerSettings
from hub.records.access import Scope
from hub.storage.users import Users
from hub.web.bodies import check_length, in_time
from hub.web.caller import Caller, caller_of
from hub.web.errors import Forbidden, Handler, LoginNeeded
from hub.web.hosts import is_own_address, is_own_name
from hub.web.origins import (
    Page,
    cors_headers,
    is_preflight,
    page_of,
    preflight_answer,
    referring_origin,
)
from hub.web.scoped import body_of, needed_scope

COOKIE = "hub_session"
HEADERS = {
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; "
    "form-action 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
_TOKEN = re.compile(rf"token={PREFIX}")
_READING = {"GET", "HEAD"}


class ForeignHost(Forbidden):
    """The request was meant for another name than this hub's."""

    def __init__(self, host: str, *, local: bool) -> None:
        super().__init__(
            f"This hub answers on this machine only, and {host!r} is not its address. "
            "Use http://127.0.0.1 with its port."
            if local
            else f"{host!r} is no name of this hub. If it should be, put it into `server: names:` "
            "in hub.yaml."
        )


class ForeignOrigin(Forbidden):
    """A page of another site sent the request."""

    def __init__(self, request: web.Request) -> None:
        origin = request.headers.get("Origin") or referring_origin(request) or "another site"
        super().__init__(
            f"Pages of {origin!r} may not talk to this hub like this. If they should, put their"
            " origin into `server: cors:` in hub.yaml, and start the hub again."
        )


class NotAllowed(Forbidden):
    """Whoever asks is known, and may not do that."""

    def __init__(self, identity: Identity, needed: Scope) -> None:
        who = f"{identity.user!r} may" if identity.user else "You may"
        super().__init__(
            f"{who} {identity.scope.value!r} here, and this needs {needed.value!r}. Use a token of "
            "that scope, or ask an admin for another role."
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Door:
    """`key` is what commands of this machine show that can read the data folder."""

    settings: ServerSettings
    keyring: Keyring
    accounts: Accounts
    reception: Reception
    clock: Clock
    key: str = field(default_factory=new_secret, repr=False)

    @classmethod
    async def open(cls, settings: ServerSettings, users: Users, clock: Clock) -> "Door":
        """With everybody on it who may come in."""
        keyring = Keyring(users, clock)
        await keyring.load()
        accounts = Accounts(users, keyring, clock)
        reception = Reception(accounts, keyring, clock)
        return cls(
            settings=settings,
            keyring=keyring,
            accounts=accounts,
            reception=reception,
            clock=clock,
        )

    @property
    def welcome_code(self) -> str | None:
        """What makes somebody the owner, where one is needed and there is none."""
        is_needed = self.settings.everybody_logs_in and self.reception.awaits_owner
        return self.reception.code if is_needed else None

    def caller(self, request: web.Request) -> Caller:
        """Where a request comes from."""
        return caller_of(request, self.settings.trusted_proxies)

    def identify(self, request: web.Request, caller: Caller) -> Identity | None:
        """Who sent a request; None if that must be shown, and is not.

        Where nothing needs to be shown, what is shown and unknown is no mistake: clients of ComfyUI
        may send keys of other services. A stranger's page shows a token, as its browser may be at
        this machine or logged in.
        """
        is_stranger = self.page(request, caller) is Page.STRANGER
        for secret in _shown(request, with_cookie=not is_stranger):
            if hmac.compare_digest(secret.encode(errors="replace"), self.key.encode()):
                return AT_THIS_MACHINE
            if found := self.keyring.find(secret):
                return found
        may_be_anybody = is_stranger or self.settings.everybody_logs_in
        if caller.is_at_this_machine and not may_be_anybody:
            return AT_THIS_MACHINE
        return None

    def page(self, request: web.Request, caller: Caller) -> Page:
        """Whose page sent a request."""
        return page_of(request, caller.host, self.settings.cors)

    def check_address(self, request: web.Request, caller: Caller) -> None:
        """Raises `ForeignHost`, `ForeignOrigin`."""
        if self.settings.everybody_logs_in or caller.came_through_proxy:
            is_ours = is_own_name(caller.host, tuple(self.settings.names))
        else:
            is_ours = is_own_address(caller.host, _port(request))
        if not is_ours:
            raise ForeignHost(caller.host, local=not self.settings.everybody_logs_in)
        if self.page(request, caller) is Page.REFUSED:
            raise ForeignOrigin(request)


DOOR = web.AppKey("door", Door)
_IDENTITY = web.RequestKey("identity", Identity)


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let in what comes to our own address, from pages that may or no page at all, and may."""
    door = request.app[DOOR]
    caller = door.caller(request)
    door.check_address(request, caller)
    if door.settings.cors and is_preflight(request):
        return preflight_answer(request)
    needed = _needed(request)
    if needed is None:
        if door.page(request, caller) is Page.STRANGER:  # what is public asks for no token
            raise ForeignOrigin(request)
    else:
        identity = door.identify(request, caller)
        if identity is None:
            if _wants_page(request):
                raise web.HTTPSeeOther(f"/login?next={quote(request.path_qs, safe='')}")
            raise LoginNeeded
        if not identity.scope.includes(needed):
            raise NotAllowed(identity, needed)
        request[_IDENTITY] = identity
    check_length(request, body_of(request.match_info.handler).largest(door.settings))
    patience = door.settings.patience.total_seconds()
    return await in_time(request, handler(request), patience, door.clock)


def identity_of(request: web.Request) -> Identity:
    """Who sent a request that was let in; for routes that need a scope."""
    return request[_IDENTITY]


def may_still(request: web.Request, needed: Scope | None = None) -> bool:
    """Whether its sender may do that now, or what its route is for: since it was let in a login may
    have ended, and a role have changed."""
    needed = needed or _needed(request)
    door = request.app[DOOR]
    identity = door.identify(request, door.caller(request))
    return needed is None or (identity is not None and identity.scope.includes(needed))


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """A signal handler: security headers for every answer that has no stricter ones of its own, and
    which pages may read it."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    door = request.app[DOOR]
    if door.settings.cors:
        page = door.page(request, door.caller(request))
        response.headers.update(cors_headers(request, page))


def without_token(query: str) -> str:
    """A raw query string without the token that let its request in, to be passed on."""
    pairs = query.split("&")
    return "&".join(pair for pair in pairs if not _TOKEN.match(unquote_plus(pair)))


def _needed(request: web.Request) -> Scope | None:
    found = request.match_info
    if found.http_exception is not None:  # nothing of ours; perhaps a node pack's
        return Scope.READ if request.method in _READING else Scope.RUN
    return needed_scope(found.handler)


def _shown(request: web.Request, *, with_cookie: bool) -> list[str]:
    """All that may show who sent the request."""
    scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
    shown = [bearer.strip() if scheme.lower() == "bearer" else ""]
    shown += request.query.getall("token", [])
    if with_cookie and "Cookie" in request.headers:
        shown.append(request.cookies.get(COOKIE, ""))
    return [secret for secret in shown if secret]


def _wants_page(request: web.Request) -> bool:
    return request.method == "GET" and "text/html" in request.headers.get("Accept", "")


def _port(request: web.Request) -> int:
    assert request.transport is not None, "a request that is being handled has a connection"
    port: int = request.transport.get_extra_info("sockname")[1]
    return port
