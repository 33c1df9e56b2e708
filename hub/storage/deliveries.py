"""Deliveries: what is posted elsewhere, and what came of it."""

import dataclasses
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, Select, select, update
from sqlalchemy.dialects.sqlite import insert

from hub.errors import NoSuch
from hub.records.delivery import Attachment, Delivery, DeliveryState
from hub.storage import tables
from hub.storage.database import Database

_TABLE = tables.deliveries


class Deliveries:
    """The log of deliveries, which is also the queue of those that wait."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, delivery: Delivery) -> Delivery:
        """Write a new one; one with the same id that is there already is given back instead."""

        def work(connection: Connection) -> Delivery:
            if insert_delivery(connection, delivery):
                return delivery
            known = select(_TABLE).where(_TABLE.c.id == delivery.id)
            return _delivery(connection.execute(known).one())

        return await self._database.write(work)

    async def put(self, delivery: Delivery) -> None:
        """Write how one stands."""
        statement = update(_TABLE).where(_TABLE.c.id == delivery.id).values(_row_of(delivery))
        await self._database.write(lambda connection: _execute(connection, statement))

    async def find(self, delivery: str) -> Delivery | None:
        """The one with this id, if there is one."""
        found = await self._select(select(_TABLE).where(_TABLE.c.id == delivery))
        return found[0] if found else None

    async def get(self, delivery: str) -> Delivery:
        """Raises `NotFound`."""
        if found := await self.find(delivery):
            return found
        raise NoSuch("delivery", delivery)

    async def pending(self) -> list[Delivery]:
        """Those that are to be sent, oldest first."""
        return await self._select(
            select(_TABLE).where(_TABLE.c.ended_at.is_(None)).order_by(_TABLE.c.number)
        )

    async def page(self, *, state: DeliveryState | None = None, limit: int = 50) -> list[Delivery]:
        """Deliveries, latest first."""
        statement = select(_TABLE).order_by(_TABLE.c.number.desc()).limit(limit)
        if state is not None:
            statement = statement.where(_TABLE.c.state == state)
        return await self._select(statement)

    async def _select(self, statement: Select[Any]) -> list[Delivery]:
        rows = await self._database.read(lambda connection: connection.execute(statement).all())
        return [_delivery(row) for row in rows]


def insert_delivery(connection: Connection, delivery: Delivery) -> bool:
    """Write a new one; False if one with the same id is there already."""
    statement = insert(_TABLE).values(_row_of(delivery)).on_conflict_do_nothing()
    return bool(connection.execute(statement).rowcount)


_FIELDS = [field.name for field in dataclasses.fields(Delivery)]


def _row_of(delivery: Delivery) -> dict[str, Any]:
    attachments = msgspec.to_builtins(delivery.attachments)
    return {name: getattr(delivery, name) for name in _FIELDS} | {"attachments": attachments}


def _delivery(row: Row[Any]) -> Delivery:
    values = {name: row._mapping[name] for name in _FIELDS}
    values["state"] = DeliveryState(values["state"])
    values["attachments"] = tuple(msgspec.convert(values["attachments"], list[Attachment]))
    return Delivery(**values)


def _execute(connection: Connection, statement: Any) -> None:
    connection.execute(statement)
