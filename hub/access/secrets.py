"""Secrets that programs and browsers show: long and random, so a plain hash of them is enough."""

import hashlib
import secrets

PREFIX = "hub_"  # by which a token is known wherever it is found


def new_secret() -> str:
    """256 bits that nobody can guess."""
    return PREFIX + secrets.token_urlsafe(32)


def hash_of(secret: str) -> str:
    """What is kept of it."""
    return hashlib.sha256(secret.encode(errors="surrogatepass")).hexdigest()
