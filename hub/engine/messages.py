"""What hub and worker say to each other: frames of `ToWorker` and of `FromWorker` messages.

A frame from a worker holds all that it had to say since the last, in order, under its boot id.
Every message about a run names run and attempt, and the hub drops those of attempts that are over.

A frame is MessagePack. What that cannot carry (file names with surrogate escapes, integers over 64
bits, a pack's odd objects in `ui`) makes the frame JSON instead: its first byte is `{`, which no
message in MessagePack begins with.
"""

import json
from typing import Any

import msgspec

from hub.nodes.api import Schema
from hub.records.node_pack import NodePack
from hub.records.output import OutputFolder
from hub.records.run import RunError


class Execute(msgspec.Struct, frozen=True, tag="execute"):
    """Carry out `graph` for the output nodes `targets`. Nodes in `fresh` may not be served from
    the cache, because the files they once wrote are gone."""

    run: str
    attempt: int
    graph: dict[str, Any]
    targets: tuple[str, ...]
    extra: dict[str, Any] = {}
    alone: bool = False
    fresh: tuple[str, ...] = ()


class Cancel(msgspec.Struct, frozen=True, tag="cancel"):
    """Stop an attempt at the next chance, or never begin it."""

    run: str
    attempt: int


ToWorker = Execute | Cancel


class Ready(msgspec.Struct, frozen=True, tag="ready"):
    """The worker can take runs. `device` is torch's name of it; `packs` what became of each."""

    pid: int
    device: str
    slots: int
    catalogue: tuple[Schema, ...]
    packs: tuple[NodePack, ...] = ()


class Started(msgspec.Struct, frozen=True, tag="started"):
    """The attempt has begun; `cached` are the nodes that need not be carried out."""

    run: str
    attempt: int
    cached: tuple[str, ...] = ()


class NodeStarted(msgspec.Struct, frozen=True, tag="node_started"):
    """A node is being carried out."""

    run: str
    attempt: int
    node: str


class Progress(msgspec.Struct, frozen=True, tag="progress"):
    """A node is at `value` of `maximum`."""

    run: str
    attempt: int
    node: str
    value: float
    maximum: float


class File(msgspec.Struct, frozen=True):
    """A file that a node wrote into the staging folder, under the name `staged`.

    A node served from the cache names the run, attempt and node that wrote the file; `index`
    counts the files of that node. `ui` items refer to a file by its staged name.
    """

    run: str
    attempt: int
    node: str
    index: int
    staged: str
    folder: OutputFolder
    prefix: str
    suffix: str
    kind: str
    sha256: str
    size: int
    width: int | None = None
    height: int | None = None


class NodeDone(msgspec.Struct, frozen=True, tag="node_done"):
    """A node was carried out or served from the cache. `seconds` is its own time.

    For a node that another one expanded to, `display` is the node people see in its place; what
    else is told of nodes (their beginning, progress, errors) names that one at once. `blocked` is
    the message of an ExecutionBlocker that kept it from being called.
    """

    run: str
    attempt: int
    node: str
    seconds: float
    cached: bool = False
    ui: dict[str, Any] | None = None
    files: tuple[File, ...] = ()
    display: str | None = None
    blocked: str | None = None


class Done(msgspec.Struct, frozen=True, tag="done"):
    """All requested output nodes are done, all files are written and closed."""

    run: str
    attempt: int


class Failed(msgspec.Struct, frozen=True, tag="failed"):
    """The attempt ended with an error."""

    run: str
    attempt: int
    error: RunError


class Cancelled(msgspec.Struct, frozen=True, tag="cancelled"):
    """The attempt was stopped as asked."""

    run: str
    attempt: int


FromWorker = Ready | Started | NodeStarted | Progress | NodeDone | Done | Failed | Cancelled


class Batch(msgspec.Struct, frozen=True):
    """All that a worker had to say since its last batch; `boot` tells its process from others."""

    boot: str
    messages: tuple[FromWorker, ...]


_to_worker: msgspec.msgpack.Decoder[ToWorker] = msgspec.msgpack.Decoder(ToWorker)
_batch = msgspec.msgpack.Decoder(Batch)


def encode(message: ToWorker | Batch) -> bytes:
    """The payload of a frame."""
    try:
        return msgspec.msgpack.encode(message)
    except (UnicodeEncodeError, OverflowError, TypeError):
        return json.dumps(msgspec.to_builtins(message, enc_hook=repr)).encode()


def decode_to_worker(payload: bytes) -> ToWorker:
    if payload.startswith(b"{"):
        message: ToWorker = msgspec.convert(json.loads(payload), ToWorker)
        return message
    return _to_worker.decode(payload)


def decode_batch(payload: bytes) -> Batch:
    if payload.startswith(b"{"):
        return msgspec.convert(json.loads(payload), Batch)
    return _batch.decode(payload)
