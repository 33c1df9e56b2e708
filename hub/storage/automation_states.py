"""Which automations are on: as they were last switched, by whomever."""

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from hub.records.automation_state import AutomationState
from hub.storage import tables
from hub.storage.database import Database

ALL = "*"  # stands for all of them together, as no automation can be called


class AutomationStates:
    """The last state of each automation that was ever switched."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self) -> dict[str, AutomationState]:
        """By automation."""
        table = tables.automation_states
        rows = await self._database.read(lambda connection: connection.execute(select(table)).all())
        return {row.automation: AutomationState(**row._mapping) for row in rows}

    async def put(self, state: AutomationState) -> None:
        """Remember a state in place of the earlier one."""
        values = {
            "enabled": state.enabled,
            "reason": state.reason,
            "changed_at": state.changed_at,
        }
        statement = (
            insert(tables.automation_states)
            .values(automation=state.automation, **values)
            .on_conflict_do_update(index_elements=["automation"], set_=values)
        )

        def work(connection: Connection) -> None:
            connection.execute(statement)

        await self._database.write(work)
