"""Writes the table of all settings into the documentation.

    python -m hub.config.reference docs/configuration.md

The table is made from the declarations, and a test holds it up to date.
"""

import sys
from collections.abc import Iterator
from datetime import timedelta
from enum import Enum
from pathlib import Path
from typing import Any

from msgspec import NODEFAULT, Struct
from msgspec.inspect import (
    Field,
    ListType,
    Metadata,
    NoneType,
    StructType,
    Type,
    UnionType,
)

from hub.config.declared import described, fields_of, type_info
from hub.config.fields import BYTE_COUNT
from hub.config.quantities import duration_text
from hub.config.settings import HubSettings

_COMMAND = "python -m hub.config.reference docs/configuration.md"


def with_settings(document: str) -> str:
    """The document with the table of settings made anew."""
    return with_table(document, "settings", _COMMAND, HubSettings)


def with_table(document: str, name: str, command: str, declared: type) -> str:
    """The document with the table between the marks of that name made anew from a declaration.

    The first mark tells by which command.
    """
    begin = f"<!-- {name}: written by {command} -->\n"
    end = f"<!-- end of {name} -->\n"
    before, found, rest = document.partition(begin)
    assert found, f"the document has no line {begin}"
    _, _, after = rest.partition(end)
    return f"{before}{begin}\n{table(declared)}\n{end}{after}"


def table(declared: type) -> str:
    """Every setting of a struct, and of the structs in it, as a Markdown table."""
    lines = [
        "| setting | value | default | what it does |",
        "|---|---|---|---|",
        *_rows("", type_info(declared), None),
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    document = Path(sys.argv[1])
    document.write_text(with_settings(document.read_text("utf-8")), "utf-8")


def _rows(prefix: str, section: Type, defaults: Any) -> Iterator[str]:
    """`defaults` is what the section is when it is left out, if it can be."""
    assert isinstance(section, StructType)
    for name, field in fields_of(section).items():
        default = _default(field) if defaults is None else getattr(defaults, name)
        if isinstance(field.type, StructType):
            section_default = None if default is NODEFAULT else default
            yield from _rows(f"{prefix}{name}.", field.type, section_default)
        else:
            help_text = _help(name, field.type)
            value = _values(field.type)
            yield f"| `{prefix}{name}` | {value} | {_default_text(default)} | {help_text} |"
            for item in _listed(field.type):
                yield from _rows(f"{prefix}{name}[].", item, None)


def _listed(declared: Type) -> Iterator[StructType]:
    """The sections of which a setting may be a list; kinds of things have pages of their own."""
    match declared:
        case Metadata(type=inner):
            yield from _listed(inner)
        case UnionType(types=types):
            for choice in types:
                yield from _listed(choice)
        case ListType(item_type=StructType(tag_field=None) as item):
            yield item


def _help(name: str, declared: Type) -> str:
    assert isinstance(declared, Metadata), f"{name} has no description"
    text: str = (declared.extra_json_schema or {})["description"]
    return text


def _values(declared: Type) -> str:
    inner, marks = declared, {}
    if isinstance(declared, Metadata):
        inner, marks = declared.type, declared.extra or {}
    if isinstance(inner, UnionType):
        choices = [choice for choice in inner.types if not isinstance(choice, NoneType)]
        return " or ".join(map(_values, choices))
    what = "a size" if BYTE_COUNT in marks else described(inner)
    limits = [
        f"{words} {limit}"
        for name, words in (("ge", "at least"), ("gt", "more than"), ("le", "at most"))
        if (limit := getattr(inner, name, None)) is not None
    ]
    return ", ".join([what, *limits])


def _default(field: Field) -> Any:
    return field.default if field.default_factory is NODEFAULT else field.default_factory()


def _default_text(default: Any) -> str:
    match default:
        case _ if default is NODEFAULT:
            return "*needed*"
        case None | [] | "" | Struct():
            return ""
        case dict() if not default:
            return ""
        case bool():
            return f"`{str(default).lower()}`"
        case Enum():
            return f"`{default.value}`"
        case timedelta():
            return f"`{duration_text(default)}`"
        case list():
            return ", ".join(map(_default_text, default))
    return f"`{default}`"


if __name__ == "__main__":
    main()
