"""A delivery: something that is posted to an address elsewhere, until it gets there."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class DeliveryState(StrEnum):
    """How far a delivery is. The last two are ends; a dead one can be requeued by hand."""

    PENDING = "pending"
    DELIVERED = "delivered"
    DEAD = "dead"

    @property
    def ended(self) -> bool:
        return self is not DeliveryState.PENDING


@dataclass(frozen=True, kw_only=True, slots=True)
class Attachment:
    """A file that goes with a delivery, as the field `name` of its form."""

    name: str
    path: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivery:
    """Something that is posted to an address elsewhere.

    `content` is one of `{"json": …}`, `{"form": {…}}`, `{"text": …}`, `{"file": path}` and `{}`.
    `secret` is the name of what signs it, never the secret itself. The next attempt is at `due_at`;
    `backoff` and `timeout` are in seconds. `status`, `reason` and `answer` are of the last attempt.
    """

    id: str
    url: str
    created_at: datetime
    due_at: datetime
    firing: str | None = None
    step: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    content: dict[str, Any] = field(default_factory=dict)
    attachments: tuple[Attachment, ...] = ()
    secret: str | None = None
    state: DeliveryState = DeliveryState.PENDING
    attempts: int = 0
    most_attempts: int = 8
    backoff: float = 10.0
    timeout: float = 30.0
    ended_at: datetime | None = None
    status: int | None = None
    reason: str | None = None
    answer: Any = None
