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
from hub.errors import Invalid

FILE_TYPES = {"image", "images", "video", "mask", "file"}


async def run_workflow(config: Path, workflow: str, parameters: list[str]) -> int:
    """0 if it succeeded, 1 if it did not. Ctrl-C cancels it, and waits until it has stopped."""
    values = dict(_split(parameter) for parameter in parameters)
    async with connect(config) as hub:
        values = await _with_files(hub, workflow, values)
        async with hub.session.ws_connect("/api/hub/notices") as notices:
            address = f"/api/hub/workflows/{quote(workflow, safe='')}/run"
            asking = asyncio.ensure_future(hub.post(address, {"parameters": values}))
            try:
                run = (await asyncio.shield(asking))["run"]
                with _progress_of(run) as bar:
                    async for notice in _news(hub, notices, run):
                        bar.show(notice)
            except asyncio.CancelledError:
                await _stop(hub, notices, (await asking)["run"])
                raise
        return _tell(await hub.get(f"/api/hub/runs/{run['id']}"))


def _split(parameter: str) -> tuple[str, str]:
    name, equals, value = parameter.partition("=")
    if not equals:
        raise Invalid(f"{parameter!r} is no parameter: write -p name=value.")
    return name, value


async def _with_files(hub: Connection, workflow: str, values: dict[str, str]) -> dict[str, str]:
    """Files on this machine are put into the hub's input store first."""
    workflows = await hub.get("/api/hub/workflows")
    types = {
        name: parameter["type"]
        for saved in workflows["workflows"]
        if saved["name"] == workflow
        for name, parameter in saved["parameters"].items()
    }
    return {
        name: await hub.upload(Path(value))
        if types.get(name) in FILE_TYPES and await asyncio.to_thread(Path(value).is_file)
        else value
        for name, value in values.items()
    }


class _Bar:
    """A progress bar that counts nodes."""

    def __init__(self, progress: Progress, run: dict[str, Any]) -> None:
        self._progress = progress
        self._name = f"run {run['number']}"
        self._task = progress.add_task(self._name, total=run["node_count"])

    def show(self, notice: dict[str, Any]) -> None:
        match notice["type"]:
            case "NodeStarted":
                self._progress.update(
                    self._task, description=f"{self._name}: node {notice['node']}"
                )
            case "NodeFinished":
                self._progress.advance(self._task, 1)
            case "NodesCached":
                self._progress.advance(self._task, len(notice["nodes"]))


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
    """The notices of a run until it has ended. Raises `HubWentAway`."""
    async for message in notices:
        notice = json.loads(message.data)
        if notice["type"] == "NoticesLost":
            now = await hub.get(f"/api/hub/runs/{run['id']}")
            if now["ended_at"] is not None:
                return
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


def _tell(run: dict[str, Any]) -> int:
    for output in run["outputs"]:
        if output["folder"] == "output":
            out.print(output["path"], markup=False, highlight=False, soft_wrap=True)
    if run["state"] == "succeeded":
        return 0
    reason = (run["error"] or {}).get("message", "")
    text = f"Run {run['number']} {run['state']}. {reason}"
    err.print(text, style="red", markup=False, highlight=False, soft_wrap=True)
    return 1
