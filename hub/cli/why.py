"""`hub why`: what became of a file, of requests to a webhook, or what happened at some time."""

import os
import re
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import quote

from rich.markup import escape
from yarl import URL

from hub.cli.connection import connect
from hub.cli.console import out
from hub.errors import Invalid

COLOURS = {
    "admitted": "green",
    "output": "green",
    "listens": "green",
    "succeeded": "green",
    "quarantined": "red",
    "failed": "red",
    "off": "yellow",
    "ignored": "yellow",
    "dropped": "yellow",
}
_CLOCK = re.compile(r"\d{1,2}:\d{2}(:\d{2})?")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2})?.*)?")
_WEBHOOK_ID = re.compile(r"[A-Za-z0-9_-]{8,}")
_ADDRESS = "/api/webhook/"


async def explain(config: Path, about: Path) -> int:
    """One line for each thing that is known; 1 if nothing is."""
    async with connect(config) as hub:
        answer = await hub.get(URL(f"/api/hub/why?{_question(about)}", encoded=True))
    for item in answer["explanations"]:
        colour = COLOURS.get(item["verdict"], "cyan")
        who = f"{item['automation']}: " if item["automation"] else ""
        out.print(
            f"{escape(who)}[{colour}]{item['verdict']}[/] {escape(item['reason'])}", soft_wrap=True
        )
        for run in item["runs"]:
            out.print(f"  run {run['number']} {run['state']}", highlight=False, soft_wrap=True)
        for output in item["outputs"]:
            out.print(f"  {escape(output)}", highlight=False, soft_wrap=True)
    if not answer["explanations"]:
        out.print("Nothing is known of it, and no automation waits for it.")
    return 0 if answer["explanations"] else 1


def _question(about: Path) -> str:
    """What the hub is asked. A file that is there is meant before anything else of that name."""
    text = str(about)
    if not about.exists():
        if _ADDRESS in text or _WEBHOOK_ID.fullmatch(text):
            return f"webhook={quote(text.rpartition(_ADDRESS)[2], safe='')}"
        if _DATE.fullmatch(text):
            return f"time={quote(text, safe='')}"
        if _CLOCK.fullmatch(text):
            return f"time={quote(_last(text).isoformat(), safe='')}"
    return f"path={quote(_known_as(about), safe='')}"


def _last(clock: str) -> datetime:
    """When it was that time last."""
    now = datetime.now().astimezone()
    hours, minutes = (int(part) for part in clock.split(":")[:2])
    if hours > 23 or minutes > 59:
        raise Invalid(f"{clock!r} is no time of day.")
    today = now.replace(hour=hours, minute=minutes, second=0, microsecond=0)
    return today if today <= now else today - timedelta(days=1)


def _known_as(path: Path) -> bytes:
    """The name by which the hub knows the file: links are not followed, bytes need not be UTF-8."""
    return os.fsencode(os.path.normpath(Path.cwd() / path))
