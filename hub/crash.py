"""Named crash points: calls that do nothing unless the environment names one.

`HUB_CRASH_AT=event_recorded` makes the process kill itself the first time it passes that point,
as a power failure would: no handler runs, nothing is flushed. `HUB_CRASH_AT=name:3` dies at the
third passage.
"""

import os
import signal

_WANTED, _, _count = os.environ.get("HUB_CRASH_AT", "").partition(":")
_passages_left = int(_count or 1)


def crash_point(name: str) -> None:
    """Die here if the environment says so."""
    global _passages_left  # noqa: PLW0603 - a process dies once
    if name != _WANTED:
        return
    _passages_left -= 1
    if _passages_left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
