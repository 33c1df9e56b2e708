"""Whether an automation is on, as it was last switched."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class AutomationState:
    """On or off since `changed_at`, and why."""

    automation: str
    enabled: bool
    reason: str
    changed_at: datetime
