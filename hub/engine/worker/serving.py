"""Serves the hub: loads the nodes, says what there is, and takes orders until the hub has gone."""

import asyncio
import gc
import os
import socket
from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec
import torch

from hub.config.engine_settings import CacheSettings, Previews
from hub.config.folders import Folders
from hub.config.found_packs import FoundPack
from hub.engine.input_files import InputFiles
from hub.engine.messages import CannotStart, Ready
from hub.engine.models.captured_calls import CAPTURING
from hub.engine.models.compiling import COMPILING
from hub.engine.models.model_memory import MODEL_MEMORY
from hub.engine.process_usage import whole_memory
from hub.engine.worker.cache import Cache
from hub.engine.worker.model_report import ModelReport
from hub.engine.worker.node_classes import NodeClass, load_node_classes
from hub.engine.worker.outbox import Outbox
from hub.engine.worker.policies import policy_of
from hub.engine.worker.sampling_means import SamplingMeans
from hub.engine.worker.session import Session
from hub.engine.worker.shown_latents import ShownLatents
from hub.engine.worker.vital_thread import VitalThread
from hub.nodes.compat.discovery import load_packs
from hub.nodes.compat.installed import Installed, installed
from hub.nodes.png_deflating import deflate_pngs
from hub.records.node_pack import NodePack

if TYPE_CHECKING:  # it is loaded only with the first pack that imports `server`
    from hub.nodes.compat.pack_app import PackApp


def serve(
    connection: socket.socket,
    folders: Folders,
    packs: Sequence[FoundPack],
    *,
    device: str,
    node_modules: Sequence[str],
    cache: CacheSettings,
    slots: int,
    max_batch: int,
    compiles: bool,
    captures: bool,
    model_memory: int | None,
    previews: Previews,
    resume_seconds: float | None,
) -> None:
    """Returns only if the device is not there: the thread that takes orders ends the process."""
    with asyncio.Runner() as runner:
        loop = runner.get_loop()
        here = installed()
        here.loop = loop
        outbox = Outbox(connection, loop)
        if reason := _lacking(device):
            outbox.tell(CannotStart(reason))
            outbox.flush()
            return
        deflate_pngs()
        loaded = load_packs(packs, here)
        classes = load_node_classes(node_modules, loaded.nodes)
        kept = Cache(cache.bytes, policy_of(cache, slots))
        CAPTURING.is_on = captures
        COMPILING.backend = "inductor" if compiles else None
        MODEL_MEMORY.budget = model_memory or _default_budget()
        models = ModelReport(MODEL_MEMORY, outbox.tell)
        tiny = InputFiles(folders, here.kinds()).model_folders("vae_approx")
        means = SamplingMeans(
            shown=ShownLatents(tiny),
            previews=previews,
            resume_folder=folders.resume,
            resume_seconds=resume_seconds,
            opened=models.opened,
        )
        session = Session(
            *(outbox, folders, classes, kept, loop, slots, max_batch, means, models, here.kinds())
        )
        here.orders, here.tell, here.post = session.orders, outbox.offer, outbox.tell
        ready = _ready(classes, loaded.packs, here, slots)
        here.schemas = ready.catalogue
        gc.freeze()  # what was loaded stays: going through it again took a fifth of a large graph
        runner.run(_take_orders(session, connection, outbox, ready, models, here.pack_app))


def _lacking(device: str) -> str | None:
    """Why this process cannot work on the device that it is for."""
    if not device.startswith("cuda") or torch.cuda.is_available():
        return None
    found = f"torch {torch.__version__} finds no device {device}"
    return f"{found}. Look at its driver, or name another one in hub.yaml."


def _default_budget() -> int | None:
    """For models: half of the memory where there is no GPU, which has an end by itself."""
    memory = None if torch.cuda.is_available() else whole_memory()
    return memory // 2 if memory else None


def _ready(
    classes: dict[str, NodeClass],
    packs: tuple[NodePack, ...],
    here: Installed,
    slots: int,
) -> Ready:
    return Ready(
        pid=os.getpid(),
        device=torch.cuda.get_device_name() if torch.cuda.is_available() else "cpu",
        slots=slots,
        catalogue=tuple(loaded.schema for loaded in classes.values()),
        packs=packs,
        web_folders={str(name): str(folder) for name, folder in here.web_folders.items()},
        models=here.kinds(),
    )


async def _take_orders(
    session: Session,
    connection: socket.socket,
    outbox: Outbox,
    ready: Ready,
    models: ModelReport,
    pack_app: "PackApp | None",
) -> None:
    """The loop is there for asynchronous nodes, for what packs answer, and for sending messages."""
    if pack_app is not None:
        has_routes = any(pack.routes for pack in ready.packs)
        server = await pack_app.start(has_routes=has_routes)
        ready = msgspec.structs.replace(ready, pack_server=server)
    outbox.tell(ready)
    models.tell_news()
    outbox.flush()
    VitalThread(target=session.serve, args=[connection], name="orders", daemon=True).start()
    await asyncio.get_running_loop().create_future()
