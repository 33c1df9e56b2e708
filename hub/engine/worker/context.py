"""What a node may ask of the engine while it runs."""

import hashlib
import time
from collections import Counter
from pathlib import Path
from typing import Any, Protocol

from hub.engine.input_files import InputFiles
from hub.engine.messages import Execute, File, FromWorker, Progress
from hub.engine.worker.dynamic_graph import DynamicGraph
from hub.engine.worker.node_code import RunCancelled
from hub.engine.worker.staging import Staged, Staging
from hub.records.output import OutputFolder

SECONDS_BETWEEN_PROGRESS = 0.02
_LONGEST_PARENT = 80


class Outlet(Protocol):
    """Where messages to the hub go."""

    def tell(self, message: FromWorker) -> None:
        """Send it soon, after all that was told before."""

    def flush(self) -> None:
        """Send all of it now."""


class Attempt:
    """What all nodes of one attempt share. `cancelled` may be set from another thread."""

    def __init__(
        self, order: Execute, staging: Staging, input_files: InputFiles, outlet: Outlet
    ) -> None:
        self.order = order
        self.staging = staging
        self.input_files = input_files
        self.outlet = outlet
        self.cancelled = False
        self.graph = DynamicGraph(order.graph)
        self._prefixes: Counter[str] = Counter()

    def new_prefix(self, node: str) -> str:
        """Another one each time, and the same ones whenever the graph is carried out again.

        A loop expands ever deeper; so a long id stands in it as its hash.
        """
        self._prefixes[node] += 1
        if len(node) > _LONGEST_PARENT:
            digest = hashlib.sha256(node.encode()).hexdigest()[:16]
            return f"{self.graph.get_display_node_id(node)}.{digest}.{self._prefixes[node]}."
        return f"{node}.{self._prefixes[node]}."

    def check_cancelled(self) -> None:
        if self.cancelled:
            raise RunCancelled


class NodeContext:
    """Implements `hub.nodes.api.Context` for one node of one attempt."""

    def __init__(self, attempt: Attempt, node: str) -> None:
        self._attempt = attempt
        self._told_at = 0.0
        self._untold: Progress | None = None
        self._staged: list[Staged] = []
        self.node = node
        self.prompt = attempt.order.graph
        self.extra_pnginfo: dict[str, Any] | None = attempt.order.extra.get("extra_pnginfo")

    def stage(self, *, prefix: str, suffix: str, folder: OutputFolder) -> Staged:
        staged = self._attempt.staging.stage(prefix, suffix, folder)
        self._staged.append(staged)
        return staged

    def input_file(self, name: str) -> Path:
        return self._attempt.input_files.path(name)

    def progress(self, value: float, maximum: float) -> None:
        """At most fifty a second are told; the last is told when the node is done."""
        self._attempt.check_cancelled()
        order = self._attempt.order
        shown = self._attempt.graph.get_display_node_id(self.node)
        self._untold = Progress(order.run, order.attempt, shown, value, maximum)
        now = time.monotonic()
        if now - self._told_at >= SECONDS_BETWEEN_PROGRESS:
            self._told_at = now
            self._tell()

    @property
    def graph(self) -> DynamicGraph:
        """What DYNPROMPT gives."""
        return self._attempt.graph

    def check_cancelled(self) -> None:
        self._attempt.check_cancelled()

    def cancel(self) -> None:
        """Have the run stop at its next chance."""
        self._attempt.cancelled = True

    def new_prefix(self) -> str:
        return self._attempt.new_prefix(self.node)

    def close(self, ui: dict[str, Any] | None) -> tuple[File, ...]:
        """Tell the last progress; gives the files that were written. Raises `OSError`."""
        self._tell()
        return self._attempt.staging.measured(self.node, self._staged, ui)

    def _tell(self) -> None:
        if self._untold:
            self._attempt.outlet.tell(self._untold)
            self._untold = None
