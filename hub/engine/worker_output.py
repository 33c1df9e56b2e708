"""What a worker writes to its standard output and error: into the hub's log, within limits.

Nothing a node prints fills the hub's memory or log, and nothing keeps the worker from writing on:
what is too much is read and dropped.
"""

import asyncio
import logging
import os
import re
from typing import BinaryIO

import structlog

log = structlog.get_logger()

ALLOWANCE = 128 << 10  # bytes a minute
SECONDS_OF_ALLOWANCE = 60.0
_COST_OF_A_LINE = 200  # so that many short lines have an end, too
_LONGEST_LINE = 2000
_TAIL = 16 << 10
_LAST_LINES = 20
_LONGEST_LAST_LINE = 200
_FATAL = "Fatal Python error"
_LEVEL = re.compile(r"\W{0,2}(DEBUG|INFO|WARNING|ERROR|CRITICAL)\b")
_ERROR = re.compile(rf"{_FATAL}|Traceback \(most recent call last\)")
_COLOURS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class WorkerOutput(asyncio.Protocol):
    """Reads the pipe of one worker.

    State: `_pending` is the line that has not ended yet; `_spent` what was told of the allowance,
    which is new when `_renewal` is due; `_dropped` how many bytes were not told since it was spent;
    `_tail` what was written last, told or not.
    """

    def __init__(
        self, worker: str, *, allowance: int = ALLOWANCE, seconds: float = SECONDS_OF_ALLOWANCE
    ) -> None:
        self._worker = worker
        self._allowance = allowance
        self._seconds = seconds
        self._transport: asyncio.BaseTransport | None = None
        self._pending = b""
        self._spent = 0
        self._dropped = 0
        self._renewal: asyncio.TimerHandle | None = None
        self._level = logging.INFO
        self._tail = b""
        self._ended = asyncio.Event()

    async def open(self) -> BinaryIO:
        """Begin to read; gives the other end, which is for the worker."""
        ours, theirs = os.pipe()
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.connect_read_pipe(lambda: self, os.fdopen(ours, "rb", 0))
        return os.fdopen(theirs, "wb", 0)

    async def close(self) -> None:
        """Read what is left; a process that the worker left behind may hold its end for ever."""
        try:
            async with asyncio.timeout(1):
                await self._ended.wait()
        except TimeoutError:
            if self._transport:
                self._transport.close()

    def forget(self) -> None:
        """What was written so far has nothing to do with what comes now."""
        self._tail = b""

    def last_lines(self) -> tuple[str, ...]:
        """The last that was written; of a crash, the lines that tell of it."""
        lines = self._lines_of_tail()
        for place, line in enumerate(lines):
            if line.startswith(_FATAL):
                return tuple(lines[place : place + _LAST_LINES])
        return tuple(lines[-_LAST_LINES:])

    def last_error(self) -> str:
        """What the last traceback came to, or else the last line; empty if there is none."""
        lines = self._lines_of_tail()
        begin = max((place for place, line in enumerate(lines) if _ERROR.match(line)), default=None)
        if begin is None:
            return lines[-1] if lines else ""
        frames_end = (line for line in lines[begin + 1 :] if not line[0].isspace())
        return lines[begin] if lines[begin].startswith(_FATAL) else next(frames_end, lines[-1])

    def data_received(self, data: bytes) -> None:
        self._tail = (self._tail + data[-_TAIL:])[-_TAIL:]
        if self._dropped:
            self._dropped += len(data)
            return
        *lines, self._pending = (self._pending + data).split(b"\n")
        for place, line in enumerate(lines):
            if not self._afford(line):
                self._drop(sum(map(len, lines[place:])) + len(self._pending))
                return
            self._tell(line)
        if len(self._pending) > _LONGEST_LINE:
            begin = self._pending.rfind(b"\r", 0, -1) + 1  # what came before is overwritten
            self._pending = self._pending[begin : begin + _LONGEST_LINE + 1]

    def connection_lost(self, exc: Exception | None) -> None:
        if self._pending and not self._dropped:
            self._tell(self._pending)
        self._renew()
        self._ended.set()

    def _lines_of_tail(self) -> list[str]:
        text = self._tail.decode(errors="replace")
        lines = [_readable(line)[:_LONGEST_LAST_LINE] for line in text.splitlines()]
        return [line for line in lines if line and not line.startswith("Extension modules:")]

    def _afford(self, line: bytes) -> bool:
        if self._renewal is None:
            loop = asyncio.get_running_loop()
            self._renewal = loop.call_later(self._seconds, self._renew)
        self._spent += min(len(line), _LONGEST_LINE) + _COST_OF_A_LINE
        return self._spent <= self._allowance

    def _drop(self, count: int) -> None:
        self._pending = b""
        self._dropped = count
        log.warning("worker writes too much; more is left out for a while", worker=self._worker)

    def _renew(self) -> None:
        if self._renewal:
            self._renewal.cancel()
            self._renewal = None
        if self._dropped:
            log.warning("output of worker was left out", worker=self._worker, bytes=self._dropped)
        self._spent = self._dropped = 0

    def _tell(self, line: bytes) -> None:
        text = _readable(line[: 4 * _LONGEST_LINE + 1].decode(errors="replace"))
        if not text:
            return
        if found := _LEVEL.match(text):
            self._level = logging.getLevelNamesMapping()[found[1]]
        elif not text[0].isspace():  # what is indented goes on from the line before
            self._level = logging.ERROR if _ERROR.match(text) else logging.INFO
        log.log(self._level, text, worker=self._worker)


def _readable(line: str) -> str:
    """As a terminal would show it: what follows the last return, without colours; not too long."""
    text = _COLOURS.sub("", line.rstrip().rpartition("\r")[2]).expandtabs()
    if not text.isprintable():
        text = "".join(letter if letter.isprintable() else "�" for letter in text)
    return text if len(text) <= _LONGEST_LINE else text[:_LONGEST_LINE] + "…"
