"""The worker process: `python -m hub.engine.worker --socket FD --data FOLDER …`."""

import argparse
import asyncio
import contextlib
import logging
import os
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
from hub.engine.worker.outbox import Outbox
from hub.engine.worker.session import Session


def main() -> None:
    arguments = _parse()
    connection = adopt_parent(arguments.socket)
    logging.basicConfig(stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s")
    threading.excepthook = _end_after_our_own_bug
    _volunteer_for_the_oom_killer()
    asyncio.run(_serve(connection, arguments))


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--socket", type=int, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--cache-bytes", type=int, default=1 << 30)
    parser.add_argument("--slots", type=int, default=_cores())
    parser.add_argument("--nodes", action="append", default=[], help="further node modules")
    return parser.parse_args()


async def _serve(connection: socket.socket, arguments: argparse.Namespace) -> None:
    """Start all threads; the loop is there for asynchronous nodes, and for sending messages."""
    loop = asyncio.get_running_loop()
    outbox = Outbox(connection, loop)
    folders = Folders(config=arguments.data, data=arguments.data, output_folder=arguments.output)
    classes = load_node_classes(arguments.nodes)
    cache = Cache(arguments.cache_bytes)
    session = Session(outbox, folders, classes, cache, loop, arguments.slots)
    ready = Ready(
        pid=os.getpid(),
        device=_device(),
        slots=arguments.slots,
        catalogue=tuple(loaded.schema for loaded in classes.values()),
    )
    outbox.tell(ready)
    outbox.flush()
    threading.Thread(target=session.serve, args=[connection], name="orders", daemon=True).start()
    await loop.create_future()  # the thread that takes orders ends the process


def _cores() -> int:
    """As many as this process may use, where the system tells."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def _device() -> str:
    return torch.cuda.get_device_name() if torch.cuda.is_available() else "cpu"


def _volunteer_for_the_oom_killer() -> None:
    """When memory runs out, a worker is what can be spared."""
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("500")


def _end_after_our_own_bug(raised: threading.ExceptHookArgs) -> None:
    """A thread of ours that is gone would leave its runs hanging; the hub starts a new worker."""
    threading.__excepthook__(raised)
    os._exit(1)


if __name__ == "__main__":
    main()
