"""How far one run of a step is: a part of the step's note, which outlives a restart."""

from typing import Any

import msgspec

from hub.automations.actions.shortage import Shortage
from hub.records.run import ErrorKind, Run, RunError

_LONGEST = 40  # characters of a value in a sentence


class Attempt(msgspec.Struct, kw_only=True):
    """How far one run of a step is. `attempt` is its rung, of which it left out the first
    `skipped`; `asked` are the values that the first has of what is changed in it.

    `stalled` says that it is ended for making no progress, `adjusted` in words which values were
    beyond their limits, and `rungs` which rungs were taken. `shortage` is the last one known,
    `under` the mark of the circumstances in which a next one counts."""

    id: str
    number: int
    attempt: int = 1
    skipped: int = 0
    stalled: bool = False
    adjusted: list[str] = []
    rungs: list[str] = []
    asked: dict[str, Any] = {}
    shortage: Shortage | None = None
    under: str = ""

    def told_with(self, rung: str) -> "Attempt":
        """The same, and in a sentence which rung it took."""
        return msgspec.structs.replace(self, rungs=[*self.rungs, rung])

    def begins(self, run: Run, shortage: Shortage) -> str:
        """Why its run, the first, begins where it does."""
        return (
            f"Run {run.number} begins at rung {self.attempt}{self._instead(run)}, as rung"
            f" {shortage.rung} ran out of memory on {shortage.at:%Y-%m-%d %H:%M} UTC"
            f" (run {shortage.run})."
        )

    def follows(self, run: Run, last: "Attempt", error: RunError) -> str:
        """Why its run came after another attempt, which failed so."""
        is_memory = error.kind is ErrorKind.OUT_OF_MEMORY
        failed = "ran out of memory" if is_memory else f"failed with {error.kind.value}"
        return (
            f"Run {run.number} takes rung {self.attempt}{self._instead(run)}, as rung"
            f" {last.attempt} {failed} (run {last.number})."
        )

    @property
    def tries(self) -> int:
        """How many there were of this run."""
        return self.attempt - self.skipped

    def given_up(self, run: Run) -> dict[str, Any]:
        """Of this run, which is the attempt's: the values that are others than those asked for."""
        return {
            name: {"asked": asked, "given": run.parameters.get(name)}
            for name, asked in self.asked.items()
            if run.parameters.get(name) != asked
        }

    def _instead(self, run: Run) -> str:
        """Which values its run has instead of those asked for, as part of a sentence."""
        values = [
            f"{name} {_short(value['given'])} instead of {_short(value['asked'])}"
            for name, value in self.given_up(run).items()
        ]
        return f" with {', '.join(values)}" if values else ""


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
