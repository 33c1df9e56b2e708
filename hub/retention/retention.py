"""Retention: every now and then, what is beyond the limits of history and files is let go.

Rows go before the files they speak of, in pieces between which everybody else has a turn. What
frees something else goes first: outputs, then runs without any, then firings without runs.
"""

import asyncio
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import timedelta

import structlog

from hub.clock import Clock
from hub.config.folders import Folders
from hub.config.retention_settings import AnyLimits, OwnRetention, RetentionSettings
from hub.errors import HubError
from hub.notices import HistoryPruned, Notices
from hub.records.pruning import Pruned
from hub.retention import files
from hub.storage.books import Books
from hub.storage.history import (
    FIRINGS,
    OUTPUTS,
    PREVIEWS,
    PROGRESS,
    RUNS,
    History,
    Owners,
)

log = structlog.get_logger()
SOON = timedelta(minutes=10)  # a hub that never runs for long looks too
A_MOMENT = timedelta(hours=1)  # an input that just came may not be in the database yet


class Retention:
    """Lets go of old history and files. `settings`, `own`, the sections of automations by id, and
    `written`, the ids of all of them if they are known, are asked for each time, since a reload may
    change them."""

    def __init__(
        self,
        *,
        books: Books,
        folders: Folders,
        settings: Callable[[], RetentionSettings],
        own: Callable[[], Mapping[str, OwnRetention]],
        written: Callable[[], Collection[str] | None],
        unended: Callable[[], Collection[str]],
        notices: Notices,
        clock: Clock,
    ) -> None:
        self._books = books
        self._folders = folders
        self._settings = settings
        self._own = own
        self._written = written
        self._unended = unended
        self._notices = notices
        self._clock = clock
        self._one_at_a_time = asyncio.Lock()

    async def serve(self) -> None:
        """Look soon after the start, and every so often, until cancelled."""
        pause = min(SOON, self._settings().every)
        while True:
            await self._clock.sleep(pause.total_seconds())
            try:
                await self.prune()
            except HubError as error:
                log.warning("old history could not be removed", reason=str(error))
            pause = self._settings().every

    async def prune(self, *, dry_run: bool = False) -> Pruned:
        """Let go of what is beyond the limits, or only count it.

        Counting leaves out what is freed only by the rest of what goes.
        """
        async with self._one_at_a_time:
            pruned = Pruned()
            for kind, owners, limits in self._tasks():
                pruned += await self._prune(kind, owners, limits, dry_run=dry_run)
            pruned += await self._prune_inputs(dry_run=dry_run)
            pruned += await self._prune_leftovers(dry_run=dry_run)
            if not dry_run:
                await self._tidy()
                self._tell(pruned)
            return pruned

    def _tasks(self) -> Iterator[tuple[History, Owners, AnyLimits]]:
        """Which limits hold for whose rows of which kind, in the order in which they go."""
        settings, own = self._settings(), self._own()
        yield PREVIEWS, Owners(), settings.previews
        for kind in (OUTPUTS, PROGRESS, RUNS, FIRINGS):
            limits = {name: getattr(each, kind.name) for name, each in own.items()}
            special = {name: each for name, each in limits.items() if each is not None}
            yield kind, Owners(but=special.keys()), getattr(settings, kind.name)
            for name, each in special.items():
                yield kind, Owners(name), each

    async def _prune(
        self, kind: History, owners: Owners, limits: AnyLimits, *, dry_run: bool
    ) -> Pruned:
        last = await self._last(kind, owners, limits)
        count = size = 0
        pruning = self._books.pruning
        async for rows in pruning.numbers(kind, owners, last):
            count += len(rows)
            size += sum(bytes_ for _, bytes_ in rows)
            if not dry_run:
                await pruning.remove(kind, [number for number, _ in rows], last)
                if kind.size is not None:
                    await self._books.removals.carry_out()
        name = "outputs" if kind is PREVIEWS else kind.name
        return Pruned(**{name: count}, bytes=size)

    async def _last(self, kind: History, owners: Owners, limits: AnyLimits) -> int:
        """The number up to which rows are beyond any of the limits."""
        pruning, last = self._books.pruning, 0
        if limits.age is not None:
            last = await pruning.last_older_than(kind, self._clock.now() - limits.age)
        if limits.count is not None:
            last = max(last, await pruning.last_beyond_count(kind, owners, limits.count))
        if limits.bytes is not None:
            last = max(last, await pruning.last_beyond_bytes(kind, owners, limits.bytes))
        return last

    async def _prune_inputs(self, *, dry_run: bool) -> Pruned:
        settings, now, store = self._settings(), self._clock.now(), self._folders.store
        uses = self._books.input_uses
        found = await asyncio.to_thread(
            files.unused_inputs, store, await uses.anywhere(), now, settings.unused_inputs
        )
        pruned = await self._remove_inputs(found, settings.unused_inputs, dry_run=dry_run)
        if settings.inputs.is_limited:
            found = await asyncio.to_thread(
                files.inputs_beyond, store, await uses.under_way(), now, settings.inputs
            )
            pruned += await self._remove_inputs(found, A_MOMENT, dry_run=dry_run)
        return pruned

    async def _remove_inputs(
        self, found: list[files.OldFile], age: timedelta, *, dry_run: bool
    ) -> Pruned:
        """Those that nobody brought again meanwhile."""
        older_than = (self._clock.now() - max(age, A_MOMENT)).timestamp()

        def remove() -> list[int]:
            store = self._books.inputs
            return [store.remove(file.path.name, older_than=older_than) for file in found]

        sizes = [file.size for file in found if file.written < older_than]
        if not dry_run:
            sizes = [size for size in await asyncio.to_thread(remove) if size]
        return Pruned(inputs=len(sizes), bytes=sum(sizes))

    async def _prune_leftovers(self, *, dry_run: bool) -> Pruned:
        found = await asyncio.to_thread(
            files.leftovers, self._folders, self._clock.now(), self._unended()
        )
        if not dry_run:
            await asyncio.to_thread(files.remove, found)
        return Pruned(leftovers=len(found), bytes=sum(file.size for file in found))

    async def _tidy(self) -> None:
        """What follows from the rest, and what a crash may have left to do."""
        settings, pruning, now = self._settings(), self._books.pruning, self._clock.now()
        await self._books.removals.carry_out()
        if settings.firings.age is not None:
            await pruning.forget_occurrences(now - settings.firings.age)
            await pruning.forget_deliveries(now - settings.firings.age)
            if (written := self._written()) is not None:
                await pruning.forget_events_but_of(written, now - settings.firings.age)
        if settings.gone_files is not None:
            await pruning.forget_gone_files(now - settings.gone_files)
        await self._books.waits.forget_ended()
        await pruning.forget_placements()
        await pruning.give_pages_back()

    def _tell(self, pruned: Pruned) -> None:
        if pruned:
            counts = {name: n for name in Pruned.names() if (n := getattr(pruned, name))}
            log.info("old history removed", **counts)
            self._notices.publish(HistoryPruned(pruned=pruned))
