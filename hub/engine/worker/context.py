"""What a node may ask of the engine while it runs."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hub.engine.input_files import InputFiles
from hub.engine.messages import Execute, FromWorker, Progress
from hub.engine.worker.node_code import RunCancelled
from hub.engine.worker.staging import Staged, Staging
from hub.records.output import OutputFolder

SECONDS_BETWEEN_PROGRESS = 0.02


class Attempt:
    """What all nodes of one attempt share. `cancelled` is set from another thread."""

    def __init__(
        self,
        order: Execute,
        staging: Staging,
        input_files: InputFiles,
        tell: Callable[[FromWorker], None],
    ) -> None:
        self.order = order
        self.staging = staging
        self.input_files = input_files
        self.tell = tell
        self.cancelled = False

    def check_cancelled(self) -> None:
        if self.cancelled:
            raise RunCancelled


class NodeContext:
    """Implements `hub.nodes.api.Context` for one node of one attempt."""

    def __init__(self, attempt: Attempt, node: str) -> None:
        self._attempt = attempt
        self._told_at = 0.0
        self.node = node
        self.prompt = attempt.order.graph
        self.extra_pnginfo: dict[str, Any] | None = attempt.order.extra.get("extra_pnginfo")

    def stage(self, *, prefix: str, suffix: str, folder: OutputFolder) -> Staged:
        return self._attempt.staging.stage(self.node, prefix=prefix, suffix=suffix, folder=folder)

    def input_file(self, name: str) -> Path:
        return self._attempt.input_files.path(name)

    def progress(self, value: float, maximum: float) -> None:
        """At most fifty a second are told, and always the last."""
        self._attempt.check_cancelled()
        now = time.monotonic()
        if now - self._told_at < SECONDS_BETWEEN_PROGRESS and value < maximum:
            return
        self._told_at = now
        order = self._attempt.order
        self._attempt.tell(
            Progress(
                run=order.run, attempt=order.attempt, node=self.node, value=value, maximum=maximum
            )
        )

    def check_cancelled(self) -> None:
        self._attempt.check_cancelled()
