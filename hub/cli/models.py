"""`hub models list` and `hub models convert`."""

import asyncio
import sys
from operator import itemgetter
from pathlib import Path
from typing import Any

from rich.markup import escape

from hub.cli.connection import connect
from hub.cli.console import out

_CONVERSION = "hub.engine.worker.conversion"
_UNITS = ("B", "kB", "MB", "GB")


async def list_models(config: Path) -> int:
    """The files of each kind that has any, and what workflows lack; 1 if they lack something."""
    async with connect(config) as hub:
        found = await hub.get("/api/hub/models")
    for kind in filter(itemgetter("files"), found["kinds"]):
        out.print(f"[bold]{escape(kind['kind'])}[/]", highlight=False, soft_wrap=True)
        for file in kind["files"]:
            line = f"  {escape(file['name'])}  {_size(file['size'])}"
            out.print(line, highlight=False, soft_wrap=True)
    for workflow, missing in found["missing"].items():
        out.print(f"[yellow]Workflow {escape(workflow)} lacks:[/]", highlight=False, soft_wrap=True)
        for one in missing:
            out.print(_lacking(one), markup=False, highlight=False, soft_wrap=True)
    return 1 if found["missing"] else 0


async def convert_model(file: Path) -> int:
    """In a process of its own, which the loading of a foreign file may cost."""
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", _CONVERSION, str(file))
    return await process.wait()


def _lacking(one: dict[str, Any]) -> str:
    hint = f" (did you mean {one['suggestion']!r}?)" if one["suggestion"] else ""
    place = one["folder"] or "a folder for it"
    return (
        f"  {one['name']!r} for node {one['node']} ({one['class_type']}): put it into {place}{hint}"
    )


def _size(size: float) -> str:
    for unit in _UNITS[:-1]:
        if size < 1000:
            return f"{size:.3g} {unit}"
        size /= 1000
    return f"{size:.3g} {_UNITS[-1]}"
