"""A placement: a file that the hub put somewhere, reserved before and recorded after."""

from pathlib import Path

import msgspec


class Placement(msgspec.Struct, frozen=True, kw_only=True):
    """A final name that belongs to one purpose, so that a crash in between leaves no second file.

    `owner` and `slot` say what for: a run and `node/index`, or a firing and its step. While `done`
    is false the name is reserved and the file may or may not be there yet.
    """

    owner: str
    slot: str
    path: Path
    sha256: str
    size: int
    done: bool
