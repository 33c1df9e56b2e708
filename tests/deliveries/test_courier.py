"""Deliveries over real sockets, with a scripted clock."""

import asyncio
import dataclasses
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from hub.config.delivery_settings import DeliverySettings
from hub.deliveries.courier import Courier, NotDead
from hub.notices import Notices
from hub.records.delivery import Attachment, Delivery, DeliveryState
from hub.storage.database import Database, StorageFailed
from hub.storage.deliveries import Deliveries
from hub.testing.clock import ScriptedClock
from tests.deliveries.receiver import receiving


@pytest.fixture
async def log(tmp_path: Path) -> AsyncIterator[Deliveries]:
    async with Database(tmp_path / "hub.sqlite") as database:
        yield Deliveries(database)


@asynccontextmanager
async def working(log: Deliveries, clock: ScriptedClock, **settings: Any) -> AsyncIterator[Courier]:
    """A courier at work."""
    courier = Courier(
        log, DeliverySettings(**{"allow_private": True, **settings}), notices=Notices(), clock=clock
    )
    task = asyncio.create_task(courier.serve())
    try:
        yield courier
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def delivery(url: str, clock: ScriptedClock, **rest: Any) -> Delivery:
    values = {"id": "d1", "content": {"json": {"n": 1}}, **rest}
    return Delivery(url=url, created_at=clock.now(), due_at=clock.now(), **values)


async def sent(log: Deliveries, url: str, **rest: Any) -> Delivery:
    """How a delivery ends of which there is one attempt."""
    clock = ScriptedClock()
    async with working(log, clock) as courier:
        await courier.send(delivery(url, clock, most_attempts=1, **rest))
        return await courier.wait("d1")


async def until_it_rests(clock: ScriptedClock) -> None:
    """Until the next attempt is waited for."""
    while not clock.sleepers:  # noqa: ASYNC110 - clocks have no event
        await asyncio.sleep(0.001)


async def test_what_got_there_is_kept_with_its_answer(log: Deliveries) -> None:
    async with receiving() as receiver:
        ended = await sent(log, receiver.url)
    assert (ended.state, ended.status, ended.answer) == (DeliveryState.DELIVERED, 200, {"ok": True})
    assert await log.get("d1") == ended
    headers, body = receiver.received[0]
    assert body == b'{"n": 1}'
    assert headers["content-type"] == "application/json"
    assert headers["webhook-id"] == "d1"


@pytest.mark.parametrize(
    ("content", "kind", "body"),
    [
        ({"form": {"a": "1 2", "b": "é"}}, "application/x-www-form-urlencoded", "a=1+2&b=%C3%A9"),
        ({"text": "é"}, "text/plain; charset=utf-8", "é"),
        ({"file": "a.png"}, "image/png", "picture"),
        ({}, "application/octet-stream", ""),
    ],
)
async def test_each_kind_of_content_is_sent_as_such(
    log: Deliveries, tmp_path: Path, content: dict[str, Any], kind: str, body: str
) -> None:
    (tmp_path / "a.png").write_text("picture")
    if "file" in content:
        content = {"file": str(tmp_path / "a.png")}
    async with receiving() as receiver:
        await sent(log, receiver.url, content=content, headers={"X-Mine": "1"})
    headers, received = receiver.received[0]
    assert (headers["content-type"], received.decode()) == (kind, body)
    assert headers["x-mine"] == "1"


async def test_files_go_along_as_fields_of_a_form(log: Deliveries, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"picture")
    files = (Attachment(name="file", path=str(tmp_path / "a.png")),)
    async with receiving() as receiver:
        await sent(log, receiver.url, content={"form": {"title": "T"}}, attachments=files)
    headers, body = receiver.received[0]
    assert headers["content-type"] == "multipart/form-data; boundary=delivery-d1"
    assert b'name="title"' in body
    assert b'name="file"; filename="a.png"' in body
    assert b"\r\n\r\npicture\r\n" in body


async def test_a_failed_attempt_is_followed_by_others_after_growing_pauses(
    log: Deliveries,
) -> None:
    clock = ScriptedClock()
    async with receiving(500, 503) as receiver, working(log, clock) as courier:
        await courier.send(delivery(receiver.url, clock))
        for attempt, pause in ((1, 10), (2, 20)):
            await until_it_rests(clock)
            waiting = await log.get("d1")
            assert (waiting.state, waiting.attempts) == (DeliveryState.PENDING, attempt)
            rest = (waiting.due_at - clock.now()).total_seconds()
            assert 0.8 * pause <= rest <= 1.2 * pause
            await clock.advance(rest)
        ended = await courier.wait("d1")
    assert (ended.state, ended.attempts) == (DeliveryState.DELIVERED, 3)
    assert [headers["webhook-id"] for headers, _ in receiver.received] == ["d1"] * 3


@pytest.mark.parametrize("form", ["seconds", "date"])
async def test_the_other_side_may_ask_for_a_longer_pause(log: Deliveries, form: str) -> None:
    clock = ScriptedClock()
    later = clock.now().replace(minute=5)
    asked = {"Retry-After": "300" if form == "seconds" else format_datetime(later, usegmt=True)}
    async with receiving(429, headers=asked) as receiver, working(log, clock) as courier:
        await courier.send(delivery(receiver.url, clock))
        await until_it_rests(clock)
        assert (await log.get("d1")).due_at == later


@pytest.mark.parametrize("status", [301, 307, 400, 404, 410])
async def test_some_answers_are_final(log: Deliveries, status: int) -> None:
    clock = ScriptedClock()
    elsewhere = {"Location": "http://127.0.0.1:1/"}
    async with receiving(status, headers=elsewhere) as receiver, working(log, clock) as courier:
        await courier.send(delivery(receiver.url, clock))
        ended = await courier.wait("d1")
    assert (ended.state, ended.attempts, ended.status) == (DeliveryState.DEAD, 1, status)
    assert len(receiver.received) == 1


async def test_a_restart_goes_on_when_the_next_attempt_is_due(log: Deliveries) -> None:
    clock = ScriptedClock()
    async with receiving(500) as receiver:
        async with working(log, clock) as courier:
            await courier.send(delivery(receiver.url, clock))
            await until_it_rests(clock)
        later = ScriptedClock((await log.get("d1")).due_at)
        async with working(log, later) as courier:
            ended = await courier.wait("d1")
    assert (ended.state, ended.attempts) == (DeliveryState.DELIVERED, 2)


async def test_sending_twice_is_sending_once(log: Deliveries) -> None:
    clock = ScriptedClock()
    async with receiving() as receiver, working(log, clock) as courier:
        one = delivery(receiver.url, clock)
        await courier.send(one)
        await courier.send(dataclasses.replace(one, content={}))
        await courier.wait("d1")
        await courier.send(one)
    assert [body for _, body in receiver.received] == [b'{"n": 1}']


async def test_what_was_given_up_can_be_sent_anew(log: Deliveries) -> None:
    clock = ScriptedClock()
    async with receiving(410) as receiver, working(log, clock) as courier:
        await courier.send(delivery(receiver.url, clock))
        await courier.wait("d1")
        await courier.requeue("d1")
        assert (await courier.wait("d1")).state is DeliveryState.DELIVERED
        with pytest.raises(NotDead):
            await courier.requeue("d1")


async def test_this_machine_is_not_reached_unless_allowed(log: Deliveries) -> None:
    clock = ScriptedClock()
    async with receiving() as receiver, working(log, clock, allow_private=False) as courier:
        await courier.send(delivery(receiver.url.replace("127.0.0.1", "localhost"), clock))
        ended = await courier.wait("d1")
    assert (ended.state, receiver.received) == (DeliveryState.DEAD, [])
    assert "this machine or the local network" in str(ended.reason)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"secret": "shop"}, "has no secret 'shop'"),
        ({"content": {"file": "/nowhere"}}, "the file /nowhere cannot be read"),
        ({"headers": {"X": "a\nb"}}, "it cannot be sent"),
        ({"url": "http://["}, "no address to post to"),
    ],
)
async def test_what_cannot_be_sent_is_told_and_not_tried_again(
    log: Deliveries, change: dict[str, Any], told: str
) -> None:
    clock = ScriptedClock()
    async with receiving() as receiver, working(log, clock) as courier:
        wrong = dataclasses.replace(delivery(receiver.url, clock), **change)
        await courier.send(wrong)
        ended = await courier.wait("d1")
    assert (ended.state, ended.attempts) == (DeliveryState.DEAD, 1)
    assert told in str(ended.reason)


async def test_only_the_start_of_a_long_answer_is_read(log: Deliveries) -> None:
    async with receiving(content="x" * 1_000_000) as receiver:
        ended = await sent(log, receiver.url)
    assert ended.state is DeliveryState.DELIVERED
    assert len(ended.answer) == 64 << 10


async def test_nobody_there_is_told(log: Deliveries) -> None:
    async with receiving() as receiver:
        pass
    ended = await sent(log, receiver.url)
    assert (ended.state, ended.status) == (DeliveryState.DEAD, None)
    assert "refused" in str(ended.reason).lower()


async def test_what_cannot_be_noted_is_left_for_later_and_holds_up_no_other(
    tmp_path: Path,
) -> None:
    clock = ScriptedClock()
    async with (
        Database(tmp_path / "hub.sqlite") as database,
        receiving() as receiver,
        working(Deliveries(database), clock) as courier,
    ):
        await database.write(wait_for_nobody)
        due_at = clock.now() + timedelta(seconds=10)
        await courier.send(dataclasses.replace(delivery(receiver.url, clock), due_at=due_at))
        await until_it_rests(clock)
        with closing(sqlite3.connect(database.path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            waiting = asyncio.create_task(courier.wait("d1"))
            await clock.advance(10)
            with pytest.raises(StorageFailed, match="locked"):
                await waiting
        for identity in ("d2", "d1"):
            await courier.send(delivery(receiver.url, clock, id=identity))
            assert (await courier.wait(identity)).state is DeliveryState.DELIVERED


def wait_for_nobody(connection: Connection) -> None:
    connection.exec_driver_sql("PRAGMA busy_timeout=0")
