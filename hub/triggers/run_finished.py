"""The run_finished trigger: when a run has ended, whoever asked for it.

A notice tells of each end at once. What notices do not tell (the hub was killed between a run's
end and its event, or too many came at a time) is found in the database: runs that ended since this
trigger first watched, and have no event of it. Only runs from a certain number on need to be looked
at; all before that one are settled, and it is remembered now and then.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal

import msgspec
from msgspec import Meta

from hub.config.fields import OneOrMany
from hub.records.run import Run
from hub.triggers.base import Observation, TriggerContext
from hub.triggers.settings import TriggerSettings

_REMEMBER_EVERY = 200  # runs


class RunFinishedTrigger(
    TriggerSettings,
    frozen=True,
    kw_only=True,
    tag_field="trigger",
    tag="run_finished",
    forbid_unknown_fields=True,
):
    """Fires when a run has ended. The runs of the automation itself never fire it."""

    kind: ClassVar[str] = "run_finished"

    automation: Annotated[
        OneOrMany[str],
        Meta(description="Only runs that these automations started; of any, and of none, without."),
    ] = msgspec.field(default_factory=list)
    workflow: Annotated[
        OneOrMany[str], Meta(description="Only runs of these saved workflows; of any without.")
    ] = msgspec.field(default_factory=list)
    status: Annotated[
        OneOrMany[Literal["succeeded", "failed", "cancelled"]],
        Meta(description="Only runs that ended so: `succeeded`, `failed`, `cancelled`."),
    ] = msgspec.field(default_factory=list)

    tag: Annotated[
        OneOrMany[str],
        Meta(description="Only runs with one of these `tags`; of any, and of none, without."),
    ] = msgspec.field(default_factory=list)

    async def watch(self, context: TriggerContext) -> None:
        with context.runs.arriving() as arriving:
            await self._catch_up(context)
            context.report("watching", "Waits for runs to end.")
            count = 0
            async for run in arriving:
                count += 1
                if run is None or count % _REMEMBER_EVERY == 0:
                    await self._catch_up(context)
                elif self._wants(run, context):
                    await self._take(run, context)

    def sample(self) -> dict[str, Any]:
        status = self.status[0] if self.status else "succeeded"
        return {
            "run": {
                "id": "00000000-0000-0000-0000-000000000000",
                "number": 1,
                "automation": self.automation[0] if self.automation else None,
                "workflow": self.workflow[0] if self.workflow else None,
                "status": status,
                "tags": list(self.tag),
                "outputs": [],
                "parameters": {},
                "duration": 1.5,
                "error": "It failed." if status == "failed" else None,
            }
        }

    async def _catch_up(self, context: TriggerContext) -> None:
        """Take what ended and has no event yet. At the very first start nothing has been missed."""
        state = await context.ledger.state()
        since, floor = state.get("since"), state.get("floor", 0)
        settled = await context.runs.all_ended_below()
        if since is None:
            since = context.clock.now().isoformat()
        else:
            for run in await context.runs.without_event(datetime.fromisoformat(since), floor):
                if self._wants(run, context):
                    await self._take(run, context)
        await context.ledger.remember({"since": since, "floor": settled})

    def _wants(self, run: Run, context: TriggerContext) -> bool:
        if run.automation == context.automation:
            return False
        wanted: list[tuple[str | None, Sequence[str]]] = [
            (run.state.value, self.status),
            (run.workflow, self.workflow),
            (run.automation, self.automation),
        ]
        if self.tag and not set(self.tag).intersection(run.tags):
            return False
        return all(not among or value in among for value, among in wanted)

    async def _take(self, run: Run, context: TriggerContext) -> None:
        seconds = None
        if run.started_at and run.ended_at:
            seconds = (run.ended_at - run.started_at).total_seconds()
        described = {
            "id": run.id,
            "number": run.number,
            "automation": run.automation,
            "workflow": run.workflow,
            "status": run.state.value,
            "tags": list(run.tags),
            "outputs": await context.runs.outputs_of(run),
            "parameters": run.parameters,
            "duration": seconds,
            "error": run.error.message if run.error else None,
        }
        await context.accept(Observation(key=run.id, variables={"run": described}))
