"""What can be set of every trigger, whatever its kind."""

from pathlib import Path
from typing import Annotated, Any, ClassVar

import msgspec
from msgspec import Meta

from hub.config.fields import checked
from hub.config.folders import Folders
from hub.config.names import free_names


class TriggerSettings(msgspec.Struct, frozen=True, kw_only=True):
    """A kind adds its own settings, and how it watches."""

    __old_keys__: ClassVar[dict[str, str]] = {"platform": "trigger"}

    id: Annotated[str | None, Meta(description="Name of this trigger in the automation.")] = None
    alias: Annotated[str | None, Meta(description="What people call this trigger.")] = None
    enabled: Annotated[bool, Meta(description="Whether it watches at all.")] = True
    variables: Annotated[
        dict[str, Any],
        checked(free_names),
        Meta(description="Variables for conditions and actions; templates."),
    ] = {}

    def explain(self, path: Path, folders: Folders) -> str | None:
        """Why it would never look at `path`; None if it would, or watches no files."""
        return None
