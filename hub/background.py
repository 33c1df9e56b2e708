"""What a hub does besides answering."""

import asyncio
from collections.abc import Coroutine
from types import TracebackType
from typing import Any, Self

from hub.errors import HubError


class Background:
    """Tasks that run until the hub ends; one that fails takes the hub down, as our own bug or for
    a reason that is told as it is."""

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
        except* HubError as reasons:
            raise _first(reasons) from None


def _first(error: BaseException) -> BaseException:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
