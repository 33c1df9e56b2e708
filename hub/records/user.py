"""People, and what they show to be let in. Secrets are kept as hashes only."""

from dataclasses import dataclass, field
from datetime import datetime

from hub.records.access import Role, Scope


@dataclass(frozen=True, kw_only=True, slots=True)
class User:
    """Somebody who may log in. `password` is its argon2 hash."""

    name: str
    role: Role
    password: str = field(repr=False)
    created_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Login:
    """A browser in which a user has logged in; `hash` is that of the secret in its cookie."""

    hash: str
    user: str
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Token:
    """What a program shows instead of a password, for as long as it lives."""

    id: str
    hash: str
    user: str
    name: str
    scope: Scope
    created_at: datetime
    expires_at: datetime | None = None
    used_at: datetime | None = None
