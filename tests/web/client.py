"""What talks to a hub in tests: requests, and waiting for what sockets tell."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import aiohttp


class Socket:
    """An open WebSocket of JSON messages."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket

    async def until(self, kind: str) -> list[dict[str, Any]]:
        """Every text up to and with the next message of that type."""
        messages = []
        async for message in self.socket:
            if message.type is aiohttp.WSMsgType.BINARY:
                continue
            messages.append(json.loads(message.data))
            if messages[-1]["type"] == kind:
                return messages
        raise AssertionError(f"the socket was closed before {kind} came")


class Client:
    """A program of this machine that uses the hub."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.session = aiohttp.ClientSession(address)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.session.close()

    async def get(self, path: str, **headers: str) -> tuple[int, Any]:
        """Status and JSON."""
        async with self.session.get(path, headers=headers) as response:
            return response.status, await response.json()

    async def delete(self, path: str) -> tuple[int, Any]:
        async with self.session.delete(path) as response:
            return response.status, await response.json()

    async def post(self, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        """The same; a body that is no bytes is sent as JSON, with a form's content type."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded", **headers}
        async with self.session.post(path, data=content, headers=headers) as response:
            return response.status, await response.json()

    @asynccontextmanager
    async def socket(self, path: str) -> AsyncIterator[Socket]:
        async with self.session.ws_connect(path) as socket:
            yield Socket(socket)

    async def run(
        self, graph: dict[str, Any], client: str = "tester", **options: Any
    ) -> dict[str, Any]:
        """Post a prompt and wait for its end; what the hub's own API tells of the run."""
        async with self.socket(f"/ws?clientId={client}") as socket:
            body = {"prompt": graph, "client_id": client, **options}
            status, accepted = await self.post("/prompt", body)
            assert status == 200, accepted
            while (await socket.until("executing"))[-1]["data"]["node"] is not None:
                pass
        _, run = await self.get(f"/api/hub/runs/{accepted['prompt_id']}")
        assert isinstance(run, dict)
        return run


def content_of(output: dict[str, Any]) -> bytes:
    """The file of an output, as it lies on the disk."""
    return Path(output["path"]).read_bytes()


def delete(output: dict[str, Any]) -> None:
    """Take the file away, as a person might."""
    Path(output["path"]).unlink()
