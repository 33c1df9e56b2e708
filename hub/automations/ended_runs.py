"""Runs that have ended, for one `run_finished` trigger."""

from collections.abc import AsyncIterator, Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from hub.automations.actions.base import describe_output
from hub.notices import Notices, NoticesLost, RunFinished, Subscription
from hub.records.run import Run
from hub.storage.books import Books

# Numbers are given a little before runs are written: so many are looked at again.
_OVERLAP = 100


class EndedRuns:
    """Implements `hub.triggers.base.EndedRuns`. `unended` gives the runs that have not ended."""

    def __init__(
        self,
        books: Books,
        notices: Notices,
        unended: Callable[[], Collection[Run]],
        automation: str,
        trigger: str,
    ) -> None:
        self._books = books
        self._notices = notices
        self._unended = unended
        self._automation = automation
        self._trigger = trigger

    @contextmanager
    def arriving(self) -> Iterator[AsyncIterator[Run | None]]:
        with self._notices.subscribe() as subscription:
            yield _ended(subscription)

    async def all_ended_below(self) -> int:
        last = await self._books.runs.last_number()
        return min([run.number for run in self._unended()], default=max(0, last + 1 - _OVERLAP))

    async def without_event(self, since: datetime, floor: int) -> list[Run]:
        return await self._books.runs.ended_without_event(
            self._automation, self._trigger, since=since, floor=floor
        )

    async def outputs_of(self, run: Run) -> list[dict[str, Any]]:
        return [describe_output(output) for output in await self._books.outputs.of_run(run.id)]


async def _ended(subscription: Subscription) -> AsyncIterator[Run | None]:
    async for notice in subscription:
        match notice:
            case RunFinished(run=run):
                yield run
            case NoticesLost():
                yield None
