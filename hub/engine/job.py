"""What the engine is given and whom it tells: jobs in, reports out.

The engine knows neither the database nor the web: it takes `Job`s and calls a `Sink`, which
`hub.runs` provides.
"""

from typing import Any, Protocol

import msgspec

from hub.engine.messages import NodeDone, PackMessage, PackPrompt, Preview, Progress
from hub.records.run import RunError

DEATHS_ALLOWED = 2  # workers that a run may take down, alone in them, before it is given up


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """A run as the engine sees it. `attempt` counts the attempts that were begun before."""

    run: str
    number: int
    graph: dict[str, Any]
    targets: tuple[str, ...]
    extra: dict[str, Any] = {}
    priority: int = 0
    position: float = 0.0
    attempt: int = 0
    deaths: int = 0
    suspect: bool = False
    fresh: tuple[str, ...] = ()


class Sink(Protocol):
    """Who is told what becomes of jobs. Reports of one attempt come in order."""

    def starting(self, run: str, attempt: int) -> None:
        """A worker is about to be handed the attempt."""

    def begun(self, run: str, attempt: int, cached: tuple[str, ...]) -> None:
        """The worker has begun; `cached` nodes need not be carried out."""

    def node_started(self, run: str, attempt: int, node: str) -> None: ...

    def progressed(self, progress: Progress) -> None: ...

    def previewed(self, preview: Preview) -> None: ...

    def node_done(self, done: NodeDone) -> None: ...

    def done(self, run: str, attempt: int) -> None:
        """The worker is finished with it; publication is the sink's affair."""

    def failed(self, run: str, attempt: int, error: RunError) -> None:
        """It ended with an error and will not be tried again by the engine."""

    def cancelled(self, run: str, attempt: int, node: str | None) -> None:
        """It was stopped; `node` is the one that began last of those under way."""

    def pack_spoke(self, message: PackMessage) -> None:
        """A node pack has something to say to clients; with no run in particular."""

    def pack_posted(self, prompt: PackPrompt) -> None:
        """A node pack wants a graph carried out."""

    def interrupted(self, run: str, attempt: int, deaths: int, suspect: bool) -> None:
        """Its worker died; the engine has queued it again, with these marks."""
