"""An event: one thing a trigger observed."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

MANUAL = "manual"  # the platform, and trigger, of events that somebody asked for
SKIPS_CONDITIONS = "skip_condition"  # a variable of events made by hand
ONLY = "only_step"  # another: the one step that is to be carried out
GIVEN = "given_before"  # another: the variables that steps before that one set at another time
AWAITED_BY = "awaited_by"  # another: the automations that wait for what comes of it, first to last
BY_HAND = (SKIPS_CONDITIONS, ONLY, GIVEN, AWAITED_BY)


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """One thing a trigger observed, as it stands on disk.

    `key` makes it unique for its automation and trigger: the same observation made again (a
    webhook delivered twice, a schedule computed again) is the same event. `variables` is what
    templates see as `trigger`; JSON, where file names may hold surrogate escapes.
    """

    id: str
    automation: str
    trigger: str
    platform: str
    key: str
    observed_at: datetime
    variables: dict[str, Any] = field(default_factory=dict)

    @property
    def subject(self) -> str:
        """What it is about, in a word: names of files, a moment, a run; empty for anything else."""
        match self.platform, self.variables:
            case "folder", {"files": list(files)}:
                return ", ".join(str(file.get("file", "")) for file in files)
            case "folder", {"file": str(name)}:
                return name
            case _, {"scheduled_at": str(moment)}:
                return moment
            case "run_finished", {"run": {"number": int(number)}}:
                return f"#{number}"
        return ""

    @property
    def titles(self) -> dict[str, str]:
        """What files of the input store were called where they came from, by their names in it."""
        files = self.variables.get("files")
        several = list(files.values()) if isinstance(files, dict) else files
        found: dict[str, str] = {}
        for facts in [self.variables, *(several if isinstance(several, list) else [])]:
            match facts:
                case {"input": str(name), "file": str(title)}:
                    found.setdefault(name, title)
                case {"input": str(name), "filename": str(title)}:
                    found.setdefault(name, title)
        return found
