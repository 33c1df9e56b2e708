"""`output.find`: the outputs of the last hours, for workflows that work on many."""

from datetime import timedelta
from typing import Annotated, Any, ClassVar

import msgspec
from msgspec import Meta

from hub.automations.actions.base import Action, FiringStopped, StepContext, describe_output


class OutputFindData(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What `output.find` takes."""

    since: Annotated[timedelta, Meta(description="How far back to look.")] = timedelta(days=1)
    automation: Annotated[
        str | None, Meta(description="Only outputs of this automation's runs.")
    ] = None
    suffix: Annotated[str | None, Meta(description="Only files of this kind, such as `.jpg`.")] = (
        None
    )
    limit: Annotated[int, Meta(description="The latest so many.", ge=1, le=10_000)] = 200
    at_least: Annotated[
        int, Meta(description="With fewer than this the firing stops here.", ge=0)
    ] = 0


class OutputFind(Action, frozen=True, kw_only=True, tag_field="action", tag="output.find"):
    """Find the outputs of the last hours, oldest first."""

    kind: ClassVar[str] = "output.find"

    data: OutputFindData = OutputFindData()

    async def finish(self, step: StepContext) -> Any:
        data = self.data
        found = await step.means.outputs.since(
            step.means.clock.now() - data.since, automation=data.automation
        )
        matching = [
            output
            for output in found
            if output.path.exists() and data.suffix in (None, output.path.suffix.lower())
        ]
        if len(matching) < data.at_least:
            raise FiringStopped(
                f"{len(matching)} outputs in the last {data.since}, at least {data.at_least} wanted"
            )
        outputs = [describe_output(output) for output in matching[-data.limit :]]
        return {"outputs": outputs, "count": len(outputs)}
