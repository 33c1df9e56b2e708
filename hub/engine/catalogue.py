"""The catalogue: which kinds of node there are, and which files they may name."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Protocol, Self

import msgspec

from hub.nodes.api import Schema

BUILTIN = Path(__file__).with_name("builtin_catalogue.json")
"""The built-in nodes' schemas, written by `python -m hub.engine.worker.catalogue`."""


class NamedFiles(Protocol):
    """The files that inputs with a `folder` choose from."""

    def list_folder(self, folder: str) -> list[str]:
        """The names in a folder such as `input` or `checkpoints`, as it is now."""

    def folder_has(self, folder: str, name: str) -> bool:
        """Whether `name` may be given there; more than are listed may."""


class Catalogue:
    """Schemas by class: the built-in ones at first, later what the workers reported."""

    def __init__(self, schemas: Iterable[Schema], files: NamedFiles) -> None:
        self.files = files
        self._schemas: dict[str, Schema] = {}
        self.update(schemas)

    @classmethod
    def builtin(cls, files: NamedFiles) -> Self:
        """The catalogue as it is before any worker has started."""
        return cls(builtin_schemas(), files)

    def update(self, schemas: Iterable[Schema]) -> None:
        """Add classes, or replace those that are there."""
        self._schemas.update((schema.class_type, schema) for schema in schemas)

    def get(self, class_type: str) -> Schema | None:
        return self._schemas.get(class_type)

    def __iter__(self) -> Iterator[Schema]:
        return iter(self._schemas.values())


def builtin_schemas() -> tuple[Schema, ...]:
    """Reads the file that is shipped."""
    return msgspec.json.decode(BUILTIN.read_bytes(), type=tuple[Schema, ...])
