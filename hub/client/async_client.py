"""The client for asyncio."""

import asyncio
import json
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar
from urllib.parse import quote

import aiohttp
import msgspec

from hub.client.errors import Refused, RunFailed, Unreachable
from hub.client.events import AnyEvent, events_in
from hub.client.records import Output, Run, RunDetails, RunState, Workflow

ADDRESS = "http://127.0.0.1:8188"
_PIECE = 1 << 20
T = TypeVar("T")


class AsyncClient:
    """A program's way to a hub: `async with AsyncClient() as hub: run = await hub.run("card")`.

    Values that are paths (`pathlib.Path`) are sent along as files. `token` is needed where the hub
    asks for a login. Everything raises `Unreachable` and `Refused`.
    """

    def __init__(self, address: str = ADDRESS, *, token: str | None = None) -> None:
        self.address = address.rstrip("/")
        self._token = token

    async def __aenter__(self) -> Self:
        headers = {} if self._token is None else {"Authorization": f"Bearer {self._token}"}
        self._session = aiohttp.ClientSession(
            headers=headers, timeout=aiohttp.ClientTimeout(total=None, sock_connect=30)
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._session.close()

    async def run(
        self, workflow: str, parameters: Mapping[str, Any] | None = None, **options: Any
    ) -> Run:
        """Run a saved workflow and wait for its outputs. Raises `RunFailed`.

        Options are those of `start`.
        """
        answer = await self._ask(workflow, parameters, {**options, "wait": True}, _RunAnswer)
        if answer.run.state is not RunState.SUCCEEDED:
            raise RunFailed(answer.run)
        return answer.run

    async def start(
        self, workflow: str, parameters: Mapping[str, Any] | None = None, **options: Any
    ) -> Run:
        """Queue a saved workflow; it is on the hub's disk when this returns.

        Options: `priority` (larger goes first), `webhook` (`{"url": …, "secret": …}`, told of the
        end), and `key`: asking again with the same one gives the same run.
        """
        return (await self._ask(workflow, parameters, options, _RunAnswer)).run

    async def stream(
        self, workflow: str, parameters: Mapping[str, Any] | None = None, **options: Any
    ) -> AsyncIterator[AnyEvent]:
        """Queue a saved workflow and tell what happens to it, until it has ended.

        Options are those of `start`. Who leaves the loop early leaves the run going on.
        """
        request = _request(workflow, parameters, {**options, "stream": True})
        async with self._answer("POST", **await request) as response:
            async for event in events_in(response.content):
                yield event

    async def workflows(self) -> list[Workflow]:
        """The saved workflows, with what they take."""
        return (await self._get("/api/hub/workflows", _WorkflowsAnswer)).workflows

    async def runs(
        self,
        *,
        state: RunState | None = None,
        workflow: str | None = None,
        before: int | None = None,
        limit: int = 50,
    ) -> list[Run]:
        """Runs, latest first; those with numbers below `before`."""
        given = {"state": state, "workflow": workflow, "before": before, "limit": limit}
        query = {name: str(value) for name, value in given.items() if value is not None}
        return (await self._get("/api/hub/runs", _RunsAnswer, params=query)).runs

    async def find_run(self, run: str | int) -> RunDetails:
        """One run, by id or number."""
        return await self._get(f"/api/hub/runs/{quote(str(run), safe='')}", RunDetails)

    async def cancel(self, run: str | int) -> bool:
        """Stop a run at the next chance; False if it had ended already."""
        path = f"/api/hub/runs/{quote(str(run), safe='')}/cancel"
        return (await self._post(path, _Cancelled)).cancelled

    async def fetch(self, output: Output | str) -> bytes:
        """The content of an output, or of the `url` of a preview."""
        url = output if isinstance(output, str) else output.url
        async with self._answer("GET", url) as response:
            return await response.read()

    async def save(self, output: Output, place: str | os.PathLike[str]) -> Path:
        """Write an output to a file, or under its own name into a folder; gives the path."""
        path = Path(place)
        if await asyncio.to_thread(path.is_dir):
            path = path / Path(output.name).name
        unfinished = path.with_name(f"{path.name}.part")
        try:
            await self._write(output.url, unfinished)
            return await asyncio.to_thread(unfinished.replace, path)
        finally:
            await asyncio.to_thread(unfinished.unlink, missing_ok=True)

    async def upload(self, path: str | os.PathLike[str]) -> str:
        """Bring a file to the hub; gives the name by which file parameters can refer to it."""
        query = {"name": Path(path).name}
        with await asyncio.to_thread(Path(path).open, "rb") as file:
            return (await self._post("/api/hub/inputs", _Named, params=query, data=file)).name

    async def delete(self, output: Output) -> Output:
        """Delete the file of an output; the hub's history shows it as deleted."""
        async with self._answer("DELETE", f"/api/hub/outputs/{output.id}") as response:
            return msgspec.json.decode(await response.read(), type=_OutputAnswer).output

    async def _write(self, url: str, path: Path) -> None:
        async with self._answer("GET", url) as response:
            with await asyncio.to_thread(path.open, "wb") as file:
                async for piece in response.content.iter_chunked(_PIECE):
                    await asyncio.to_thread(file.write, piece)

    async def _ask(
        self,
        workflow: str,
        parameters: Mapping[str, Any] | None,
        options: dict[str, Any],
        kind: type[T],
    ) -> T:
        return await self._post(kind=kind, **await _request(workflow, parameters, options))

    async def _get(self, path: str, kind: type[T], **rest: Any) -> T:
        async with self._answer("GET", path, **rest) as response:
            return msgspec.json.decode(await response.read(), type=kind)

    async def _post(self, path: str, kind: type[T], **rest: Any) -> T:
        async with self._answer("POST", path, **rest) as response:
            return msgspec.json.decode(await response.read(), type=kind)

    @asynccontextmanager
    async def _answer(
        self, method: str, path: str, **rest: Any
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        try:
            async with self._session.request(method, self.address + path, **rest) as response:
                if response.status >= 400:
                    raise await _refusal(response)
                yield response
        except (aiohttp.ClientError, TimeoutError) as error:
            raise Unreachable(self.address, str(error) or type(error).__name__) from error
        except msgspec.DecodeError as error:
            raise Unreachable(self.address, f"what answers there is no hub ({error})") from error


async def _request(
    workflow: str, parameters: Mapping[str, Any] | None, options: dict[str, Any]
) -> dict[str, Any]:
    """A request for a run: a form if there are files among the values, else JSON."""
    key = options.pop("key", None)
    values = dict(parameters or {})
    files = {name: value for name, value in values.items() if _has_files(value)}
    body = {**options, "parameters": {n: v for n, v in values.items() if n not in files}}
    made: dict[str, Any] = {
        "path": f"/api/hub/workflows/{quote(workflow, safe='')}/run",
        "headers": {} if key is None else {"Idempotency-Key": key},
    }
    if not files:
        return {**made, "json": body}
    form = aiohttp.FormData({"request": json.dumps(body)})
    for name, value in files.items():
        for path in value if isinstance(value, list) else [value]:
            content = await asyncio.to_thread(Path(path).read_bytes)
            form.add_field(name, content, filename=Path(path).name)
    return {**made, "data": form}


def _has_files(value: Any) -> bool:
    items = value if isinstance(value, list) else [value]
    return bool(items) and all(isinstance(item, os.PathLike) for item in items)


async def _refusal(response: aiohttp.ClientResponse) -> Refused:
    text = await response.read()
    try:
        error = msgspec.json.decode(text, type=_ErrorAnswer).error
    except (msgspec.DecodeError, UnicodeDecodeError):
        return Refused(response.status, "", f"{response.status} {response.reason}")
    return Refused(response.status, error.type, error.message)


class _RunAnswer(msgspec.Struct):
    run: Run


class _RunsAnswer(msgspec.Struct):
    runs: list[Run]


class _WorkflowsAnswer(msgspec.Struct):
    workflows: list[Workflow]


class _OutputAnswer(msgspec.Struct):
    output: Output


class _Cancelled(msgspec.Struct):
    cancelled: bool


class _Named(msgspec.Struct):
    name: str


class _Error(msgspec.Struct):
    message: str
    type: str = ""


class _ErrorAnswer(msgspec.Struct):
    error: _Error
