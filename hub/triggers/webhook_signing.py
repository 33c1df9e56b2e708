"""Signatures of webhooks: how services sign what they send (RFC 2104 HMAC, each in its own way).

A scheme says where a request has its signature and its time, and what is signed before the body.
The body itself is signed piece by piece, so that it need not be in memory.

GitHub: docs.github.com, "Validating webhook deliveries". Stripe: docs.stripe.com/webhooks,
"Verify webhook signatures manually". Slack: api.slack.com, "Verifying requests from Slack".
Standard Webhooks: standardwebhooks.com, version 1.
"""

import base64
import binascii
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

Algorithm = Literal["sha1", "sha256", "sha512"]
Encoding = Literal["hex", "base64"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """What a request says of itself: its signatures, the time at which it was signed (seconds
    since 1970; None where a scheme has none), and what is signed before its body."""

    signatures: tuple[bytes, ...]
    signed_at: float | None = None
    before: bytes = b""


class Scheme(Protocol):
    """One service's way of signing."""

    @property
    def algorithm(self) -> Algorithm: ...

    def key(self, secret: str) -> bytes:
        """The key that a secret, as people write it, stands for."""

    def claim(self, headers: Mapping[str, str]) -> Claim | None:
        """None if the request does not say what it has to. Header names are lower-case."""

    def sign(self, secret: str, body: bytes, *, at: int, delivery: str) -> dict[str, str]:
        """The headers of a request with that body."""


class Signing:
    """One body being checked against a claim; all `keys` count, whichever it was signed with."""

    def __init__(self, claim: Claim, keys: Sequence[bytes], algorithm: Algorithm) -> None:
        self._claim = claim
        self._codes = [hmac.new(key, claim.before, algorithm) for key in keys]

    def update(self, piece: bytes) -> None:
        for code in self._codes:
            code.update(piece)

    def holds(self) -> bool:
        """Whether one of the signatures is right; takes the same time whichever it is."""
        matches = [
            hmac.compare_digest(code.digest(), signature)
            for code in self._codes
            for signature in self._claim.signatures
        ]
        return any(matches)


@dataclass(frozen=True, kw_only=True, slots=True)
class PlainScheme:
    """A header with the code of the body, or of `<time>.<body>` where another has the time."""

    header: str
    algorithm: Algorithm = "sha256"
    encoding: Encoding = "hex"
    prefix: str = ""
    timestamp_header: str | None = None

    def key(self, secret: str) -> bytes:
        return secret.encode()

    def claim(self, headers: Mapping[str, str]) -> Claim | None:
        given = headers.get(self.header.lower(), "")
        signature = _decoded(given.removeprefix(self.prefix), self.encoding)
        if signature is None or not given.startswith(self.prefix):
            return None
        if self.timestamp_header is None:
            return Claim(signatures=(signature,))
        time = headers.get(self.timestamp_header.lower(), "")
        return _timed(time, (signature,), f"{time}.")

    def sign(self, secret: str, body: bytes, *, at: int, delivery: str) -> dict[str, str]:
        before = b"" if self.timestamp_header is None else f"{at}.".encode()
        code = hmac.digest(self.key(secret), before + body, self.algorithm)
        headers = {self.header: self.prefix + _encoded(code, self.encoding)}
        return headers | ({self.timestamp_header: str(at)} if self.timestamp_header else {})


class GithubScheme(PlainScheme):
    """The code of the body as `sha256=<hex>`."""

    def __init__(self) -> None:
        super().__init__(header="X-Hub-Signature-256", prefix="sha256=")

    def sign(self, secret: str, body: bytes, *, at: int, delivery: str) -> dict[str, str]:
        headers = super().sign(secret, body, at=at, delivery=delivery)
        return headers | {"X-GitHub-Delivery": delivery, "X-GitHub-Event": "push"}


class StripeScheme:
    """`Stripe-Signature: t=<time>,v1=<hex>[,v1=<hex>]`, of `<time>.<body>`."""

    algorithm: Algorithm = "sha256"

    def key(self, secret: str) -> bytes:
        return secret.encode()

    def claim(self, headers: Mapping[str, str]) -> Claim | None:
        parts = [
            part.strip().partition("=") for part in _of(headers, "stripe-signature").split(",")
        ]
        time = next((value for name, _, value in parts if name == "t"), "")
        signatures = [_decoded(value, "hex") for name, _, value in parts if name == "v1"]
        return _timed(time, tuple(each for each in signatures if each), f"{time}.")

    def sign(self, secret: str, body: bytes, *, at: int, delivery: str) -> dict[str, str]:
        code = hmac.digest(self.key(secret), f"{at}.".encode() + body, self.algorithm)
        return {"Stripe-Signature": f"t={at},v1={code.hex()}"}


class SlackScheme:
    """`X-Slack-Signature: v0=<hex>`, of `v0:<time>:<body>`."""

    algorithm: Algorithm = "sha256"

    def key(self, secret: str) -> bytes:
        return secret.encode()

    def claim(self, headers: Mapping[str, str]) -> Claim | None:
        version, _, text = _of(headers, "x-slack-signature").partition("=")
        time = _of(headers, "x-slack-request-timestamp")
        signature = _decoded(text, "hex") if version == "v0" else None
        return _timed(time, (signature,), f"v0:{time}:") if signature else None

    def sign(self, secret: str, body: bytes, *, at: int, delivery: str) -> dict[str, str]:
        code = hmac.digest(self.key(secret), f"v0:{at}:".encode() + body, self.algorithm)
        return {"X-Slack-Signature": f"v0={code.hex()}", "X-Slack-Request-Timestamp": str(at)}


class StandardScheme:
    """`webhook-signature: v1,<base64>[ v1,<base64>]`, of `<id>.<time>.<body>`."""

    algorithm: Algorithm = "sha256"

    def key(self, secret: str) -> bytes:
        """Raises `ValueError` if the secret is not base64, with or without `whsec_` in front."""
        return base64.b64decode(secret.removeprefix("whsec_"), validate=True)

    def claim(self, headers: Mapping[str, str]) -> Claim | None:
        identity, time = _of(headers, "webhook-id"), _of(headers, "webhook-timestamp")
        parts = [part.partition(",") for part in _of(headers, "webhook-signature").split()]
        signatures = [_decoded(text, "base64") for version, _, text in parts if version == "v1"]
        found = tuple(each for each in signatures if each)
        return _timed(time, found, f"{identity}.{time}.") if identity else None

    def sign(self, secret: str, body: bytes, *, at: int, delivery: str) -> dict[str, str]:
        signed = f"{delivery}.{at}.".encode() + body
        code = hmac.digest(self.key(secret), signed, self.algorithm)
        signature = f"v1,{_encoded(code, 'base64')}"
        times = {"webhook-id": delivery, "webhook-timestamp": str(at)}
        return {**times, "webhook-signature": signature}


def _of(headers: Mapping[str, str], name: str) -> str:
    return headers.get(name, "").strip()


def _timed(time: str, signatures: tuple[bytes, ...], before: str) -> Claim | None:
    """None without a time, or without a signature."""
    if not (time.isascii() and time.isdecimal() and len(time) < 15 and signatures):
        return None
    before_body = before.encode(errors="surrogateescape")
    return Claim(signatures=signatures, signed_at=float(time), before=before_body)


def _decoded(text: str, encoding: Encoding) -> bytes | None:
    try:
        if encoding == "hex":
            return bytes.fromhex(text) or None
        return base64.b64decode(text, validate=True) or None
    except (ValueError, binascii.Error):
        return None


def _encoded(code: bytes, encoding: Encoding) -> str:
    return code.hex() if encoding == "hex" else base64.b64encode(code).decode()
