"""`hub run WORKFLOW -p name=value`: one run, followed to its end."""

import asyncio
import json
from pathlib import Path
from typing import Any

import aiohttp
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from hub.cli.connection import Connection, connect
from hub.cli.console import err, out
from hub.errors import Invalid, Unavailable

FILE_TYPES = {"image", "images", "video", "mask", "file"}


async def run_workflow(config: Path, workflow: str, parameters: list[str]) -> int:
    """0 if it succeeded, 1 if it failed; Ctrl-C cancels it."""
    values = dict(_split(parameter) for parameter in parameters)
    async with connect(config) as hub:
        values = await _with_files(hub, workflow, values)
        async with hub.session.ws_connect("/api/hub/notices") as notices:
            answer = await hub.post(f"/api/hub/workflows/{workflow}/run", {"parameters": values})
            run = answer["run"]
            try:
                await _follow(notices, run)
            except asyncio.CancelledError:
                await hub.post(f"/api/hub/runs/{run['id']}/cancel", {})
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


async def _follow(notices: aiohttp.ClientWebSocketResponse, run: dict[str, Any]) -> None:
    columns = (
        TextColumn("[progress.description]{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=err) as progress:
        bar = progress.add_task(f"run {run['number']}", total=run["node_count"])
        async for message in notices:
            notice = json.loads(message.data)
            if notice.get("run", {}).get("id") != run["id"]:
                continue
            match notice["type"]:
                case "NodeStarted":
                    progress.update(bar, description=f"run {run['number']}: node {notice['node']}")
                case "NodeFinished":
                    progress.advance(bar)
                case "NodesCached":
                    progress.advance(bar, len(notice["nodes"]))
                case "RunFinished":
                    return
    raise Unavailable("The hub went away while the run was under way; it goes on when it is back.")


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
