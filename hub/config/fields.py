"""What a setting's annotation can say beyond its type.

    patterns: OneOrMany[str] = []
    max_body: ByteCount = 10_000_000
    time_zone: Annotated[str, checked(known_zone)] = "UTC"
    condition: Annotated[Template | Media, rewritten(template_from_text)]

A struct may also declare `__old_keys__: ClassVar[dict[str, str]]`, older spellings of its keys:

    class FolderTrigger(Struct, tag_field="trigger", tag="folder"):
        __old_keys__: ClassVar[dict[str, str]] = {"platform": "trigger"}

and `__absent_keys__`, keys that are found elsewhere, with what there is instead of them.
"""

from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from msgspec import Meta

from hub.config.elements import Element

ONE_OR_MANY = "one_or_many"
BYTE_COUNT = "byte_count"
CHECK = "check"
REWRITE = "rewrite"

T = TypeVar("T")

OneOrMany = Annotated[list[T], Meta(extra={ONE_OR_MANY: True})]
"""A list that a single value may stand for."""

ByteCount = Annotated[int, Meta(extra={BYTE_COUNT: True})]
"""A size in bytes, written `500 MB` or `2 GiB`."""


def checked(check: Callable[[Any], object]) -> Meta:
    """The value must please `check`, which raises `hub.config.scalars.Unfit` with what is expected,
    or a `ValueError` with a sentence that goes on from the key's name."""
    return Meta(extra={CHECK: check})


def rewritten(rewrite: Callable[[Element], Element]) -> Meta:
    """Before it is read, the element is put through `rewrite`, which knows a shorter spelling."""
    return Meta(extra={REWRITE: rewrite})
