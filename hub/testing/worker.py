"""A worker without torch that speaks the engine's messages: `python -m hub.testing.worker`.

For each target of a graph it writes one small PNG, always the same for the same node. An input
`fake` on any node, which the graph check lets pass as undeclared, makes it behave otherwise:

| `fake` | what happens |
|---|---|
| `hang` | the attempt begins and goes on until it is cancelled |
| `show` | the same; besides its node begins, and shows a picture of what it has so far |
| `steps` | it tells of four steps, each with a picture, before it goes on as otherwise |
| `lie` | the same; besides it tells the end of another attempt, and of this under a wrong boot id |
| `garble` | the process tells what nobody can read |
| `deaf` | as `hang`, but it does not heed the cancellation |
| `fail` | the attempt ends with an error of that node, which says what its input `message` does |
| `oom` | the same, of the kind `out_of_memory` |
| `die` | the process kills itself in the middle of the attempt |
| `die_once` | the same in a run's first attempt only |

Besides the built-in classes it has `OfSomePack`, and for each node pack that it is to load one
class with the name of the pack.
"""

import argparse
import hashlib
import json
import os
import signal
import socket
import struct
import uuid
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hub.child import adopt_parent
from hub.config.folders import Folders
from hub.config.found_packs import FoundPack, find_packs
from hub.engine.messages import (
    Batch,
    Cancel,
    Cancelled,
    Done,
    Execute,
    Failed,
    File,
    FromWorker,
    NodeDone,
    NodeStarted,
    Preview,
    Progress,
    Ready,
    Started,
    decode_to_worker,
    encode,
)
from hub.nodes.api import Input, Schema
from hub.records.node_pack import NodePack
from hub.records.output import OutputFolder
from hub.records.run import ErrorKind, RunError
from hub.wire import frame, receive_frame

SIDE = 8


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--socket", type=int, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--slots", type=int, default=2)
    parser.add_argument("--packs", type=Path, action="append", default=[])
    parser.add_argument("--pack", action="append", default=[])
    parser.add_argument("--without-pack", action="append", default=[])
    arguments, _ = parser.parse_known_args()
    folders = Folders(
        config=arguments.data,
        data=arguments.data,
        packs=tuple(arguments.packs),
        chosen_packs=tuple(arguments.pack),
        packs_apart=tuple(arguments.without_pack),
    )
    FakeWorker(adopt_parent(arguments.socket), folders).serve(arguments.slots)


class FakeWorker:
    """Carries out one order after the other. `_hanging` are attempts that only a cancel ends."""

    def __init__(self, connection: socket.socket, folders: Folders) -> None:
        self._connection = connection
        self._folders = folders
        self._boot = uuid.uuid4().hex
        self._hanging: set[tuple[str, int]] = set()

    def serve(self, slots: int) -> None:
        """Until the hub closes the socket."""
        packs = tuple(_loaded(pack) for pack in find_packs(self._folders))
        schemas = (schema_of("OfSomePack", "custom_nodes.some"), *map(_schema, packs))
        ready = Ready(pid=os.getpid(), device="none", slots=slots, catalogue=schemas, packs=packs)
        self._tell(ready)
        while (payload := receive_frame(self._connection)) is not None:
            match decode_to_worker(payload):
                case Execute() as order:
                    self._execute(order)
                case Cancel(run=run, attempt=attempt) if (run, attempt) in self._hanging:
                    self._hanging.remove((run, attempt))
                    self._tell(Cancelled(run=run, attempt=attempt))
                case Cancel():
                    pass

    def _execute(self, order: Execute) -> None:
        self._tell(Started(run=order.run, attempt=order.attempt))
        node, behaviour = _behaviour(order)
        match behaviour:
            case "die":
                os.kill(os.getpid(), signal.SIGKILL)
            case "hang":
                self._hanging.add((order.run, order.attempt))
            case "show":
                self._hanging.add((order.run, order.attempt))
                picture = picture_of(order.graph[node])
                self._tell(NodeStarted(run=order.run, attempt=order.attempt, node=node))
                self._tell(Preview(order.run, order.attempt, node, picture, "image/png"))
            case "steps":
                self._tell(*_steps(order, node), *self._carry_out(order))
                self._tell(Done(run=order.run, attempt=order.attempt))
            case "lie":
                self._hanging.add((order.run, order.attempt))
                self._lie(order)
            case "garble":
                self._connection.sendall(frame(b"{}"))
            case "deaf":
                pass
            case "fail" | "oom":
                error = _error(order, node, is_memory=behaviour == "oom")
                self._tell(Failed(run=order.run, attempt=order.attempt, error=error))
            case _:
                self._tell(*self._carry_out(order), Done(run=order.run, attempt=order.attempt))

    def _lie(self, order: Execute) -> None:
        self._tell(Done(run=order.run, attempt=order.attempt + 1))
        batch = Batch(boot="wrong", messages=(Done(run=order.run, attempt=order.attempt),))
        self._connection.sendall(frame(encode(batch)))

    def _carry_out(self, order: Execute) -> Iterator[FromWorker]:
        for index, node in enumerate(order.targets):
            yield NodeStarted(run=order.run, attempt=order.attempt, node=node)
            file = self._write(order, node, index)
            item = {"filename": file.staged, "subfolder": "", "type": file.folder.value}
            yield NodeDone(
                run=order.run,
                attempt=order.attempt,
                node=node,
                seconds=0.0,
                ui={"images": [item]},
                files=(file,),
            )

    def _write(self, order: Execute, node: str, index: int) -> File:
        inputs = order.graph[node]["inputs"]
        suffix = ".jpg" if inputs.get("format") == "jpeg" else ".png"
        self._folders.staging.mkdir(parents=True, exist_ok=True)
        path = self._folders.staging / f"{order.run}-{order.attempt}-{index}{suffix}"
        content = picture_of(order.graph[node])
        path.write_bytes(content)
        return File(
            run=order.run,
            attempt=order.attempt,
            node=node,
            index=0,
            staged=path.name,
            folder=OutputFolder.OUTPUT,
            prefix=inputs.get("filename_prefix") or "fake",
            suffix=suffix,
            kind="images",
            sha256=hashlib.sha256(content).hexdigest(),
            size=len(content),
            width=SIDE,
            height=SIDE,
        )

    def _tell(self, *messages: FromWorker) -> None:
        self._connection.sendall(frame(encode(Batch(boot=self._boot, messages=messages))))


def schema_of(class_type: str, module: str) -> Schema:
    """A class that makes an output of nothing, or of a model."""
    return Schema(
        class_type=class_type,
        category="fake",
        module=module,
        is_output_node=True,
        inputs=(Input(name="model", type="COMBO", folder="checkpoints", optional=True),),
    )


def _loaded(pack: FoundPack) -> NodePack:
    return NodePack(name=pack.name, folder=str(pack.path), seconds=0.0, nodes=(pack.name,))


def _schema(pack: NodePack) -> Schema:
    return schema_of(pack.name, f"custom_nodes.{pack.name}")


def picture_of(node: dict[str, Any]) -> bytes:
    """A PNG of one colour, which is taken from the node's definition."""
    colour = hashlib.sha256(json.dumps(node, sort_keys=True).encode()).digest()[:3]
    rows = (b"\0" + colour * SIDE) * SIDE
    header = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, content) for name, content in chunks)


def _chunk(name: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(name + content)
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", checksum)


def _behaviour(order: Execute) -> tuple[str, str]:
    """The node that asks for something unusual, and what."""
    for node, definition in order.graph.items():
        if wanted := definition["inputs"].get("fake"):
            if wanted == "die_once":
                return node, "die" if order.attempt == 1 else ""
            return node, str(wanted)
    return "", ""


def _steps(order: Execute, node: str) -> Iterator[FromWorker]:
    picture = picture_of(order.graph[node])
    yield NodeStarted(run=order.run, attempt=order.attempt, node=node)
    for step in range(1, 5):
        yield Progress(run=order.run, attempt=order.attempt, node=node, value=step, maximum=4)
        yield Preview(order.run, order.attempt, node, picture, "image/png")


def _error(order: Execute, node: str, *, is_memory: bool) -> RunError:
    return RunError(
        kind=ErrorKind.OUT_OF_MEMORY if is_memory else ErrorKind.NODE_FAILED,
        message=order.graph[node]["inputs"].get("message", "It was asked to fail."),
        exception_type="RuntimeError",
        node=node,
        node_type=order.graph[node]["class_type"],
    )


if __name__ == "__main__":
    main()
