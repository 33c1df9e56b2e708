"""`retry:` which failures of a run are tried again, how often, after which pause, and with what
changed."""

from datetime import timedelta
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from hub.config.fields import OneOrMany
from hub.records.run import ErrorKind, RunError

# A worker's death is tried again once by the engine itself. Whatever took two workers down, alone
# in them, would take down the next; and a refused graph is refused again.
_NEVER = frozenset({ErrorKind.WORKER_DIED, ErrorKind.GRAPH_REFUSED})


def _passing() -> list[ErrorKind]:
    """What may well go better the next time."""
    return [
        ErrorKind.WORKER_DIED,
        ErrorKind.OUT_OF_MEMORY,
        ErrorKind.TIMED_OUT,
        ErrorKind.PUBLICATION_FAILED,
    ]


class Retry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whether, when and how a run that failed is tried again."""

    attempts: Annotated[int, Meta(description="How many in all.", ge=1, le=100)] = 3
    backoff: Annotated[
        timedelta, Meta(description="Pause before the second attempt; it doubles each time.")
    ] = timedelta(seconds=30)
    max_backoff: Annotated[timedelta, Meta(description="No pause is longer than this.")] = (
        timedelta(hours=1)
    )
    on: Annotated[
        OneOrMany[ErrorKind],
        Meta(
            description="After which failures. Left out: all but `node_failed`. A run that took its"
            " worker down twice while alone in it is never tried again, nor is a refused graph."
        ),
    ] = msgspec.field(default_factory=_passing)
    change: Annotated[
        dict[str, Any],
        Meta(
            description="Parameters with other values from the second attempt on: templates that"
            " see `attempt`, `parameters` (the last ones) and `error`, or lists of values, one for"
            " each attempt."
        ),
    ] = {}
    remember: Annotated[
        timedelta,
        Meta(
            description="After running out of memory: for how long later runs of the step begin"
            " with the values of `change` that were enough, such as 7 days. Left out, each begins"
            " with those that were asked for."
        ),
    ] = timedelta()

    def __post_init__(self) -> None:
        if self.remember and not self.change:
            raise ValueError("`remember` needs `change`: without, there is nothing to begin with.")
        if self.remember and ErrorKind.OUT_OF_MEMORY not in self.on:
            raise ValueError("`remember` needs `out_of_memory` among `on`: nothing else counts.")

    def is_worthwhile(self, error: RunError | None, attempt: int) -> bool:
        """Whether there is another attempt after this one, which failed so."""
        if error is None or error.kind in _NEVER:
            return False
        return attempt < self.attempts and error.kind in self.on

    def pause_after(self, attempt: int) -> timedelta:
        """How long to wait before the next."""
        seconds = self.backoff.total_seconds() * 2.0 ** (attempt - 1)
        return timedelta(seconds=min(seconds, self.max_backoff.total_seconds()))

    def changes_for(self, rung: int) -> dict[str, Any]:
        """The templates of the changed parameters for this rung, which is at least the second; the
        first are the values asked for.

        Of a list the last value stays when there are more rungs.
        """
        return {
            name: value[min(rung - 2, len(value) - 1)]
            if isinstance(value, list) and value
            else value
            for name, value in self.change.items()
        }
