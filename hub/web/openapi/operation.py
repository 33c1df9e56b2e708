"""What a route takes and gives, beyond what its path and its handler's docstring say."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

BYTES = "application/octet-stream"
EVENTS = "text/event-stream"
JSON = "application/json"


@dataclass(frozen=True, kw_only=True, slots=True)
class Content:
    """A body: of `type` as JSON, an object of these `fields`, or bytes of the `media` type."""

    type: Any = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    media: str = JSON


def fields(**types: Any) -> Content:
    """An object with just these fields."""
    return Content(fields=types)


def json(of: Any = Any) -> Content:
    return Content(type=of)


def file(media: str = BYTES) -> Content:
    return Content(media=media)


@dataclass(frozen=True, kw_only=True, slots=True)
class Operation:
    """What a route takes behind the question mark (types by name), in headers and as body, and its
    answers by status. `summary` stands in for a docstring that says nothing."""

    summary: str = ""
    query: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, Any] = field(default_factory=dict)
    body: tuple[Content, ...] = ()
    body_is_required: bool = False
    answers: Mapping[int, tuple[Content, ...]] = field(default_factory=lambda: {200: (json(),)})


Operations = Mapping[str, Operation]
"""By method and path, as `GET /healthz`."""
