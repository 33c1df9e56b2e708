"""What node packs add to the hub: routes, prompt hooks, and files for the editor.

A worker answers the routes and hooks of its packs itself, over HTTP on a Unix socket. Of several
workers with a pack it is always the first, since packs keep what they know in their process; that
is also where the graphs with its nodes go.
"""

import asyncio
import json
import re
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import structlog
from aiohttp import ClientError, ClientSession, ClientTimeout, DummyCookieJar, UnixConnector
from yarl import URL

from hub.engine.messages import HOOKS_PATH, PackServer, Ready
from hub.errors import Unavailable

BASE = URL("http://packs")
HOOK_SECONDS = 2.0
CONNECT_SECONDS = 5.0

log = structlog.get_logger()


class PackServerAway(Unavailable):
    """No worker is there that could answer a pack's route."""

    retry_after = 5

    def __init__(self) -> None:
        super().__init__(
            "The worker that answers this route of a node pack is starting or has ended. "
            "Ask again in a few seconds."
        )


class Place:
    """What the packs of one worker add. The addresses outlive the process, so that what answers
    them is missed while it is away."""

    def __init__(self) -> None:
        self.web_folders: dict[str, Path] = {}
        self._patterns: list[tuple[str, re.Pattern[str]]] = []
        self._server: _Server | None = None

    def join(self, ready: Ready) -> None:
        """Its worker is ready."""
        self.web_folders = {name: Path(folder) for name, folder in ready.web_folders.items()}
        self._patterns = [
            (route.method, re.compile(route.pattern))
            for pack in ready.packs
            for route in pack.routes
        ]
        self._server = _Server(ready.pack_server) if ready.pack_server else None

    async def leave(self) -> None:
        """Its worker has ended; what that left on the disk is removed."""
        if server := self._server:
            self._server = None
            await server.session.close()
            await asyncio.to_thread(_remove, Path(server.socket))

    def finds(self, method: str, path: str) -> bool:
        """Whether a pack has a route for that."""
        return any(
            kind in (method, "*") and pattern.fullmatch(path) for kind, pattern in self._patterns
        )

    @property
    def session(self) -> ClientSession:
        """For requests to what answers the routes. Raises `PackServerAway`."""
        if self._server is None:
            raise PackServerAway
        return self._server.session

    async def hooked(self, prompt: Any) -> Any:
        """The prompt as the hooks leave it; as it is where they do not answer in time."""
        server = self._server
        if server is None or not server.prompt_hooks or not isinstance(prompt, dict):
            return prompt
        try:
            async with (
                asyncio.timeout(HOOK_SECONDS),
                server.session.post(BASE.joinpath(HOOKS_PATH[1:]), json=prompt) as answer,
            ):
                answer.raise_for_status()
                return json.loads(await answer.read())
        except (TimeoutError, ClientError, ValueError) as error:
            log.warning("prompt hooks of node packs were left out", reason=repr(error))
            return prompt


class PackAdditions:
    """An async context manager, which closes the connections that are left.

    `_places` are those of the workers, by name, the primary one first.
    """

    def __init__(self, workers: Iterable[str]) -> None:
        self._places = {worker: Place() for worker in workers}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for place in self._places.values():
            await place.leave()

    def join(self, worker: str, ready: Ready) -> None:
        """A worker is ready."""
        self._places[worker].join(ready)

    async def leave(self, worker: str) -> None:
        """A worker has ended."""
        await self._places[worker].leave()

    def find(self, method: str, path: str) -> Place | None:
        """Where a pack has a route for that."""
        return next((p for p in self._places.values() if p.finds(method, path)), None)

    @property
    def web_folders(self) -> dict[str, Path]:
        """The folders of files for the editor, by pack."""
        found: dict[str, Path] = {}
        for place in self._places.values():
            found = {**place.web_folders, **found}
        return found

    async def hooked(self, prompt: Any) -> Any:
        """A posted prompt as the packs' hooks leave it, one worker's after another's.

        It is left as it is where they do not answer in time: a pack must not keep prompts out.
        """
        for place in self._places.values():
            prompt = await place.hooked(prompt)
        return prompt


class _Server:
    """The connection to one worker's routes and hooks."""

    def __init__(self, server: PackServer) -> None:
        self.socket = server.socket
        self.prompt_hooks = server.prompt_hooks
        self.session = ClientSession(
            connector=UnixConnector(server.socket, limit=0),
            cookie_jar=DummyCookieJar(),
            # A pack may take its time, as for a download; only being connected is quick.
            timeout=ClientTimeout(total=None, sock_connect=CONNECT_SECONDS),
            auto_decompress=False,
            skip_auto_headers=("Accept", "Accept-Encoding", "Content-Type", "User-Agent"),
        )


def _remove(socket: Path) -> None:
    with suppress(OSError):
        socket.unlink()
        socket.parent.rmdir()
