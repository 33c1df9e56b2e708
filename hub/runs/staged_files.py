"""Files that attempts staged and nobody publishes (any more), by the ids of their runs."""

from collections.abc import Collection
from contextlib import suppress
from pathlib import Path


def drop_staged_files(staging: Path, run: str) -> None:
    """Take away what the attempts of `run` left there."""
    for path in staging.iterdir():
        if path.name.startswith(f"{run}-"):
            remove(path)


def drop_all_staged_files(staging: Path, *, but_of: Collection[str]) -> None:
    """Take away whatever lies there, except for these runs."""
    kept = tuple(f"{run}-" for run in but_of)
    for path in staging.iterdir():
        if not path.name.startswith(kept):
            remove(path)


def remove(path: Path) -> None:
    """One file, if that can be done."""
    with suppress(OSError):  # the next start tries again
        path.unlink()
