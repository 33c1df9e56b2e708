"""The last lines of the log, for whoever looks at the hub from elsewhere: kept, and as they come.

What lets somebody in, should it ever be logged, is not among what is kept.
"""

import asyncio
import re
import threading
from collections import deque
from collections.abc import AsyncGenerator, MutableMapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog

from hub.clock import SystemClock

KEPT = 300
LONGEST = 4000  # letters of one line, with its traceback
_SAID_BEFORE = ("event", "level", "timestamp", "exception", "exc_info", "stack_info")
_SECRETS = re.compile(
    r"\bhub_[\w-]{20,}"  # a token of ours
    r"|(?<=://)[^\s/@]+(?=@)"  # name and password in an address
    r"|(?:(?<=bearer )|(?<=token=)|(?<=secret=)|(?<=password=)|(?<=api_key=))[^\s&,;]+",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """What was logged, as text with its end. `number` counts all lines that ever were."""

    number: int
    at: datetime
    level: str
    text: str


class RecentLog:
    """A processor of structlog's: keeps what passes, and passes it on.

    It is called in whichever thread logs; `_lock` guards all state. Followers are woken in their
    own loops, and take what they have not seen from the lines that are kept, so that one who does
    not keep up costs nothing: it misses lines, as their numbers tell.
    """

    def __init__(self) -> None:
        self._clock = SystemClock()
        self._lock = threading.Lock()
        self._lines: deque[Line] = deque(maxlen=KEPT)
        self._count = 0
        self._followers: set[_Follower] = set()

    def __call__(
        self, logger: Any, method: str, event: MutableMapping[str, Any]
    ) -> MutableMapping[str, Any]:
        text = without_secrets(_as_text(logger, method, event))
        with self._lock:
            self._count += 1
            now = self._clock.now()
            self._lines.append(Line(number=self._count, at=now, level=method, text=text))
            for follower in self._followers:
                follower.wake()
        return event

    def listen(self) -> None:
        """Keep what is logged from now on; once is enough, and more does no harm."""
        processors = structlog.get_config()["processors"]
        if self not in processors:
            processors.insert(0, self)

    def lines(self, after: int = 0) -> list[Line]:
        """What is kept of the lines after that number; all of it where there were not so many yet,
        as who has seen that many saw them before the hub was started again."""
        with self._lock:
            seen = after if after <= self._count else 0
            return [line for line in self._lines if line.number > seen]

    async def follow(self, after: int | None = None) -> AsyncGenerator[list[Line]]:
        """The lines that come from now on, or after that number, in as large portions as they
        have become meanwhile; for ever."""
        follower = _Follower()
        with self._lock:
            self._followers.add(follower)
            seen = self._count if after is None else after
        try:
            while True:
                if lines := self.lines(seen):
                    seen = lines[-1].number
                    yield lines
                await follower.woken()
        finally:
            with self._lock:
                self._followers.discard(follower)


class _Follower:
    """Wakes one who waits in a loop, from any thread."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._news = asyncio.Event()
        self._is_told = False

    def wake(self) -> None:
        if not self._is_told and not self._loop.is_closed():
            self._is_told = True
            self._loop.call_soon_threadsafe(self._news.set)

    async def woken(self) -> None:
        await self._news.wait()
        self._news.clear()
        self._is_told = False


def without_secrets(text: str) -> str:
    """With an ellipsis for everything that looks as if it let somebody in."""
    return _SECRETS.sub("…", text)


def _as_text(logger: Any, method: str, event: MutableMapping[str, Any]) -> str:
    facts = [f"{name}={value}" for name, value in event.items() if name not in _SAID_BEFORE]
    told = " ".join([f"[{method}]", str(event.get("event", "")), *facts])
    if event.get("exc_info"):
        shown = structlog.processors.format_exc_info(logger, method, dict(event))
        told = f"{told}\n{shown.get('exception', '')}"
    return f"{told[:LONGEST].rstrip()}\n"


RECENT_LOG = RecentLog()
"""The log is one for the whole process, and so is this."""
