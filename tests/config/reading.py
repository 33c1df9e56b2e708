"""Writing files and reading them back, and the types that the tests read."""

from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from msgspec import Struct

from hub.config.documents import Documents
from hub.config.elements import Element
from hub.config.fields import OneOrMany
from hub.config.problems import Problems
from hub.config.reader import Reader

T = TypeVar("T")


class Mode(StrEnum):
    SINGLE = "single"
    QUEUED = "queued"


class FolderWatch(Struct, tag_field="trigger", tag="folder", kw_only=True, frozen=True):
    __old_keys__: ClassVar[dict[str, str]] = {"platform": "trigger"}

    path: str
    patterns: OneOrMany[str] = []
    settle: timedelta = timedelta(seconds=2)


class Schedule(Struct, tag_field="trigger", tag="schedule", kw_only=True, frozen=True):
    __old_keys__: ClassVar[dict[str, str]] = {"platform": "trigger"}

    cron: str


class Rule(Struct, kw_only=True, frozen=True):
    """What an automation looks like, in small."""

    __old_keys__: ClassVar[dict[str, str]] = {"trigger": "triggers"}

    id: str
    mode: Mode = Mode.QUEUED
    variables: dict[str, Any] = {}
    triggers: OneOrMany[FolderWatch | Schedule] = []


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def load(folder: Path, text: str, **others: str) -> Element:
    """The elements of a file with this text, `main.yaml`."""
    write(folder, {"main.yaml": text, **others})
    return Documents(folder).load(folder / "main.yaml")


def read(folder: Path, text: str, wanted: type[T]) -> T:
    """The value of a text without mistakes."""
    problems = Problems()
    value = Reader(problems).read(load(folder, text), wanted)
    problems.refuse()
    assert value is not None
    return value


def mistakes(folder: Path, text: str, wanted: Any) -> list[str]:
    """The mistakes that are found in a text."""
    problems = Problems()
    assert Reader(problems).read(load(folder, text), wanted) is None
    return [str(problem) for problem in problems.in_order()]
