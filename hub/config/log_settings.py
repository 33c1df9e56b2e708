"""The `log:` section of hub.yaml."""

from typing import Annotated

import msgspec
from msgspec import Meta

from hub.log import LogFormat


class LogSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the hub tells what it does, on its standard error."""

    format: Annotated[
        LogFormat,
        Meta(description="`text` for people, or `json`: an object a line, for programs."),
    ] = LogFormat.TEXT
