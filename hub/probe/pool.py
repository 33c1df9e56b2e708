"""The hub's side of the probes: a few persistent processes, started when first needed.

A probe that takes too long or needs too much memory is ended and replaced, and the file at hand
has that as its problem. A probe that ends otherwise may have been killed by anyone, so the request
is tried once more on a new one; only a second death is blamed on the file. A probe is given a few
files at once; if something happens to it, those that remain go one by one, so that it is clear
whose fault it is.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from hub.child import Child, start_child
from hub.errors import Invalid, Unavailable
from hub.probe.messages import (
    OUT_OF_MEMORY,
    Answer,
    Channel,
    Convert,
    FindWorkflow,
    Format,
    Inspect,
    Inspected,
    LookAt,
    Looked,
    MakeThumbnail,
    PictureMade,
    Refused,
    ReplaceAlpha,
    Request,
    ThumbnailMade,
    WorkflowFound,
)
from hub.probe.unopenable import Unopenable
from hub.records.media import Inspection, Look
from hub.together import Together
from hub.wire import frame, read_frame

_AT_ONCE = 4  # files in one message; more would leave the other probes without work


class ProbeDied(Unavailable):
    """A probe ended in the middle of a request."""

    def __init__(self, exit_code: int) -> None:
        super().__init__(f"The process that opens files ended with code {exit_code}.")


class NoThumbnail(Invalid):
    """A file of which no small picture can be made."""

    def __init__(self, path: Path, problem: str) -> None:
        name = os.fsencode(path.name).decode(errors="replace")
        super().__init__(f"There is no thumbnail of {name}: it {problem}.")


class NoConversion(Invalid):
    """A file that cannot be encoded anew as a picture."""

    def __init__(self, path: Path, problem: str) -> None:
        name = os.fsencode(path.name).decode(errors="replace")
        super().__init__(f"{name} cannot be converted: it {problem}.")


class NoWorkflowInside(Invalid):
    """A file that does not say which workflow made it."""

    def __init__(self, problem: str) -> None:
        super().__init__(f"No workflow can be taken from the file: it {problem}.")


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
        self._requests: Together[Request, Answer] = Together(
            self._answer, at_once=size, most=_AT_ONCE
        )

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
            answer = await self._requests.ask(Inspect(path=os.fsencode(path)))
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
        answer = await self._unless_refused(path, request)
        assert isinstance(answer, ThumbnailMade)
        return answer.jpeg

    async def converted(self, path: Path, how: Format, quality: int, channel: Channel) -> bytes:
        """The picture, encoded anew in its own size. Raises `NoConversion`."""
        request = Convert(path=os.fsencode(path), format=how, quality=quality, channel=channel)
        return await self._picture(path, request)

    async def with_alpha_of(self, path: Path, mask: Path) -> bytes:
        """A PNG of the picture with the transparency of `mask`. Raises `NoConversion`."""
        request = ReplaceAlpha(path=os.fsencode(path), mask=os.fsencode(mask))
        return await self._picture(path, request)

    async def _picture(self, path: Path, request: Request) -> bytes:
        try:
            answer = await self._requests.ask(request)
        except Unopenable as problem:
            raise NoConversion(path, str(problem)) from None
        if isinstance(answer, Refused):
            raise NoConversion(path, answer.problem)
        assert isinstance(answer, PictureMade)
        return answer.content

    async def look(self, path: Path) -> Look:
        """What the picture, or the video's first frame, looks like.

        Raises `NoThumbnail` if the file is neither.
        """
        answer = await self._unless_refused(path, LookAt(path=os.fsencode(path)))
        assert isinstance(answer, Looked)
        return answer.look

    async def _unless_refused(self, path: Path, request: Request) -> Answer:
        try:
            answer = await self._requests.ask(request)
        except Unopenable as problem:
            raise NoThumbnail(path, str(problem)) from None
        if isinstance(answer, Refused):
            raise NoThumbnail(path, answer.problem)
        return answer

    async def workflow(self, path: Path) -> str:
        """The JSON of the workflow that is written into a picture or recording.

        Raises `NoWorkflowInside`.
        """
        try:
            answer = await self._requests.ask(FindWorkflow(path=os.fsencode(path)))
        except Unopenable as problem:
            raise NoWorkflowInside(str(problem)) from None
        if isinstance(answer, Refused):
            raise NoWorkflowInside(answer.problem)
        assert isinstance(answer, WorkflowFound)
        return answer.text

    async def _answer(self, requests: Sequence[Request]) -> list[Answer | Exception]:
        answers: list[Answer | Exception] = []
        if len(requests) > 1:
            with suppress(ProbeDied, Unopenable):
                await self._exchange(requests, answers)
        rest = requests[len(answers) :]
        return [*answers, *[await self._answer_alone(request) for request in rest]]

    async def _answer_alone(self, request: Request) -> Answer | Exception:
        answers: list[Answer | Exception] = []
        for _ in range(2):
            try:
                await self._exchange([request], answers)
            except ProbeDied:
                continue
            except Unopenable as problem:
                return problem
            return answers[0]
        return Unopenable("makes the process that opens files crash")

    async def _exchange(
        self, requests: Sequence[Request], answers: list[Answer | Exception]
    ) -> None:
        """Add to `answers` as they come. Raises `ProbeDied`, `Unopenable`."""
        async with self._probe() as probe:
            probe.writer.write(frame(msgspec.msgpack.encode(requests)))
            for _ in requests:
                try:
                    async with asyncio.timeout(self._timeout):
                        answers.append(await self._next_answer(probe))
                except TimeoutError:
                    raise Unopenable(f"took longer than {self._timeout:g} s to open") from None

    @asynccontextmanager
    async def _probe(self) -> AsyncIterator[Child]:
        """A probe for some requests; ended and forgotten unless all came to their answers."""
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

    async def _next_answer(self, probe: Child) -> Answer:
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
