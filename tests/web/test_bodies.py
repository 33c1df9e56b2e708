"""Bodies that come slowly."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pytest

from hub.config.server_settings import ServerSettings
from hub.web.bodies import SLOWEST
from tests.web.doors import House, house

PATIENCE = 10
ENOUGH = PATIENCE * SLOWEST  # bytes in that time
Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@pytest.fixture
async def patient(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path, ServerSettings(patience=timedelta(seconds=PATIENCE))) as made:
        yield made


@asynccontextmanager
async def sending(house: House, path: str, length: int) -> AsyncIterator[Connection]:
    """A client that has said how much it is going to send, and of whom the hub has heard."""
    url = house.server.make_url(path)
    reader, writer = await asyncio.open_connection(url.host, url.port)
    head = f"POST {path} HTTP/1.1\r\nHost: {url.authority}\r\nContent-Length: {length}\r\n\r\n"
    writer.write(head.encode())
    while not house.clock.sleepers:  # noqa: ASYNC110 - nobody tells of it
        await asyncio.sleep(0)
    try:
        yield reader, writer
    finally:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


async def status(reader: asyncio.StreamReader) -> int:
    return int((await reader.readline()).split()[1])


async def arrived(house: House, size: int) -> None:
    """Until so much of the only body has come."""
    (connection,) = house.server.handler.connections
    request = connection._current_request
    assert request is not None
    while request.content.total_bytes < size:  # noqa: ASYNC110 - nobody tells of it
        await asyncio.sleep(0)


async def test_a_body_that_does_not_come_is_given_up(patient: House) -> None:
    async with sending(patient, "/measure", 2 * ENOUGH) as (reader, _):
        await patient.clock.advance(PATIENCE)
        assert await status(reader) == 408
        assert b"BodyTooSlow" in await reader.readuntil(b"}}")


async def test_one_that_goes_on_coming_has_all_the_time(patient: House) -> None:
    async with sending(patient, "/measure", 3 * ENOUGH) as (reader, writer):
        for part in (1, 2):
            writer.write(bytes(ENOUGH))
            await arrived(patient, part * ENOUGH)
            await patient.clock.advance(PATIENCE)
        writer.write(bytes(ENOUGH))
        assert await status(reader) == 200


async def test_a_few_bytes_now_and_then_are_not_going_on(patient: House) -> None:
    async with sending(patient, "/measure", 3 * ENOUGH) as (reader, writer):
        writer.write(bytes(ENOUGH))
        await arrived(patient, ENOUGH)
        await patient.clock.advance(PATIENCE)
        writer.write(bytes(ENOUGH - 1))
        await arrived(patient, 2 * ENOUGH - 1)
        await patient.clock.advance(PATIENCE)
        assert await status(reader) == 408


async def test_nobody_is_to_blame_while_the_hub_does_not_read(patient: House) -> None:
    size = 1 << 20  # more than is taken in unread
    async with sending(patient, "/later", size) as (reader, writer):
        writer.write(bytes(size))
        (connection,) = patient.server.handler.connections
        transport = connection.transport
        assert isinstance(transport, asyncio.Transport)
        while transport.is_reading():  # noqa: ASYNC110 - nobody tells of it
            await asyncio.sleep(0)
        await patient.clock.advance(3 * PATIENCE)
        patient.later.set()
        assert await status(reader) == 200


async def test_a_mistake_of_time_elsewhere_stays_one(patient: House) -> None:
    async with sending(patient, "/timeout", ENOUGH) as (reader, _):
        patient.later.set()
        assert await status(reader) == 500
