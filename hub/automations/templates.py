"""Templates: rendered in place where that is no work, else in a process with a deadline.

A template may loop, and a regular expression may backtrack for ever; neither can be stopped in a
thread. So the template process renders them, and is killed at the deadline and replaced.
"""

import asyncio
import json
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self
from zoneinfo import ZoneInfo

from hub.automations.template_environment import (
    TemplateFailed,
    is_template,
    only_follows_attributes,
    render,
)
from hub.child import Child, start_child
from hub.clock import Clock
from hub.wire import frame, read_frame

DEADLINE = 2.0  # seconds for one template
LARGEST_OUTPUT = 1 << 20  # characters
MEMORY = 512 << 20  # bytes of address space
FIRST_ANSWER = 20.0  # seconds more for a process that has still to start


class Templates:
    """Renders templates. The process is started with the first one that needs it."""

    def __init__(self, clock: Clock, zone: ZoneInfo, *, deadline: float = DEADLINE) -> None:
        self._clock = clock
        self._zone = zone
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

    async def render(self, source: Any, variables: Mapping[str, Any], *, native: bool) -> Any:
        """`source` with every template in it rendered; lists and mappings are gone through.

        As text, or with `native` as the values that they stand for. Raises `TemplateFailed` with a
        sentence that names what is missing.
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

    async def _render(self, source: str, variables: Mapping[str, Any], *, native: bool) -> Any:
        if only_follows_attributes(source):
            moment = self._clock.now()
            return render(source, variables, native=native, moment=moment, zone=self._zone)
        request = {
            "source": source,
            "variables": dict(variables),
            "native": native,
            "moment": self._clock.now().isoformat(),
            "zone": self._zone.key,
            "limit": LARGEST_OUTPUT,
        }
        async with self._turn:
            answer = await self._ask(source, frame(json.dumps(request, default=str).encode()))
        if "error" in answer:
            raise TemplateFailed.saying(answer["error"])
        return answer["value"]

    async def _ask(self, source: str, request: bytes) -> dict[str, Any]:
        patience = self._deadline
        if self._child is None:
            self._child = await start_child(
                "hub.automations.template_process", "--memory", str(MEMORY)
            )
            patience += FIRST_ANSWER
        child = self._child
        payload: bytes | None = None
        try:
            child.writer.write(request)
            async with asyncio.timeout(patience):
                payload = await read_frame(child.reader)
        except TimeoutError:
            raise TemplateFailed(
                source, f"it took longer than {self._deadline:g} s and was stopped"
            ) from None
        finally:
            if payload is None:  # late, dead, or the caller left: its answer must not be the next's
                self._child = None
                child.kill()
                await asyncio.shield(child.close())
        if payload is None:
            raise TemplateFailed(source, "the process that renders it ended")
        answer: dict[str, Any] = json.loads(payload)
        return answer
