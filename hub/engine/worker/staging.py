"""Files in the making: where nodes write, and what is said of them afterwards."""

import hashlib
from dataclasses import dataclass
from itertools import count
from pathlib import Path, PurePosixPath
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


@dataclass(slots=True)
class Staged:
    """A file that a node is writing; implements `hub.nodes.api.StagedFile`."""

    path: Path
    prefix: str
    suffix: str
    folder: OutputFolder
    width: int | None = None
    height: int | None = None

    def item(self) -> dict[str, str]:
        return {"filename": self.path.name, "subfolder": "", "type": self.folder.value}

    def describe(self, *, width: int, height: int) -> None:
        self.width, self.height = width, height


class Staging:
    """The files of one attempt. The folder is made with the first of them."""

    def __init__(self, folder: Path, run: str, attempt: int) -> None:
        self._folder = folder / run / str(attempt)
        self._run = run
        self._attempt = attempt
        self._names = count(1)
        self._files: dict[str, list[Staged]] = {}

    def stage(self, node: str, *, prefix: str, suffix: str, folder: OutputFolder) -> Staged:
        """A new file of `node`. Raises `PrefixLeadsOut`."""
        parts = PurePosixPath(prefix).parts
        if not prefix or prefix.startswith("/") or ".." in parts or "\0" in prefix:
            raise PrefixLeadsOut(prefix)
        self._folder.mkdir(parents=True, exist_ok=True)
        name = f"{self._run}-{self._attempt}-{next(self._names)}{suffix}"
        staged = Staged(self._folder / name, prefix, suffix, folder)
        self._files.setdefault(node, []).append(staged)
        return staged

    def collect(self, node: str, ui: dict[str, list[Any]] | None) -> tuple[File, ...]:
        """What the node has written, hashed. Called once it is done."""
        files = self._files.pop(node, [])
        kinds = _kinds(ui)
        return tuple(
            self._file(node, index, staged, kinds.get(staged.path.name, "files"))
            for index, staged in enumerate(files)
        )

    def _file(self, node: str, index: int, staged: Staged, kind: str) -> File:
        with staged.path.open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
            size = content.tell()
        return File(
            run=self._run,
            attempt=self._attempt,
            node=node,
            index=index,
            staged=staged.path.name,
            folder=staged.folder,
            prefix=staged.prefix,
            suffix=staged.suffix,
            kind=kind,
            sha256=digest,
            size=size,
            width=staged.width,
            height=staged.height,
        )


def _kinds(ui: dict[str, list[Any]] | None) -> dict[str, str]:
    """Under which key each staged file is shown."""
    return {
        entry["filename"]: key
        for key, entries in (ui or {}).items()
        for entry in entries
        if isinstance(entry, dict) and "filename" in entry
    }
