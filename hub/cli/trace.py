"""`hub automations trace`: what a firing did, step by step."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from rich.markup import escape
from rich.table import Table

from hub.cli.connection import connect
from hub.cli.console import out
from hub.cli.step_result import in_words

COLOURS = {"succeeded": "green", "failed": "red", "stopped": "yellow", "dropped": "yellow"}


async def trace(config: Path, wanted: str, *, as_json: bool) -> int:
    """One firing, or an automation's latest."""
    async with connect(config) as hub:
        listed = await hub.get("/api/hub/firings", automation=wanted, limit="1")
        firing = listed["firings"][0]["id"] if listed["firings"] else wanted
        told = await hub.get(f"/api/hub/firings/{quote(firing, safe='')}")
    if as_json:
        out.print_json(json.dumps(told), ensure_ascii=True)
    else:
        _show(told)
    return 0


def _show(firing: dict[str, Any]) -> None:
    about = f" ({firing['subject']})" if firing["subject"] else ""
    _print(
        f"[bold]{escape(firing['automation'])}[/] {_state(firing['state'])}{_reason(firing)}",
        f"Firing {firing['id']}, begun {_moment(firing['created_at'])} by"
        f" {escape(firing['platform'] or 'an event')}{escape(about)}.",
        *(_verdict(verdict) for verdict in firing["verdicts"]),
    )
    if firing["steps"]:
        out.print(_steps(firing))
    _print(*(escape(text) for step in firing["steps"] for text in _rungs(step)))
    for run in firing["runs"]:
        _print(f"run {run['number']} {_state(run['state'])}")


def _steps(firing: dict[str, Any]) -> Table:
    """Those that were begun, and by their names those that the firing did not come to."""
    names = {action["key"]: action["alias"] for action in firing["actions"]}
    table = Table("Step", "Action", "State", "Took", "", box=None)
    for step in firing["steps"]:
        action = names.get(step["key"]) or step["action"]
        cells = (_state(step["state"]), _seconds(step), escape(in_words(step)))
        table.add_row(escape(step["key"]), escape(action), *cells)
    return table


def _rungs(step: dict[str, Any]) -> list[str]:
    """On which rungs of `retry: change` its runs were, in sentences."""
    if step["action"] != "workflow.run" or not isinstance(step["result"], dict):
        return []
    rungs: list[str] = step["result"].get("rungs", [])
    return rungs


def _verdict(verdict: dict[str, Any]) -> str:
    word = "[green]holds[/]" if verdict["passed"] else "[red]does not hold[/]"
    return f"{escape(verdict['condition'])} {word}: {escape(verdict['details'])}"


def _reason(firing: dict[str, Any]) -> str:
    return f": {escape(firing['reason'])}" if firing["reason"] else ""


def _seconds(step: dict[str, Any]) -> str:
    if step["ended_at"] is None:
        return ""
    took = datetime.fromisoformat(step["ended_at"]) - datetime.fromisoformat(step["started_at"])
    return f"{took.total_seconds():.1f} s"


def _moment(text: str) -> str:
    return f"{datetime.fromisoformat(text).astimezone():%Y-%m-%d %H:%M:%S}"


def _state(state: str) -> str:
    return f"[{COLOURS.get(state, 'cyan')}]{state}[/]"


def _print(*lines: str) -> None:
    for line in lines:
        out.print(line, highlight=False, soft_wrap=True)
