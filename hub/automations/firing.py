"""Carrying out a firing: step by step, each on disk before the next, from anywhere after a restart.

A step is found again by its key. One that had ended gives its result again without being carried
out; one that had begun is finished; the first that is missing is begun.
"""

import dataclasses
import uuid
from typing import Any

import msgspec

from hub.automations.actions.base import Action, FiringStopped, Means, StepContext
from hub.automations.after import Outcome, move_source
from hub.automations.automation import Definition
from hub.crash import crash_point
from hub.errors import HubError
from hub.notices import FiringChanged, Notices
from hub.records.event import Event
from hub.records.firing import Firing, FiringState, Step, StepState, Verdict
from hub.records.run import Run
from hub.storage.firings import Firings

AFTER = "after"


class FiringRunner:
    """Begins firings and sees them through."""

    def __init__(self, *, firings: Firings, means: Means, notices: Notices) -> None:
        self._firings = firings
        self._means = means
        self._notices = notices

    async def carry_out(self, event: Event, definition: Definition) -> None:
        """Write a firing together with its first step, and see it through; nothing if the event
        had one already."""
        firing = self._new(event, FiringState.RUNNING, definition)
        progress = _Progress(firing, event, definition)
        index = next((i for i, action in enumerate(definition.actions) if action.enabled), None)
        steps: list[Step] = []
        runs: list[Run] = []
        if index is not None and not definition.variables:
            step, runs = await self._begin_step(progress, index)
            steps.append(step)
            progress.steps[step.key] = step
        if await self._firings.begin(firing, steps, runs):
            self._start(runs)
            self._tell(firing)
            await self._see_through(progress)

    async def drop(self, event: Event, definition: Definition, reason: str) -> None:
        """Record that an event was not worked on, and why."""
        now = self._means.clock.now()
        firing = dataclasses.replace(
            self._new(event, FiringState.DROPPED, definition), reason=reason, ended_at=now
        )
        if await self._firings.begin(firing, [], []):
            self._tell(firing)

    async def go_on(self, firing: Firing, event: Event) -> None:
        """See a firing through that was interrupted, from wherever it stands."""
        definition = msgspec.convert(firing.definition, Definition)
        progress = _Progress(firing, event, definition)
        for step in await self._firings.steps(firing.id):
            progress.steps[step.key] = step
        await self._see_through(progress)

    async def give_up(self, firing: Firing, reason: str) -> None:
        """End a firing that cannot be carried out at all."""
        await self._end(firing, FiringState.FAILED, reason)

    async def _see_through(self, progress: "_Progress") -> None:
        state, reason = FiringState.SUCCEEDED, None
        try:
            await self._carry_out_steps(progress)
        except FiringStopped as stopped:
            state, reason = FiringState.STOPPED, str(stopped)
        except HubError as error:
            state, reason = FiringState.FAILED, str(error)
        reason = await self._after(progress, state, reason)
        await self._end(progress.firing, state, reason)

    async def _carry_out_steps(self, progress: "_Progress") -> None:
        definition = progress.definition
        if definition.variables:
            progress.variables = await self._variables(progress)
        for index, action in enumerate(definition.actions):
            if action.enabled:
                result = await self._carry_out_step(progress, index, action)
                if action.response_variable:
                    progress.responses[action.response_variable] = result

    async def _variables(self, progress: "_Progress") -> dict[str, Any]:
        """The automation's variables, rendered once and kept."""
        known = progress.steps.get("variables")
        if known is not None:
            return dict(known.result)
        context = self._context(progress, "variables")
        values = await context.render(progress.definition.variables, native=True)
        now = self._means.clock.now()
        step = Step(
            firing=progress.firing.id,
            key="variables",
            action="variables",
            state=StepState.SUCCEEDED,
            started_at=now,
            ended_at=now,
            result=values,
        )
        await self._firings.put_step(step)
        return dict(values)

    async def _carry_out_step(self, progress: "_Progress", index: int, action: Action) -> Any:
        step = progress.steps.get(_key(index))
        if step is None:
            step, runs = await self._begin_step(progress, index)
            await self._firings.put_step(step, runs=tuple(runs))
            self._start(runs)
        if step.state is StepState.SUCCEEDED:
            return step.result
        if step.error is not None:
            raise HubError(step.error)
        crash_point("after_step_begun")
        context = self._context(progress, step.key)
        try:
            result = await action.finish(context)
        except HubError as error:
            await self._end_step(step, StepState.FAILED, error=str(error))
            raise
        await self._end_step(step, StepState.SUCCEEDED, result=result)
        crash_point("after_step_ended")
        return result

    async def _begin_step(self, progress: "_Progress", index: int) -> tuple[Step, list[Run]]:
        """The step as it begins, with its runs; or as it failed to."""
        action = progress.definition.actions[index]
        now = self._means.clock.now()
        step = Step(
            firing=progress.firing.id,
            key=_key(index),
            action=action.kind,
            state=StepState.RUNNING,
            started_at=now,
        )
        try:
            return step, await action.begin(self._context(progress, step.key))
        except HubError as error:
            failed = dataclasses.replace(
                step, state=StepState.FAILED, ended_at=now, error=str(error)
            )
            return failed, []

    async def _end_step(
        self, step: Step, state: StepState, *, result: Any = None, error: str | None = None
    ) -> None:
        ended = dataclasses.replace(
            step, state=state, ended_at=self._means.clock.now(), result=result, error=error
        )
        await self._firings.put_step(ended)

    async def _after(
        self, progress: "_Progress", state: FiringState, reason: str | None
    ) -> str | None:
        """Move the source file, if that is wanted; a failure to is added to the reason."""
        after = progress.definition.after
        outcome: Outcome | None = after.success
        if state is FiringState.FAILED:
            outcome = after.failure
        if outcome is None or progress.event.platform != "folder" or state is FiringState.STOPPED:
            return reason
        try:
            await move_source(progress.event, outcome, progress.firing.id, self._means)
        except HubError as error:
            return f"{reason} {error}" if reason else str(error)
        return reason

    async def _end(self, firing: Firing, state: FiringState, reason: str | None) -> None:
        now = self._means.clock.now()
        await self._firings.set_state(firing.id, state, reason=reason, ended_at=now)
        crash_point("after_firing_ended")
        self._tell(dataclasses.replace(firing, state=state, reason=reason, ended_at=now))

    def _new(self, event: Event, state: FiringState, definition: Definition) -> Firing:
        return Firing(
            # The same for the same event, so that what went out under it is known again.
            id=str(uuid.uuid5(uuid.NAMESPACE_OID, f"{event.id}/{event.automation}")),
            event=event.id,
            automation=event.automation,
            state=state,
            created_at=self._means.clock.now(),
            verdicts=(Verdict(condition="enabled", passed=state is not FiringState.DROPPED),),
            definition=msgspec.to_builtins(definition),
        )

    def _context(self, progress: "_Progress", key: str) -> StepContext:
        return StepContext(
            firing=progress.firing.id,
            key=key,
            event=progress.event,
            variables=progress.all_variables(),
            means=self._means,
            priority=progress.definition.priority,
        )

    def _start(self, runs: list[Run]) -> None:
        for run in runs:
            self._means.runs.submit(run)

    def _tell(self, firing: Firing) -> None:
        self._notices.publish(
            FiringChanged(firing=firing.id, automation=firing.automation, state=firing.state.value)
        )


@dataclasses.dataclass(slots=True)
class _Progress:
    """A firing while it is being carried out."""

    firing: Firing
    event: Event
    definition: Definition
    steps: dict[str, Step] = dataclasses.field(default_factory=dict)
    variables: dict[str, Any] = dataclasses.field(default_factory=dict)
    responses: dict[str, Any] = dataclasses.field(default_factory=dict)

    def all_variables(self) -> dict[str, Any]:
        """What templates see."""
        trigger = {**self.event.variables, "platform": self.event.platform}
        context = {"id": self.firing.id, "parent_id": self.event.id}
        return {"trigger": trigger, "context": context, **self.variables, **self.responses}


def _key(index: int) -> str:
    return f"actions/{index}"
