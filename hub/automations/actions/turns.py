"""What a `repeat` counts or goes through, and how many turns that may be."""

from typing import Any

from hub.errors import Invalid

MOST_TURNS = 10_000


class TooManyTurns(Invalid):
    """A loop does not come to an end."""

    def __init__(self) -> None:
        super().__init__(
            f"A repeat went on for more than {MOST_TURNS} turns and was ended. Its condition never "
            "came true; add a `delay`, or count the turns with `repeat.index`."
        )


class NotALoop(Invalid):
    """What a repeat should count or go through is nothing of the kind."""

    def __init__(self, key: str, given: Any) -> None:
        wanted = "a whole number" if key == "count" else "a list"
        super().__init__(f"`{key}` of a repeat must give {wanted}, not {str(given)[:100]!r}.")


def could_be_turns(key: str, given: Any) -> bool:
    """Whether `count` or `for_each` is of the kind that is wanted; None stands for neither."""
    if key == "count":
        return given is None or (isinstance(given, int) and not isinstance(given, bool))
    return given is None or isinstance(given, list)
