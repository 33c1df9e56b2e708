"""Files that requests name: never from outside their folder, and never an error of the system's.

Names may be anything: too long, with bytes that no name has, or links that lead in a circle.
"""

import os
from pathlib import Path

from hub.errors import Invalid, NotFound
from hub.web.errors import Forbidden


class NoFileName(Invalid):
    """No file can be called so."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name[:100]!r} is no file name.")


def place_inside(root: Path, name: str) -> Path:
    """Where that is, links followed; there need be nothing.

    Raises `NoFileName`, and `Forbidden` outside `root`.
    """
    try:
        path = Path(os.path.realpath(root / name))
    except ValueError as error:  # a zero byte, or half a letter
        raise NoFileName(name) from error
    if not path.is_relative_to(root.resolve()):
        raise Forbidden(f"{name[:100]!r} leads out of its folder.")
    return path


def file_inside(root: Path, name: str) -> Path:
    """A file that is there. Raises as `place_inside`, and `NotFound`."""
    path = place_inside(root, name)
    if not os.path.isfile(path):  # noqa: PTH113 - never raises
        raise NotFound(f"There is no file {name[:100]!r} there.")
    return path
