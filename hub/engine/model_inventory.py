"""Which model files there are, and which ones graphs name that are not there."""

import os
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from hub.config.model_folders import PACKS, ModelFolder
from hub.engine.catalogue import Catalogue
from hub.engine.findings import find_faults
from hub.engine.folder_files import FolderFiles

_NO_MODELS = {PACKS, "configs"}


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelFile:
    """A file of models by its name below the folders of its kind; `size` in bytes."""

    name: str
    size: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelKind:
    """The files of one kind, and the folders that they are looked for in."""

    kind: str
    folders: tuple[str, ...]
    files: tuple[ModelFile, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class MissingModel:
    """A file that a node of a graph names, and the folder into which it belongs. `suggestion` is a
    file that has nearly this name."""

    node: str
    class_type: str
    kind: str
    name: str
    folder: str | None
    suggestion: str | None = None


def model_kinds(files: FolderFiles) -> list[ModelKind]:
    """All kinds that there are, those without files too. Looks at the disk."""
    return [
        ModelKind(
            kind=kind,
            folders=folder.folders,
            files=tuple(_sized(folder, files.model_names(kind))),
        )
        for kind, folder in files.kinds.items()
        if kind not in _NO_MODELS
    ]


def missing_models(
    graph: dict[str, Any],
    catalogue: Catalogue,
    files: FolderFiles,
    given: Collection[tuple[str, str]] = (),
) -> list[MissingModel]:
    """Those that keep a graph from being carried out, of which runs are `given` some inputs. Looks
    at the disk."""
    return [
        MissingModel(
            node=finding.node,
            class_type=finding.class_type or "",
            kind=finding.folder,
            name=graph[finding.node]["inputs"][finding.input],
            folder=next(iter(files.kinds[finding.folder].folders), None),
            suggestion=finding.suggestion,
        )
        for finding in find_faults(graph, catalogue, given).findings
        if finding.type == "missing_file" and finding.folder in files.kinds and finding.node
    ]


def _sized(folder: ModelFolder, names: list[str]) -> Iterator[ModelFile]:
    """One that goes meanwhile is left out."""
    for name in names:
        path = folder.find(name)
        if path is not None:
            try:
                yield ModelFile(name=name, size=os.stat(path).st_size)  # noqa: PTH116 - of thousands
            except OSError:
                continue
