"""`hub runs` and what it does with one of them."""

from pathlib import Path
from typing import Any
from urllib.parse import quote

from rich.markup import escape
from rich.table import Table

from hub.cli.connection import connect
from hub.cli.console import out

COLOURS = {
    "queued": "cyan",
    "running": "blue",
    "succeeded": "green",
    "failed": "red",
    "cancelled": "yellow",
}


async def list_runs(config: Path, *, state: str | None, workflow: str | None, limit: int) -> int:
    """The latest first."""
    query = {"state": state, "workflow": workflow, "limit": str(limit)}
    async with connect(config) as hub:
        answer = await hub.get("/api/hub/runs", **{k: v for k, v in query.items() if v is not None})
    table = Table("Run", "Workflow", "State", "Queued", "Took", "Outputs", box=None)
    for run in answer["runs"]:
        table.add_row(
            str(run["number"]),
            escape(run["workflow"] or run["origin"]),
            _state(run["state"]),
            run["created_at"][:19].replace("T", " "),
            _seconds(run["seconds"]),
            str(len(run["outputs"])),
        )
    out.print(table if answer["runs"] else "There are no such runs.")
    return 0


async def put_first(config: Path, run_id: str) -> int:
    """Before all others that wait."""
    async with connect(config) as hub:
        answer = await hub.post(f"/api/hub/runs/{quote(run_id, safe='')}/move", {})
    out.print(f"Run {answer['run']['number']} is the next.")
    return 0


async def show_run(config: Path, run_id: str) -> int:
    """Everything the hub knows of one run."""
    async with connect(config) as hub:
        run = await hub.get(f"/api/hub/runs/{quote(run_id, safe='')}")
    out.print(
        f"[bold]Run {run['number']}[/] {escape(run['workflow'] or run['origin'])} "
        f"{_state(run['state'])} after {_seconds(run['seconds'])}, {run['attempt']} attempt(s)"
    )
    titles = {given["name"]: given["title"] for given in run["inputs"]}
    for name, value in run["parameters"].items():
        text = titles.get(str(value), str(value))
        out.print(f"  {escape(name)} = {escape(text)}", highlight=False, soft_wrap=True)
    if run["held_up"]:
        waits = f"[yellow]It waits:[/] {escape(run['held_up'])}"
        out.print(waits, highlight=False, soft_wrap=True)
    if run["error"]:
        _show_error(run["error"])
    out.print(_nodes(run["nodes"]))
    for output in run["outputs"]:
        out.print(output["path"], markup=False, highlight=False, soft_wrap=True)
    return 0


def told_error(error: dict[str, Any]) -> str:
    """What went wrong, and in which node."""
    if error["node"] is None:
        return str(error["message"])
    return f"Node {error['node']} ({error['node_type']}): {error['message']}"


def _show_error(error: dict[str, Any]) -> None:
    out.print(f"[red]{escape(told_error(error))}[/]", highlight=False, soft_wrap=True)
    for name, value in (error["inputs"] or {}).items():
        values = ", ".join(map(str, value)) if isinstance(value, list) else value
        out.print(
            f"  its input {escape(name)} was {escape(str(values))}", highlight=False, soft_wrap=True
        )
    for line in error["traceback"] or ():
        out.print(line.rstrip(), style="dim", markup=False, highlight=False, soft_wrap=True)


def _nodes(nodes: list[dict[str, Any]]) -> Table:
    table = Table("Node", "Class", "Took", box=None)
    for node in nodes:
        took = "from cache" if node["cached"] else _seconds(node["seconds"])
        if node["blocked"] is not None:
            took = f"blocked: {node['blocked']}"
        table.add_row(node["node"], escape(node["class_type"]), escape(took))
    return table


def _state(state: str) -> str:
    return f"[{COLOURS[state]}]{state}[/]"


def _seconds(seconds: float | None) -> str:
    return "" if seconds is None else f"{seconds:.2f} s"
