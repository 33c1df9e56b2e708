"""Serves the hub: loads the nodes, says what there is, and takes orders until the hub has gone."""

import asyncio
import os
import socket
import threading
from collections.abc import Sequence

import torch

from hub.config.folders import Folders
from hub.engine.messages import Ready
from hub.engine.worker.cache import Cache
from hub.engine.worker.node_classes import NodeClass, load_node_classes
from hub.engine.worker.outbox import Outbox
from hub.engine.worker.session import Session
from hub.nodes.compat.discovery import load_packs
from hub.nodes.compat.installed import installed
from hub.nodes.compat.prestartup import FoundPack
from hub.records.node_pack import NodePack


def serve(
    connection: socket.socket,
    folders: Folders,
    packs: Sequence[FoundPack],
    *,
    node_modules: Sequence[str],
    cache_bytes: int,
    slots: int,
) -> None:
    """Never returns: the thread that takes orders ends the process."""
    with asyncio.Runner() as runner:
        loop = runner.get_loop()
        here = installed()
        here.loop = loop
        loaded = load_packs(packs, here)
        classes = load_node_classes(node_modules, loaded.nodes)
        outbox = Outbox(connection, loop)
        session = Session(outbox, folders, classes, Cache(cache_bytes), loop, slots)
        runner.run(_take_orders(session, connection, outbox, _ready(classes, loaded.packs, slots)))


def _ready(classes: dict[str, NodeClass], packs: tuple[NodePack, ...], slots: int) -> Ready:
    return Ready(
        pid=os.getpid(),
        device=torch.cuda.get_device_name() if torch.cuda.is_available() else "cpu",
        slots=slots,
        catalogue=tuple(loaded.schema for loaded in classes.values()),
        packs=packs,
    )


async def _take_orders(
    session: Session, connection: socket.socket, outbox: Outbox, ready: Ready
) -> None:
    """The loop is there for asynchronous nodes, and for sending messages."""
    outbox.tell(ready)
    outbox.flush()
    threading.Thread(target=session.serve, args=[connection], name="orders", daemon=True).start()
    await asyncio.get_running_loop().create_future()
