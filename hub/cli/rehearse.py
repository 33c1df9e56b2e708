"""`hub rehearse FILE`: what edited automations would have done with past events."""

import asyncio
import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from hub.cli.connection import connect
from hub.cli.console import err, out
from hub.config.quantities import duration
from hub.errors import Invalid


async def rehearse(config: Path, file: Path, since: str, *, as_json: bool) -> int:
    """1 if the file holds mistakes, or templates that fail with one of the events."""
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
    if as_json:
        out.print_json(json.dumps(told))
    else:
        _tell(told)
    failed = any(rehearsed["problems"] for rehearsed in told["rehearsed"])
    return 1 if told["mistakes"] or failed else 0


def _tell(told: dict[str, Any]) -> None:
    for problem in (*told["mistakes"], *told["warnings"]):
        err.print(problem, style="yellow", markup=False, highlight=False, soft_wrap=True)
    for rehearsed in told["rehearsed"]:
        for line in _lines(rehearsed):
            out.print(line, markup=False, highlight=False, soft_wrap=True)
        for problem in rehearsed["problems"]:
            place = "{file}:{line}:{column}".format_map(problem)
            line = f"{place}: {problem['message']} ({_events(problem['events'])})"
            err.print(line, style="yellow", markup=False, highlight=False, soft_wrap=True)


def _lines(rehearsed: dict[str, Any]) -> Iterator[str]:
    count, differing = rehearsed["events"], len(rehearsed["differences"])
    yield f"{rehearsed['automation']}: {_events(count)}, {differing} would go another way."
    yield f"  {rehearsed['fires']} of {_events(count)} would fire{_work(rehearsed)}."
    for difference in rehearsed["differences"]:
        before, after = difference["before"], difference["after"]
        moment = difference["observed_at"][:19].replace("T", " ")
        time = f" ({_about(after['seconds'])})" if after["runs"] else ""
        yield f"  {moment} {difference['about']}{time}"
        if _verdict(before) != _verdict(after):
            yield f"    {_verdict(before)} -> {_verdict(after)}"
        yield from _changed(before, after)
    for schedule in rehearsed["schedules"]:
        if schedule["changed"]:
            yield f"  next times of trigger {schedule['trigger']}:"
            yield from _times(schedule["times"])


def _events(count: int) -> str:
    return "1 event" if count == 1 else f"{count} events"


def _work(rehearsed: dict[str, Any]) -> str:
    """Of all that would fire, and what that is told from."""
    durations = rehearsed["durations"]
    if not rehearsed["fires"] or not durations:
        return ""
    if rehearsed["seconds"] is not None:
        sources = [_source(name, usual["runs"]) for name, usual in durations.items()]
        return f", {_about(rehearsed['seconds'])} of work, from {' and '.join(sources)}"
    new = [repr(name) for name, usual in durations.items() if not usual["runs"]]
    if new:
        return f", work unknown: no run of {' or '.join(new)} to go by"
    return ", work unknown: how many runs there are is known only when it runs"


def _source(workflow: str, runs: int) -> str:
    return f"the last {f'{runs} runs' if runs > 1 else 'run'} of {workflow!r}"


def _about(seconds: float | None) -> str:
    if seconds is None:
        return "time unknown"
    for length, unit in ((3600, "h"), (60, "min")):
        if seconds >= 1.5 * length:
            count = seconds / length
            return f"about {count:.0f} {unit}" if count >= 10 else f"about {count:.2g} {unit}"
    return f"about {seconds:.0f} s" if seconds >= 1 else "less than 1 s"


def _times(moments: Iterable[str]) -> Iterator[str]:
    """In the time zone of the trigger, with what its clocks differ by from UTC."""
    for moment in moments:
        yield f"    {datetime.fromisoformat(moment):%a %Y-%m-%d %H:%M:%S %Z}"


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
    """A sweep's as lists."""
    runs = outcome["runs"] if outcome else []
    return {
        f"{run['workflow']}.{name}": value
        for run in runs
        for name, value in (run["parameters"] | run.get("matrix", {})).items()
    }
