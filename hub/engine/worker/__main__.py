"""The worker process: `python -m hub.engine.worker --socket FD --data FOLDER …`."""

import argparse
import asyncio
import contextlib
import os
import select
import socket
import sys
import threading
from pathlib import Path

import torch

from hub.child import adopt_parent
from hub.config.folders import Folders
from hub.engine.messages import Ready
from hub.engine.worker.cache import Cache
from hub.engine.worker.node_classes import load_node_classes
from hub.engine.worker.session import Outbox, Session


def main() -> None:
    arguments = _parse()
    connection = adopt_parent(arguments.socket)
    _volunteer_for_the_oom_killer()
    if sys.platform == "linux":
        watcher = threading.Thread(target=_end_with_the_hub, args=[connection], daemon=True)
        watcher.start()
    asyncio.run(_serve(connection, arguments))
    os._exit(0)  # whatever a node is still doing belongs to a hub that has gone


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--socket", type=int, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--cache-bytes", type=int, default=1 << 30)
    parser.add_argument("--slots", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--nodes", action="append", default=[], help="further node modules")
    return parser.parse_args()


async def _serve(connection: socket.socket, arguments: argparse.Namespace) -> None:
    connection.setblocking(False)
    reader, writer = await asyncio.open_unix_connection(sock=connection)
    outbox = Outbox(writer)
    folders = Folders(config=arguments.data, data=arguments.data, output_folder=arguments.output)
    classes = load_node_classes(arguments.nodes)
    session = Session(outbox, folders, classes, Cache(arguments.cache_bytes), arguments.slots)
    outbox.tell(
        Ready(
            pid=os.getpid(),
            device=_device(),
            slots=arguments.slots,
            catalogue=tuple(loaded.schema for loaded in classes.values()),
        )
    )
    await session.serve(reader)


def _device() -> str:
    return torch.cuda.get_device_name() if torch.cuda.is_available() else "cpu"


def _volunteer_for_the_oom_killer() -> None:
    """When memory runs out, a worker is what can be spared."""
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("500")


def _end_with_the_hub(connection: socket.socket) -> None:
    """End at once when the hub's end of the socket closes, even while a node holds the loop up."""
    hang_up = select.poll()
    hang_up.register(connection.fileno(), select.POLLRDHUP)
    hang_up.poll()
    os._exit(0)


if __name__ == "__main__":
    main()
