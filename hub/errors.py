"""The errors people see: one root, a few kinds; leaves take the facts and write the sentence.

A message says what happened, to which thing, and what to do. Which HTTP status a kind becomes is
known in `hub.web` alone.
"""


class HubError(Exception):
    """Something went wrong that we understand; its text is meant for people."""


class Invalid(HubError):
    """What was given cannot be used as it is."""


class Unidentified(HubError):
    """Who asks has not shown who that is."""


class NotFound(HubError):
    """There is no such thing."""


class Conflict(HubError):
    """It cannot be done now, because of something that is already there."""


class Unavailable(HubError):
    """A part that is needed does not answer at present; later it may.

    `retry_after` says in how many seconds it is worth asking again, where that is known.
    """

    retry_after: int | None = None


class TooMany(Unavailable):
    """More is asked than is taken at present."""


class NoSuch(NotFound):
    """A thing was asked for by a name or id that nothing has."""

    def __init__(self, kind: str, name: object, hint: str = "") -> None:
        super().__init__(f"There is no {kind} {name!r}.{' ' + hint if hint else ''}")
