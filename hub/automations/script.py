"""A script: the actions of one firing, carried out step by step, each on disk before the next.

The idea: a restart begins the script anew, with the steps that are on disk. One that had ended
gives its result again without being carried out; one that had begun is finished; the first that is
missing is begun. What a block decides is a step too, so the way through the script is the same.

A step is found by its key, the way to it: `actions/1/then/0` is the first action of the `then` of
the second action; the third turn of a `repeat` at `actions/2` has the steps `actions/2/3/…`.

State: `steps` is what is on disk, by key; `stopping` why the firing is to end before its time;
`_waiting` are the steps that are being seen through.
"""

import asyncio
import dataclasses
from collections.abc import Awaitable, Callable, Collection, Coroutine, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

from hub.automations.actions.base import (
    Action,
    Begun,
    Block,
    FiringStopped,
    Instruction,
    Means,
    SequenceEnded,
    StepContext,
    StepFailed,
)
from hub.automations.patience import patiently
from hub.automations.retry import Retry
from hub.automations.scope import Scope
from hub.crash import crash_point
from hub.errors import HubError
from hub.records.event import Event
from hub.records.firing import Step, StepState
from hub.records.run import Run
from hub.storage.firings import Firings
from hub.unexpected import understood

ACTIONS = "actions"
T = TypeVar("T")


class Script:
    """The actions of one firing. `scope` holds the variables that all of them see; `tell` is called
    when a step has begun or ended."""

    def __init__(
        self,
        *,
        firing: str,
        event: Event,
        actions: Sequence[Instruction],
        scope: Scope,
        priority: int,
        retry: Retry | None,
        means: Means,
        firings: Firings,
        tell: Callable[[Step], None],
    ) -> None:
        self.event = event
        self.means = means
        self.scope = scope
        self.steps: dict[str, Step] = {}
        self.stopping: str | None = None
        self._firing = firing
        self._actions = actions
        self._priority = priority
        self._retry = retry
        self._firings = firings
        self._tell = tell
        self._waiting: set[asyncio.Task[Any]] = set()

    async def begin_first(self) -> tuple[list[Step], list[Run]]:
        """The first step as it begins, with its runs, to be written together with the firing.

        Nothing if it is a block's, which decides for itself.
        """
        for index, action in enumerate(self._actions):
            if action.enabled:
                if not isinstance(action, Action):
                    break
                step, runs = await self._begin(action, f"{ACTIONS}/{index}", self.scope)
                self.steps[step.key] = step
                return [step], runs
        return [], []

    async def carry_out(self, refusal: str | None = None) -> None:
        """Raises `FiringStopped` for an early end, and the `HubError` of a step that failed; or at
        once that of a firing which was refused from the start."""
        if refusal is not None:
            raise HubError(refusal)
        await self.sequence(self._actions, ACTIONS, self.scope)

    def stop(self, reason: str) -> None:
        """End it: what it waits for is given up, and no further step is begun."""
        self.stopping = reason
        for task in self._waiting:
            task.cancel()

    def submit(self, runs: Sequence[Run]) -> None:
        """Hand runs that are on disk to the engine."""
        for run in runs:
            self.means.runs.submit(run)

    async def sequence(self, actions: Sequence[Instruction], key: str, scope: Scope) -> None:
        """Carry out one after another."""
        for index, action in enumerate(actions):
            if self.stopping is not None:
                raise FiringStopped(self.stopping)
            if action.enabled:
                await self._carry_out(action, f"{key}/{index}", scope)

    async def decide(self, key: str, kind: str, ask: Callable[[], Awaitable[Any]]) -> Any:
        """What `ask` gives, kept as a step. Raises the `HubError` that it raised, again too."""
        step = self.steps.get(key) or self._step(key, kind)
        if step.state is StepState.RUNNING:
            try:
                result = await self._understood(kind, ask)
                step = await self._end(step, StepState.SUCCEEDED, result=result)
            except HubError as error:
                step = await self._end(step, StepState.FAILED, error=str(error))
            crash_point("after_decision")
        return _outcome(step)

    async def _carry_out(self, action: Instruction, key: str, scope: Scope) -> None:
        try:
            if isinstance(action, Block):
                await action.carry_out(_Stage(self, action, key, scope))
            elif isinstance(action, Action):
                scope.update(action.assigned(await self._see_through(action, key, scope)))
        except FiringStopped:
            raise
        except HubError as error:
            if not action.continue_on_error:
                raise
            if isinstance(action, Action):
                scope.update(action.assigned_by_failure(str(error), _left_by(error)))

    async def _see_through(self, action: Action, key: str, scope: Scope) -> Any:
        step = self.steps.get(key)
        if step is None:
            step, runs = await self._begin(action, key, scope)
            await self._put(step, runs)
            self.submit(runs)
            self._tell(step)
        if step.state is StepState.RUNNING:
            crash_point("after_step_begun")
            try:
                result = await self._interruptible(self._finish(action, step, scope))
                step = await self._end(step, StepState.SUCCEEDED, result=result)
            except HubError as error:
                left = _left_by(error)
                await self._end(step, StepState.FAILED, result=left, error=str(error))
                raise
            crash_point("after_step_ended")
        return _outcome(step)

    async def _begin(self, action: Action, key: str, scope: Scope) -> tuple[Step, list[Run]]:
        """The step as it begins, with its runs; or as it failed to."""
        step = self._step(key, action.kind)
        try:
            context = self._context(step, scope)
            begun = await self._understood(action.kind, partial(action.begin, context))
        except HubError as error:
            begun = Begun()
            step = dataclasses.replace(
                step, state=StepState.FAILED, ended_at=step.started_at, error=str(error)
            )
        return dataclasses.replace(step, result=begun.note), list(begun.runs)

    async def _finish(self, action: Action, step: Step, scope: Scope) -> Any:
        context = self._context(step, scope)
        return await self._understood(action.kind, partial(action.finish, context))

    async def _understood(self, kind: str, ask: Callable[[], Awaitable[T]]) -> T:
        async def attempt() -> T:
            return await understood(f"The step {kind}", ask())

        return await patiently(self.means.clock, attempt)

    async def _interruptible(self, work: Coroutine[Any, Any, Any]) -> Any:
        """See a step through. Raises `FiringStopped` if the firing is stopped meanwhile."""
        task = asyncio.create_task(work)
        self._waiting.add(task)
        if self.stopping is not None:
            task.cancel()
        try:
            return await task
        except asyncio.CancelledError:
            if self.stopping is None:  # the hub itself ends
                raise
            raise FiringStopped(self.stopping) from None
        finally:
            self._waiting.discard(task)

    def _step(self, key: str, kind: str) -> Step:
        return Step(
            firing=self._firing,
            key=key,
            action=kind,
            state=StepState.RUNNING,
            started_at=self.means.clock.now(),
        )

    async def _end(
        self, step: Step, state: StepState, *, result: Any = None, error: str | None = None
    ) -> Step:
        ended = dataclasses.replace(
            step, state=state, ended_at=self.means.clock.now(), result=result, error=error
        )
        await self._put(ended)
        self._tell(ended)
        return ended

    async def _keep(self, step: Step, note: Any, runs: Sequence[Run]) -> None:
        await self._put(dataclasses.replace(step, result=note), runs)
        self.submit(runs)

    async def _put(self, step: Step, runs: Sequence[Run] = ()) -> None:
        await patiently(self.means.clock, self._firings.put_step, step, runs=tuple(runs))

    def _context(self, step: Step, scope: Scope) -> StepContext:
        return StepContext(
            firing=self._firing,
            key=step.key,
            event=self.event,
            variables=scope.all(),
            means=self.means,
            keep=partial(self._keep, step),
            priority=self._priority,
            retry=self._retry,
            note=step.result,
        )


class _Stage:
    """Implements `hub.automations.actions.base.Stage`."""

    def __init__(self, script: Script, block: Block, key: str, scope: Scope) -> None:
        self.event = script.event
        self.means = script.means
        self._script = script
        self._block = block
        self._key = key
        self._scope = scope

    @property
    def variables(self) -> dict[str, Any]:
        return self._scope.all()

    async def decide(self, ask: Callable[[], Awaitable[Any]], *way: str) -> Any:
        return await self._script.decide("/".join([self._key, *way]), self._block.kind, ask)

    async def carry_out(
        self,
        actions: Sequence[Instruction],
        *way: str,
        variables: Mapping[str, Any] | None = None,
    ) -> None:
        await self._carry_out(actions, way, Scope(variables, self._scope))

    async def carry_out_beside(
        self, actions: Sequence[Instruction], *way: str, gives: Collection[str]
    ) -> dict[str, Any]:
        scope = Scope(outer=self._scope, closed=True, own=gives)
        await self._carry_out(actions, way, scope)
        return scope.owned()

    def assign(self, values: Mapping[str, Any]) -> None:
        self._scope.update(values)

    async def _carry_out(
        self, actions: Sequence[Instruction], way: Sequence[str], scope: Scope
    ) -> None:
        try:
            await self._script.sequence(actions, "/".join([self._key, *way]), scope)
        except SequenceEnded:
            return


def _outcome(step: Step) -> Any:
    """The result of a step that has ended. Raises `StepFailed` if it did."""
    if step.error is not None:
        raise StepFailed(step.error, step.result)
    return step.result


def _left_by(error: HubError) -> Mapping[str, Any] | None:
    return error.result if isinstance(error, StepFailed) else None
