"""Users, the browsers in which they are logged in, and their tokens.

There are few of them, and every request asks: `hub.access` reads them once and holds them in
memory. Here they are made to last.
"""

import dataclasses
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, delete, insert, select, update

from hub.records.access import Role, Scope
from hub.records.user import Login, Token, User
from hub.storage import tables
from hub.storage.database import Database


class Users:
    """Who may come in."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def users(self) -> list[User]:
        """In the order of their names."""
        rows = await self._rows(tables.users)
        found = [User(**(row | {"role": Role(row["role"])})) for row in rows]
        return sorted(found, key=lambda user: user.name)

    async def logins(self) -> list[Login]:
        return [Login(**row) for row in await self._rows(tables.sessions)]

    async def tokens(self) -> list[Token]:
        """In the order in which they were made."""
        rows = await self._rows(tables.tokens)
        found = [Token(**(row | {"scope": Scope(row["scope"])})) for row in rows]
        return sorted(found, key=lambda token: token.created_at)

    async def add(self, user: User) -> None:
        """The name must be free."""
        await self._write([insert(tables.users).values(dataclasses.asdict(user))])

    async def change(self, user: User, *, log_out: bool) -> None:
        """Put a user as it is now; with `log_out`, it is logged in nowhere any more."""
        table = tables.users
        changed = update(table).where(table.c.name == user.name).values(dataclasses.asdict(user))
        leaving = [delete(tables.sessions).where(tables.sessions.c.user == user.name)]
        await self._write([changed, *(leaving if log_out else [])])

    async def remove(self, name: str) -> None:
        """With all that let it in."""
        await self._write(
            [
                delete(tables.sessions).where(tables.sessions.c.user == name),
                delete(tables.tokens).where(tables.tokens.c.user == name),
                delete(tables.users).where(tables.users.c.name == name),
            ]
        )

    async def add_login(self, login: Login) -> None:
        await self._write([insert(tables.sessions).values(dataclasses.asdict(login))])

    async def remove_logins(self, hashes: Iterable[str]) -> None:
        table = tables.sessions
        await self._write([delete(table).where(table.c.hash.in_(list(hashes)))])

    async def add_token(self, token: Token) -> None:
        await self._write([insert(tables.tokens).values(dataclasses.asdict(token))])

    async def remove_token(self, token: str) -> None:
        await self._write([delete(tables.tokens).where(tables.tokens.c.id == token)])

    def note_use(self, token: str, at: datetime) -> None:
        """Written with the next group; a crash may lose it."""
        table = tables.tokens
        statement = update(table).where(table.c.id == token).values(used_at=at)
        self._database.write_later(lambda connection: _execute(connection, [statement]))

    def prolong(self, login: str, until: datetime) -> None:
        """The same for the end of a login."""
        table = tables.sessions
        statement = update(table).where(table.c.hash == login).values(expires_at=until)
        self._database.write_later(lambda connection: _execute(connection, [statement]))

    async def _rows(self, table: Table) -> list[dict[str, Any]]:
        def work(connection: Connection) -> list[dict[str, Any]]:
            return [dict(row._mapping) for row in connection.execute(select(table))]

        return await self._database.read(work)

    async def _write(self, statements: list[Any]) -> None:
        await self._database.write(lambda connection: _execute(connection, statements))


def _execute(connection: Connection, statements: list[Any]) -> None:
    for statement in statements:
        connection.execute(statement)
