"""An automation as it is written: triggers, actions, and how they go together.

The two tuples of kinds below are the places where a trigger or an action is plugged in.
"""

from enum import StrEnum
from typing import Annotated, Any, ClassVar

import msgspec
from msgspec import Meta

from hub.automations.actions.output_find import OutputFind
from hub.automations.actions.output_save import OutputSave
from hub.automations.actions.workflow_run import WorkflowRun
from hub.automations.after import After
from hub.triggers.folder import FolderTrigger
from hub.triggers.schedule import ScheduleTrigger
from hub.triggers.webhook import WebhookTrigger

AnyTrigger = FolderTrigger | ScheduleTrigger | WebhookTrigger
AnyAction = WorkflowRun | OutputSave | OutputFind


class Mode(StrEnum):
    """What happens to an event that comes while an earlier one is being worked on."""

    SINGLE = "single"
    QUEUED = "queued"
    PARALLEL = "parallel"


class Definition(msgspec.Struct, frozen=True, kw_only=True):
    """What a firing keeps of its automation, so that a later edit does not change it.

    Triggers are not part of it: they may hold secrets, and a firing needs them no more.
    """

    actions: tuple[AnyAction, ...]
    variables: dict[str, Any] = {}
    after: After = After()
    priority: int = 0


class Automation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which events run which actions."""

    __old_keys__: ClassVar[dict[str, str]] = {
        "trigger": "triggers",
        "action": "actions",
        "condition": "conditions",
    }

    id: Annotated[
        str,
        Meta(
            description="Unique name; history hangs on it.",
            pattern=r"^[a-z0-9_]+$",
            min_length=1,
        ),
    ]
    alias: Annotated[str, Meta(description="What people call it.")] = ""
    description: Annotated[str, Meta(description="What it is for.")] = ""
    initial_state: Annotated[bool, Meta(description="False starts with it switched off.")] = True
    mode: Annotated[
        Mode,
        Meta(
            description="`queued` works on one event after the other, `parallel` on up to `max` at "
            "once, `single` drops events that come while it is busy, with a record of each."
        ),
    ] = Mode.QUEUED
    max: Annotated[int, Meta(description="With `parallel`: how many at once.", ge=1, le=1000)] = 4
    priority: Annotated[int, Meta(description="Its runs go before those of smaller priority.")] = 0
    variables: Annotated[
        dict[str, Any], Meta(description="Values for templates; texts may be templates.")
    ] = {}
    triggers: Annotated[list[AnyTrigger], Meta(description="What starts it.", min_length=1)]
    actions: Annotated[list[AnyAction], Meta(description="What it does.", min_length=1)]
    after: Annotated[
        After, Meta(description="What becomes of a folder trigger's file afterwards.")
    ] = After()

    @property
    def name(self) -> str:
        return self.alias or self.id

    @property
    def definition(self) -> Definition:
        return Definition(
            actions=tuple(self.actions),
            variables=self.variables,
            after=self.after,
            priority=self.priority,
        )

    def trigger_id(self, index: int) -> str:
        """The id of a trigger: its own, or its place."""
        return self.triggers[index].id or str(index)
