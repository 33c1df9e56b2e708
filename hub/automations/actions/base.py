"""What an action is: settings that know how to be carried out, as a step that survives a restart.

An `Action` has two halves. `begin` decides what is to happen and gives the runs that belong to it;
these are written in one transaction with the step. `finish` sees it through. After a restart a
step that had begun goes on with `finish` alone, so everything it does must be found again by the
step's key. A `Block` carries out other actions; what it decides is kept as a step too, so that a
restart comes to the same decisions and goes on where it was.
"""

from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Protocol
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta

from hub.automations.conditions.base import HubFacts, Situation
from hub.automations.reach import Reach
from hub.automations.retry import Retry
from hub.automations.template_render import Native
from hub.automations.templates import Templates
from hub.automations.waiting import Waiting
from hub.clock import Clock
from hub.config.fields import checked
from hub.config.folders import Folders
from hub.config.names import free_name
from hub.config.settings import HubSettings
from hub.deliveries.courier import Courier
from hub.deliveries.notifier import Notifier
from hub.errors import HubError
from hub.notices import Notices
from hub.records.event import Event
from hub.records.output import Output
from hub.records.run import Run
from hub.runs.service import Runs
from hub.runs.workflow_runs import WorkflowRuns
from hub.storage.database import Database
from hub.storage.deliveries import Deliveries
from hub.storage.outputs import Outputs
from hub.storage.placing import Placing
from hub.triggers.base import Outcomes
from hub.workflows.workflows import Workflows

RESPONSE = "response"
"""How the key of the step ends that keeps what a `stop` responds."""


class FiringStopped(HubError):
    """There is nothing (more) to do; the firing ends here, and that is no failure."""


class SequenceEnded(FiringStopped):
    """The same for the innermost sequence only."""


class StepFailed(HubError):
    """A step did not do all that it was to. `result` is what came of it nevertheless."""

    def __init__(self, message: str, result: Mapping[str, Any] | None) -> None:
        super().__init__(message)
        self.result = result


class Automations(Protocol):
    """What actions may do to automations. All raise `NotFound` for one that is not there."""

    def is_on(self, automation: str) -> bool: ...

    async def set_state(
        self, automation: str, on: bool, *, reason: str, stop: bool = False
    ) -> None:
        """Switch it on or off, also for after a restart; with `stop` its firings end as well."""

    async def trigger(self, automation: str, variables: Mapping[str, Any], *, key: str) -> Event:
        """Fire it; the same key again gives the same event. Raises `Conflict` if it is off."""

    async def reload(self) -> None:
        """Read the configuration again. Raises a `HubError` if it cannot be followed."""


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
    zone: ZoneInfo
    hub: HubFacts
    notices: Notices
    courier: Courier
    deliveries: Deliveries
    notifier: Notifier
    automations: Automations
    outcomes: Outcomes
    waiting: Waiting

    def situation(self, event: Event, variables: Mapping[str, Any]) -> Situation:
        """What conditions are judged by."""
        return Situation(
            event=event,
            variables=variables,
            templates=self.templates,
            clock=self.clock,
            zone=self.zone,
            hub=self.hub,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class StepContext:
    """One step of one firing. `variables` is what templates see, `note` what `begin` noted, `retry`
    the automation's. While a step is seen through, `keep` puts another note in the place of that,
    in one transaction with further runs, which it then submits."""

    firing: str
    key: str
    event: Event
    variables: Mapping[str, Any]
    means: Means
    keep: Callable[[Any, Sequence[Run]], Awaitable[None]]
    priority: int = 0
    retry: Retry | None = None
    note: Any = None

    async def render(
        self, source: Any, *, native: Native, extra: Mapping[str, Any] | None = None
    ) -> Any:
        """Render the templates in `source`; as text, or as `native` says as values."""
        return await self.means.templates.render(
            source, {**self.variables, **(extra or {})}, native=native
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Begun:
    """How a step begins: the runs that are written with it, and a note (JSON) for `finish`."""

    runs: tuple[Run, ...] = ()
    note: Any = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """What an action may refer to by name or path."""

    workflows: Workflows
    settings: HubSettings
    reach: Reach

    def outside(self, way: tuple[str | int, ...], written: Any) -> "Iterator[Mistake]":
        """For each path in `written`, one text or several, that cannot be touched."""
        for number, text in enumerate(written if isinstance(written, list) else [written]):
            if isinstance(text, str) and self.reach.excludes(text):
                yield Mistake(
                    way=(*way, number) if isinstance(written, list) else way,
                    message=f"{text!r} is not in the folders that `folders: allow:` lists in"
                    " hub.yaml",
                    value=text,
                )


@dataclass(frozen=True, kw_only=True, slots=True)
class Mistake:
    """Something that an action refers to and that it cannot have; `way` leads to it."""

    way: tuple[str | int, ...]
    message: str
    value: str
    suggestion: str | None = None


class Instruction(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One instruction of an automation: an `Action` or a `Block`."""

    kind: ClassVar[str]

    alias: Annotated[str, Meta(description="What people call this step.")] = ""
    enabled: Annotated[bool, Meta(description="False leaves the step out.")] = True
    continue_on_error: Annotated[
        bool, Meta(description="Whether the next step is carried out if this one fails.")
    ] = False


class Action(Instruction, frozen=True):
    """Does something. A subclass has a tag, its own settings, `begin` if need be, and `finish`."""

    __old_keys__: ClassVar[dict[str, str]] = {"service": "action", "data_template": "data"}

    response_variable: Annotated[
        str | None,
        checked(free_name),
        Meta(description="Name under which later steps see the result."),
    ] = None

    def mistakes(self, known: Known) -> Iterable[Mistake]:
        """What it refers to and cannot have, told at load."""
        return ()

    async def begin(self, step: StepContext) -> Begun:
        """Decide what is to happen. Raises `HubError`."""
        return Begun()

    async def finish(self, step: StepContext) -> Any:
        """See it through; gives the step's result, which is JSON. Raises `HubError`."""
        raise NotImplementedError

    def assigned(self, result: Any) -> dict[str, Any]:
        """The variables that a result sets."""
        return {} if self.response_variable is None else {self.response_variable: result}

    def assigned_by_failure(self, error: str, result: Mapping[str, Any] | None) -> dict[str, Any]:
        """The variables that a failure sets, where the firing goes on after it."""
        return self.assigned({**(result or {}), "error": error})


class Stage(Protocol):
    """What a block works on: one carrying-out of it."""

    event: Event
    means: Means

    @property
    def variables(self) -> dict[str, Any]:
        """What templates see."""

    async def decide(self, ask: Callable[[], Awaitable[Any]], *way: str) -> Any:
        """What `ask` gives (JSON), or what it gave before a restart. `way` tells decisions of one
        block from each other."""

    async def carry_out(
        self,
        actions: "Sequence[Instruction]",
        *way: str,
        variables: Mapping[str, Any] | None = None,
    ) -> None:
        """Carry out a sequence, with further variables."""

    async def carry_out_beside(
        self, actions: "Sequence[Instruction]", *way: str, gives: Collection[str]
    ) -> dict[str, Any]:
        """Carry out a sequence that changes no variables, while others are. Gives those of the
        variables `gives` that it set."""

    def assign(self, values: Mapping[str, Any]) -> None:
        """Set variables that are there after the block."""


class Block(Instruction, frozen=True):
    """Decides which other actions are carried out."""

    async def carry_out(self, stage: Stage) -> None:
        """Raises `HubError`."""
        raise NotImplementedError


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
