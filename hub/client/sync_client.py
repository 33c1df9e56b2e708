"""The client for programs without asyncio: the same, carried out on a loop in a thread."""

import asyncio
import os
from collections.abc import AsyncIterator, Coroutine, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import Any, Self, TypeVar

from hub.client.async_client import ADDRESS, AsyncClient
from hub.client.events import AnyEvent
from hub.client.records import Output, Run, RunDetails, RunState, Workflow

T = TypeVar("T")


class Client:
    """A program's way to a hub: `with Client() as hub: run = hub.run("card")`.

    What its methods take, give and raise is told by those of `AsyncClient`. It works where an event
    loop runs already, too, as in notebooks.
    """

    def __init__(self, address: str = ADDRESS, *, token: str | None = None) -> None:
        self._client = AsyncClient(address, token=token)
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        thread = Thread(target=self._loop.run_forever, name="hub client", daemon=True)
        thread.start()
        self._stack.callback(self._loop.close)
        self._stack.callback(thread.join)
        self._stack.callback(self._loop.call_soon_threadsafe, self._loop.stop)
        self._wait(self._client.__aenter__())
        self._stack.callback(lambda: self._wait(self._client.__aexit__(None, None, None)))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stack.close()

    def run(
        self, workflow: str, parameters: Mapping[str, Any] | None = None, **options: Any
    ) -> Run:
        """Run a saved workflow and wait for its outputs."""
        return self._wait(self._client.run(workflow, parameters, **options))

    def start(
        self, workflow: str, parameters: Mapping[str, Any] | None = None, **options: Any
    ) -> Run:
        """Queue a saved workflow."""
        return self._wait(self._client.start(workflow, parameters, **options))

    def stream(
        self, workflow: str, parameters: Mapping[str, Any] | None = None, **options: Any
    ) -> Iterator[AnyEvent]:
        """Queue a saved workflow and tell what happens to it."""
        events = self._client.stream(workflow, parameters, **options)
        try:
            while (event := self._wait(_next(events))) is not None:
                yield event
        finally:
            self._wait(_close(events))

    def workflows(self) -> list[Workflow]:
        """The saved workflows."""
        return self._wait(self._client.workflows())

    def runs(
        self,
        *,
        state: RunState | None = None,
        workflow: str | None = None,
        before: int | None = None,
        limit: int = 50,
    ) -> list[Run]:
        """Runs, latest first."""
        found = self._client.runs(state=state, workflow=workflow, before=before, limit=limit)
        return self._wait(found)

    def find_run(self, run: str | int) -> RunDetails:
        """One run, by id or number."""
        return self._wait(self._client.find_run(run))

    def cancel(self, run: str | int) -> bool:
        """Stop a run."""
        return self._wait(self._client.cancel(run))

    def fetch(self, output: Output | str) -> bytes:
        """The content of an output, or of the `url` of a preview."""
        return self._wait(self._client.fetch(output))

    def save(self, output: Output, place: str | os.PathLike[str]) -> Path:
        """Write an output to a file, or under its own name into a folder."""
        return self._wait(self._client.save(output, place))

    def upload(self, path: str | os.PathLike[str]) -> str:
        """Bring a file to the hub."""
        return self._wait(self._client.upload(path))

    def delete(self, output: Output) -> Output:
        """Delete the file of an output."""
        return self._wait(self._client.delete(output))

    def _wait(self, work: Coroutine[Any, Any, T]) -> T:
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return future.result()
        except BaseException:  # Ctrl-C leaves nothing running behind
            future.cancel()
            raise


async def _next(events: AsyncIterator[AnyEvent]) -> AnyEvent | None:
    return await anext(events, None)


async def _close(events: AsyncIterator[AnyEvent]) -> None:
    close = getattr(events, "aclose", None)
    if close is not None:
        await close()
