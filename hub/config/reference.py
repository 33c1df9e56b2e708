"""Writes the table of all settings into the documentation.

    python -m hub.config.reference docs/configuration.md

The table is made from the declarations, and a test holds it up to date.
"""

import sys
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Any

from msgspec import NODEFAULT
from msgspec.inspect import Field, Metadata, StructType, Type

from hub.config.declared import described_union, fields_of, type_info
from hub.config.settings import HubSettings

_BEGIN = "<!-- settings: written by python -m hub.config.reference -->\n"
_END = "<!-- end of settings -->\n"


def with_settings(document: str) -> str:
    """The document with the table between its two marks made anew."""
    before, _, rest = document.partition(_BEGIN)
    _, _, after = rest.partition(_END)
    return f"{before}{_BEGIN}\n{settings_table()}\n{_END}{after}"


def settings_table() -> str:
    """Every setting of hub.yaml as a Markdown table."""
    lines = ["| setting | value | default | |", "|---|---|---|---|", *_rows("", HubSettings)]
    return "\n".join(lines) + "\n"
