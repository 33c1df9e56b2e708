"""What a step remembers of running out of memory, so that later runs begin where it was enough.

It stands in the result of the step, and is read from the latest firing in which the step succeeded.
So there is no state beside the history: it is kept, backed up and let go with that.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec

from hub.automations.actions.base import StepContext
from hub.automations.retry import Retry
from hub.storage.firings import Firings
from hub.workflows.workflow import Workflow


class Shortage(msgspec.Struct, frozen=True, kw_only=True):
    """That a rung ran out of memory: in which run, by its number, when, and in which words.
    `under` is the mark of the circumstances; under others it says nothing."""

    rung: int
    run: int
    at: datetime
    message: str
    under: str

    @property
    def enough(self) -> int:
        """The first rung that may be tried again."""
        return self.rung + 1


class Circumstances:
    """All that decides, besides the files, how much memory the runs of a step take."""

    def __init__(self, retry: Retry, parameters: Mapping[str, Any], workflow: Workflow) -> None:
        known = msgspec.json.encode([retry, parameters, workflow], order="sorted")
        self._known = hashlib.sha256(known)

    def mark(self, chosen: Mapping[str, Any]) -> str:
        """For the runs with this combination of a sweep; the same for the same."""
        each = self._known.copy()
        each.update(msgspec.json.encode(chosen, order="sorted"))
        return each.hexdigest()[:16]


async def earlier_shortages(step: StepContext, within: timedelta) -> dict[str, Shortage]:
    """What the step found out in an earlier firing, not longer ago than that, by its mark."""
    firings = Firings(step.means.database)
    result = await firings.latest_result(step.event.automation, step.key)
    runs = result["runs"] if result else []
    noted = [run["out_of_memory"] for run in runs if "out_of_memory" in run]
    since = step.means.clock.now() - within
    shortages = msgspec.convert(noted, list[Shortage])
    return {shortage.under: shortage for shortage in shortages if shortage.at > since}
