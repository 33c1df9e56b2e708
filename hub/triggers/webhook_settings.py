"""What can be set of a webhook trigger, with its checks."""

import re
from datetime import timedelta
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from hub.config.fields import ByteCount, OneOrMany
from hub.triggers.settings import TriggerSettings
from hub.triggers.webhook_auth import AnyAuth, Auth, BearerAuth, NoAuth
from hub.triggers.webhook_callers import Network, network, rate

_HEADER_NAME = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"  # RFC 9110, 5.6.2
_SHORTEST_ID = 8
_SHORTEST_SECRET_ID = 32


class ResponseSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """With `respond: wait`: what is answered once all is done, instead of the report."""

    output: Annotated[bool, Meta(description="The first file that came of it, as it is.")] = False
    template: Annotated[
        str | None,
        Meta(description="A template, which sees `trigger` and what the report has."),
    ] = None
    code: Annotated[int, Meta(description="The status of success.", ge=200, le=599)] = 200
    headers: Annotated[
        dict[str, str], Meta(description="Further headers, such as `Content-Type`.")
    ] = {}

    def __post_init__(self) -> None:
        if self.output and self.template is not None:
            raise ValueError("A response is either the `output` or a `template`.")
        for name, value in self.headers.items():
            if not re.fullmatch(_HEADER_NAME, name) or not value.isprintable():
                raise ValueError(f"{name!r} cannot be a header with that value.")


class WebhookSettings(TriggerSettings, frozen=True, kw_only=True):
    """Who may call, with what, and what is answered."""

    webhook_id: Annotated[
        str,
        Meta(
            description="Last part of the address: letters, digits, - and _; at least 8 of them,"
            " with neither `token` nor `auth` at least 32."
        ),
    ]
    token: Annotated[
        str | None,
        Meta(description="What a caller sends as `Authorization: Bearer …`; short for `auth`."),
    ] = None
    auth: Annotated[
        AnyAuth | None,
        Meta(
            description="How a caller shows that it may: `type` is none, bearer, basic, hmac,"
            " github, stripe, slack or standard_webhooks."
        ),
    ] = None
    allowed_methods: Annotated[
        OneOrMany[Literal["GET", "POST", "PUT"]], Meta(description="Methods that are taken.")
    ] = msgspec.field(default_factory=lambda: ["POST", "PUT"])
    local_only: Annotated[
        bool, Meta(description="Whether only callers in the hub's own network are let in.")
    ] = True
    allow: Annotated[
        OneOrMany[str],
        Meta(description="Addresses or networks (CIDR) of callers, instead of `local_only`."),
    ] = msgspec.field(default_factory=list)
    idempotency: Annotated[
        str | None,
        Meta(
            description="Header, or template, that names a delivery: the same value again is the"
            " same event. Services of `auth` have their own."
        ),
    ] = None
    rate_limit: Annotated[
        str | None, Meta(description="Most requests in a time, such as 10/min.")
    ] = None
    max_body: Annotated[
        ByteCount, Meta(description="Most bytes a body may have.", ge=1, le=1 << 36)
    ] = 1 << 20
    respond: Annotated[
        Literal["accepted", "wait", "stream"],
        Meta(
            description="`accepted` answers at once, `wait` when all is done, `stream` tells what"
            " happens meanwhile."
        ),
    ] = "accepted"
    timeout: Annotated[timedelta, Meta(description="With `wait` and `stream`: for how long.")] = (
        timedelta(seconds=60)
    )
    response: Annotated[
        ResponseSettings | None, Meta(description="With `wait`: what is answered.")
    ] = None

    def __post_init__(self) -> None:
        self._check_address()
        if self.token is not None and self.auth is not None:
            raise ValueError("`token` is short for `auth` with `type: bearer`: give one of them.")
        if not self.allowed_methods:
            raise ValueError("`allowed_methods` is empty: nothing could ever call this webhook.")
        if self.response is not None and self.respond != "wait":
            raise ValueError("`response` goes with `respond: wait`.")
        if not timedelta() < self.timeout <= timedelta(hours=24):
            raise ValueError("`timeout` must be more than nothing, and at most a day.")
        named = self.idempotency
        if named is not None and "{" not in named and not re.fullmatch(_HEADER_NAME, named):
            raise ValueError(f"`idempotency` is the name of a header or a template, not {named!r}.")
        if self.rate_limit is not None:
            rate(self.rate_limit)
        _ = self.networks

    @property
    def networks(self) -> tuple[Network, ...]:
        return tuple(network(text) for text in self.allow)

    @property
    def caller(self) -> Auth:
        """How a caller shows that it may."""
        if self.token is not None:
            return BearerAuth(token=[self.token])
        return self.auth or NoAuth()

    def _check_address(self) -> None:
        if not re.fullmatch(rf"[A-Za-z0-9_-]{{{_SHORTEST_ID},}}", self.webhook_id):
            raise ValueError(
                f"A `webhook_id` has at least {_SHORTEST_ID} letters, digits, `-` or `_`, and"
                " nothing else."
            )
        if self.token == "":
            raise ValueError("The `token` is empty: give it a value or leave it out.")
        if self.caller.is_open and len(self.webhook_id) < _SHORTEST_SECRET_ID:
            raise ValueError(
                "Without a `token` or `auth` the address is the only secret: give one of them, or a"
                f" generated `webhook_id` of at least {_SHORTEST_SECRET_ID} characters."
            )
