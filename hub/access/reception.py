"""The reception: where people log in, and the first of all shows a code from the terminal instead.

Guessing is held back by the caller's address, and by the name that is tried, so that many
addresses together do not get far either.
"""

import asyncio
import hmac
import secrets
from ipaddress import IPv6Address, ip_address, ip_network

from hub.access.accounts import Accounts
from hub.access.keyring import Keyring
from hub.access.throttle import Throttle
from hub.clock import Clock
from hub.errors import Conflict, Unidentified
from hub.records.access import Role
from hub.records.user import User

_LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"  # none that look alike


class WrongCode(Unidentified):
    """It is not the code on the terminal."""

    def __init__(self) -> None:
        super().__init__("That is not the code that the hub printed when it started.")


class OwnerThere(Conflict):
    """Somebody was quicker, or has forgotten."""

    def __init__(self) -> None:
        super().__init__("There is an owner already. Log in, or use `hub user` on the machine.")


class Reception:
    """Lets people in, and the first one make itself the owner by `code`."""

    def __init__(self, accounts: Accounts, keyring: Keyring, clock: Clock) -> None:
        self._accounts = accounts
        self._keyring = keyring
        self._by_address = Throttle(clock, tries=5, seconds=30)
        self._by_name = Throttle(clock, tries=50, seconds=10)
        self._one_owner = asyncio.Lock()
        groups = ["".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(3)]
        self.code = "-".join(groups)

    @property
    def awaits_owner(self) -> bool:
        """Whether there is nobody yet."""
        return not self._accounts.all

    async def log_in(self, name: str, password: str, address: str) -> str:
        """The secret of a new login. Raises `WrongCredentials`, `TooManyTries`."""
        await self.check(name, password, address)
        return await self._keyring.add_login(name)

    async def check(self, name: str, password: str, address: str) -> None:
        """Raises `WrongCredentials`, `TooManyTries`."""
        place = _place(address)
        self._by_address.take(place)
        self._by_name.take(name[:100])
        await self._accounts.check(name, password)
        self._by_address.forgive(place)

    async def make_owner(self, code: str, name: str, password: str, address: str) -> User:
        """The first user, an admin.

        Raises `WrongCode`, `OwnerThere`, `TooManyTries`, and what makes a user unusable.
        """
        self._by_address.take(_place(address))
        async with self._one_owner:
            if not self.awaits_owner:
                raise OwnerThere
            if not hmac.compare_digest(_plain(code), _plain(self.code)):
                raise WrongCode
            return await self._accounts.add(name, password, Role.ADMIN)


def _plain(code: str) -> bytes:
    return code.upper().replace("-", "").replace(" ", "").encode(errors="replace")


def _place(address: str) -> str:
    """Where callers are counted as one: a whole IPv6 network of the size that a customer has."""
    try:
        known = ip_address(address)
    except ValueError:
        return address
    if isinstance(known, IPv6Address):
        return str(ip_network((int(known) >> 64 << 64, 64)))
    return address
