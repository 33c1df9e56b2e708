"""`hub automations trigger`: fire one by hand."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

from rich.markup import escape
from yarl import URL

from hub.cli.connection import connect
from hub.cli.console import out
from hub.errors import Invalid


async def fire(
    config: Path,
    automation: str,
    parameters: list[str],
    event: str | None,
    variables: list[str],
    only: str | None,
) -> int:
    """With the values of its form, an event of the past, or bare variables; prints the firing."""
    body: dict[str, Any] = {"parameters": _values(parameters)} if parameters else {}
    if event:
        body["event"] = event
    if variables:
        body["variables"] = dict(map(_variable, variables))
    if only:
        body["only"] = only
    async with connect(config) as hub:
        path = f"/api/hub/automations/{quote(automation, safe='')}/trigger"
        answer = await hub.post(path, body)
    out.print(answer["firing"], highlight=False, soft_wrap=True)
    return 0


async def judge(config: Path, automation: str, event: str | None) -> int:
    """What each condition says of an event; 1 if one does not hold."""
    path = URL(f"/api/hub/automations/{quote(automation, safe='')}/conditions", encoded=True)
    async with connect(config) as hub:
        answer = await hub.get(path.with_query(event=event) if event else path)
    for verdict in answer["verdicts"]:
        word = "[green]holds[/]" if verdict["passed"] else "[red]does not hold[/]"
        name, details = escape(verdict["condition"]), escape(verdict["details"])
        out.print(f"{name} {word}: {details}", highlight=False, soft_wrap=True)
    if not answer["verdicts"]:
        out.print("It has no conditions.")
    return 0 if all(verdict["passed"] for verdict in answer["verdicts"]) else 1


def _values(parameters: list[str]) -> dict[str, str]:
    values = {}
    for parameter in parameters:
        name, equals, value = parameter.partition("=")
        if not equals or not name:
            raise Invalid(f"{parameter!r} is no parameter: write NAME=VALUE.")
        values[name] = value
    return values


def _variable(text: str) -> tuple[str, Any]:
    """`name=value`; a value that is JSON is taken as such."""
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise Invalid(f"{text!r} is no variable: write NAME=VALUE.")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value
