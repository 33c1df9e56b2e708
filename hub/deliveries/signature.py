"""Signing what is sent, as https://www.standardwebhooks.com says."""

import base64
import binascii
import hashlib
import hmac
from datetime import datetime

_PREFIX = "whsec_"


def signature_headers(
    delivery: str, at: datetime, body: bytes, secret: str | None
) -> dict[str, str]:
    """The id, which stays the same in every attempt, the time, and with a secret the signature."""
    timestamp = str(int(at.timestamp()))
    headers = {"webhook-id": delivery, "webhook-timestamp": timestamp}
    if secret is not None:
        signed = f"{delivery}.{timestamp}.".encode() + body
        digest = hmac.digest(_key(secret), signed, hashlib.sha256)
        headers["webhook-signature"] = f"v1,{base64.b64encode(digest).decode()}"
    return headers


def _key(secret: str) -> bytes:
    """The bytes of `whsec_` and Base64; of any other secret its text."""
    if secret.startswith(_PREFIX):
        try:
            return base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
        except binascii.Error:
            pass
    return secret.encode()
