"""Sampling for code of packs that waits for it in its own thread."""

import asyncio
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextvars import copy_context
from typing import Any

from torch import Tensor

from hub.engine.models.sampling_run import SamplingRun
from hub.engine.worker.node_code import RunCancelled
from hub.errors import Invalid
from hub.nodes.compat.running import running


class NobodySamples(Invalid):
    """A pack wanted to sample while no node was being carried out."""

    def __init__(self) -> None:
        super().__init__("Latents are sampled by nodes, and no node is being carried out.")


def sampled_now(run: SamplingRun) -> Tensor:
    """The samples that come of a run, sampled together with what other runs sample.

    Raises `RunCancelled`.
    """
    if run.is_needless:
        samples: Tensor = run.latent["samples"]
        return samples
    if (context := running()) is None:
        raise NobodySamples
    return run.sampled(settled(context.sampled(run)))


def settled(answer: Any) -> Any:
    """What a coroutine of ours gives. Raises `RunCancelled`.

    A thread that has an event loop cannot wait in it, so another one does.
    """

    async def wait() -> Any:
        return await answer

    try:
        if not _has_loop():
            return asyncio.run(wait())
        with ThreadPoolExecutor(max_workers=1) as threads:
            return threads.submit(copy_context().run, asyncio.run, wait()).result()
    except (CancelledError, asyncio.CancelledError):
        raise RunCancelled from None


def _has_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
