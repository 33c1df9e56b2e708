"""The rendering that is under way: all that a template's result depends on.

The same rendering gives the same result: the time comes from the hub's clock, and chance from a
generator seeded with the time and the template.
"""

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import nodes


@dataclass(frozen=True, kw_only=True)
class Rendering:
    """One template with its variables, at a moment (aware) in the hub's time zone.

    `facts` are those that were found out for it, by the keys of `template_facts`."""

    source: str
    tree: Callable[[], nodes.Template]
    variables: Mapping[str, Any]
    now: datetime
    zone: ZoneInfo
    facts: Mapping[str, dict[str, Any]] = field(default_factory=dict)

    @cached_property
    def chance(self) -> Random:
        """Seeded when it is first asked for, which few templates do."""
        return Random(f"{self.now.isoformat()} {self.source}")  # noqa: S311 - guards nothing


current_rendering: ContextVar[Rendering] = ContextVar("current_rendering")
