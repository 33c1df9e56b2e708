"""Stars and tags, by which people find outputs again. They are many only where people make many."""

from collections.abc import Collection

from sqlalchemy import Connection, delete, func, select, update
from sqlalchemy.dialects.sqlite import insert

from hub.errors import NoSuch
from hub.storage import tables
from hub.storage.database import Database

_TAGS, _OUTPUTS = tables.output_tags.c, tables.outputs.c


class Marks:
    """What people said of outputs."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def change(
        self,
        outputs: Collection[int],
        *,
        starred: bool | None = None,
        add: Collection[str] = (),
        remove: Collection[str] = (),
    ) -> None:
        """Give and take stars (None leaves them) and tags. Raises `NoSuch`, and changes nothing."""

        def work(connection: Connection) -> None:
            _check_all_exist(connection, outputs)
            if starred is not None:
                connection.execute(
                    update(tables.outputs).where(_OUTPUTS.id.in_(outputs)).values(starred=starred)
                )
            gone = delete(tables.output_tags).where(_TAGS.tag.in_(remove))
            connection.execute(gone.where(_TAGS.output.in_(outputs)))
            rows = [{"output": output, "tag": tag} for output in outputs for tag in add]
            if rows:
                connection.execute(insert(tables.output_tags).on_conflict_do_nothing(), rows)

        await self._database.write(work)

    async def tags(self) -> list[tuple[str, int]]:
        """Every tag by name, and how many outputs that are kept have it."""
        statement = (
            select(_TAGS.tag, func.count())
            .join(tables.outputs, _OUTPUTS.id == _TAGS.output)
            .where(_OUTPUTS.deleted_at.is_(None))
            .group_by(_TAGS.tag)
            .order_by(_TAGS.tag)
        )
        rows = await self._database.read(lambda connection: connection.execute(statement).all())
        return [(tag, count) for tag, count in rows]


def _check_all_exist(connection: Connection, outputs: Collection[int]) -> None:
    there = set(connection.scalars(select(_OUTPUTS.id).where(_OUTPUTS.id.in_(outputs))))
    for output in outputs:
        if output not in there:
            raise NoSuch("output", output)
