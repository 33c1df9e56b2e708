"""How a caller of a webhook shows that it may."""

import base64
import binascii
import hmac
from datetime import timedelta
from typing import Annotated, Any, ClassVar

import msgspec
from msgspec import Meta

from hub.config.elements import Element, Mapping, Scalar
from hub.config.fields import OneOrMany, rewritten
from hub.triggers.base import WebhookRequest
from hub.triggers.webhook_signing import (
    Algorithm,
    Encoding,
    GithubScheme,
    PlainScheme,
    Scheme,
    Signing,
    SlackScheme,
    StandardScheme,
    StripeScheme,
)

Secrets = Annotated[
    OneOrMany[str],
    Meta(
        description="The secret; two while one is being replaced by the other.",
        min_length=1,
        max_length=2,
    ),
]


_CREDENTIALS = {"authorization", "proxy-authorization", "cookie"}


class Auth(msgspec.Struct, frozen=True, kw_only=True, tag_field="type"):
    """A way to show it: by headers alone, or by a signature of the body too."""

    is_open: ClassVar[bool] = False

    def knows(self, request: WebhookRequest, now: float) -> bool:
        """Whether the headers are right, as far as they tell; `now` in seconds since 1970."""
        return True

    def signing(self, request: WebhookRequest) -> Signing | None:
        """What has to hold of the body; None if the headers tell all. Only for who `knows`."""
        return None

    def delivery_id(self, request: WebhookRequest, json: Any) -> str:
        """The service's own name of this delivery; empty if it has none."""
        return ""

    def hides(self, header: str) -> bool:
        """Whether a header (lower-case) is nobody else's business."""
        return header in _CREDENTIALS or "signature" in header


class NoAuth(Auth, frozen=True, tag="none", forbid_unknown_fields=True):
    """Whoever knows the address."""

    is_open: ClassVar[bool] = True


class BearerAuth(Auth, frozen=True, kw_only=True, tag="bearer", forbid_unknown_fields=True):
    """`Authorization: Bearer …`."""

    token: Secrets

    def __post_init__(self) -> None:
        _refuse_empty("token", self.token)

    def knows(self, request: WebhookRequest, now: float) -> bool:
        scheme, given = _authorization(request)
        return _is_one_of(given, self.token) and scheme == "bearer"


class BasicAuth(Auth, frozen=True, kw_only=True, tag="basic", forbid_unknown_fields=True):
    """`Authorization: Basic …`, with a name and a password (RFC 7617)."""

    username: Annotated[str, Meta(description="The name.", min_length=1, pattern="^[^:]+$")]
    password: Secrets

    def __post_init__(self) -> None:
        _refuse_empty("password", self.password)

    def knows(self, request: WebhookRequest, now: float) -> bool:
        scheme, given = _authorization(request)
        try:
            pair = base64.b64decode(given, validate=True).decode()
        except (binascii.Error, ValueError):
            return False
        wanted = [f"{self.username}:{password}" for password in self.password]
        return _is_one_of(pair, wanted) and scheme == "basic"


class SignedAuth(Auth, frozen=True, kw_only=True):
    """A signature of the body, by a scheme."""

    secret: Secrets
    tolerance: Annotated[
        timedelta,
        Meta(description="How old a signature may be, or ahead of the hub's clock, if it says."),
    ] = timedelta(minutes=5)

    def __post_init__(self) -> None:
        _refuse_empty("secret", self.secret)
        if self.tolerance <= timedelta():
            raise ValueError("`tolerance` must be more than nothing.")
        for secret in self.secret:
            try:
                self.scheme().key(secret)
            except ValueError:
                raise ValueError("The `secret` is not base64, as this service's are.") from None

    def scheme(self) -> Scheme:
        raise NotImplementedError

    def knows(self, request: WebhookRequest, now: float) -> bool:
        claim = self.scheme().claim(request.headers)
        if claim is None:
            return False
        age = 0.0 if claim.signed_at is None else abs(now - claim.signed_at)
        return age <= self.tolerance.total_seconds()

    def signing(self, request: WebhookRequest) -> Signing | None:
        scheme = self.scheme()
        claim = scheme.claim(request.headers)
        assert claim is not None, "it was asked for before"
        return Signing(claim, [scheme.key(secret) for secret in self.secret], scheme.algorithm)


class HmacAuth(SignedAuth, frozen=True, kw_only=True, tag="hmac", forbid_unknown_fields=True):
    """A signature in a header of any name."""

    header: Annotated[str, Meta(description="The header with the signature.", min_length=1)]
    algorithm: Annotated[Algorithm, Meta(description="sha1, sha256 or sha512.")] = "sha256"
    encoding: Annotated[Encoding, Meta(description="hex or base64.")] = "hex"
    prefix: Annotated[str, Meta(description="What stands before it, such as `sha256=`.")] = ""
    timestamp_header: Annotated[
        str | None,
        Meta(description="The header with the time; then `<time>.<body>` is what is signed."),
    ] = None

    def hides(self, header: str) -> bool:
        return header == self.header.lower() or super().hides(header)

    def scheme(self) -> Scheme:
        return PlainScheme(
            header=self.header,
            algorithm=self.algorithm,
            encoding=self.encoding,
            prefix=self.prefix,
            timestamp_header=self.timestamp_header,
        )


class GithubAuth(SignedAuth, frozen=True, kw_only=True, tag="github", forbid_unknown_fields=True):
    """GitHub's signature. It has no time: repeats are told by their delivery id."""

    def scheme(self) -> Scheme:
        return GithubScheme()

    def delivery_id(self, request: WebhookRequest, json: Any) -> str:
        return request.headers.get("x-github-delivery", "")


class StripeAuth(SignedAuth, frozen=True, kw_only=True, tag="stripe", forbid_unknown_fields=True):
    """Stripe's signature."""

    def scheme(self) -> Scheme:
        return StripeScheme()

    def delivery_id(self, request: WebhookRequest, json: Any) -> str:
        return _text_in(json, "id")


class SlackAuth(SignedAuth, frozen=True, kw_only=True, tag="slack", forbid_unknown_fields=True):
    """Slack's signature."""

    def scheme(self) -> Scheme:
        return SlackScheme()

    def delivery_id(self, request: WebhookRequest, json: Any) -> str:
        return _text_in(json, "event_id")


class StandardWebhooksAuth(
    SignedAuth, frozen=True, kw_only=True, tag="standard_webhooks", forbid_unknown_fields=True
):
    """The signature of Standard Webhooks."""

    def scheme(self) -> Scheme:
        return StandardScheme()

    def delivery_id(self, request: WebhookRequest, json: Any) -> str:
        return request.headers.get("webhook-id", "")


def in_full(element: Element) -> Element:
    """`auth: none` in its long spelling."""
    if isinstance(element, Scalar):
        return Mapping(((Scalar("type", element.place), element),), element.place)
    return element


AnyAuth = Annotated[
    NoAuth
    | BearerAuth
    | BasicAuth
    | HmacAuth
    | GithubAuth
    | StripeAuth
    | SlackAuth
    | StandardWebhooksAuth,
    rewritten(in_full),
]


def _refuse_empty(name: str, secrets: list[str]) -> None:
    if not all(secrets):
        raise ValueError(f"The `{name}` is empty: give it a value.")


def _authorization(request: WebhookRequest) -> tuple[str, str]:
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    return scheme.lower(), given.strip()


def _is_one_of(given: str, wanted: list[str]) -> bool:
    """Takes the same time whichever it is."""
    # Header values may hold bytes that are no UTF-8, as surrogate escapes.
    text = given.encode(errors="surrogateescape")
    matches = [hmac.compare_digest(text, each.encode()) for each in wanted]
    return any(matches)


def _text_in(json: Any, name: str) -> str:
    found = json.get(name) if isinstance(json, dict) else None
    return found if isinstance(found, str) else ""
