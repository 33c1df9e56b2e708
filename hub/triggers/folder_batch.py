"""Batches: several files of a folder, one event.

A file waits in its batch until that is closed: it is full, or nothing came to it for a while. Only
then do the event and the rows of all its files come to the disk, in one transaction. Until then
nothing says that the files are known: after a crash they are found, judged and gathered anew.
"""

import asyncio
import hashlib
from dataclasses import dataclass, field
from typing import Any

from hub.clock import Clock, within
from hub.records.event import Event
from hub.triggers.base import Observation, TriggerContext
from hub.triggers.folder_settings import BatchSettings


@dataclass(slots=True)
class _Batch:
    """What has been gathered for one group. `touched` is when the last file came (monotonic)."""

    touched: float
    observations: list[Observation] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)
    event: asyncio.Future[Event] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )


class Batches:
    """The open batches of one trigger, by group (`_open`). `tasks` holds one task for each."""

    def __init__(
        self, settings: BatchSettings, context: TriggerContext, tasks: asyncio.TaskGroup
    ) -> None:
        self._settings = settings
        self._context = context
        self._clock: Clock = context.clock
        self._tasks = tasks
        self._open: dict[str, _Batch] = {}

    async def accept(self, observation: Observation) -> Event:
        """The event that the file became a part of, once it is on disk."""
        group = self._settings.group_of(observation.variables)
        batch = self._open.get(group)
        if batch is None:
            batch = self._open[group] = _Batch(self._clock.monotonic())
            self._tasks.create_task(self._see_through(group, batch), name=f"batch {group!r}")
        batch.observations.append(observation)
        batch.touched = self._clock.monotonic()
        batch.news.set()
        if len(batch.observations) >= self._settings.max:
            del self._open[group]
        return await asyncio.shield(batch.event)

    async def _see_through(self, group: str, batch: _Batch) -> None:
        quiet = self._settings.quiet.total_seconds()
        while self._open.get(group) is batch:
            left = batch.touched + quiet - self._clock.monotonic()
            if left <= 0:
                del self._open[group]
                break
            batch.news.clear()
            try:
                await within(self._clock, left, batch.news.wait())
            except TimeoutError:
                continue
        batch.event.set_result(await self._context.accept(_joined(group, batch.observations)))


def joined(group: str, files: list[dict[str, Any]]) -> dict[str, Any]:
    """What templates see of a batch: its first file, and all of them."""
    return {**files[0], "files": files, "group": group}


def _joined(group: str, observations: list[Observation]) -> Observation:
    """One observation of all."""
    keys = "\0".join(sorted(observation.key for observation in observations))
    files: list[dict[str, Any]] = [observation.variables for observation in observations]
    return Observation(
        key=f"batch-{hashlib.sha256(keys.encode()).hexdigest()}",
        variables=joined(group, files),
        sightings=tuple(row for observation in observations for row in observation.sightings),
    )
