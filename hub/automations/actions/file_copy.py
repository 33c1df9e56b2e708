"""`file.copy`: put copies of files elsewhere."""

from collections.abc import Iterator
from typing import Any, ClassVar

from hub.automations.actions.base import Action, Begun, Known, Mistake, StepContext
from hub.automations.actions.file_placing import PlaceData, plan, put
from hub.storage.placements import mark_done


class FileCopy(Action, frozen=True, kw_only=True, tag_field="action", tag="file.copy"):
    """Put copies of files elsewhere. Nothing is ever overwritten."""

    kind: ClassVar[str] = "file.copy"

    data: PlaceData

    def mistakes(self, known: Known) -> Iterator[Mistake]:
        yield from known.outside(("data", "path"), self.data.path)
        yield from known.outside(("data", "to"), self.data.to)

    async def begin(self, step: StepContext) -> Begun:
        return await plan(self.data, step)

    async def finish(self, step: StepContext) -> Any:
        placements = await put(step, as_copy=True)
        await step.means.database.write(lambda connection: mark_done(connection, placements))
        return {"files": [str(placement.path) for placement in placements]}
