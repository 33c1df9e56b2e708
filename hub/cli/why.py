"""`hub why`: what became of a file, of requests to a webhook, of an automation's events, or what
happened at some time."""

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
    "on": "green",
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
_AUTOMATION = re.compile(r"[a-z0-9_]+")
_ADDRESS = "/api/webhook/"
_NOTHING = "Nothing is known of it, and no automation waits for it."
_NOTHING_THEN = "Nothing happened within five minutes of that time, and nothing was due then."


async def explain(config: Path, about: Path) -> int:
    """One line for each thing that is known; 1 if nothing is."""
    async with connect(config) as hub:
        automations = (await hub.get("/api/hub/automations"))["automations"]
        question = _question(about, {automation["id"] for automation in automations})
        answer = await hub.get(URL(f"/api/hub/why?{question}", encoded=True))
    for item in answer["explanations"]:
        colour = COLOURS.get(item["verdict"], "cyan")
        who = f"{item['automation']}: " if item["automation"] else ""
        out.print(
            f"{escape(who)}[{colour}]{item['verdict']}[/] {escape(item['reason'])}", soft_wrap=True
        )
        for run in item["runs"]:
            waits = f": it waits, because {escape(run['held_up'])}" if run["held_up"] else ""
            text = f"  run {run['number']} {run['state']}{waits}"
            out.print(text, highlight=False, soft_wrap=True)
        for output in item["outputs"]:
            out.print(f"  {escape(output)}", highlight=False, soft_wrap=True)
    if not answer["explanations"]:
        is_time = question.startswith("time=")
        out.print(_NOTHING_THEN if is_time else _NOTHING, highlight=False, soft_wrap=True)
    return 0 if answer["explanations"] else 1


def _question(about: Path, automations: set[str]) -> str:
    """What the hub is asked. A file that is there is meant before anything else of that name, and
    an automation before a webhook."""
    text = str(about)
    if not about.exists():
        if text in automations:
            return f"automation={quote(text, safe='')}"
        if _ADDRESS in text or _WEBHOOK_ID.fullmatch(text):
            return f"webhook={quote(text.rpartition(_ADDRESS)[2], safe='')}"
        if _DATE.fullmatch(text):
            return f"time={quote(text, safe='')}"
        if _CLOCK.fullmatch(text):
            return f"time={quote(_last(text).isoformat(), safe='')}"
        if _AUTOMATION.fullmatch(text):  # there is none, and the hub says which name is near
            return f"automation={text}"
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
