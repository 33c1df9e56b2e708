"""`hub workflows`: those that are saved, and taking in another."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

from rich.markup import escape
from rich.table import Table

from hub.cli.connection import connect
from hub.cli.console import err, out


async def list_workflows(config: Path) -> int:
    """One line for each that can be run."""
    async with connect(config) as hub:
        workflows = (await hub.get("/api/hub/workflows"))["workflows"]
    table = Table("Workflow", "Title", "Parameters", box=None)
    for workflow in workflows:
        names = ", ".join(workflow["parameters"])
        table.add_row(escape(workflow["name"]), escape(workflow["title"]), escape(names))
    out.print(table if workflows else "There are no workflows.")
    return 0


async def show_workflow(config: Path, name: str) -> int:
    """Its parameters, and its nodes with the values that they have."""
    async with connect(config) as hub:
        workflow = await hub.get(f"/api/hub/workflows/{quote(name, safe='')}")
    out.print(f"[bold]{escape(workflow['title'])}[/]", highlight=False, soft_wrap=True)
    for parameter, told in workflow["parameters"].items():
        default = "" if told["default"] is None else f" = {told['default']}"
        needed = ", needed" if told["required"] else ""
        line = f"  {parameter}: {told['type']}{needed}{default}"
        out.print(line, markup=False, highlight=False, soft_wrap=True)
    for node, definition in workflow["graph"].items():
        out.print(
            f"node {node} {definition['class_type']}", markup=False, highlight=False, soft_wrap=True
        )
        for key, value in definition["inputs"].items():
            line = f"  {node}.{key} = {_value(value)}"
            out.print(line, markup=False, highlight=False, soft_wrap=True)
    return 0


async def import_workflow(config: Path, file: Path, name: str | None, *, replace: bool) -> int:
    """Save the workflow that a file holds; 1 if it has classes that no worker knows."""
    query = {"name": name or file.stem} | ({"replace": "true"} if replace else {})
    async with connect(config) as hub:
        told = await hub.send("/api/hub/workflows/import", file, **query)
    saved = f"Saved as workflows/{told['name']}.json, {told['nodes']} nodes."
    out.print(saved, markup=False, highlight=False, soft_wrap=True)
    if told["unknown"]:
        names = ", ".join(told["unknown"])
        err.print(
            f"No worker knows these classes yet: {names}.",
            markup=False,
            highlight=False,
            soft_wrap=True,
        )
    return 1 if told["unknown"] else 0


def _value(value: Any) -> str:
    if isinstance(value, list) and len(value) == 2 and isinstance(value[0], str):
        return f"output {value[1]} of node {value[0]}"
    return json.dumps(value, ensure_ascii=False)
