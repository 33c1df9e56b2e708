"""The catalogue: which kinds of node there are, which workers have them, which files they may name.

Built-in classes are the same in every worker. Of other classes each worker tells which it has; a
class that several have under one name is that of the first of them, the primary worker before all
others, and only those that have it from the same module count as having it.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol, Self

import msgspec

from hub.nodes.api import Schema
from hub.nodes.schema import INPUT_FOLDERS

BUILTIN = Path(__file__).with_name("builtin_catalogue.json")
"""The built-in nodes' schemas, written by `python -m hub.engine.worker.catalogue`."""
_NO_MODELS = (None, "input", INPUT_FOLDERS)

Classes = frozenset[str]


class NamedFiles(Protocol):
    """The files that inputs with a `folder` choose from."""

    def list_folder(self, folder: str) -> list[str]:
        """The names in a folder such as `input` or `checkpoints`, as it is now."""

    def folder_has(self, folder: str, name: str) -> bool:
        """Whether `name` may be given there; more than are listed may."""

    def path_of(self, folder: str) -> str | None:
        """Where a file for it is to be put, if that is known."""


class Catalogue:
    """Schemas by class: the built-in ones at first, later also what the workers reported.

    State: `_everywhere` has the classes that need no report; `_reports` what each of the `workers`
    told last, in their order, None until it has; `_schemas` all of it together; `_rooted` the
    modules that answer requests too, and so belong into one process; `_having` the answers of
    `workers_with` since the last report; `_choose_models` the classes that choose model files.
    """

    def __init__(
        self, schemas: Iterable[Schema], files: NamedFiles, workers: Iterable[str] = ()
    ) -> None:
        self.files = files
        self._everywhere: dict[str, Schema] = {}
        self._reports: dict[str, dict[str, Schema] | None] = dict.fromkeys(workers)
        self._schemas: dict[str, Schema] = {}
        self._rooted: frozenset[str] = frozenset()
        self._having: dict[Classes, frozenset[str]] = {}
        self._choose_models: frozenset[str] = frozenset()
        self.update(schemas)

    @classmethod
    def builtin(cls, files: NamedFiles) -> Self:
        """The catalogue as it is before any worker has started."""
        return cls(builtin_schemas(), files)

    def update(self, schemas: Iterable[Schema]) -> None:
        """Add classes that every worker has."""
        self._everywhere.update((schema.class_type, schema) for schema in schemas)
        self._join()

    def report(
        self, worker: str, schemas: Iterable[Schema], rooted: frozenset[str] = frozenset()
    ) -> bool:
        """All classes that a worker has now; whether that is news. Those of `rooted` modules count
        as being in the first worker only."""
        report = {schema.class_type: schema for schema in schemas}
        self._rooted |= rooted
        if report == self._reports[worker]:
            return False
        self._reports[worker] = report
        self._join()
        return True

    def get(self, class_type: str) -> Schema | None:
        return self._schemas.get(class_type)

    def names_models(self, graph: Mapping[str, Any]) -> bool:
        """Whether a graph has nodes that choose among files of models."""
        return any(
            isinstance(node, dict) and str(node.get("class_type")) in self._choose_models
            for node in graph.values()
        )

    def is_everywhere(self, class_type: str) -> bool:
        """Whether every worker has the class."""
        return class_type in self._everywhere

    def workers_with(self, classes: Classes) -> frozenset[str]:
        """The workers that have all these classes, as far as they have told."""
        if classes not in self._having:
            self._having[classes] = frozenset(
                worker
                for worker in self._reports
                if all(self._has(worker, class_type) for class_type in classes)
            )
        return self._having[classes]

    def is_homeless(self, classes: Classes) -> bool:
        """Whether no worker has all these classes, which is certain once every one has told."""
        return bool(classes) and not self.workers_with(classes) and not self.silent

    @property
    def silent(self) -> frozenset[str]:
        """The workers that have not told yet which classes they have."""
        return frozenset(worker for worker, report in self._reports.items() if report is None)

    def __iter__(self) -> Iterator[Schema]:
        return iter(self._schemas.values())

    def _has(self, worker: str, class_type: str) -> bool:
        if class_type in self._everywhere:
            return True
        known = self._schemas.get(class_type)
        having = [
            name
            for name, report in self._reports.items()
            if known
            and (schema := (report or {}).get(class_type))
            and schema.module == known.module
        ]
        if known and known.module in self._rooted:
            having = having[:1]
        return worker in having

    def _join(self) -> None:
        self._schemas = dict(self._everywhere)
        for report in self._reports.values():
            for class_type, schema in (report or {}).items():
                self._schemas.setdefault(class_type, schema)
        self._having.clear()
        self._choose_models = frozenset(
            class_type
            for class_type, schema in self._schemas.items()
            if any(item.folder not in _NO_MODELS for item in schema.inputs)
        )


def builtin_schemas() -> tuple[Schema, ...]:
    """Reads the file that is shipped."""
    return msgspec.json.decode(BUILTIN.read_bytes(), type=tuple[Schema, ...])
