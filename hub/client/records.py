"""What the hub tells of runs and workflows, as its clients read it.

These are the shapes of the API: the server's description of itself is made of them too. Fields that
a newer hub adds are ignored.
"""

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


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """Something that the hub tells."""


class Output(Record, frozen=True, kw_only=True):
    """A file that a run produced; `url` is below the hub's address. `size` is in bytes."""

    id: int
    url: str
    node: str
    kind: str
    folder: str
    name: str
    path: str
    sha256: str
    size: int
    width: int | None = None
    height: int | None = None
    deleted_at: datetime | None = None
    starred: bool = False


class RunError(Record, frozen=True, kw_only=True):
    """Why a run failed: in one sentence, and for the curious with node, inputs and traceback."""

    kind: str
    message: str
    exception_type: str = ""
    node: str | None = None
    node_type: str | None = None
    inputs: dict[str, Any] = {}
    traceback: list[str] = []


class Run(Record, frozen=True, kw_only=True):
    """A workflow that is, was or will be carried out. `seconds` counts from its first start."""

    number: int
    id: str
    state: RunState
    origin: str
    created_at: datetime
    workflow: str | None = None
    automation: str | None = None
    firing: str | None = None
    parameters: dict[str, Any] = {}
    tags: list[str] = []
    priority: int = 0
    attempt: int = 0
    node_count: int = 0
    started_at: datetime | None = None
    ended_at: datetime | None = None
    seconds: float | None = None
    error: RunError | None = None
    outputs: list[Output] = []


class GivenFile(Record, frozen=True, kw_only=True):
    """A file that an input of a node names, by `name`; `title` is what people call it, and `url` is
    below the hub's address."""

    node: str
    input: str
    name: str
    title: str
    url: str


class RunNode(Record, frozen=True, kw_only=True):
    """What became of one node of a run."""

    node: str
    class_type: str
    cached: bool
    seconds: float
    ui: dict[str, Any] | None = None
    display: str | None = None
    blocked: str | None = None


class RunProgress(Record, frozen=True, kw_only=True):
    """A point of a run's history: how far a node was, `value` of `maximum`."""

    attempt: int
    node: str
    value: float
    maximum: float
    at: datetime


class RunDetails(Run, frozen=True, kw_only=True):
    """A run by itself, with its graph, the files that went into it and what its nodes did;
    `held_up` says what is wrong with the workers that it waits for."""

    graph: dict[str, Any] = {}
    inputs: list[GivenFile] = []
    nodes: list[RunNode] = []
    progress: list[RunProgress] = []
    held_up: str | None = None


class Parameter(Record, frozen=True, kw_only=True):
    """What a workflow takes under a name."""

    type: str
    required: bool = False
    default: Any = None
    min: float | None = None
    max: float | None = None
    options: list[str] | None = None
    multiline: bool = False
    label: str = ""
    held: Any = None


class Workflow(Record, frozen=True, kw_only=True):
    """A saved workflow, and its parameters by name."""

    name: str
    title: str | None = None
    parameters: dict[str, Parameter] = {}
