"""Carrying out a firing, from its beginning to what becomes of its source file."""

import dataclasses
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import msgspec

from hub.automations.actions.base import FiringStopped, Means
from hub.automations.after import see_off
from hub.automations.automation import Definition
from hub.automations.judging import Judged, seen_by_templates
from hub.automations.parts import given_to
from hub.automations.patience import patiently
from hub.automations.scope import Scope
from hub.automations.script import Script
from hub.crash import crash_point
from hub.errors import HubError
from hub.notices import FiringChanged, Notices
from hub.records.event import Event
from hub.records.firing import Firing, FiringState, Step, StepState, firing_id
from hub.records.run import Run
from hub.storage.firings import Firings
from hub.unexpected import understood

VARIABLES = "variables"  # the key of the step that keeps them


class FiringRunner:
    """Begins firings and sees them through.

    State: `_under_way` are the scripts of those, by firing; `_to_stop` says why firings are to end
    of which nothing was begun yet.
    """

    def __init__(self, *, firings: Firings, means: Means, notices: Notices) -> None:
        self._firings = firings
        self._means = means
        self._notices = notices
        self._under_way: dict[str, Script] = {}
        self._to_stop: dict[str, str] = {}

    async def carry_out(self, judged: Judged, definition: Definition) -> FiringState | None:
        """Write a firing together with its first step, and see it through to how it ends; None if
        the event had one already."""
        firing = self._new(judged, FiringState.RUNNING, definition)
        scope = _scope(judged.event, judged.variables)
        script = self._script(firing, judged.event, definition, scope)
        steps, runs = ([], []) if judged.reason else await script.begin_first()
        if judged.variables:
            steps = [_variables_step(firing, judged), *steps]
        with self._known(firing, script):
            if await self._begin(firing, steps, runs):
                script.submit(runs)
                self._tell(firing)
                return await self._see_through(firing, judged.event, definition, script)
        return None

    async def drop(self, judged: Judged, definition: Definition, reason: str) -> None:
        """Record that an event was not worked on, and why."""
        await self._record(judged, definition, FiringState.DROPPED, reason)

    async def refuse(self, judged: Judged, definition: Definition) -> FiringState | None:
        """Record that a condition does not hold. One that could not be judged is a failure."""
        if judged.is_failure:
            return await self.carry_out(judged, definition)
        await self._record(judged, definition, FiringState.STOPPED, str(judged.reason))
        return FiringState.STOPPED

    async def go_on(self, firing: Firing, event: Event) -> FiringState:
        """See a firing through that was interrupted, from wherever it stands."""
        definition = msgspec.convert(firing.definition, Definition)
        steps = {step.key: step for step in await self._firings.steps(firing.id)}
        variables = steps[VARIABLES].result if VARIABLES in steps else {}
        scope = _scope(event, variables)
        script = self._script(firing, event, definition, scope)
        script.steps.update(steps)
        with self._known(firing, script):
            return await self._see_through(firing, event, definition, script)

    def stop(self, firing: str, reason: str) -> None:
        """End a firing that is being seen through, or about to be, and its runs; it ends as
        STOPPED."""
        if script := self._under_way.get(firing):
            script.stop(reason)
        else:
            self._to_stop[firing] = reason

    async def _see_through(
        self, firing: Firing, event: Event, definition: Definition, script: Script
    ) -> FiringState:
        state, reason = FiringState.SUCCEEDED, None
        try:
            await understood("The firing", script.carry_out(firing.reason))
        except FiringStopped as stopped:
            state, reason = FiringState.STOPPED, str(stopped)
            self._means.runs.cancel_of_firing(firing.id)
        except HubError as error:
            state, reason = FiringState.FAILED, str(error)
        reason = await self._after(firing, event, definition, state, reason)
        await self._end(firing, state, reason)
        return state

    async def _after(
        self,
        firing: Firing,
        event: Event,
        definition: Definition,
        state: FiringState,
        reason: str | None,
    ) -> str | None:
        """What becomes of the source file; a failure there is added to the reason."""
        after = definition.after
        if event.platform != "folder" or state is FiringState.STOPPED:
            return reason
        fate = after.failure if state is FiringState.FAILED else after.success
        try:
            leaving = patiently(self._means.clock, see_off, event, fate, firing.id, self._means)
            await understood("What becomes of the file", leaving)
        except HubError as error:
            return f"{reason} {error}" if reason else str(error)
        return reason

    async def _end(self, firing: Firing, state: FiringState, reason: str | None) -> None:
        now = self._means.clock.now()
        write = self._firings.set_state
        await patiently(self._means.clock, write, firing.id, state, reason=reason, ended_at=now)
        crash_point("after_firing_ended")
        self._tell(dataclasses.replace(firing, state=state, reason=reason, ended_at=now))

    async def _record(
        self, judged: Judged, definition: Definition, state: FiringState, reason: str
    ) -> None:
        firing = dataclasses.replace(
            self._new(judged, state, definition),
            reason=reason,
            ended_at=self._means.clock.now(),
        )
        if await self._begin(firing, [], []):
            self._tell(firing)

    async def _begin(self, firing: Firing, steps: list[Step], runs: list[Run]) -> bool:
        return await patiently(self._means.clock, self._firings.begin, firing, steps, runs)

    def _new(self, judged: Judged, state: FiringState, definition: Definition) -> Firing:
        return Firing(
            id=firing_id(judged.event),
            event=judged.event.id,
            automation=judged.event.automation,
            state=state,
            created_at=self._means.clock.now(),
            reason=judged.reason,
            verdicts=judged.verdicts,
            definition=msgspec.to_builtins(definition),
        )

    def _script(self, firing: Firing, event: Event, definition: Definition, scope: Scope) -> Script:
        return Script(
            firing=firing.id,
            event=event,
            actions=definition.actions,
            scope=scope,
            priority=definition.priority,
            retry=definition.retry,
            means=self._means,
            firings=self._firings,
            tell=lambda step: self._tell(firing, step.key),
        )

    @contextmanager
    def _known(self, firing: Firing, script: Script) -> Iterator[None]:
        """While it lasts, the firing can be stopped."""
        self._under_way[firing.id] = script
        if reason := self._to_stop.pop(firing.id, None):
            script.stop(reason)
        try:
            yield
        finally:
            del self._under_way[firing.id]

    def _tell(self, firing: Firing, step: str | None = None) -> None:
        self._notices.publish(
            FiringChanged(
                firing=firing.id,
                automation=firing.automation,
                state=firing.state.value,
                step=step,
            )
        )


def _scope(event: Event, variables: Mapping[str, Any]) -> Scope:
    return Scope({**seen_by_templates(event), **variables, **given_to(event)})


def _variables_step(firing: Firing, judged: Judged) -> Step:
    """The variables, which were rendered once, and are kept."""
    return Step(
        firing=firing.id,
        key=VARIABLES,
        action=VARIABLES,
        state=StepState.SUCCEEDED,
        started_at=firing.created_at,
        ended_at=firing.created_at,
        result=dict(judged.variables),
    )
