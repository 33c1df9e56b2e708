"""How a worker ended, and what is told of it in a run that it took along."""

import signal
from dataclasses import dataclass
from typing import Any

from hub.engine.messages import DESCRIPTORS_CLOSED
from hub.records.run import ErrorKind, RunError


@dataclass(frozen=True, kw_only=True, slots=True)
class Overgrowth:
    """A worker had more memory than it may have, in bytes, and was ended for it."""

    reached: int
    limit: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Death:
    """`last_lines` are what the worker wrote before, and `last_error` the one line of it that tells
    most; `garbled` says what it told was unreadable."""

    exit_code: int
    last_lines: tuple[str, ...] = ()
    last_error: str = ""
    overgrowth: Overgrowth | None = None
    garbled: bool = False

    def error(self, graph: dict[str, Any], node: str | None, deaths: int) -> RunError:
        """Of a run that was in `node` when its worker died, the last of so many times."""
        class_type = graph[node]["class_type"] if node in graph else None
        where = f"node {node} ({class_type})" if class_type else "this run"
        too_large = self.overgrowth is not None
        return RunError(
            kind=ErrorKind.OUT_OF_MEMORY if too_large else ErrorKind.WORKER_DIED,
            message=self._too_large(where) if self.overgrowth else self._died(where, deaths),
            exception_type="MemoryLimitExceeded" if too_large else "WorkerDied",
            node=node,
            node_type=class_type,
            traceback=tuple(f"{line}\n" for line in self.last_lines),
        )

    def _too_large(self, where: str) -> str:
        assert self.overgrowth is not None
        reached, limit = (_gibibytes(n) for n in (self.overgrowth.reached, self.overgrowth.limit))
        return (
            f"The worker was ended because it had {reached} of memory while it carried out {where};"
            f" {limit} are allowed (`engine.memory_limit` in hub.yaml). Have this run do less at"
            " once, such as smaller or fewer pictures, or raise the limit."
        )

    def _died(self, where: str, deaths: int) -> str:
        return (
            f"The worker died {deaths} times while it carried out this run alone, the last time in"
            f" {where}: {self._how()}. The run is not tried again by itself."
        )

    def _how(self) -> str:
        """With what to do about it."""
        if self.garbled:
            return (
                "it told what the hub cannot read, such as a text in place of a number. Report it"
                " to whoever made the node"
            )
        if self.exit_code == -signal.SIGKILL:
            return (
                "something killed it (SIGKILL), as the system does when memory runs out. Look at"
                " the memory that the run needs"
            )
        if self.exit_code < 0:
            name = signal.Signals(-self.exit_code).name
            return (
                f"it crashed ({name}), which code outside of Python does, such as a library or a"
                " driver. Change the inputs of the node, or update what brings it"
            )
        if self.exit_code == DESCRIPTORS_CLOSED:
            return (
                "the node closed files or connections that are not its own, among them the one to"
                " the hub. Report it to whoever made the node"
            )
        return (
            f"it ended itself with exit code {self.exit_code}, which a node must not do. Report it"
            " to whoever made the node"
        )


def _gibibytes(count: int) -> str:
    return f"{count / 2**30:.2f} GiB" if count >= 1 << 30 else f"{count / 2**20:.0f} MiB"
