"""The runs of one step, each with its attempts.

What is kept in the step's note is enough to go on after a restart: which attempt each run is at,
and whether it was ended for standing still. An attempt's run is written together with the note that
names it, and its id follows from firing, step, place in the sweep and attempt. The pause before an
attempt counts from the end of the one before it, so a restart does not prolong it.

Each attempt goes a rung down: the first rung has the values asked for, further ones what `change`
makes of those. With `remember` the first attempt begins at the rung that was enough last time.
"""

import uuid
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import msgspec

from hub.automations.actions.attempt import Attempt
from hub.automations.actions.base import StepContext
from hub.automations.actions.shortage import Circumstances, Shortage, earlier_shortages
from hub.automations.actions.stall import wait_unless_stalled
from hub.automations.admitted import admitted_files
from hub.automations.retry import Retry
from hub.records.run import ErrorKind, Origin, Run, RunError, RunState
from hub.runs.request import RunRequest

_STEP_NAMESPACE = uuid.UUID("6f1c2f0e-6f0b-4b53-9f0c-3d0f9a0f8a11")


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
        self._circumstances: Circumstances | None = None
        self._shortages: dict[str, Shortage] = {}
        self.made = msgspec.convert(step.note or [], list[Attempt])

    @property
    def note(self) -> Any:
        """What the step keeps of them."""
        return msgspec.to_builtins(self.made)

    async def recall(self, parameters: Mapping[str, Any]) -> None:
        """Look up where to begin. `parameters` is what all runs are asked for with, as written."""
        if self._retry.remember:
            workflow = self._step.means.workflow_runs.workflow(self._workflow)
            self._circumstances = Circumstances(self._retry, parameters, workflow)
            self._shortages = await earlier_shortages(self._step, self._retry.remember)

    async def first(self, parameters: dict[str, Any], chosen: Mapping[str, Any]) -> Run:
        """The first attempt of one more run, for this combination of the sweep."""
        under = self._circumstances.mark(chosen) if self._circumstances else ""
        shortage = self._shortages.get(under)
        if shortage is None:
            identity = run_id(self._step, len(self.made), 1)
            run, adjusted = await self._filled(parameters, 1, identity)
            attempt = Attempt(id=run.id, number=run.number, adjusted=adjusted, under=under)
        else:
            run, attempt = await self._begun_at(shortage, parameters)
        self.made.append(attempt)
        return run

    async def see_through(self, place: int) -> tuple[Run, RunError | None]:
        """The last attempt of a run, with why it failed. Raises the `HubError` of a next attempt
        that is refused."""
        while True:
            attempt = self.made[place]
            run = await self._end_of(attempt)
            error = self._failure(run, attempt)
            if error is None or not self._retry.is_worthwhile(error, attempt.tries):
                return run, error
            await self._pause(run, attempt.tries)
            again, self.made[place] = await self._again(run, error, place)
            await self._step.keep(self.note, [again])

    async def _begun_at(
        self, shortage: Shortage, parameters: dict[str, Any]
    ) -> tuple[Run, Attempt]:
        """A run that begins lower, with what all rungs down to there make of its parameters."""
        error = RunError(kind=ErrorKind.OUT_OF_MEMORY, message=shortage.message)
        identity = run_id(self._step, len(self.made), shortage.enough)
        request, _ = await self._request(parameters, 1, identity)
        asked = request.parameters
        adjusted: list[str] = []
        for rung in range(2, shortage.enough + 1):
            changed = await self._changed(rung, request.parameters, error)
            values = {**request.parameters, **changed}
            request, adjusted = await self._request(values, rung, identity)
        run = (await self._step.means.runs.prepare(request)).run
        attempt = Attempt(
            id=run.id,
            number=run.number,
            attempt=shortage.enough,
            skipped=shortage.rung,
            adjusted=adjusted,
            asked={name: asked.get(name) for name in self._retry.change},
            shortage=shortage,
            under=shortage.under,
        )
        return run, attempt.told_with(attempt.begins(run, shortage))

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

    async def _pause(self, run: Run, tries: int) -> None:
        clock = self._step.means.clock
        until = (run.ended_at or clock.now()) + self._retry.pause_after(tries)
        while (rest := (until - clock.now()).total_seconds()) > 0:
            await clock.sleep(rest)

    async def _again(self, run: Run, error: RunError, place: int) -> tuple[Run, Attempt]:
        """The next attempt, a rung lower, with its run."""
        last = self.made[place]
        rung = last.attempt + 1
        identity = run_id(self._step, place, rung)
        adjusted: list[str] = []
        if self._retry.change:
            changed = await self._changed(rung, run.parameters, error)
            again, adjusted = await self._filled({**run.parameters, **changed}, rung, identity)
        else:
            again = await self._repeated(run, identity)
        attempt = msgspec.structs.replace(
            last,
            id=again.id,
            number=again.number,
            attempt=rung,
            stalled=False,
            adjusted=[*last.adjusted, *adjusted],
            asked=last.asked or {name: run.parameters.get(name) for name in self._retry.change},
            shortage=self._shortage(run, error, last) or last.shortage,
        )
        if attempt.asked:
            attempt = attempt.told_with(attempt.follows(again, last, error))
        return again, attempt

    def _shortage(self, run: Run, error: RunError, attempt: Attempt) -> Shortage | None:
        if error.kind is not ErrorKind.OUT_OF_MEMORY:
            return None
        return Shortage(
            rung=attempt.attempt,
            run=run.number,
            at=run.ended_at or self._step.means.clock.now(),
            message=error.message,
            under=attempt.under,
        )

    async def _changed(
        self, rung: int, parameters: dict[str, Any], error: RunError
    ) -> dict[str, Any]:
        """What this rung makes of the parameters of the one above."""
        seen = {
            "attempt": rung,
            "parameters": parameters,
            "error": {"kind": error.kind.value, "message": error.message},
        }
        changes = self._retry.changes_for(rung)
        changed: dict[str, Any] = await self._step.render(changes, native="parameter", extra=seen)
        return changed

    async def _repeated(self, run: Run, identity: str) -> Run:
        """The same once more, whatever became of its workflow and files meanwhile."""
        request = RunRequest(
            graph=run.graph,
            workflow=run.workflow,
            parameters=run.parameters,
            targets=run.targets,
            extra=run.extra,
            **self._details(1, identity),
        )
        return (await self._step.means.runs.prepare(request)).run

    async def _filled(
        self, parameters: dict[str, Any], rung: int, identity: str
    ) -> tuple[Run, list[str]]:
        """A run, with what is `adjusted` in it."""
        request, adjusted = await self._request(parameters, rung, identity)
        return (await self._step.means.runs.prepare(request)).run, adjusted

    async def _request(
        self, parameters: dict[str, Any], rung: int, identity: str
    ) -> tuple[RunRequest, list[str]]:
        means, event = self._step.means, self._step.event
        values, adjusted = means.workflow_runs.within_limits(self._workflow, parameters)
        request = await means.workflow_runs.request(
            self._workflow,
            values,
            admitted=admitted_files(event, self._step.variables),
            **self._details(rung, identity),
        )
        return request, adjusted

    def _details(self, rung: int, identity: str) -> dict[str, Any]:
        """Besides what is run. A tag tells runs with other values than those asked for."""
        return {
            "id": identity,
            "origin": Origin.AUTOMATION,
            "priority": self._priority,
            "tags": self._tags if rung == 1 else (*self._tags, f"rung_{rung}"),
            "automation": self._step.event.automation,
            "firing": self._step.firing,
            "step": self._step.key,
        }


def run_id(step: StepContext, place: int, attempt: int) -> str:
    """The id of an attempt of one of a step's runs: the same after a restart."""
    rest = f"/{place}/{attempt}" if place or attempt > 1 else ""
    return str(uuid.uuid5(_STEP_NAMESPACE, f"{step.firing}/{step.key}{rest}"))
