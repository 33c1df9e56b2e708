"""`workflow.run`: carry out a saved workflow, once or for each combination of a sweep."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Annotated, Any, ClassVar

import msgspec
from msgspec import Meta

from hub.automations.actions.attempt import Attempt
from hub.automations.actions.attempts import Attempts
from hub.automations.actions.base import (
    Action,
    Begun,
    Known,
    Mistake,
    StepContext,
    StepFailed,
    describe_output,
)
from hub.automations.actions.given_parameters import GivenParameters
from hub.automations.actions.sweep import combinations
from hub.automations.retry import Retry
from hub.config.fields import OneOrMany
from hub.config.problems import closest
from hub.records.output import OutputFolder
from hub.records.run import Run, RunError, RunState


class RunsDidNotSucceed(StepFailed):
    """Of the runs that a step waited for, some failed or were cancelled."""

    def __init__(self, reasons: Sequence[str], of: int, result: Mapping[str, Any]) -> None:
        count = f"{len(reasons)} of {of} runs did not succeed. " if of > 1 else ""
        super().__init__(f"{count}{reasons[0]}", result)


class WorkflowRunData(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What `workflow.run` takes."""

    workflow: Annotated[str, Meta(description="Name of a saved workflow.")]
    parameters: Annotated[
        dict[str, Any],
        Meta(
            description="Values for its parameters; texts may be templates. In a sweep they see"
            " the combination as `matrix`."
        ),
    ] = {}
    matrix: Annotated[
        dict[str, Any],
        Meta(
            description="A sweep: parameters, each with a list of values or a template that gives"
            " one. Every combination is run, at most 1000."
        ),
    ] = {}
    wait: Annotated[
        bool, Meta(description="False goes on to the next step without waiting for the end.")
    ] = True
    timeout: Annotated[
        timedelta | None,
        Meta(
            description="A run that makes no progress for so long, such as 10 min, is ended. How"
            " long it takes in all, or waits for a worker, does not count."
        ),
    ] = None
    tags: Annotated[
        OneOrMany[str],
        Meta(description="Words by which `run_finished` triggers may pick the runs."),
    ] = []
    priority: Annotated[
        Annotated[int, Meta(ge=-1_000_000, le=1_000_000)] | None,
        Meta(description="Goes before runs of smaller priority; else the automation's."),
    ] = None

    def __post_init__(self) -> None:
        if self.timeout == timedelta(0):
            raise ValueError("`timeout` must be more than 0: the run would be ended at once.")
        if self.timeout is not None and not self.wait:
            raise ValueError("`timeout` needs `wait: true`: nobody would look whether it stalls.")


class WorkflowRun(Action, frozen=True, kw_only=True, tag_field="action", tag="workflow.run"):
    """Carry out a saved workflow and wait for its outputs."""

    kind: ClassVar[str] = "workflow.run"

    data: WorkflowRunData
    retry: Annotated[
        Retry | None, Meta(description="When a failed run is tried again; else the automation's.")
    ] = None

    def mistakes(self, known: Known) -> Iterator[Mistake]:
        name, workflows = self.data.workflow, known.workflows
        if not workflows.knows(name):
            yield Mistake(
                way=("data", "workflow"),
                message=f"there is no workflow {name!r}",
                value=name,
                suggestion=closest(name, workflows.names),
            )
            return
        data, checks = self.data, GivenParameters(name, workflows.parameters_of(name), known)
        plain = {key for key, value in data.parameters.items() if value is not None}
        yield from checks.missing(plain | data.matrix.keys())
        yield from checks.swept(("data", "matrix"), data.matrix)
        yield from checks.named(("data", "parameters"), data.parameters)
        yield from checks.named(("data", "matrix"), data.matrix)
        if self.retry is not None:
            yield from checks.named(("retry", "change"), self.retry.change)

    async def begin(self, step: StepContext) -> Begun:
        attempts = self._attempts(step)
        await attempts.recall(self.data.parameters)
        runs = []
        for chosen in await combinations(self.data.matrix, step):
            seen = {"matrix": chosen} if chosen else {}
            values = await step.render(self.data.parameters, native="parameter", extra=seen)
            runs.append(await attempts.first({**values, **chosen}, chosen))
        return Begun(runs=tuple(runs), note=attempts.note)

    async def finish(self, step: StepContext) -> Any:
        attempts = self._attempts(step)
        if not self.data.wait:
            return _result([self._begun(attempt) for attempt in attempts.made], [], attempts)
        waiting = [attempts.see_through(place) for place in range(len(attempts.made))]
        ended: list[tuple[Run, RunError | None]] = []
        for result in await asyncio.gather(*waiting, return_exceptions=True):
            if isinstance(result, BaseException):
                raise result
            ended.append(result)
        outcome = await self._outcome(step, attempts, ended)
        if reasons := [run["error"] for run in outcome["runs"] if "error" in run]:
            raise RunsDidNotSucceed(reasons, len(ended), outcome)
        return outcome

    def _attempts(self, step: StepContext) -> Attempts:
        return Attempts(
            step,
            self.data.workflow,
            retry=self.retry or step.retry,
            timeout=self.data.timeout,
            priority=self.data.priority,
            tags=self.data.tags,
        )

    async def _outcome(
        self, step: StepContext, attempts: Attempts, ended: list[tuple[Run, RunError | None]]
    ) -> dict[str, Any]:
        described, outputs = [], []
        made = await step.means.outputs.of_runs([run.id for run, _ in ended])
        for attempt, (run, error) in zip(attempts.made, ended, strict=True):
            chosen = {name: run.parameters.get(name) for name in self.data.matrix}
            seen = {"parameters": chosen} if self.data.matrix else {}
            failure = _failure(run, error, attempt.tries)
            described.append({**self._begun(attempt), **seen, **_lower(attempt, run), **failure})
            outputs += [
                {**describe_output(output), **seen}
                for output in sorted(made[run.id], key=lambda output: (output.node, output.index))
                if output.folder is OutputFolder.OUTPUT
            ]
        return _result(described, outputs, attempts)

    def _begun(self, attempt: Attempt) -> dict[str, Any]:
        return {
            "id": attempt.id,
            "number": attempt.number,
            "workflow": self.data.workflow,
            "attempts": attempt.tries,
        }


def _failure(run: Run, error: RunError | None, tries: int) -> dict[str, str]:
    """Of a run that did not succeed: why."""
    if run.state is RunState.SUCCEEDED:
        return {}
    state = RunState.FAILED if error else run.state
    times = f" after {tries} attempts" if tries > 1 else ""
    why = f": {error.message}" if error else ""
    return {"error": f"Run {run.number} of {run.workflow!r} {state.value}{times}{why}"}


def _lower(attempt: Attempt, run: Run) -> dict[str, Any]:
    """Of a run on a lower rung than the first: which, what was given up, and what is remembered."""
    if not attempt.asked:
        return {}
    shortage = attempt.shortage
    kept = {"out_of_memory": msgspec.to_builtins(shortage)} if shortage else {}
    return {"rung": attempt.attempt, "given_up": attempt.given_up(run), **kept}


def _result(
    runs: list[dict[str, Any]], outputs: list[dict[str, Any]], attempts: Attempts
) -> dict[str, Any]:
    """With `warnings` and `rungs` if there are any."""
    warnings = [
        f"Run {attempt.number}: {text}" for attempt in attempts.made for text in attempt.adjusted
    ]
    rungs = [text for attempt in attempts.made for text in attempt.rungs]
    told = {"warnings": warnings, "rungs": rungs}
    return {
        "run": runs[0],
        "runs": runs,
        "outputs": outputs,
        **{name: texts for name, texts in told.items() if texts},
    }
