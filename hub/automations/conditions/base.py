"""What a condition is: settings that know how to judge an event, and to say with which values."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Protocol
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta

from hub.automations.templates import Templates
from hub.clock import Clock
from hub.records.event import Event


class HubFacts(Protocol):
    """What conditions ask about the hub itself."""

    def queue_length(self) -> int:
        """How many runs wait for a worker."""

    def free_disk(self) -> int:
        """Bytes that are free on the data disk."""

    def free_device_memory(self) -> int | None:
        """Bytes that are free on the device with the most of it, as the workers told last; None
        before any has."""

    def has_model(self, folder: str, name: str) -> bool:
        """Whether a folder of models, such as `checkpoints`, holds that file."""

    def automation_state(self, automation: str) -> str | None:
        """`on`, `off` or `unavailable`; None if there is no such automation."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Situation:
    """What a condition judges by. `variables` is what templates see."""

    event: Event
    variables: Mapping[str, Any]
    templates: Templates
    clock: Clock
    zone: ZoneInfo
    hub: HubFacts


@dataclass(frozen=True, kw_only=True, slots=True)
class Ruling:
    """Whether a condition holds, and with which values: `the width is 9, at most 8 wanted`."""

    holds: bool
    details: str


class Condition(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A kind of condition; a subclass has a tag, its own settings, and `judge`."""

    kind: ClassVar[str]

    alias: Annotated[str, Meta(description="What people call this condition.")] = ""
    enabled: Annotated[bool, Meta(description="False leaves the condition out.")] = True

    @property
    def name(self) -> str:
        """What messages call it."""
        return self.alias or self.kind

    async def judge(self, situation: Situation) -> Ruling:
        """Raises `HubError` where the question makes no sense, which counts as no."""
        raise NotImplementedError
