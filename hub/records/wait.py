"""A wait: a step of a firing that goes on when a trigger fires.

Its triggers watch under a name of their own, by which everything that they remember and observe is
told from what the automation's own triggers do. An event under such a name begins no firing.
"""

import re

ACTION = "wait_for_trigger"
PREFIX = "wait/"
_NAME = re.compile(rf"{PREFIX}([0-9a-f-]{{36}})/(.+)/\d+")


def wait_name(firing: str, step: str, index: int) -> str:
    """The name of one of the triggers for which a step waits."""
    return f"{PREFIX}{firing}/{step}/{index}"


def waiting_step(trigger: str) -> tuple[str, str] | None:
    """The firing and the step that wait for the trigger of this name; None for any other."""
    found = _NAME.fullmatch(trigger)
    return (found[1], found[2]) if found else None
