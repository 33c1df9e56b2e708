"""Files in the making: an attempt writes only into the staging folder, under names of its own."""

import hashlib
import os
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from hub.engine.messages import File
from hub.errors import Invalid
from hub.records.output import OutputFolder


class PrefixLeadsOut(Invalid):
    """A file name prefix points outside the output folder."""

    def __init__(self, prefix: str) -> None:
        super().__init__(
            f"The file name prefix {prefix!r} leads out of the output folder. Use a relative one "
            "without `..`."
        )


class NothingWritten(Invalid):
    """A node asked for a file, and left none."""

    def __init__(self, file: "Staged") -> None:
        super().__init__(
            f"It asked for a file {file.prefix}{file.suffix}, and at its end there is none: it did"
            " not write it, or removed it again."
        )


@dataclass(slots=True)
class Staged:
    """A file that a node is writing; implements `hub.nodes.api.StagedFile`."""

    path: Path
    prefix: str
    suffix: str
    folder: OutputFolder
    counted: bool = True
    width: int | None = None
    height: int | None = None

    def item(self) -> dict[str, str]:
        return {"filename": self.path.name, "subfolder": "", "type": self.folder.value}

    def describe(self, *, width: int, height: int) -> None:
        self.width, self.height = int(width), int(height)


class Staging:
    """The files of one attempt."""

    def __init__(self, folder: Path, run: str, attempt: int) -> None:
        self._folder = folder
        self._run = run
        self._attempt = attempt
        self._numbers = count(1)

    def stage(
        self, prefix: str, suffix: str, folder: OutputFolder, *, counted: bool = True
    ) -> Staged:
        """A new file, whose name no other file of any attempt has. Raises `PrefixLeadsOut`."""
        _check_inside(prefix, suffix)
        name = f"{self._run}-{self._attempt}-{next(self._numbers)}{suffix}"
        return Staged(self._folder / name, prefix, suffix, folder, counted)

    def measured(
        self, node: str, staged: list[Staged], ui: dict[str, Any] | None
    ) -> tuple[File, ...]:
        """What `node` has written, hashed. Raises `NothingWritten`, and any other `OSError`."""
        if not staged:
            return ()
        kinds = _kinds(ui)
        return tuple(
            self._file(node, index, file, kinds.get(file.path.name, "files"))
            for index, file in enumerate(staged)
        )

    def _file(self, node: str, index: int, staged: Staged, kind: str) -> File:
        try:
            with staged.path.open("rb") as content:
                digest = hashlib.file_digest(content, "sha256").hexdigest()
                size = content.tell()
        except FileNotFoundError:
            raise NothingWritten(staged) from None
        return File(
            run=self._run,
            attempt=self._attempt,
            node=node,
            index=index,
            staged=staged.path.name,
            folder=staged.folder,
            prefix=staged.prefix,
            suffix=staged.suffix,
            counted=staged.counted,
            kind=kind,
            sha256=digest,
            size=size,
            width=staged.width,
            height=staged.height,
        )


def _check_inside(prefix: str, suffix: str) -> None:
    """Only by its letters; the hub looks at the real folders when it publishes."""
    parts = prefix.split("/")
    if not prefix or not parts[0] or ".." in parts or "\0" in prefix + suffix or os.sep in suffix:
        raise PrefixLeadsOut(prefix)


def _kinds(ui: dict[str, Any] | None) -> dict[str, str]:
    """Under which key of `ui` each staged file is shown."""
    return {
        item["filename"]: key
        for key, items in (ui or {}).items()
        for item in items
        if isinstance(item, dict) and "filename" in item
    }
