"""The keyring: who has which key, be it a login in a browser or a token of a program.

State: `users` by name, `_logins` and `_tokens` by the hashes of their secrets. All of it is on the
disk too, and is written there first.
"""

import dataclasses
import secrets
from datetime import datetime, timedelta

from hub.access.identity import Identity
from hub.access.secrets import hash_of, new_secret
from hub.clock import Clock
from hub.errors import Conflict, Invalid, NoSuch
from hub.records.access import Scope
from hub.records.user import Login, Token, User
from hub.storage.users import Users

LOGIN_LASTS = timedelta(days=30)  # since it was used last
NOTED_EVERY = timedelta(hours=1)
MOST_LOGINS = 100
"""Of one user; then its oldest one ends."""
MOST_TOKENS = 1000
LONGEST_NAME = 100


class ScopeTooWide(Invalid):
    """A token would reach further than its user."""

    def __init__(self, user: User, scope: Scope) -> None:
        super().__init__(
            f"{user.name!r} is {user.role} and may not go as far as {scope.value!r}: at most "
            f"{user.role.scope.value!r}."
        )


class TooManyTokens(Conflict):
    """There is no end to them."""

    def __init__(self) -> None:
        super().__init__(f"There are {MOST_TOKENS} tokens already. Revoke those not needed.")


class Keyring:
    """Finds who a secret belongs to."""

    def __init__(self, store: Users, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self.users: dict[str, User] = {}
        self._logins: dict[str, Login] = {}
        self._tokens: dict[str, Token] = {}

    async def load(self) -> None:
        """Read what there is; logins that have ended are forgotten."""
        self.users = {user.name: user for user in await self._store.users()}
        self._tokens = {token.hash: token for token in await self._store.tokens()}
        self._logins = {login.hash: login for login in await self._store.logins()}
        await self._end([login for login in self._logins.values() if self._is_over(login)])

    def find(self, secret: str) -> Identity | None:
        """Whose secret that is, and how far it reaches; None if it is nobody's any more."""
        hashed = hash_of(secret)
        key = self._logins.get(hashed) or self._tokens.get(hashed)
        if key is None or self._is_over(key) or key.user not in self.users:
            return None
        self._note_use(key)
        scope = self.users[key.user].role.scope
        if isinstance(key, Token) and scope.includes(key.scope):
            scope = key.scope
        return Identity(user=key.user, scope=scope, by_token=isinstance(key, Token))

    async def add_login(self, user: str) -> str:
        """The secret of a new login."""
        now, secret = self._clock.now(), new_secret()
        login = Login(hash=hash_of(secret), user=user, created_at=now, expires_at=now + LOGIN_LASTS)
        own = [each for each in self._logins.values() if each.user == user]
        await self._end(sorted(own, key=lambda each: each.created_at)[: 1 - MOST_LOGINS])
        await self._store.add_login(login)
        self._logins[login.hash] = login
        return secret

    async def end_login(self, secret: str) -> None:
        """Whatever that secret belonged to."""
        if login := self._logins.get(hash_of(secret)):
            await self._end([login])

    def tokens(self, user: str | None = None) -> list[Token]:
        """Of one user, or all."""
        return [token for token in self._tokens.values() if user in (None, token.user)]

    async def add_token(
        self, user: User, name: str, scope: Scope, expires_at: datetime | None
    ) -> tuple[Token, str]:
        """A new token, and its secret, which nobody is told again.

        Raises `ScopeTooWide`, `TooManyTokens`.
        """
        if not user.role.scope.includes(scope):
            raise ScopeTooWide(user, scope)
        if len(self._tokens) >= MOST_TOKENS:
            raise TooManyTokens
        secret = new_secret()
        token = Token(
            id=secrets.token_hex(4),
            hash=hash_of(secret),
            user=user.name,
            name=name[:LONGEST_NAME],
            scope=scope,
            created_at=self._clock.now(),
            expires_at=expires_at,
        )
        await self._store.add_token(token)
        self._tokens[token.hash] = token
        return token, secret

    async def revoke(self, token: str, user: str | None = None) -> None:
        """Let nobody in by it any more; with `user`, it must be theirs. Raises `NotFound`."""
        found = [each for each in self.tokens(user) if each.id == token]
        if not found:
            raise NoSuch("token", token)
        await self._store.remove_token(token)
        self._tokens.pop(found[0].hash, None)

    def forget_user(self, name: str) -> None:
        """What is held of a user that was removed."""
        self.users.pop(name, None)
        self.forget_logins(name)
        self._tokens = {key: token for key, token in self._tokens.items() if token.user != name}

    def forget_logins(self, name: str) -> None:
        """What is held of logins that were ended."""
        self._logins = {key: login for key, login in self._logins.items() if login.user != name}

    async def _end(self, logins: list[Login]) -> None:
        if logins:
            await self._store.remove_logins([login.hash for login in logins])
            for login in logins:
                self._logins.pop(login.hash, None)

    def _is_over(self, key: Login | Token) -> bool:
        return key.expires_at is not None and key.expires_at <= self._clock.now()

    def _note_use(self, key: Login | Token) -> None:
        now = self._clock.now()
        if isinstance(key, Token):
            if key.used_at is None or now - key.used_at >= NOTED_EVERY:
                self._tokens[key.hash] = dataclasses.replace(key, used_at=now)
                self._store.note_use(key.id, now)
        elif key.expires_at - now <= LOGIN_LASTS - NOTED_EVERY:
            until = now + LOGIN_LASTS
            self._logins[key.hash] = dataclasses.replace(key, expires_at=until)
            self._store.prolong(key.hash, until)
