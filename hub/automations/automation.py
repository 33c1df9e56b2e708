"""An automation as it is written: triggers, actions, and how they go together.

Triggers are plugged in in `trigger.py`, conditions and actions in `conditions/condition.py` and
`actions/action.py`.
"""

import re
from datetime import timedelta
from typing import Annotated, Any, ClassVar

import msgspec
from msgspec import Meta

from hub.automations.actions.action import AnyAction
from hub.automations.after import After
from hub.automations.conditions.condition import AnyCondition
from hub.automations.home_assistant import trigger_of_ours, triggers_opened
from hub.automations.mode import Course, Loudness, Mode, course
from hub.automations.retry import Retry
from hub.automations.template_texts import slugify
from hub.automations.trigger import AnyTrigger
from hub.config.fields import OneOrMany, checked, rewritten
from hub.config.names import free_names
from hub.config.retention_settings import OwnRetention
from hub.config.scalars import Unfit

_AT_ONCE = 10  # as in Home Assistant


def plain_name(text: str) -> None:
    """Raises `Unfit` for what cannot be part of an `entity_id`."""
    if not re.fullmatch(r"[a-z0-9_]+", text):
        raise Unfit("a name of small letters, digits and `_`", slugify(text))


class Definition(msgspec.Struct, frozen=True, kw_only=True):
    """What a firing keeps of its automation, so that a later edit does not change it.

    Triggers are not part of it: they may hold secrets, and a firing needs them no more.
    """

    actions: tuple[AnyAction, ...]
    after: After = After()
    priority: int = 0
    retry: Retry | None = None


class Automation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which events run which actions."""

    __old_keys__: ClassVar[dict[str, str]] = {
        "trigger": "triggers",
        "action": "actions",
        "condition": "conditions",
    }
    __absent_keys__: ClassVar[dict[str, str]] = {
        "trace": "all firings are kept as long as `retention` says",
    }

    id: Annotated[
        str,
        Meta(
            description="Unique name, of small letters, digits and `_`; history hangs on it.",
        ),
        checked(plain_name),
    ]
    alias: Annotated[str, Meta(description="What people call it.")] = ""
    description: Annotated[str, Meta(description="What it is for.")] = ""
    initial_state: Annotated[
        bool | None,
        Meta(
            description="Whether it is on when the hub starts; left out, it is as it was last"
            " (at first on)."
        ),
    ] = None
    mode: Annotated[
        Mode,
        Meta(
            description="What becomes of an event that comes while an earlier one is worked on:"
            " `queued` waits its turn, `parallel` starts at once, `restart` stops the earlier one,"
            " `latest` waits in the place of any that waits already, `single` is dropped."
        ),
    ] = Mode.QUEUED
    at_once: Annotated[
        int, Meta(description="With `queued`: how many are worked on at once.", ge=1, le=1000)
    ] = 1
    mode_key: Annotated[
        str,
        Meta(description="A template; the mode counts only events for which it gives the same."),
    ] = ""
    max: Annotated[
        Annotated[int, Meta(ge=1, le=100_000)] | None,
        Meta(
            description="With `parallel`: how many at once (10 if left out). With `queued`: how"
            " many at most wait or are worked on (any number). Events over it are dropped, with a"
            " record of each."
        ),
    ] = None
    max_exceeded: Annotated[
        Loudness, Meta(description="How loudly the log tells of a dropped event, or `silent`.")
    ] = Loudness.WARNING
    debounce: Annotated[
        timedelta,
        Meta(
            description="An event waits until no other came for so long; those that another one"
            " followed sooner are dropped, with a record of each."
        ),
    ] = timedelta()
    throttle: Annotated[
        timedelta,
        Meta(
            description="After an event that was let in, others are dropped for so long, with a"
            " record of each."
        ),
    ] = timedelta()
    disable_after: Annotated[
        int,
        Meta(
            description="Switched off when so many firings in a row failed; 0 never does.",
            ge=0,
            le=100_000,
        ),
    ] = 10
    priority: Annotated[
        int,
        Meta(
            description="Its runs go before those of smaller priority.", ge=-1_000_000, le=1_000_000
        ),
    ] = 0
    retry: Annotated[
        Retry | None, Meta(description="When its runs are tried again, unless a step says its own.")
    ] = None
    variables: Annotated[
        dict[str, Any],
        checked(free_names),
        Meta(description="Values for templates; texts may be templates."),
    ] = {}
    trigger_variables: Annotated[
        dict[str, Any],
        checked(free_names),
        Meta(
            description="The same, worked out when the automation is read, so that the settings of"
            " triggers may be templates that ask for them."
        ),
    ] = {}
    triggers: Annotated[
        OneOrMany[Annotated[AnyTrigger, rewritten(trigger_of_ours)]],
        rewritten(triggers_opened),
        Meta(description="What starts it.", min_length=1),
    ]
    conditions: Annotated[
        OneOrMany[AnyCondition],
        Meta(description="What must hold when the event comes, or nothing is done."),
    ] = []
    actions: Annotated[OneOrMany[AnyAction], Meta(description="What it does.", min_length=1)]
    after: Annotated[
        After, Meta(description="What becomes of a folder trigger's file afterwards.")
    ] = After()

    retention: Annotated[
        OwnRetention,
        Meta(
            description="How long its `firings`, `runs`, `progress` and `outputs` are kept, as in"
            " `hub.yaml`, whose limits of the same kind do not hold for it then."
        ),
    ] = OwnRetention()

    @property
    def name(self) -> str:
        return self.alias or self.id

    @property
    def definition(self) -> Definition:
        return Definition(
            actions=tuple(self.actions),
            after=self.after,
            priority=self.priority,
            retry=self.retry,
        )

    @property
    def limit(self) -> int | None:
        """How many events the mode lets in; None for any number."""
        return _AT_ONCE if self.mode is Mode.PARALLEL and self.max is None else self.max

    def course(self, *, running: int, waiting: int) -> Course:
        """What becomes of an event when so many are worked on, and so many wait."""
        at_once = (self.limit or 1) if self.mode is Mode.PARALLEL else self.at_once
        return course(
            self.mode, at_once=at_once, limit=self.limit, running=running, waiting=waiting
        )

    def __post_init__(self) -> None:
        if self.at_once > 1 and self.mode is not Mode.QUEUED:
            raise ValueError("`at_once` goes with `mode: queued`; with `parallel` write `max`.")
        if self.max is not None and self.mode not in (Mode.QUEUED, Mode.PARALLEL):
            raise ValueError("`max` goes with `mode: queued` or `parallel`.")

    def trigger_id(self, index: int) -> str:
        """The id of a trigger: its own, or its place. Several may have the same."""
        return self.triggers[index].id or str(index)

    def trigger_name(self, index: int) -> str:
        """The name by which a trigger is known on the disk, which no other one has."""
        name = self.trigger_id(index)
        is_taken = any(self.trigger_id(earlier) == name for earlier in range(index))
        return f"{name}#{index}" if is_taken else name
