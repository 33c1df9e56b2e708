"""`hub rehearse FILE`: what edited automations would have done with past events."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hub.cli.connection import connect
from hub.cli.console import err, out
from hub.config.quantities import duration
from hub.errors import Invalid


async def rehearse(config: Path, file: Path, since: str) -> int:
    """1 if the file holds mistakes."""
    try:
        seconds = duration(since).total_seconds()
    except ValueError:
        raise Invalid(f"{since!r} is no duration: write one such as 7d or 12h.") from None
    try:
        text = (await asyncio.to_thread(file.read_bytes)).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid(f"{file} is not UTF-8; save it in that encoding.") from None
    async with connect(config) as hub:
        told = await hub.post("/api/hub/rehearse", {"automations": text, "since": seconds})
    for mistake in told["mistakes"]:
        err.print(mistake, style="yellow", markup=False, highlight=False, soft_wrap=True)
    for rehearsed in told["rehearsed"]:
        for line in _lines(rehearsed):
            out.print(line, markup=False, highlight=False, soft_wrap=True)
    return 1 if told["mistakes"] else 0


def _lines(rehearsed: dict[str, Any]) -> Iterator[str]:
    count, differing = rehearsed["events"], len(rehearsed["differences"])
    events = "1 event" if count == 1 else f"{count} events"
    yield f"{rehearsed['automation']}: {events}, {differing} would go another way."
    for difference in rehearsed["differences"]:
        before, after = difference["before"], difference["after"]
        moment = difference["observed_at"][:19].replace("T", " ")
        yield f"  {moment} {difference['about']}"
        if _verdict(before) != _verdict(after):
            yield f"    {_verdict(before)} -> {_verdict(after)}"
        yield from _changed(before, after)


def _verdict(outcome: dict[str, Any] | None) -> str:
    if outcome is None:
        return "not there"
    return "fires" if outcome["fires"] else f"does not fire: {outcome['reason']}"


def _changed(before: dict[str, Any] | None, after: dict[str, Any]) -> Iterator[str]:
    """Parameters of workflows that would be others."""
    old, new = _parameters(before), _parameters(after)
    for name in [*old, *(name for name in new if name not in old)]:
        if old.get(name) != new.get(name) and before is not None and after["fires"]:
            yield f"    {name}: {old.get(name, 'nothing')} -> {new.get(name, 'nothing')}"


def _parameters(outcome: dict[str, Any] | None) -> dict[str, Any]:
    runs = outcome["runs"] if outcome else []
    return {
        f"{run['workflow']}.{name}": value
        for run in runs
        for name, value in run["parameters"].items()
    }
