"""The rendering that is under way: all that a template's result depends on.

The same rendering gives the same result: the time comes from the hub's clock, and chance from a
generator seeded with the time and the template.
"""

from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import nodes


@dataclass(frozen=True, kw_only=True, slots=True)
class Rendering:
    """One template with its variables, at a moment (aware) in the hub's time zone."""

    source: str
    tree: nodes.Template
    variables: Mapping[str, Any]
    now: datetime
    zone: ZoneInfo
    chance: Random = field(init=False)

    def __post_init__(self) -> None:
        seed = f"{self.now.isoformat()} {self.source}"
        object.__setattr__(self, "chance", Random(seed))  # noqa: S311 - chooses, guards nothing


current_rendering: ContextVar[Rendering] = ContextVar("current_rendering")
