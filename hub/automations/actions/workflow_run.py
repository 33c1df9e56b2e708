"""`workflow.run`: carry out a saved workflow and wait for its outputs."""

import uuid
from typing import Annotated, Any, ClassVar

import msgspec
from msgspec import Meta

from hub.automations.actions.base import StepContext, describe_output
from hub.errors import HubError
from hub.records.output import OutputFolder
from hub.records.run import Origin, Run, RunState

_STEP_NAMESPACE = uuid.UUID("6f1c2f0e-6f0b-4b53-9f0c-3d0f9a0f8a11")


class RunDidNotSucceed(HubError):
    """The run that a step waited for failed or was cancelled."""

    def __init__(self, run: Run) -> None:
        self.run = run
        why = f": {run.error.message}" if run.error else ""
        super().__init__(f"Run {run.number} of {run.workflow!r} {run.state.value}{why}")


class WorkflowRunData(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What `workflow.run` takes."""

    workflow: Annotated[str, Meta(description="Name of a saved workflow.")]
    parameters: Annotated[
        dict[str, Any], Meta(description="Values for its parameters; texts may be templates.")
    ] = {}


class WorkflowRun(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    tag_field="action",
    tag="workflow.run",
    forbid_unknown_fields=True,
):
    """Carry out a saved workflow and wait for its outputs."""

    kind: ClassVar[str] = "workflow.run"

    data: WorkflowRunData
    alias: Annotated[str, Meta(description="What people call this step.")] = ""
    enabled: Annotated[bool, Meta(description="False leaves the step out.")] = True
    response_variable: Annotated[
        str | None, Meta(description="Name under which later steps see `outputs` and `run`.")
    ] = None

    async def begin(self, step: StepContext) -> list[Run]:
        values = await step.render(self.data.parameters, native=False)
        admitted = {}
        if "input" in step.event.variables:
            admitted[step.event.variables["path"]] = step.event.variables["input"]
        request = await step.means.workflow_runs.request(
            self.data.workflow,
            values,
            admitted=admitted,
            id=run_id(step),
            origin=Origin.AUTOMATION,
            priority=step.priority,
            firing=step.firing,
            step=step.key,
        )
        return [step.means.runs.prepare(request).run]

    async def finish(self, step: StepContext) -> Any:
        run = await step.means.runs.wait(run_id(step))
        if run.state is not RunState.SUCCEEDED:
            raise RunDidNotSucceed(run)
        outputs = await step.means.outputs.of_run(run.id)
        return {
            "run": {"id": run.id, "number": run.number, "workflow": run.workflow},
            "outputs": [
                describe_output(output)
                for output in outputs
                if output.folder is OutputFolder.OUTPUT
            ],
        }


def run_id(step: StepContext) -> str:
    """The id of a step's run: the same after a restart."""
    return str(uuid.uuid5(_STEP_NAMESPACE, f"{step.firing}/{step.key}"))
