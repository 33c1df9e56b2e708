"""How long runs of workflows take, told from how long the latest ones took."""

from dataclasses import dataclass
from statistics import median

from hub.storage.runs import RunRepository

LATELY = 20  # runs of a workflow that are looked at


@dataclass(frozen=True, kw_only=True, slots=True)
class Usual:
    """The `seconds` that a run takes at the median of the last `runs`; None if there are none."""

    seconds: float | None
    runs: int


class Durations:
    """Looks up each workflow once. Runs that failed, or that the cache served wholly, tell nothing
    of how long the work takes."""

    def __init__(self, runs: RunRepository) -> None:
        self._runs = runs
        self._known: dict[str, Usual] = {}

    async def of(self, workflow: str) -> Usual:
        if workflow not in self._known:
            took = await self._runs.took_lately(workflow, LATELY)
            self._known[workflow] = Usual(seconds=median(took) if took else None, runs=len(took))
        return self._known[workflow]
