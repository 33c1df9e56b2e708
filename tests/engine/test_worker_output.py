"""What a worker writes is told line by line, within limits."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from structlog.testing import capture_logs
from structlog.typing import EventDict

from hub.engine.worker_output import WorkerOutput


@asynccontextmanager
async def told_of(output: WorkerOutput) -> AsyncIterator[tuple[int, list[EventDict]]]:
    """Where to write, and what the log has of it at the end."""
    with capture_logs() as told:
        with await output.open() as pipe:
            yield pipe.fileno(), told
        await output.close()


async def lines_of(*written: bytes) -> list[str]:
    async with told_of(WorkerOutput("w")) as (pipe, told):
        for part in written:
            await asyncio.to_thread(os.write, pipe, part)
    return [entry["event"] for entry in told]


async def test_each_line_is_told_once_it_is_whole() -> None:
    assert await lines_of(b"on", b"e\ntwo\n\nlast") == ["one", "two", "last"]


async def test_a_progress_bar_is_its_last_state() -> None:
    assert await lines_of(b"\r 10%", b"\r 50%\r100%\n") == ["100%"]


async def test_colours_and_what_is_not_printable_do_not_reach_the_terminal() -> None:
    assert await lines_of(b"\x1b[31mred\x1b[0m \x07bell\xff\n") == ["red �bell�"]


async def test_a_long_line_is_cut() -> None:
    (line,) = await lines_of(*[b"x" * 60_000] * 20, b"\n")
    assert line == "x" * 2000 + "…"


async def test_levels_are_kept_where_they_can_be_told() -> None:
    async with told_of(WorkerOutput("w")) as (pipe, told):
        os.write(pipe, b"WARNING pack: old\n  so it is\nhello\n[ERROR] no\nFatal Python error: x\n")
    levels = [entry["log_level"] for entry in told]
    assert levels == ["warning", "warning", "info", "error", "error"]


async def test_too_much_is_dropped_and_told_how_much() -> None:
    async with told_of(WorkerOutput("w", allowance=1000)) as (pipe, told):
        os.write(pipe, b"0123456789\n" * 100)
    assert [entry["event"] for entry in told].count("0123456789") == 4
    assert told[-2]["event"] == "worker writes too much; more is left out for a while"
    assert told[-1]["bytes"] == 960


async def test_the_allowance_is_new_after_a_while() -> None:
    output = WorkerOutput("w", allowance=1000, seconds=0.01)
    async with told_of(output) as (pipe, told):
        os.write(pipe, b"x\n" * 100)
        while not any("bytes" in entry for entry in told):  # noqa: ASYNC110 - no event for it
            await asyncio.sleep(0.001)
        os.write(pipe, b"again\n")
    assert told[-1]["event"] == "again"


async def test_the_last_lines_are_known_also_of_what_was_dropped() -> None:
    output = WorkerOutput("w", allowance=1)
    async with told_of(output) as (pipe, _):
        os.write(pipe, b"".join(b"%d\n" % number for number in range(100)))
    assert output.last_lines() == tuple(str(number) for number in range(80, 100))


async def test_of_a_crash_the_lines_that_tell_of_it_are_the_last() -> None:
    output = WorkerOutput("w")
    async with told_of(output) as (pipe, _):
        stack = b"".join(b"  File %d\n" % number for number in range(50))
        os.write(pipe, b"before\nFatal Python error: Segmentation fault\n\n" + stack)
    lines = output.last_lines()
    assert lines[:2] == ("Fatal Python error: Segmentation fault", "  File 0")
    assert len(lines) == 20


async def test_a_process_left_behind_does_not_keep_the_pipe_open() -> None:
    output = WorkerOutput("w")
    with await output.open() as pipe:
        child = await asyncio.create_subprocess_exec("sleep", "1000", stdout=pipe)
    await output.close()
    child.kill()
    await child.wait()


async def error_of(written: bytes) -> str:
    output = WorkerOutput("w")
    async with told_of(output) as (pipe, _):
        os.write(pipe, written)
    return output.last_error()


async def test_what_it_died_of_is_what_its_last_traceback_came_to() -> None:
    first = b"Traceback (most recent call last):\n  File 1\n    import a\nImportError: a\n\n"
    second = b"Traceback (most recent call last):\n  File 2\nOSError: b\n  in two lines\nbye\n"
    assert await error_of(first + b"During handling, another:\n\n" + second) == "OSError: b"


async def test_without_a_traceback_it_is_the_line_of_a_crash_or_the_last_one() -> None:
    crash = b"hello\nFatal Python error: Aborted\n\nCurrent thread 0x1:\n  File 1\n"
    assert await error_of(crash) == "Fatal Python error: Aborted"
    assert await error_of(b"hello\nno such module\n") == "no such module"
    assert await error_of(b"") == ""
