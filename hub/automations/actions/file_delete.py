"""`file.delete`: delete files."""

import asyncio
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any, ClassVar

import msgspec
from msgspec import Meta

from hub.automations.actions.base import Action, Begun, Known, Mistake, StepContext
from hub.automations.actions.source_file import SourceFile, look_at, named_files
from hub.crash import crash_point


class FileDeleteData(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What `file.delete` takes."""

    path: Annotated[
        Any,
        Meta(
            description="The file, or a list: paths, such as `{{ trigger.path }}`, or outputs."
            " Relative paths count from the configuration folder."
        ),
    ]


class FileDelete(Action, frozen=True, kw_only=True, tag_field="action", tag="file.delete"):
    """Delete files. One that was changed since the step began is left."""

    kind: ClassVar[str] = "file.delete"

    data: FileDeleteData

    def mistakes(self, known: Known) -> Iterator[Mistake]:
        return known.outside(("data", "path"), self.data.path)

    async def begin(self, step: StepContext) -> Begun:
        paths = await named_files(self.data.path, step)
        found = [await asyncio.to_thread(look_at, path, hashed=False) for path in paths]
        return Begun(note=msgspec.to_builtins(found))

    async def finish(self, step: StepContext) -> Any:
        found = msgspec.convert(step.note, list[SourceFile])
        await asyncio.to_thread(_delete, found)
        return {"files": [file.path for file in found]}


def _delete(files: Sequence[SourceFile]) -> None:
    for file in files:
        if file.is_there():
            Path(file.path).unlink()
            crash_point("during_file_delete")
