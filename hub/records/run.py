"""A run: one workflow carried out by the engine."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec


class RunState(StrEnum):
    """How far a run is. The last three are ends."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def ended(self) -> bool:
        return self not in (RunState.QUEUED, RunState.RUNNING)


class Origin(StrEnum):
    """Who asked for a run."""

    AUTOMATION = "automation"
    API = "api"
    PROMPT = "prompt"


class ErrorKind(StrEnum):
    """Classes of failure that a retry may name."""

    NODE_FAILED = "node_failed"
    OUT_OF_MEMORY = "out_of_memory"
    WORKER_DIED = "worker_died"
    TIMED_OUT = "timed_out"
    GRAPH_REFUSED = "graph_refused"
    PUBLICATION_FAILED = "publication_failed"


class RunError(msgspec.Struct, frozen=True, kw_only=True):
    """Why a run failed: in one sentence, and for the curious with node, inputs and traceback."""

    kind: ErrorKind
    message: str
    exception_type: str = ""
    node: str | None = None
    node_type: str | None = None
    inputs: dict[str, Any] = {}
    traceback: tuple[str, ...] = ()


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """One workflow carried out by the engine.

    `number` counts up from 1 and is what people call it by; `id` is a UUID and ComfyUI's
    prompt_id. Smaller `position` goes first among equal `priority` (larger first). `deaths` counts
    workers that died while they held this run alone; `suspect` asks for it to be alone next time.
    `tags` are words by which triggers pick runs; `stopped_in` is the node that a cancelled one had
    begun last.
    """

    number: int
    id: str
    state: RunState
    origin: Origin
    graph: dict[str, Any]
    created_at: datetime
    workflow: str | None = None
    parameters: dict[str, Any] = {}
    targets: tuple[str, ...] | None = None
    priority: int = 0
    position: float = 0.0
    automation: str | None = None
    firing: str | None = None
    step: str | None = None
    client: str | None = None
    extra: dict[str, Any] = {}
    tags: tuple[str, ...] = ()
    started_at: datetime | None = None
    ended_at: datetime | None = None
    attempt: int = 0
    deaths: int = 0
    suspect: bool = False
    error: RunError | None = None
    stopped_in: str | None = None


class RunNode(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one node in one run. `ui` names files by their final names.

    `display` is the node that people see in its place, if another node expanded to it; `blocked`
    the message of a blocker that kept it from being called.
    """

    run: str
    node: str
    class_type: str
    cached: bool
    seconds: float
    ui: dict[str, Any] | None = None
    display: str | None = None
    blocked: str | None = None


class RunProgress(msgspec.Struct, frozen=True, kw_only=True):
    """A point of a run's progress history: node, `value` of `maximum`, when."""

    run: str
    attempt: int
    node: str
    value: float
    maximum: float
    at: datetime
