"""Waiting for the queue of runs to be empty, or not to be any more."""

from collections.abc import Callable, Collection

from hub.notices import Notices, NoticesLost, RunFinished, RunQueued
from hub.records.run import Run


class RunQueue:
    """Implements `hub.triggers.base.Queue`. `unended` gives the runs that have not ended."""

    def __init__(self, notices: Notices, unended: Callable[[], Collection[Run]]) -> None:
        self._notices = notices
        self._unended = unended

    async def until_empty(self) -> None:
        with self._notices.subscribe() as subscription:
            if not self._unended():
                return
            async for notice in subscription:
                if isinstance(notice, RunFinished | NoticesLost) and not self._unended():
                    return

    async def until_filled(self, *, besides: str | None = None) -> None:
        with self._notices.subscribe() as subscription:
            if self._has_other(besides):
                return
            async for notice in subscription:
                if isinstance(notice, RunQueued) and _is_other(notice.run, besides):
                    return
                if isinstance(notice, NoticesLost) and self._has_other(besides):
                    return

    def _has_other(self, firing: str | None) -> bool:
        return any(_is_other(run, firing) for run in self._unended())


def _is_other(run: Run, firing: str | None) -> bool:
    return firing is None or run.firing != firing
