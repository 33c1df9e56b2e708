"""Passwords: argon2id hashes, made and checked one at a time, beside the loop.

With 19 MiB, two passes and one lane, as OWASP's Password Storage Cheat Sheet recommends; one at a
time, so that many callers at once cost time and no memory.
"""

import asyncio
from functools import cache
from typing import TYPE_CHECKING

from hub.errors import Invalid

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST = 8
LONGEST = 1000


class WeakPassword(Invalid):
    """A password is too short, or beyond all measure."""

    def __init__(self) -> None:
        super().__init__(f"A password has {SHORTEST} to {LONGEST} characters.")


class Passwords:
    """Makes and checks hashes."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()

    async def hash(self, password: str) -> str:
        """Raises `WeakPassword`."""
        if not SHORTEST <= len(password) <= LONGEST:
            raise WeakPassword
        async with self._turn:
            return await asyncio.to_thread(_hasher().hash, _bytes(password))

    async def matches(self, hashed: str | None, password: str) -> bool:
        """Whether it is that password; without a hash it is not, after as long a time."""
        async with self._turn:
            fits = await asyncio.to_thread(_verify, hashed or _nobodys(), password[:LONGEST])
        return fits and hashed is not None


def _verify(hashed: str, password: str) -> bool:
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        return _hasher().verify(hashed, _bytes(password))
    except (VerificationError, InvalidHashError):
        return False


def _bytes(password: str) -> bytes:
    return password.encode(errors="surrogatepass")


@cache
def _hasher() -> "PasswordHasher":
    from argon2 import PasswordHasher  # late: it would take a tenth of the hub's start

    return PasswordHasher(time_cost=2, memory_cost=19 << 10, parallelism=1)


@cache
def _nobodys() -> str:
    return _hasher().hash(b"whoever has no account has no password")
