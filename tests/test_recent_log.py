"""The last lines of the log, and those that come."""

import asyncio
import threading
from contextlib import aclosing
from typing import Any

import pytest
import structlog

from hub.recent_log import KEPT, LONGEST, RecentLog


def write(log: RecentLog, text: str, **facts: Any) -> None:
    log(structlog.get_logger(), "info", {"event": text, **facts})


def texts(log: RecentLog) -> list[str]:
    return [line.text for line in log.lines()]


def test_what_passes_is_kept_and_passed_on() -> None:
    log = RecentLog()
    for number in range(KEPT + 10):
        event = {"event": "run ended", "run": number}
        assert log(structlog.get_logger(), "info", event) is event
    assert len(log.lines()) == KEPT
    assert texts(log)[-1] == f"[info] run ended run={KEPT + 9}\n"
    assert [line.number for line in log.lines(after=KEPT + 8)] == [KEPT + 9, KEPT + 10]


def test_who_has_seen_more_lines_than_there_were_gets_all_that_are_kept() -> None:
    log = RecentLog()
    write(log, "hub is running")
    assert log.lines(after=1) == []
    assert len(log.lines(after=2)) == 1


def test_an_error_comes_with_its_traceback_and_nothing_is_too_long() -> None:
    log = RecentLog()
    try:
        int("no number")
    except ValueError:
        write(log, "it went wrong", exc_info=True)
    write(log, "x" * 2 * LONGEST)
    assert "ValueError: invalid literal" in texts(log)[0]
    assert len(texts(log)[1]) == LONGEST + 1


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (f"token hub_{'a' * 43}", "token …"),
        ("Authorization: Bearer abc.def", "Authorization: Bearer …"),
        ("mailto://anna:pass@example.org/x", "mailto://…@example.org/x"),
        ("GET /x?token=abc&b=1", "GET /x?token=…&b=1"),
        ("hub_runs_total and hub.yaml", "hub_runs_total and hub.yaml"),
    ],
)
def test_what_lets_somebody_in_is_not_kept(written: str, kept: str) -> None:
    log = RecentLog()
    write(log, written)
    assert texts(log) == [f"[info] {kept}\n"]


async def test_who_follows_hears_what_is_logged_in_any_thread() -> None:
    log = RecentLog()
    write(log, "before")
    async with aclosing(log.follow()) as portions:
        heard = asyncio.ensure_future(anext(portions))
        await asyncio.sleep(0)  # so that it follows
        thread = threading.Thread(target=write, args=(log, "beside"))
        thread.start()
        assert [line.text for line in await heard] == ["[info] beside\n"]
        thread.join()
    assert not log._followers


async def test_who_does_not_keep_up_misses_lines_and_can_tell() -> None:
    log = RecentLog()
    write(log, "seen")
    async with aclosing(log.follow(after=0)) as portions:
        assert [line.number for line in await anext(portions)] == [1]
        for _ in range(2 * KEPT):
            write(log, "again")
        numbers = [line.number for line in await anext(portions)]
    assert numbers == list(range(KEPT + 2, 2 * KEPT + 2))


def test_listening_twice_keeps_lines_once() -> None:
    log = RecentLog()
    with structlog.testing.capture_logs():
        log.listen()
        log.listen()
        structlog.get_logger().warning("once")
    assert texts(log) == ["[warning] once\n"]
