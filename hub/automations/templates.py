"""Templates: rendered in place where that is no work, else in a process with a deadline.

A template may loop, and a regular expression may backtrack for ever; neither can be stopped in a
thread. So the template process renders them, which ends at the deadline and is replaced.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from types import TracebackType
from typing import Any, Self
from zoneinfo import ZoneInfo

from hub.automations.template_environment import TemplateFailed, is_template, only_follows
from hub.automations.template_facts import fact_key
from hub.automations.template_limits import (
    DEADLINE,
    LARGEST_OUTPUT,
    PATIENCE,
    START,
    arguments,
    is_over_time,
    took_longer,
)
from hub.automations.template_render import Native, render
from hub.child import Child, start_child
from hub.clock import Clock
from hub.errors import Unavailable
from hub.wire import frame, read_frame

MOST_FACTS = 100  # that one template may ask for

FindFact = Callable[[str, str], Awaitable[dict[str, Any]]]


class TemplateProcessMissing(Unavailable):
    """The process that renders templates does not start."""

    def __init__(self) -> None:
        super().__init__("The template process does not start; the log says more.")


class Templates:
    """Renders templates. The process is started with the first one that needs it.

    `find_fact` finds out what they ask about files, as `hub.automations.template_answers` does.
    """

    def __init__(
        self,
        clock: Clock,
        zone: ZoneInfo,
        *,
        find_fact: FindFact | None = None,
        deadline: float = DEADLINE,
    ) -> None:
        self._clock = clock
        self._zone = zone
        self._find_fact = find_fact or _find_nothing
        self._deadline = deadline
        self._child: Child | None = None
        self._turn = asyncio.Lock()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._child is not None:
            await self._child.close()

    async def render(self, source: Any, variables: Mapping[str, Any], *, native: Native) -> Any:
        """`source` with every template in it rendered; lists and mappings are gone through.

        As text, or as `native` says as the values that they stand for. Raises `TemplateFailed` with
        a sentence that names what is missing.
        """
        match source:
            case str() if is_template(source):
                return await self._render(source, variables, native=native)
            case dict():
                return {
                    key: await self.render(value, variables, native=native)
                    for key, value in source.items()
                }
            case list() | tuple():
                return [await self.render(value, variables, native=native) for value in source]
            case _:
                return source

    async def _render(self, source: str, variables: Mapping[str, Any], *, native: Native) -> Any:
        now = self._clock.now()
        if only_follows(source):
            return render(
                source,
                variables,
                native=native,
                now=now,
                zone=self._zone,
                output_limit=LARGEST_OUTPUT,
            )
        request = {
            "source": source,
            "variables": dict(variables),
            "native": native,
            "now": now.isoformat(),
            "zone": self._zone.key,
        }
        answer = await self._with_facts(source, request)
        if "problem" in answer:
            raise TemplateFailed(source, answer["problem"], answer["line"])
        return answer["value"]

    async def _with_facts(self, source: str, request: dict[str, Any]) -> dict[str, Any]:
        """Rendered again with each fact that it turns out to need, which is found out meanwhile
        without holding up others."""
        facts: dict[str, Any] = {}
        while True:
            async with self._turn:
                encoded = json.dumps({**request, "facts": facts}, default=str).encode()
                answer = await self._answer(source, encoded)
            if "needs" not in answer:
                return answer
            if len(facts) == MOST_FACTS:
                raise TemplateFailed(source, f"it asks about more than {MOST_FACTS} files")
            kind, subject = answer["needs"]
            facts[fact_key(kind, subject)] = await self._find_fact(kind, subject)

    async def _answer(self, source: str, request: bytes) -> dict[str, Any]:
        """Anybody may have ended the process, such as a system short of memory, so another one is
        asked; only if that ends too is it blamed on the template."""
        for _ in range(2):
            if (reply := await self._ask(source, request)) is not None:
                answer: dict[str, Any] = json.loads(reply)
                return answer
        raise TemplateFailed(source, "it ended the process that rendered it")

    async def _ask(self, source: str, request: bytes) -> bytes | None:
        """None if the process ended."""
        child = self._child = self._child or await _start(self._deadline)
        reply, status = None, None
        try:
            async with asyncio.timeout(PATIENCE):
                child.writer.write(frame(request))
                reply = await read_frame(child.reader)
        except TimeoutError:
            raise TemplateFailed(source, took_longer(PATIENCE)) from None
        finally:
            if reply is None:  # late, dead, or the caller left: its answer must not be the next's
                self._child = None
                status = await asyncio.shield(_end(child))
        if is_over_time(status):
            raise TemplateFailed(source, took_longer(self._deadline))
        return reply


async def _find_nothing(kind: str, subject: str) -> dict[str, Any]:
    return {"problem": "nothing can be found out about files here"}


async def _start(deadline: float) -> Child:
    """A process that is ready, so that its start is not counted against a template."""
    child = await _ready(deadline) or await _ready(deadline)  # anybody may have ended the first
    if child is None:
        raise TemplateProcessMissing
    return child


async def _ready(deadline: float) -> Child | None:
    child = await start_child("hub.automations.template_process", *arguments(deadline))
    ready: bytes | None = None
    try:
        async with asyncio.timeout(START):
            ready = await read_frame(child.reader)
    except TimeoutError:
        raise TemplateProcessMissing from None
    finally:
        if ready is None:
            await asyncio.shield(_end(child))
    return child if ready is not None else None


async def _end(child: Child) -> int:
    """How it ended. One that has by itself is not killed: that could hide how."""
    if not child.reader.at_eof():
        child.kill()
    return await child.close()
