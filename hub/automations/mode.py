"""Modes: what happens to an event that comes while earlier ones are being worked on."""

from enum import StrEnum


class Mode(StrEnum):
    """As in Home Assistant, and `latest`."""

    SINGLE = "single"
    RESTART = "restart"
    QUEUED = "queued"
    PARALLEL = "parallel"
    LATEST = "latest"


class Loudness(StrEnum):
    """How loudly the log tells of a dropped event."""

    SILENT = "silent"
    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"
    CRITICAL = "critical"


class Course(StrEnum):
    """What becomes of an event."""

    START = "start"
    WAIT = "wait"
    START_INSTEAD = "start_instead"  # the firings under way are stopped
    WAIT_INSTEAD = "wait_instead"  # the event that waits is dropped
    DROP = "drop"


def course(mode: Mode, *, at_once: int, limit: int | None, running: int, waiting: int) -> Course:
    """What becomes of an event when so many firings are under way, and so many events wait.

    `at_once` firings may be under way; with `queued` at most `limit` events are there altogether.
    """
    if running < at_once:
        return Course.START
    match mode:
        case Mode.SINGLE | Mode.PARALLEL:
            return Course.DROP
        case Mode.RESTART:
            return Course.START_INSTEAD
        case Mode.LATEST:
            return Course.WAIT_INSTEAD if waiting else Course.WAIT
        case Mode.QUEUED:
            return Course.WAIT if limit is None or running + waiting < limit else Course.DROP


def dropped_because(mode: Mode, limit: int | None) -> str:
    """The reason that a dropped event is recorded with."""
    match mode:
        case Mode.LATEST:
            return "A newer event came while it waited, and the automation's mode is latest."
        case Mode.PARALLEL | Mode.QUEUED:
            return f"The automation had {limit} events already, which is its `max`."
        case _:
            return "The automation was busy with an earlier event, and its mode is single."
