"""The runs of one step, each with its attempts.

What is kept in the step's note is enough to go on after a restart: which attempt each run is at,
and whether it was ended for standing still. An attempt's run is written together with the note that
names it, and its id follows from firing, step, place in the sweep and attempt. The pause before an
attempt counts from the end of the one before it, so a restart does not prolong it.
"""

import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import msgspec

from hub.automations.actions.base import StepContext
from hub.automations.actions.stall import wait_unless_stalled
from hub.automations.admitted import admitted_files
from hub.automations.retry import Retry
from hub.records.run import ErrorKind, Origin, Run, RunError, RunState
from hub.runs.request import RunRequest

_STEP_NAMESPACE = uuid.UUID("6f1c2f0e-6f0b-4b53-9f0c-3d0f9a0f8a11")


class Attempt(msgspec.Struct, kw_only=True):
    """How far one run of a step is. `stalled` says that it is ended for making no progress,
    `adjusted` in words which values were beyond their limits."""

    id: str
    number: int
    attempt: int = 1
    stalled: bool = False
    adjusted: list[str] = []


class Attempts:
    """The runs of one step, each with its attempts. `workflow` is what they carry out."""

    def __init__(
        self,
        step: StepContext,
        workflow: str,
        *,
        retry: Retry | None,
        timeout: timedelta | None,
        priority: int | None,
        tags: Sequence[str],
    ) -> None:
        self._step = step
        self._workflow = workflow
        self._retry = retry or Retry(attempts=1)
        self._timeout = timeout
        self._priority = step.priority if priority is None else priority
        self._tags = tuple(tags)
        self.made = msgspec.convert(step.note or [], list[Attempt])

    @property
    def note(self) -> Any:
        """What the step keeps of them."""
        return msgspec.to_builtins(self.made)

    async def first(self, parameters: dict[str, Any]) -> Run:
        """The first attempt of one more run."""
        run, adjusted = await self._filled(parameters, run_id(self._step, len(self.made), 1))
        self.made.append(Attempt(id=run.id, number=run.number, adjusted=adjusted))
        return run

    async def see_through(self, place: int) -> tuple[Run, RunError | None]:
        """The last attempt of a run, with why it failed. Raises the `HubError` of a next attempt
        that is refused."""
        while True:
            run = await self._end_of(self.made[place])
            error = self._failure(run, self.made[place])
            attempt = self.made[place].attempt
            if not self._retry.is_worthwhile(error, attempt):
                return run, error
            await self._pause(run, attempt)
            again, adjusted = await self._again(run, error, place, attempt + 1)
            self.made[place] = Attempt(
                id=again.id,
                number=again.number,
                attempt=attempt + 1,
                adjusted=[*self.made[place].adjusted, *adjusted],
            )
            await self._step.keep(self.note, [again])

    async def _end_of(self, attempt: Attempt) -> Run:
        runs = self._step.means.runs
        if self._timeout is not None and not attempt.stalled:
            ended = await wait_unless_stalled(attempt.id, self._timeout, self._step.means)
            if ended is not None:
                return ended
            attempt.stalled = True
            await self._step.keep(self.note, [])
        if attempt.stalled:
            runs.cancel(attempt.id)
        return await runs.wait(attempt.id)

    def _failure(self, run: Run, attempt: Attempt) -> RunError | None:
        if attempt.stalled and run.state is RunState.CANCELLED:
            message = f"It made no progress for {self._timeout}, the step's `timeout`."
            return RunError(kind=ErrorKind.TIMED_OUT, message=message)
        return run.error

    async def _pause(self, run: Run, attempt: int) -> None:
        clock = self._step.means.clock
        until = (run.ended_at or clock.now()) + self._retry.pause_after(attempt)
        while (rest := (until - clock.now()).total_seconds()) > 0:
            await clock.sleep(rest)

    async def _again(
        self, run: Run, error: RunError | None, place: int, attempt: int
    ) -> tuple[Run, list[str]]:
        """The next attempt, with what is `adjusted` in it."""
        identity = run_id(self._step, place, attempt)
        changes = self._retry.changes_for(attempt)
        if not changes:
            return await self._repeated(run, identity), []
        seen = {
            "attempt": attempt,
            "parameters": run.parameters,
            "error": {"kind": error.kind.value, "message": error.message} if error else None,
        }
        changed = await self._step.render(changes, native=False, extra=seen)
        return await self._filled({**run.parameters, **changed}, identity)

    async def _repeated(self, run: Run, identity: str) -> Run:
        """The same once more, whatever became of its workflow and files meanwhile."""
        request = RunRequest(
            graph=run.graph,
            workflow=run.workflow,
            parameters=run.parameters,
            targets=run.targets,
            extra=run.extra,
            **self._details(identity),
        )
        return (await self._step.means.runs.prepare(request)).run

    async def _filled(self, parameters: dict[str, Any], identity: str) -> tuple[Run, list[str]]:
        means, event = self._step.means, self._step.event
        values, adjusted = means.workflow_runs.within_limits(self._workflow, parameters)
        request = await means.workflow_runs.request(
            self._workflow,
            values,
            admitted=admitted_files(event, self._step.variables),
            **self._details(identity),
        )
        return (await means.runs.prepare(request)).run, adjusted

    def _details(self, identity: str) -> dict[str, Any]:
        return {
            "id": identity,
            "origin": Origin.AUTOMATION,
            "priority": self._priority,
            "tags": self._tags,
            "automation": self._step.event.automation,
            "firing": self._step.firing,
            "step": self._step.key,
        }


def run_id(step: StepContext, place: int, attempt: int) -> str:
    """The id of an attempt of one of a step's runs: the same after a restart."""
    rest = f"/{place}/{attempt}" if place or attempt > 1 else ""
    return str(uuid.uuid5(_STEP_NAMESPACE, f"{step.firing}/{step.key}{rest}"))
