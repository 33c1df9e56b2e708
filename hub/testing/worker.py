"""A worker without torch that speaks the engine's messages: `python -m hub.testing.worker`.

For each target of a graph it writes one small PNG, always the same for the same node. An input
`fake` on any node, which the graph check lets pass as undeclared, makes it behave otherwise:

| `fake` | what happens |
|---|---|
| `hang` | the attempt begins and goes on until it is cancelled |
| `lie` | the same; besides it tells the end of another attempt, and of this under a wrong boot id |
| `deaf` | as `hang`, but it does not heed the cancellation |
| `fail` | the attempt ends with an error of that node |
| `die` | the process kills itself in the middle of the attempt |
| `die_once` | the same in a run's first attempt only |
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
    Ready,
    Started,
    decode_to_worker,
    encode,
)
from hub.records.output import OutputFolder
from hub.records.run import ErrorKind, RunError
from hub.wire import frame, receive_frame

SIDE = 8


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--socket", type=int, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--slots", type=int, default=2)
    arguments, _ = parser.parse_known_args()
    folders = Folders(config=arguments.data, data=arguments.data)
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
        self._tell(Ready(pid=os.getpid(), device="none", slots=slots, catalogue=()))
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
            case "lie":
                self._hanging.add((order.run, order.attempt))
                self._lie(order)
            case "deaf":
                pass
            case "fail":
                self._tell(Failed(run=order.run, attempt=order.attempt, error=_error(order, node)))
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


def _error(order: Execute, node: str) -> RunError:
    return RunError(
        kind=ErrorKind.NODE_FAILED,
        message="It was asked to fail.",
        exception_type="RuntimeError",
        node=node,
        node_type=order.graph[node]["class_type"],
    )


if __name__ == "__main__":
    main()
