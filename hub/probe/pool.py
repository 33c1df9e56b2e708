"""The hub's side of the probes: a few persistent processes, started when first needed.

A probe that takes too long or needs too much memory is ended and replaced, and the file at hand
has that as its problem. A probe that ends otherwise may have been killed by anyone, so the request
is tried once more on a new one; only a second death is blamed on the file.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from hub.child import Child, start_child
from hub.errors import Invalid, Unavailable
from hub.probe.messages import (
    OUT_OF_MEMORY,
    Answer,
    Inspect,
    Inspected,
    MakeThumbnail,
    Refused,
    Request,
    ThumbnailMade,
)
from hub.probe.unopenable import Unopenable
from hub.records.media import Inspection
from hub.wire import frame, read_frame


class ProbeDied(Unavailable):
    """A probe ended in the middle of a request."""

    def __init__(self, exit_code: int) -> None:
        super().__init__(f"The process that opens files ended with code {exit_code}.")


class NoThumbnail(Invalid):
    """A file of which no small picture can be made."""

    def __init__(self, path: Path, problem: str) -> None:
        name = os.fsencode(path.name).decode(errors="replace")
        super().__init__(f"There is no thumbnail of {name}: {problem}.")


class ProbePool:
    """Opens files in processes of their own: `size` at once, each file within `timeout` seconds
    and `memory` bytes of address space."""

    def __init__(self, *, size: int = 2, timeout: float = 60, memory: int = 2 << 30) -> None:
        self._size = size
        self._timeout = timeout
        self._memory = memory
        # The probe that answered last is asked next, so that a quiet hub starts only one.
        self._free: asyncio.LifoQueue[Child | None] = asyncio.LifoQueue()
        self._answers: msgspec.msgpack.Decoder[Answer] = msgspec.msgpack.Decoder(Answer)

    async def __aenter__(self) -> Self:
        for _ in range(self._size):
            self._free.put_nowait(None)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for _ in range(self._size):
            child = await self._free.get()
            if child is not None:
                await child.close()

    async def inspect(self, path: Path) -> Inspection:
        """Hash the file and decode it to its end."""
        try:
            answer = await self._ask(Inspect(path=os.fsencode(path)))
        except Unopenable as problem:
            size = await asyncio.to_thread(_size_of, path)
            return Inspection(sha256=None, size=size, problem=str(problem))
        assert isinstance(answer, Inspected)
        return answer.inspection

    async def thumbnail(self, path: Path, longest_side: int) -> bytes:
        """A JPEG of the picture, or of the video's first frame, at most `longest_side` pixels
        wide and high; transparent pictures are laid on white.

        Raises `NoThumbnail` if the file is neither.
        """
        request = MakeThumbnail(path=os.fsencode(path), longest_side=longest_side)
        try:
            answer = await self._ask(request)
        except Unopenable as problem:
            raise NoThumbnail(path, str(problem)) from None
        if isinstance(answer, Refused):
            raise NoThumbnail(path, answer.problem)
        assert isinstance(answer, ThumbnailMade)
        return answer.jpeg

    async def _ask(self, request: Request) -> Answer:
        try:
            return await self._ask_once(request)
        except ProbeDied:
            pass
        try:
            return await self._ask_once(request)
        except ProbeDied:
            raise Unopenable("makes the process that opens files crash") from None

    async def _ask_once(self, request: Request) -> Answer:
        async with self._probe() as probe:
            try:
                async with asyncio.timeout(self._timeout):
                    return await self._exchange(probe, request)
            except TimeoutError:
                raise Unopenable(f"took longer than {self._timeout:g} s to open") from None

    @asynccontextmanager
    async def _probe(self) -> AsyncIterator[Child]:
        """A probe for one request; ended and forgotten unless the request came to its answer."""
        child = await self._free.get()
        try:
            child = child or await start_child("hub.probe.process", "--memory", str(self._memory))
            yield child
        except BaseException:
            if child is not None:
                child.kill()
                await child.close()
                child = None
            raise
        finally:
            self._free.put_nowait(child)

    async def _exchange(self, probe: Child, request: Request) -> Answer:
        probe.writer.write(frame(msgspec.msgpack.encode(request)))
        payload = await read_frame(probe.reader)
        if payload is not None:
            return self._answers.decode(payload)
        exit_code = await probe.process.wait()
        if exit_code == OUT_OF_MEMORY:
            gibibytes = self._memory / (1 << 30)
            raise Unopenable(f"needs more than {gibibytes:g} GiB of memory to open")
        raise ProbeDied(exit_code)


def _size_of(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
