"""Watching a folder for as long as a block lasts."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any, cast

import msgspec

from hub.testing.folder_context import MemoryTriggerContext
from hub.triggers.base import TriggerContext
from hub.triggers.folder import FolderTrigger
from hub.triggers.folder_mount import Mount, mount_of
from hub.triggers.folder_watch import FolderWatch

_NEVER = timedelta(days=365)


@asynccontextmanager
async def watching(
    context: MemoryTriggerContext,
    *,
    mount_of: Callable[[str], Mount] = mount_of,
    safety_net: timedelta = _NEVER,
    **settings: Any,
) -> AsyncIterator[asyncio.Task[None]]:
    """Watch `inbox`; the block begins when the trigger has reported how it is.

    A scripted clock goes so fast that looks at intervals would come before the kernel's word, and
    into the middle of what a test does. So there are none, unless a test is about them.
    """
    written = {"trigger": "folder", "path": "inbox", **settings}
    trigger = msgspec.convert(written, FolderTrigger)
    reports = len(context.reports)
    task = asyncio.create_task(
        FolderWatch(
            trigger, cast(TriggerContext, context), mount_of=mount_of, safety_net=safety_net
        ).run()
    )
    try:
        await context.until(lambda: len(context.reports) > reports or task.done())
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
