"""The error inside and around a probe: a file that cannot be opened."""

from hub.errors import Invalid


class Unopenable(Invalid):
    """A file that cannot be used as media.

    The text is what the file's `Inspection` gives as its problem: a clause for people, such as
    "JPEG ends early" or "is empty".
    """
