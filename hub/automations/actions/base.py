"""What an action is: settings that know how to be carried out, as a step that survives a restart.

A step has two halves. `begin` decides what is to happen and gives the runs that belong to it; these
are written in one transaction with the step. `finish` sees it through. After a restart a step that
had begun goes on with `finish` alone, so everything it does must be found again by the step's key.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from hub.automations.templates import Templates
from hub.clock import Clock
from hub.config.folders import Folders
from hub.errors import HubError
from hub.records.event import Event
from hub.records.output import Output
from hub.records.run import Run
from hub.runs.service import Runs
from hub.runs.workflow_runs import WorkflowRuns
from hub.storage.database import Database
from hub.storage.outputs import Outputs
from hub.storage.placing import Placing


class FiringStopped(HubError):
    """There is nothing (more) to do; the firing ends here, and that is no failure."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Means:
    """What actions work with."""

    runs: Runs
    workflow_runs: WorkflowRuns
    outputs: Outputs
    placing: Placing
    database: Database
    templates: Templates
    folders: Folders
    clock: Clock


@dataclass(frozen=True, kw_only=True, slots=True)
class StepContext:
    """One step of one firing. `variables` is what templates see."""

    firing: str
    key: str
    event: Event
    variables: Mapping[str, Any]
    means: Means
    priority: int = 0

    async def render(
        self, source: Any, *, native: bool, extra: Mapping[str, Any] | None = None
    ) -> Any:
        """Render the templates in `source`; as text, or as native values."""
        return await self.means.templates.render(
            source, {**self.variables, **(extra or {})}, native=native
        )


class Action(Protocol):
    """A kind of action."""

    kind: ClassVar[str]

    @property
    def enabled(self) -> bool:
        """False leaves the step out."""

    @property
    def response_variable(self) -> str | None:
        """The name under which later steps see the result."""

    async def begin(self, step: StepContext) -> list[Run]:
        """Decide what is to happen; gives the runs to be written with the step."""

    async def finish(self, step: StepContext) -> Any:
        """See it through; gives the step's result, which is JSON."""


def describe_output(output: Output) -> dict[str, Any]:
    """An output as templates and traces see it."""
    return {
        "id": output.id,
        "run": output.run,
        "path": str(output.path),
        "name": output.path.name,
        "stem": output.path.stem,
        "suffix": output.path.suffix,
        "node": output.node,
        "kind": output.kind,
        "folder": output.folder.value,
        "sha256": output.sha256,
        "size": output.size,
        "width": output.width,
        "height": output.height,
    }
