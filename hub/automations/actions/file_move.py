"""`file.move`: put files elsewhere."""

import asyncio
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, ClassVar

from hub.automations.actions.base import Action, Begun, Known, Mistake, StepContext
from hub.automations.actions.file_placing import PlaceData, plan, planned_sources, put
from hub.automations.actions.source_file import SourceFile
from hub.crash import crash_point
from hub.storage.placements import mark_done


class FileMove(Action, frozen=True, kw_only=True, tag_field="action", tag="file.move"):
    """Put files elsewhere. Nothing is ever overwritten, and a file is never without a name."""

    kind: ClassVar[str] = "file.move"

    data: PlaceData

    def mistakes(self, known: Known) -> Iterator[Mistake]:
        yield from known.outside(("data", "path"), self.data.path)
        yield from known.outside(("data", "to"), self.data.to)

    async def begin(self, step: StepContext) -> Begun:
        return await plan(self.data, step)

    async def finish(self, step: StepContext) -> Any:
        placements = await put(step, as_copy=False)
        crash_point("during_file_move")
        await asyncio.to_thread(_take_away, planned_sources(step))
        await step.means.database.write(lambda connection: mark_done(connection, placements))
        return {"files": [str(placement.path) for placement in placements]}


def _take_away(sources: Sequence[SourceFile]) -> None:
    for source in sources:
        if source.is_there():
            Path(source.path).unlink()
