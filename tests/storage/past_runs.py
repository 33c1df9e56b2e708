"""Runs of the past, for those who ask how long they took."""

from datetime import UTC, datetime, timedelta

from hub.records.run import Origin, Run, RunNode, RunState
from hub.storage.database import Database
from hub.storage.runs import insert_nodes, insert_run

NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)


async def ran(
    database: Database,
    number: int,
    workflow: str,
    seconds: float,
    *,
    cached: bool = False,
    state: RunState = RunState.SUCCEEDED,
) -> None:
    """A workflow was run and took so long; if `cached`, the cache had all of it."""
    run = Run(
        number=number,
        id=f"id-{number}",
        state=state,
        origin=Origin.API,
        graph={},
        created_at=NOON,
        workflow=workflow,
        started_at=NOON,
        ended_at=NOON + timedelta(seconds=seconds),
    )
    node = RunNode(run=run.id, node="1", class_type="EmptyImage", cached=cached, seconds=0.0)
    await database.write(lambda connection: insert_run(connection, run))
    await database.write(lambda connection: insert_nodes(connection, [node]))
