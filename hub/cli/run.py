"""`hub run WORKFLOW -p name=value`: one run, followed to its end."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import aiohttp
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from hub.cli.connection import Connection, HubWentAway, connect
from hub.cli.console import err, out
from hub.cli.inline_picture import Terminal, shown_inline, terminal_of
from hub.cli.runs import told_error
from hub.errors import Invalid, NotFound
from hub.storage.input_store import STORE_NAME

MOST_SHOWN = 4
FILE_TYPES = {"image", "images", "video", "mask", "file"}


class NoSuchFileHere(NotFound):
    """A parameter names a file that is not there."""

    def __init__(self, parameter: str, value: str, config: Path) -> None:
        super().__init__(
            f"Parameter {parameter!r}: there is no file {value!r}, neither in this folder nor in "
            f"{config}."
        )


async def run_workflow(config: Path, workflow: str, parameters: list[str]) -> int:
    """0 if it succeeded, 1 if it did not. Ctrl-C cancels it, and waits until it has stopped."""
    values = dict(_split(parameter) for parameter in parameters)
    async with connect(config) as hub:
        values = await _with_files(hub, config, workflow, values)
        async with hub.session.ws_connect("/api/hub/notices") as notices:
            address = f"/api/hub/workflows/{quote(workflow, safe='')}/run"
            asking = asyncio.ensure_future(hub.post(address, {"parameters": values}))
            try:
                run = (await asyncio.shield(asking))["run"]
                with _progress_of(run) as bar:
                    waits = _Waits(hub, run)
                    await waits.tell()
                    async for notice in _news(hub, notices, run):
                        bar.show(notice)
                        if notice["type"] == "WorkerChanged" and notice["reason"]:
                            await waits.tell()
            except asyncio.CancelledError:
                await _stop(hub, notices, (await asking)["run"])
                raise
        run = await hub.get(f"/api/hub/runs/{run['id']}")
        await _show_pictures(hub, run)
        return _tell(run)


def _split(parameter: str) -> tuple[str, str]:
    name, equals, value = parameter.partition("=")
    if not equals:
        raise Invalid(f"{parameter!r} is no parameter: write -p name=value.")
    return name, value


async def _with_files(
    hub: Connection, config: Path, workflow: str, values: dict[str, str]
) -> dict[str, str]:
    """Files on this machine are put into the hub's input store first. The hub looks for others in
    the configuration folder, and in its input store."""
    workflows = await hub.get("/api/hub/workflows")
    types = {
        name: parameter["type"]
        for saved in workflows["workflows"]
        if saved["name"] == workflow
        for name, parameter in saved["parameters"].items()
    }
    given = dict(values)
    for name, value in values.items():
        if types.get(name) not in FILE_TYPES:
            continue
        if await asyncio.to_thread(Path(value).is_file):
            given[name] = await hub.upload(Path(value))
        elif types[name] != "images" and not await _may_have(config, value):
            raise NoSuchFileHere(name, value, config)
    return given


async def _may_have(config: Path, name: str) -> bool:
    """Whether the hub may find it: in its input store, or in the configuration folder."""
    return bool(STORE_NAME.fullmatch(name)) or await asyncio.to_thread((config / name).exists)


class _Bar:
    """A progress bar that counts nodes, and shows the steps within one. One from the cache may be
    told of twice."""

    def __init__(self, progress: Progress, run: dict[str, Any]) -> None:
        self._progress = progress
        self._name = f"run {run['number']}"
        self._task = progress.add_task(self._name, total=run["node_count"])
        self._done: set[str] = set()

    def show(self, notice: dict[str, Any]) -> None:
        match notice["type"]:
            case "NodeStarted":
                self._progress.update(
                    self._task, description=f"{self._name}: node {notice['node']}"
                )
            case "NodeProgressed":
                value, most = notice["value"], notice["maximum"]
                self._progress.update(
                    self._task,
                    description=f"{self._name}: node {notice['node']}, {value:g} of {most:g}",
                    completed=len(self._done) + (value / most if most else 0),
                )
            case "NodeFinished":
                self._count(notice["node"])
            case "NodesCached":
                self._count(*notice["nodes"])

    def _count(self, *nodes: str) -> None:
        self._done.update(nodes)
        self._progress.update(self._task, completed=len(self._done))


class _Waits:
    """Tells why a run does not get on while no worker can take it, and each reason once."""

    def __init__(self, hub: Connection, run: dict[str, Any]) -> None:
        self._hub = hub
        self._run = run
        self._told: str | None = None

    async def tell(self) -> None:
        reason = (await self._hub.get(f"/api/hub/runs/{self._run['id']}"))["held_up"]
        if reason is not None and reason != self._told:
            self._told = reason
            text = f"Run {self._run['number']} waits: {reason}"
            err.print(text, style="yellow", markup=False, highlight=False, soft_wrap=True)


@contextmanager
def _progress_of(run: dict[str, Any]) -> Iterator[_Bar]:
    columns = (
        TextColumn("[progress.description]{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=err) as progress:
        yield _Bar(progress, run)


async def _news(
    hub: Connection, notices: aiohttp.ClientWebSocketResponse, run: dict[str, Any]
) -> AsyncIterator[dict[str, Any]]:
    """The notices of a run and of workers, until it has ended. Raises `HubWentAway`."""
    async for message in notices:
        notice = json.loads(message.data)
        if notice["type"] == "NoticesLost":
            now = await hub.get(f"/api/hub/runs/{run['id']}")
            if now["ended_at"] is not None:
                return
        if notice["type"] == "WorkerChanged":
            yield notice
        if notice.get("run", {}).get("id") == run["id"]:
            yield notice
            if notice["type"] == "RunFinished":
                return
    raise HubWentAway(hub.address)


async def _stop(
    hub: Connection, notices: aiohttp.ClientWebSocketResponse, run: dict[str, Any]
) -> None:
    await hub.post(f"/api/hub/runs/{run['id']}/cancel", {})
    async for _ in _news(hub, notices, run):
        pass


async def _show_pictures(hub: Connection, run: dict[str, Any]) -> None:
    """In a terminal that can show them. PNG is what all such terminals take."""
    terminal = terminal_of() if err.is_terminal else Terminal.NONE
    pictures = [output for output in run["outputs"] if output["path"].endswith(".png")]
    if terminal is not Terminal.NONE:
        for output in pictures[:MOST_SHOWN]:
            async with hub.session.get(f"/api/hub/outputs/{output['id']}") as response:
                if response.status == 200:
                    err.file.write(shown_inline(await response.read(), terminal))
                    err.file.flush()


def _tell(run: dict[str, Any]) -> int:
    for output in run["outputs"]:
        if output["folder"] == "output":
            out.print(output["path"], markup=False, highlight=False, soft_wrap=True)
    if run["state"] == "succeeded":
        return 0
    reason = told_error(run["error"]) if run["error"] else ""
    text = f"Run {run['number']} {run['state']}. {reason}".rstrip()
    err.print(text, style="red", markup=False, highlight=False, soft_wrap=True)
    return 1
