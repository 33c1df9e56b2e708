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

from hub.config.model_folders import ModelFolder
from hub.nodes.api import Schema
from hub.records.node_pack import NodePack
from hub.records.output import OutputFolder
from hub.records.run import RunError

# Exit codes of workers:
DESCRIPTORS_CLOSED = 87  # a node closed its files and connections
DEVICE_LOST = 88  # its GPU is of no use until the process ends


class Execute(msgspec.Struct, frozen=True, tag="execute"):
    """Carry out `graph` for the output nodes `targets`. Nodes in `fresh` may not be served from
    the cache, because the files they once wrote are gone. A `careful` attempt tells at once which
    node it begins, as an earlier one may have taken its worker down."""

    run: str
    attempt: int
    graph: dict[str, Any]
    targets: tuple[str, ...]
    extra: dict[str, Any] = {}
    priority: int = 0
    careful: bool = False
    fresh: tuple[str, ...] = ()


class Cancel(msgspec.Struct, frozen=True, tag="cancel"):
    """Stop an attempt at the next chance, or never begin it."""

    run: str
    attempt: int


class Free(msgspec.Struct, frozen=True, tag="free"):
    """Give memory back, once the runs that are under way have ended: `cache` what nodes gave,
    `models` what was made of model files, and what the device's allocator holds in reserve in any
    case."""

    cache: bool
    models: bool = False


class AskClasses(msgspec.Struct, frozen=True, tag="ask_classes"):
    """Ask the classes of `nodes` whether their inputs in `graph` are right."""

    question: int
    graph: dict[str, Any]
    nodes: tuple[str, ...]


ToWorker = Execute | Cancel | Free | AskClasses


class Objection(msgspec.Struct, frozen=True):
    """What a class has against `inputs` of its node; `words` are empty if it gave none."""

    inputs: tuple[str, ...]
    words: str


class ClassesAnswered(msgspec.Struct, frozen=True, tag="classes_answered"):
    """What classes have against inputs, by node. One that failed has nothing to say yet: its run
    will tell."""

    question: int
    objections: dict[str, Objection]


class PackServer(msgspec.Struct, frozen=True):
    """Where a worker answers the routes of its packs: HTTP on the Unix socket `socket`. With
    `prompt_hooks` it also wants to see prompts before they are read, there at `HOOKS_PATH`."""

    socket: str
    prompt_hooks: bool = False


HOOKS_PATH = "/.prompt-hooks"
"""No route that the hub passes on: only those are that a pack reported."""


class Ready(msgspec.Struct, frozen=True, tag="ready"):
    """The worker can take runs. `device` is torch's name of it; `packs` what became of each;
    `web_folders` are their files for the editor, by the name that they are served under, and
    `models` the folders of each kind of model, with those that packs added."""

    pid: int
    device: str
    slots: int
    catalogue: tuple[Schema, ...]
    packs: tuple[NodePack, ...] = ()
    pack_server: PackServer | None = None
    web_folders: dict[str, str] = {}
    models: dict[str, ModelFolder] = {}


class PackMessage(msgspec.Struct, frozen=True, tag="pack_message"):
    """A pack says something to ComfyUI's WebSocket of the client `client`, or to all of them.

    `payload` is the whole message: a text in UTF-8, or with `binary` bytes.
    """

    payload: bytes
    binary: bool = False
    client: str | None = None


class PackPrompt(msgspec.Struct, frozen=True, tag="pack_prompt"):
    """A pack puts a graph into the queue: at its end, or with `front` before all that wait. `id` is
    a UUID."""

    id: str
    graph: dict[str, Any]
    targets: tuple[str, ...]
    front: bool = False
    extra: dict[str, Any] = {}


class LoadedModel(msgspec.Struct, frozen=True):
    """A part of a model file, ready to be computed with on `device`; `bytes` is what it takes there
    beyond the mapped file. `name` is that of the file, as `kind/name` where that is known."""

    name: str
    part: str
    device: str
    bytes: int


class DeviceMemory(msgspec.Struct, frozen=True):
    """A device that a worker computes on, in bytes; `torch_…` is what torch has reserved there."""

    name: str
    type: str
    index: int | None
    total: int
    free: int
    torch_total: int = 0
    torch_free: int = 0


class ModelsLoaded(msgspec.Struct, frozen=True, tag="models_loaded"):
    """What is loaded has changed: `files` are the model files, as `kind/name`, which a run need not
    wait for."""

    files: tuple[str, ...] = ()
    models: tuple[LoadedModel, ...] = ()
    devices: tuple[DeviceMemory, ...] = ()


class CannotStart(msgspec.Struct, frozen=True, tag="cannot_start"):
    """The worker lacks something that it was started for, and ends."""

    reason: str


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


class Preview(msgspec.Struct, frozen=True, tag="preview"):
    """A picture for who watches: encoded, of the `kind` `image/jpeg` or `image/png`. One that
    `may_be_missed` shows what a node has so far; others will follow."""

    run: str
    attempt: int
    node: str
    image: bytes
    kind: str
    may_be_missed: bool = True


class File(msgspec.Struct, frozen=True):
    """A file that a node wrote into the staging folder, under the name `staged`.

    A node served from the cache names the run, attempt and node that wrote the file; `index`
    counts the files of that node. `ui` items refer to a file by its staged name. Its final name is
    `prefix` and `suffix`, with a counter between if it is `counted`, or the name is taken.
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
    counted: bool = True


class NodeDone(msgspec.Struct, frozen=True, tag="node_done"):
    """A node was carried out or served from the cache. `seconds` is its own time.

    For a node that another one expanded to, `display` is the node people see in its place, and
    `class_type` its class, which the ordered graph does not tell; what else is told of nodes (their
    beginning, progress, errors) names the node people see at once. `blocked` is the message of an
    ExecutionBlocker that kept it from being called.
    """

    run: str
    attempt: int
    node: str
    seconds: float
    cached: bool = False
    ui: dict[str, Any] | None = None
    files: tuple[File, ...] = ()
    display: str | None = None
    class_type: str | None = None
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


FromWorker = (
    Ready
    | CannotStart
    | PackMessage
    | PackPrompt
    | ModelsLoaded
    | ClassesAnswered
    | Started
    | NodeStarted
    | Progress
    | Preview
    | NodeDone
    | Done
    | Failed
    | Cancelled
)


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
