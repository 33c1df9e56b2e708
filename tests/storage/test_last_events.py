"""The last event of a trigger is found beside a running hub, and nothing else goes wrong."""

import asyncio
from pathlib import Path

from hub.records.event import Event
from hub.storage.database import Database
from hub.storage.events import Events
from hub.storage.last_events import LastEvents
from tests.storage.test_events import event


async def test_the_latest_event_of_that_trigger_is_found_while_the_hub_runs(
    tmp_path: Path,
) -> None:
    path = tmp_path / "50% ö#" / "hub.sqlite"
    path.parent.mkdir()
    async with Database(path) as database:
        events = Events(database)
        for number in range(3):
            await events.accept(event(id=f"e{number}", key=str(number)))
        await events.accept(event(id="other", trigger="outbox"))
        found = await asyncio.to_thread(_last_of, path, "inbox", "elsewhere")
    assert found == [event(id="e2", key="2"), None]


def _last_of(path: Path, *triggers: str) -> list[Event | None]:
    with LastEvents(path) as past:
        return [past.of("photos", trigger) for trigger in triggers]


def test_without_a_database_there_is_none_and_none_is_made(tmp_path: Path) -> None:
    path = tmp_path / "hub.sqlite"
    with LastEvents(path) as past:
        assert past.of("photos", "inbox") is None
    assert not path.exists()


def test_in_what_is_no_database_there_are_none(tmp_path: Path) -> None:
    path = tmp_path / "hub.sqlite"
    for content in (b"", b"not a database " * 1000):
        path.write_bytes(content)
        with LastEvents(path) as past:
            assert past.of("photos", "inbox") is None
        assert path.read_bytes() == content
