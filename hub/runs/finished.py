"""A run whose attempt is done: what its nodes made, and what that becomes."""

import os
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from hub.config.folders import Folders
from hub.engine.messages import File, NodeDone
from hub.records.output import Output
from hub.records.placement import Placement
from hub.records.run import Run, RunNode
from hub.storage.placements import Wanted


@dataclass(eq=False, slots=True)
class Finished:
    """An attempt's harvest.

    `placements` are the final names of files it wrote, `shared` the outputs of earlier runs that
    its cached nodes refer to; both by staged name. `over` means that the run has ended on disk.
    """

    run: Run
    nodes: list[NodeDone]
    placements: dict[str, Placement] = field(default_factory=dict)
    shared: dict[str, Output] = field(default_factory=dict)
    over: bool = False

    @property
    def own_files(self) -> list[File]:
        return [file for node in self.nodes for file in node.files if file.run == self.run.id]

    @property
    def borrowed_files(self) -> list[File]:
        return [file for node in self.nodes for file in node.files if file.run != self.run.id]

    def wanted(self, folders: Folders) -> list[Wanted]:
        """The files to be put under final names."""
        return [self._wanted(folders, file) for file in self.own_files]

    def take(self, placements: dict[tuple[str, str], Placement]) -> None:
        """Note the final names among `placements`, which are keyed by owner and slot."""
        for file in self.own_files:
            self.placements[file.staged] = placements[self.run.id, slot(file)]

    def outputs(self, created_at: datetime) -> list[Output]:
        """What is recorded of each file. The database gives the ids."""
        own = [self._own_output(file, created_at) for file in self.own_files]
        return own + [self._shared_output(file, created_at) for file in self.borrowed_files]

    def run_nodes(self, folders: Folders) -> list[RunNode]:
        """What is recorded of each node."""
        return [run_node(self.run, node, self._final_ui(node, folders)) for node in self.nodes]

    def with_files(self, recorded: list[RunNode]) -> list[RunNode]:
        """Those that made files, or were lent some, of what `run_nodes` gave."""
        return [kept for kept, node in zip(recorded, self.nodes, strict=True) if node.files]

    def _final_ui(self, node: NodeDone, folders: Folders) -> dict[str, Any] | None:
        """What the node shows, with final file names instead of staged ones."""
        if node.ui is None or not node.files:
            return node.ui
        items = {file.staged: self._item(file, folders) for file in node.files}
        return {
            key: [_renamed(entry, items) for entry in entries] for key, entries in node.ui.items()
        }

    def _wanted(self, folders: Folders, file: File) -> Wanted:
        prefix = PurePosixPath(file.prefix)
        return Wanted(
            owner=self.run.id,
            slot=slot(file),
            source=folders.staging / file.staged,
            folder=folders.root(file.folder) / prefix.parent,
            stem=prefix.name,
            suffix=file.suffix,
            sha256=file.sha256,
            size=file.size,
            counted=file.counted,
        )

    def _own_output(self, file: File, created_at: datetime) -> Output:
        return Output(
            id=0,
            run=self.run.id,
            node=file.node,
            index=file.index,
            kind=file.kind,
            folder=file.folder,
            path=self.placements[file.staged].path,
            sha256=file.sha256,
            size=file.size,
            width=file.width,
            height=file.height,
            created_at=created_at,
        )

    def _shared_output(self, file: File, created_at: datetime) -> Output:
        first = self.shared[file.staged]
        node = next(node.node for node in self.nodes if file in node.files)
        return Output(
            id=0,
            run=self.run.id,
            node=node,
            index=file.index,
            kind=file.kind,
            folder=first.folder,
            path=first.path,
            sha256=first.sha256,
            size=first.size,
            width=first.width,
            height=first.height,
            created_at=created_at,
            shared_from=first.shared_from or first.id,
        )

    def _item(self, file: File, folders: Folders) -> dict[str, str]:
        path = os.fspath(self._final_path(file))
        relative = path.removeprefix(f"{folders.root(file.folder)}{os.sep}")
        subfolder, _, name = relative.rpartition(os.sep)
        return {"filename": name, "subfolder": subfolder, "type": file.folder.value}

    def _final_path(self, file: File) -> Path:
        placement = self.placements.get(file.staged)
        return placement.path if placement else self.shared[file.staged].path


def slot(file: File) -> str:
    """What a file is for, within its run."""
    return f"{file.node}/{file.index}"


def run_node(run: Run, done: NodeDone, ui: dict[str, Any] | None) -> RunNode:
    """What is kept of a node's report."""
    return RunNode(
        run=run.id,
        node=done.node,
        class_type=done.class_type or run.graph.get(done.node, {}).get("class_type", ""),
        cached=done.cached,
        seconds=done.seconds,
        ui=ui,
        display=done.display,
        blocked=done.blocked,
    )


def _renamed(entry: Any, items: dict[str, dict[str, str]]) -> Any:
    if isinstance(entry, dict) and entry.get("filename") in items:
        return entry | items[entry["filename"]]
    return entry
