"""`hub automations`, `hub pause`, `hub resume` and `hub reload`."""

from pathlib import Path
from typing import Any
from urllib.parse import quote

from rich.markup import escape
from rich.table import Table

from hub.cli.connection import connect
from hub.cli.console import err, out

COLOURS = {"on": "green", "off": "yellow", "unavailable": "red"}


async def list_automations(config: Path) -> int:
    """One line for each, and what is the matter; 1 if the files hold a mistake about any."""
    async with connect(config) as hub:
        automations = (await hub.get("/api/hub/automations"))["automations"]
    table = Table("Automation", "State", "Waiting", "Triggers", "Called", "", box=None)
    for automation in automations:
        colour = COLOURS[automation["state"]]
        table.add_row(
            escape(automation["id"]),
            f"[{colour}]{automation['state']}[/]",
            str(automation["waiting"] or ""),
            ", ".join(trigger["kind"] for trigger in automation["triggers"]),
            escape(automation["alias"] if automation["alias"] != automation["id"] else ""),
            _remark(automation),
        )
    out.print(table if automations else "There are no automations.")
    for automation in automations:
        for matter in _matters(automation):
            told = f"{automation['id']}: {matter}"
            out.print(told, markup=False, highlight=False, soft_wrap=True)
    return 1 if any(_is_mistaken(automation) for automation in automations) else 0


async def switch(config: Path, automation: str, *, on: bool) -> int:
    """Firings under way go on."""
    async with connect(config) as hub:
        await hub.post(_address(automation, "turn_on" if on else "turn_off"), {})
    out.print(
        f"{automation} is {'on' if on else 'off'}.", markup=False, highlight=False, soft_wrap=True
    )
    return 0


async def pause(config: Path, *, paused: bool) -> int:
    """All automations at once."""
    async with connect(config) as hub:
        await hub.post(f"/api/hub/{'pause' if paused else 'resume'}", {})
    out.print("All automations are paused." if paused else "The automations go on.")
    return 0


async def reload(config: Path) -> int:
    """Have a running hub read its files again; 1 if they hold mistakes."""
    async with connect(config) as hub:
        told = await hub.post("/api/hub/reload", {})
    for problem in (*told["mistakes"], *told["warnings"]):
        err.print(problem, style="yellow", markup=False, highlight=False, soft_wrap=True)
    for word in ("started", "changed", "ended"):
        if told[word]:
            out.print(
                f"{word.capitalize()}: {', '.join(told[word])}.", highlight=False, soft_wrap=True
            )
    if told["after_restart"]:
        names = ", ".join(told["after_restart"])
        out.print(
            f"Takes effect when the hub is started again: {names}.", highlight=False, soft_wrap=True
        )
    if not any(told.values()):
        out.print("Nothing has changed.")
    return 1 if told["mistakes"] else 0


def _address(automation: str, verb: str) -> str:
    return f"/api/hub/automations/{quote(automation, safe='')}/{verb}"


def _remark(automation: dict[str, Any]) -> str:
    if _is_mistaken(automation):
        return "mistakes, see below"
    return "see below" if _matters(automation) else escape(automation["reason"])


def _matters(automation: dict[str, Any]) -> list[str]:
    """Mistakes in the files, and what keeps triggers from watching."""
    matters = [automation["mistakes"] or automation["reason"]] if _is_mistaken(automation) else []
    for trigger in automation["triggers"]:
        if trigger["state"] in ("failed", "unavailable"):
            name = f"{trigger['id']} ({trigger['kind']})"
            matters.append(f"the trigger {name} is {trigger['state']}: {trigger['reason']}")
    return matters


def _is_mistaken(automation: dict[str, Any]) -> bool:
    return automation["state"] == "unavailable" or bool(automation["mistakes"])
