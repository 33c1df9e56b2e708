"""`hub why PATH`: what became of a file, and why."""

import os
from pathlib import Path
from urllib.parse import quote

from rich.markup import escape
from yarl import URL

from hub.cli.connection import connect
from hub.cli.console import out

COLOURS = {"admitted": "green", "output": "green", "quarantined": "red", "ignored": "yellow"}


async def explain(config: Path, path: Path) -> int:
    """One line for each automation that has to do with the file; 1 if none has."""
    async with connect(config) as hub:
        query = quote(_known_as(path), safe="")
        answer = await hub.get(URL(f"/api/hub/why?path={query}", encoded=True))
    for item in answer["explanations"]:
        colour = COLOURS.get(item["verdict"], "cyan")
        who = f"{item['automation']}: " if item["automation"] else ""
        out.print(
            f"{escape(who)}[{colour}]{item['verdict']}[/] {escape(item['reason'])}", soft_wrap=True
        )
        for run in item["runs"]:
            out.print(f"  run {run['number']} {run['state']}", highlight=False)
        for output in item["outputs"]:
            out.print(f"  {escape(output)}", highlight=False, soft_wrap=True)
    if not answer["explanations"]:
        out.print("No automation watches this place.")
    return 0 if answer["explanations"] else 1


def _known_as(path: Path) -> bytes:
    """The name by which the hub knows the file: links are not followed, bytes need not be UTF-8."""
    return os.fsencode(os.path.normpath(Path.cwd() / path))
