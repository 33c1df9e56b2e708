"""Accounts: users with their passwords and roles.

All are held in memory, since every request asks for one; what changes is on the disk first.
"""

import dataclasses
import re

from hub.access.keyring import Keyring
from hub.access.passwords import Passwords
from hub.clock import Clock
from hub.errors import Conflict, Invalid, NoSuch, Unidentified
from hub.records.access import Role
from hub.records.user import User
from hub.storage.users import Users

_NAME = re.compile(r"[a-z0-9][a-z0-9._@-]{0,63}")


class UnusableName(Invalid):
    """A user cannot be called so."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name[:80]!r} cannot be a user's name: it has up to 64 small letters, digits and any "
            "of . _ @ -, and begins with a letter or digit."
        )


class NameTaken(Conflict):
    """There is a user of that name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is a user {name!r} already. Choose another name.")


class LastAdmin(Conflict):
    """Nobody would be left who may change anything."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name!r} is the only admin. Make another user an admin first.")


class WrongCredentials(Unidentified):
    """Name and password do not belong together. Which of them is wrong stays unsaid."""

    def __init__(self) -> None:
        super().__init__("That is no user with that password.")


class Accounts:
    """Who may log in."""

    def __init__(self, users: Users, keyring: Keyring, clock: Clock) -> None:
        self._users = users
        self._keyring = keyring
        self._clock = clock
        self._passwords = Passwords()

    @property
    def all(self) -> list[User]:
        """In the order of their names."""
        return sorted(self._keyring.users.values(), key=lambda user: user.name)

    def get(self, name: str) -> User:
        """Raises `NotFound`."""
        if name not in self._keyring.users:
            raise NoSuch("user", name)
        return self._keyring.users[name]

    async def add(self, name: str, password: str, role: Role) -> User:
        """Raises `UnusableName`, `NameTaken`, `WeakPassword`."""
        if not _NAME.fullmatch(name):
            raise UnusableName(name)
        hashed = await self._passwords.hash(password)
        if name in self._keyring.users:
            raise NameTaken(name)
        user = User(name=name, role=role, password=hashed, created_at=self._clock.now())
        self._keyring.users[name] = user  # before it is written, so that nobody else takes the name
        try:
            await self._users.add(user)
        except BaseException:
            del self._keyring.users[name]
            raise
        return user

    async def remove(self, name: str) -> None:
        """With its logins and tokens. Raises `NotFound`, `LastAdmin`."""
        self._leave_an_admin(self.get(name))
        await self._users.remove(name)
        self._keyring.forget_user(name)

    async def set_password(self, name: str, password: str) -> None:
        """The user is logged out everywhere. Raises `NotFound`, `WeakPassword`."""
        hashed = await self._passwords.hash(password)
        await self._change(dataclasses.replace(self.get(name), password=hashed), log_out=True)

    async def set_role(self, name: str, role: Role) -> None:
        """It counts at once, for tokens too. Raises `NotFound`, `LastAdmin`."""
        user = self.get(name)
        if role is not Role.ADMIN:
            self._leave_an_admin(user)
        await self._change(dataclasses.replace(user, role=role), log_out=False)

    async def check(self, name: str, password: str) -> None:
        """Raises `WrongCredentials`, as late for a wrong name as for a wrong password."""
        user = self._keyring.users.get(name)
        matches = await self._passwords.matches(user.password if user else None, password)
        if user is None or not matches or self._keyring.users.get(name) is not user:
            raise WrongCredentials

    async def _change(self, user: User, *, log_out: bool) -> None:
        await self._users.change(user, log_out=log_out)
        self._keyring.users[user.name] = user
        if log_out:
            self._keyring.forget_logins(user.name)

    def _leave_an_admin(self, but: User) -> None:
        if not any(user.role is Role.ADMIN for user in self.all if user.name != but.name):
            raise LastAdmin(but.name)
