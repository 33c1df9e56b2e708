"""Keeping a trigger at work: one that fails is shown with its message, and tried again after a
pause that grows."""

from typing import NoReturn

import structlog

from hub.automations.watching import Watch
from hub.clock import Clock
from hub.triggers.base import Trigger
from hub.unexpected import reason_of_failure

log = structlog.get_logger()
FIRST_PAUSE = 1.0
LONGEST_PAUSE = 300.0


async def keep_watching(trigger: Trigger, watch: Watch, clock: Clock) -> NoReturn:
    """Watch until cancelled."""
    pause = FIRST_PAUSE
    while True:
        began = clock.monotonic()
        watch.report("watching", "")
        reason = await reason_of_failure("The trigger", trigger.watch(watch))
        if clock.monotonic() - began > LONGEST_PAUSE:
            pause = FIRST_PAUSE
        if pause == FIRST_PAUSE:  # its reason may be told in other figures at each try
            name = {"automation": watch.automation, "trigger": watch.trigger}
            log.warning("trigger failed", **name, reason=reason)
        watch.report("failed", f"{reason} Tried again in {pause:.0f} s.")
        await clock.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE)
