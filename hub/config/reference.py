"""Writes the table of all settings into the documentation.

    python -m hub.config.reference docs/configuration.md

The table is made from the declarations, and a test holds it up to date.
"""

import sys
from collections.abc import Iterator
from enum import Enum
from pathlib import Path

from msgspec import NODEFAULT
from msgspec.inspect import Field, Metadata, StructType, Type

from hub.config.declared import described, fields_of, type_info
from hub.config.fields import BYTE_COUNT
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
    lines = [
        "| setting | value | default | what it does |",
        "|---|---|---|---|",
        *_rows("", type_info(HubSettings)),
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    document = Path(sys.argv[1])
    document.write_text(with_settings(document.read_text("utf-8")), "utf-8")


def _rows(prefix: str, section: Type) -> Iterator[str]:
    assert isinstance(section, StructType)
    for name, field in fields_of(section).items():
        if isinstance(field.type, StructType):
            yield from _rows(f"{prefix}{name}.", field.type)
        else:
            assert isinstance(field.type, Metadata), f"{name} has no description"
            help_text = (field.type.extra_json_schema or {})["description"]
            value = _values(field.type)
            yield f"| `{prefix}{name}` | {value} | {_default(field)} | {help_text} |"


def _values(declared: Type) -> str:
    inner, marks = declared, {}
    if isinstance(declared, Metadata):
        inner, marks = declared.type, declared.extra or {}
    what = "a size" if BYTE_COUNT in marks else described(inner)
    limits = [
        f"{words} {limit}"
        for name, words in (("ge", "at least"), ("gt", "more than"), ("le", "at most"))
        if (limit := getattr(inner, name, None)) is not None
    ]
    return ", ".join([what, *limits])


def _default(field: Field) -> str:
    default = field.default_factory() if field.default is NODEFAULT else field.default
    if default in (None, []):
        return ""
    return f"`{default.value if isinstance(default, Enum) else default}`"


if __name__ == "__main__":
    main()
