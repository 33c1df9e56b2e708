"""Messages on their way to a hub that does not read them."""

import asyncio
import socket
from collections.abc import Iterator

import pytest

from hub.engine.messages import Batch, Done, PackMessage, decode_batch
from hub.engine.worker.outbox import LEAST_CHARGE, MOST_OFFERED, Outbox
from hub.wire import receive_frame

Ends = tuple[socket.socket, socket.socket]


@pytest.fixture
def ends() -> Iterator[Ends]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


async def next_batch(connection: socket.socket) -> Batch:
    payload = await asyncio.to_thread(receive_frame, connection)
    assert payload is not None
    return decode_batch(payload)


async def test_what_packs_say_is_lost_before_it_fills_the_memory(ends: Ends) -> None:
    outbox = Outbox(ends[0], asyncio.get_running_loop())
    for _ in range(100_000):
        outbox.offer(PackMessage(payload=b"small"))
    outbox.tell(Done("run", 1))
    flushing = asyncio.create_task(asyncio.to_thread(outbox.flush))
    batch = await next_batch(ends[1])
    await flushing
    *messages, done = batch.messages
    assert len(messages) == MOST_OFFERED // LEAST_CHARGE
    assert done == Done("run", 1)


async def test_after_a_frame_there_is_room_again_and_a_large_message_finds_it(ends: Ends) -> None:
    outbox = Outbox(ends[0], asyncio.get_running_loop())
    for size in (MOST_OFFERED + 1, MOST_OFFERED + 1):
        outbox.offer(PackMessage(payload=bytes(size)))
    for _ in range(2):
        flushing = asyncio.create_task(asyncio.to_thread(outbox.flush))
        batch = await next_batch(ends[1])
        await flushing
        assert [len(m.payload) for m in batch.messages if isinstance(m, PackMessage)]
        assert len(batch.messages) == 1
        outbox.offer(PackMessage(payload=b"again"))
