"""One hub per data folder: a lock on a file, and where to find who holds it."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from hub.errors import Conflict

_KEY = "hub.key"


class DataFolderInUse(Conflict):
    """Another hub works on this data folder."""

    def __init__(self, data: Path, address: str | None) -> None:
        where = f" It answers at {address}." if address else ""
        super().__init__(
            f"Another hub is using {data}.{where} Stop it first, or give this one another data "
            "folder in hub.yaml."
        )


@contextmanager
def lock_data(data: Path) -> Iterator[None]:
    """Hold the folder for as long as the block lasts. Raises `DataFolderInUse`."""
    data.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(data / "hub.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise DataFolderInUse(data, address_of_running_hub(data)) from error
        yield
    finally:
        os.close(descriptor)


def announce(data: Path, address: str, key: str) -> None:
    """Tell other commands where this hub answers, and those of its own user what lets them in."""
    path = data / _KEY
    path.unlink(missing_ok=True)  # one that is there may have other rights
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        os.write(descriptor, key.encode())
    finally:
        os.close(descriptor)
    (data / "hub.json").write_text(json.dumps({"pid": os.getpid(), "address": address}))


def withdraw(data: Path) -> None:
    """The hub answers no longer."""
    (data / "hub.json").unlink(missing_ok=True)
    (data / _KEY).unlink(missing_ok=True)


def address_of_running_hub(data: Path) -> str | None:
    """Where a running hub said that it answers; it may have died since."""
    with suppress(OSError, ValueError, KeyError):
        return str(json.loads((data / "hub.json").read_text())["address"])
    return None


def key_of_running_hub(data: Path) -> str | None:
    """What lets commands into it; None where this user may not read it."""
    with suppress(OSError):
        return (data / _KEY).read_text()
    return None
