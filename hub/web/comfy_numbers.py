"""Numbers and times as ComfyUI writes them."""

from datetime import datetime


def timestamp(moment: datetime) -> int:
    """Milliseconds since 1970 UTC, of an aware moment."""
    return int(moment.timestamp() * 1000)


def plain(number: float) -> float:
    """3 instead of 3.0, as ComfyUI writes whole numbers."""
    return int(number) if number == int(number) else number
