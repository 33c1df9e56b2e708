"""What folders, clocks and kernels do at their worst: each file still makes one event.

Everything goes for a folder that the kernel tells of and for one that is polled.
"""

import asyncio
import os
import subprocess
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest
import pytest_asyncio

from hub.records.sighting import SightingState
from hub.storage.database import Database
from hub.storage.ledger import TriggerLedger
from hub.testing.clock import ScriptedClock
from hub.testing.folder_context import MemoryLedger, MemoryTriggerContext
from hub.testing.inbox import Inbox, jpeg
from hub.triggers.folder_hints import Hints
from hub.triggers.folder_watch import SAFETY_NET
from tests.triggers.folder_watching import watching

pytestmark = pytest.mark.asyncio(loop_scope="module")

EVERYTHING = ("added", "changed", "removed", "renamed")


class LeapingClock(ScriptedClock):
    """A wall clock that somebody sets."""

    def leap(self, difference: timedelta) -> None:
        self._start += difference


@pytest.fixture
def clock() -> LeapingClock:
    return LeapingClock()


@pytest.fixture(params=["native", "polling"])
def way(request: pytest.FixtureRequest) -> dict[str, Any]:
    """How the folder is watched."""
    if request.param == "native":
        return {}
    return {"polling": True, "interval": timedelta(seconds=1)}


@pytest_asyncio.fixture(loop_scope="module")
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with Database(tmp_path / "hub.sqlite") as database:
        yield database


class Share:
    """A file system of its own, which is mounted as the inbox, or not."""

    def __init__(self, folder: Path, mount_point: Path) -> None:
        self.folder = folder
        self._mount_point = mount_point
        folder.mkdir()
        run("mount", "-t", "tmpfs", "none", str(folder))

    def mount(self) -> None:
        run("mount", "--bind", str(self.folder), str(self._mount_point))

    def unmount(self) -> None:
        run("umount", str(self._mount_point))


def run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)


@pytest.fixture
def share(tmp_path: Path, inbox: Inbox) -> Iterator[Share]:
    folder = tmp_path / "share"
    try:
        share = Share(folder, inbox.folder)
    except subprocess.CalledProcessError:
        pytest.skip("a file system can be mounted by root only")
    yield share
    for mounted in (inbox.folder, folder):
        subprocess.run(["umount", "-l", str(mounted)], check=False, capture_output=True)


def at_work(context: MemoryTriggerContext, way: dict[str, Any]) -> AbstractAsyncContextManager[Any]:
    return watching(context, events=EVERYTHING, **way)


async def test_a_file_that_is_truncated_and_written_anew_has_changed_once(
    inbox: Inbox, context: MemoryTriggerContext, way: dict[str, Any]
) -> None:
    async with at_work(context, way):
        path = inbox.drop("a.jpg", 1)
        await context.pass_time_until(lambda: context.events)
        with path.open("wb", buffering=0) as file:
            file.write(jpeg(2)[:100])
            file.write(jpeg(2)[100:])
        await context.pass_time_until(lambda: len(context.events) == 2)
    assert context.seen() == [("added", "a.jpg"), ("changed", "a.jpg")]
    assert len(context.sightings) == 2


async def test_a_file_that_stays_truncated_for_a_while_is_quarantined_and_then_has_changed(
    inbox: Inbox, context: MemoryTriggerContext, way: dict[str, Any]
) -> None:
    async with at_work(context, way):
        path = inbox.drop("a.jpg", 1)
        await context.pass_time_until(lambda: context.events)
        path.write_bytes(b"")
        await context.pass_time_until(lambda: context.state_of(path) is SightingState.QUARANTINED)
        inbox.drop("a.jpg", 2)
        await context.pass_time_until(lambda: len(context.events) == 2)
    assert context.seen() == [("added", "a.jpg"), ("changed", "a.jpg")]


@pytest.mark.parametrize("year", [1970, 2100])
async def test_a_time_stamp_from_another_age_does_not_matter(
    inbox: Inbox, context: MemoryTriggerContext, way: dict[str, Any], year: int
) -> None:
    seconds = (year - 1970) * 365 * 86400
    async with at_work(context, way):
        path = inbox.drop("a.jpg")
        os.utime(path, (seconds, seconds))
        await context.pass_time_until(lambda: context.events)
    (event,) = context.events.values()
    assert event.variables["mtime_ns"] == seconds * 10**9
    assert event.variables["mtime"].startswith(str(1970 if year == 1970 else 2099))


async def test_a_clock_that_is_put_back_holds_up_nothing_and_repeats_nothing(
    inbox: Inbox, context: MemoryTriggerContext, clock: LeapingClock, way: dict[str, Any]
) -> None:
    async with at_work(context, way):
        inbox.drop("a.jpg", 1)
        await context.pass_time_until(lambda: context.events)
        inbox.drop("b.jpg", 2)
        clock.leap(timedelta(hours=-5))
        before = clock.monotonic()
        await context.pass_time_until(lambda: len(context.events) == 2)
        assert clock.monotonic() - before < 60
        await clock.advance(10)
    async with at_work(context, way):
        inbox.drop("c.jpg", 3)
        await context.pass_time_until(lambda: len(context.events) == 3)
    assert context.seen() == [("added", "a.jpg"), ("added", "b.jpg"), ("added", "c.jpg")]


async def test_a_name_of_which_only_the_case_changes_is_renamed(
    inbox: Inbox, context: MemoryTriggerContext, way: dict[str, Any]
) -> None:
    async with at_work(context, way):
        path = inbox.drop("a.jpg")
        await context.pass_time_until(lambda: context.events)
        path.rename(inbox.folder / "A.JPG")
        await context.pass_time_until(lambda: len(context.events) == 2)
    assert context.seen() == [("added", "a.jpg"), ("renamed", "A.JPG")]


async def test_a_share_that_is_really_unmounted_and_mounted_again_starts_nothing(
    inbox: Inbox, context: MemoryTriggerContext, way: dict[str, Any], share: Share
) -> None:
    share.mount()
    for number in range(3):
        (share.folder / f"{number}.jpg").write_bytes(jpeg(number))
    async with watching(
        context, events=EVERYTHING, existing="process", safety_net=SAFETY_NET, **way
    ):
        await context.pass_time_until(lambda: len(context.events) == 3)
        share.unmount()
        await context.pass_time_until(lambda: context.reports[-1][0] == "unavailable")
        (share.folder / "meanwhile.jpg").write_bytes(jpeg(3))
        share.mount()
        await context.pass_time_until(lambda: context.reports[-1][0] == "watching")
        await context.pass_time_until(lambda: len(context.events) == 4)
    assert context.seen()[3:] == [("added", "meanwhile.jpg")]
    assert len(context.ledger.rows) == 4


async def test_files_that_a_bad_sync_takes_away_and_brings_back_start_nothing(
    inbox: Inbox,
    context: MemoryTriggerContext,
    clock: LeapingClock,
    way: dict[str, Any],
    database: Database,
) -> None:
    """Again and again, and whatever time stamps those have that were taken; with the real ledger,
    in which a name has one row."""
    ledger = TriggerLedger(database, clock, "test", "0")
    context.ledger = cast(MemoryLedger, ledger)

    async def until_known(count: int) -> None:
        async with asyncio.timeout(300):
            while len(await ledger.open_sightings()) != count:
                await clock.advance(0.5)

    old = {inbox.drop(f"old {number}.jpg", number): jpeg(number) for number in range(3)}
    times = {path: path.stat().st_mtime_ns for path in old}
    async with watching(context, **way):
        new = {inbox.drop(f"{number}.jpg", number): jpeg(number) for number in range(5, 10)}
        await until_known(len(old) + len(new))
        for gone in (old | new, dict(list(new.items())[:3]), old | new):
            for path in gone:
                path.unlink()
            await until_known(len(old) + len(new) - len(gone))
            for path, content in gone.items():
                inbox.put(path.name, content)
                if path in old:
                    os.utime(path, ns=(times[path], times[path]))
            await until_known(len(old) + len(new))
    assert len(context.events) == len(new)
    states = Counter(row.state for row in (await ledger.open_sightings()).values())
    assert states == {SightingState.LEFT_ALONE: 3, SightingState.DUPLICATE: 5}


async def test_what_the_kernel_tells_again_and_again_happened_once(
    inbox: Inbox, context: MemoryTriggerContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = Hints.dispatch

    def tell_often(hints: Hints, event: Any) -> None:
        for _ in range(5):
            told(hints, event)

    monkeypatch.setattr(Hints, "dispatch", tell_often)
    async with watching(context, events=EVERYTHING):
        path = inbox.drop("a.jpg", 1)
        await context.pass_time_until(lambda: context.events)
        path.write_bytes(jpeg(2))
        await context.pass_time_until(lambda: len(context.events) == 2)
        path.rename(inbox.folder / "b.jpg")
        await context.pass_time_until(lambda: len(context.events) == 3)
        inbox.drop("last.jpg", 3)
        await context.pass_time_until(lambda: ("added", "last.jpg") in context.seen())
    assert [event for event, _ in context.seen()] == ["added", "changed", "renamed", "added"]


async def test_of_many_files_dropped_at_once_none_is_missed_and_none_taken_twice(
    inbox: Inbox, context: MemoryTriggerContext, way: dict[str, Any]
) -> None:
    async with at_work(context, way):
        for number in range(500):
            inbox.drop(f"{number % 7}/{number}.jpg", number)
        await context.pass_time_until(lambda: len(context.ledger.rows) == 500)
        inbox.drop("last.jpg", 1000)
        await context.pass_time_until(lambda: ("added", "last.jpg") in context.seen())
    assert len(context.events) == len(context.sightings) == 501
    assert len({event.variables["path"] for event in context.events.values()}) == 501
