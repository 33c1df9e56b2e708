"""Many clients at the WebSocket, some of whom never read: nobody waits, and memory is bounded."""

import asyncio
import json
from contextlib import AsyncExitStack
from itertools import chain

import aiohttp

from hub.app import Hub
from hub.notices import CONTENT_BYTES, PackMessageSent
from hub.web.comfy_audience import LIMIT, Audience
from tests.web.client import Client
from tests.web.configuration import plain_graph

READERS = 20
SLEEPERS = 5
MESSAGE = b"\0" * (256 << 10)
MESSAGES = 200  # 50 MiB for each sleeper, far beyond what it may have waiting


async def follow(client: Client, socket: aiohttp.ClientWebSocketResponse, name: str) -> int:
    """Post two runs, and listen to their ends; how many messages that took."""
    body = {"prompt": plain_graph(filename_prefix=name), "client_id": name}
    posted = {(await client.post("/prompt", body))[1]["prompt_id"] for _ in range(2)}
    count = 0
    while posted:
        message = json.loads((await socket.receive()).data)
        count += 1
        if message["type"] == "execution_success":
            posted.remove(message["data"]["prompt_id"])
    return count


async def test_clients_that_never_read_hold_up_nobody(client: Client, hub: Hub) -> None:
    async with AsyncExitStack() as stack:
        sockets = {
            name: await stack.enter_async_context(client.session.ws_connect(f"/ws?clientId={name}"))
            for name in [f"reader{n}" for n in range(READERS)]
            + [f"sleeper{n}" for n in range(SLEEPERS)]
        }
        (audience,) = (each for each in hub.notices._listeners if isinstance(each, Audience))
        before = list(chain.from_iterable(audience._listeners.values()))
        for number in range(MESSAGES * SLEEPERS):
            name = f"sleeper{number % SLEEPERS}"
            hub.notices.publish(PackMessageSent(payload=MESSAGE, binary=True, client=name))
            await asyncio.sleep(0)
        async with asyncio.TaskGroup() as tasks:
            following = [
                tasks.create_task(follow(client, socket, name))
                for name, socket in sockets.items()
                if name.startswith("reader")
            ]
        behind = [each for each in before if each._waiting]
        assert len(behind) >= SLEEPERS  # they do lag
        assert max(each._charged for each in before) <= CONTENT_BYTES
        assert max(len(each._waiting) for each in before) <= LIMIT
        assert min(task.result() for task in following) > 2 * 5
        for name, socket in sockets.items():
            if name.startswith("sleeper"):
                socket._response.connection.transport.abort()  # type: ignore[union-attr]  # leaves
