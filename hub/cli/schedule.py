"""`hub schedule next`: when automations will fire, told from the configuration alone."""

import asyncio
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from rich.markup import escape

from hub.automations.automation import Automation
from hub.automations.loading import read_configuration
from hub.cli.console import err, out
from hub.clock import SystemClock
from hub.errors import NoSuch
from hub.triggers.schedule_watch import SHOWN
from hub.triggers.scheduled import Scheduled


async def tell_next_times(config: Path, automation: str | None) -> int:
    """The next ten moments of each trigger that has such; 1 if there is none."""
    read = await asyncio.to_thread(read_configuration, config)
    known = read.automations
    if automation is not None and automation not in [each.id for each in known]:
        raise NoSuch("automation", automation, "`hub check` tells of those that are broken.")
    now = SystemClock().now()
    lines = [line for each in known if automation in (None, each.id) for line in _lines(each, now)]
    for line in lines:
        out.print(line, highlight=False, soft_wrap=True)
    if not lines:
        out.print("No trigger fires at a time that is known beforehand.")
    if automation is None and read.broken:
        broken = f"Left out, because they are broken: {', '.join(read.broken)}."
        err.print(f"{broken} `hub check` tells why.", markup=False, highlight=False, soft_wrap=True)
    return 0 if lines else 1


def _lines(automation: Automation, now: datetime) -> Iterator[str]:
    for index, trigger in enumerate(automation.triggers):
        if not isinstance(trigger, Scheduled):
            continue
        name = f"{escape(automation.id)} {trigger.kind} {escape(automation.trigger_id(index))}"
        is_off = automation.initial_state is False or not trigger.enabled
        yield f"[bold]{name}[/] (switched off)" if is_off else f"[bold]{name}[/]"
        zone = trigger.zone()
        moments = trigger.next_times(now, SHOWN)
        for moment in moments:
            yield f"  {moment.astimezone(zone):%a %Y-%m-%d %H:%M:%S %Z}"
        if not moments:
            yield "  never again"
