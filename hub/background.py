"""What a hub does besides answering."""

import asyncio
from collections.abc import Coroutine
from types import TracebackType
from typing import Any, Self


class Background:
    """Tasks that run until the hub ends; one that fails takes the hub down, which raises what it
    failed with."""

    def __init__(self) -> None:
        self.tasks = asyncio.TaskGroup()
        self._endless: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        await self.tasks.__aenter__()
        return self

    def start(self, work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
        """Have it done until the hub ends."""
        task = self.tasks.create_task(work, name=name)
        self._endless.append(task)
        return task

    async def end(self, task: asyncio.Task[None]) -> None:
        """End one of them before the others."""
        task.cancel()
        await asyncio.wait([task])

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for task in self._endless:
            task.cancel()
        try:
            await self.tasks.__aexit__(kind, error, traceback)
        except BaseExceptionGroup as failures:
            raise _alone(failures) from None


def _alone(failure: BaseException) -> BaseException:
    """What failed without company, out of groups within groups."""
    while isinstance(failure, BaseExceptionGroup) and len(failure.exceptions) == 1:
        failure = failure.exceptions[0]
    return failure
