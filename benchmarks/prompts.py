"""Prompts: posting graphs as ComfyUI's clients do, and waiting for their end on the WebSocket."""

import json
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

Graph = dict[str, Any]


@asynccontextmanager
async def connect(client: aiohttp.ClientSession) -> AsyncIterator["Prompts"]:
    """A client of its own: `clientId` on its WebSocket, `client_id` in its prompts."""
    name = uuid.uuid4().hex
    async with client.ws_connect(f"/ws?clientId={name}") as socket:
        yield Prompts(client, socket, name)


class Prompts:
    """Posts prompts and waits for them."""

    def __init__(
        self, client: aiohttp.ClientSession, socket: aiohttp.ClientWebSocketResponse, name: str
    ) -> None:
        self._client = client
        self._socket = socket
        self._name = name

    async def post(self, graph: Graph) -> str:
        """Queue it; gives its id."""
        async with self._client.post(
            "/prompt", json={"prompt": graph, "client_id": self._name}
        ) as answer:
            body = await answer.json()
            if answer.status != 200:
                raise RuntimeError(f"a prompt was refused: {body}")
            prompt: str = body["prompt_id"]
            return prompt

    async def wait(self, *prompts: str) -> None:
        """Until all of them have succeeded."""
        waiting = set(prompts)
        while waiting:
            waiting.discard(await self._next_success())

    async def wait_for(self, count: int) -> None:
        """Until so many have succeeded; for those that are posted meanwhile. Who posts for long
        without listening answers no pings, and is taken for gone."""
        for _ in range(count):
            await self._next_success()

    async def _next_success(self) -> str:
        """The id of the next prompt that has succeeded."""
        while True:
            message = await self._socket.receive()
            if message.type is not aiohttp.WSMsgType.TEXT:
                raise RuntimeError(f"the WebSocket gave {message.type}")
            content = json.loads(message.data)
            if content["type"] in ("execution_error", "execution_interrupted"):
                raise RuntimeError(f"a prompt failed: {content['data']}")
            if content["type"] == "execution_success":
                prompt: str = content["data"]["prompt_id"]
                return prompt

    async def run(self, graph: Graph) -> float:
        """Post, wait; gives the seconds it took."""
        begun = time.perf_counter()
        await self.wait(await self.post(graph))
        return time.perf_counter() - begun
