"""Whether one more run may be asked for."""

from hub.errors import TooMany
from hub.web.parts import Parts

SECONDS_TO_COME_AGAIN = 30


class QueueFull(TooMany):
    """So many runs wait that one more would only wait as well."""

    def __init__(self, most: int) -> None:
        super().__init__(
            f"{most} runs are not done yet, which is the most (max_queue). Ask again when some are."
        )
        self.retry_after = SECONDS_TO_COME_AGAIN


def check_queue(parts: Parts) -> None:
    """Raises `QueueFull`."""
    most = parts.door.settings.max_queue
    if parts.runs.remaining >= most:
        raise QueueFull(most)
