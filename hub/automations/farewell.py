"""The hub's last moments: what shutdown triggers start is waited for, but not for long."""

import asyncio
from contextlib import suppress

from hub.notices import FiringChanged, Notices
from hub.records.firing import firing_id
from hub.triggers.life import Life

PATIENCE = 20.0  # seconds, as in Home Assistant; what is not done by then goes on at the next start


async def say_farewell(life: Life, notices: Notices) -> None:
    """Fire all shutdown triggers, and wait for their firings to end."""
    with notices.subscribe() as subscription, suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE):
            waiting = {firing_id(event) for event in await life.stop()}
            if not waiting:
                return
            async for notice in subscription:
                if isinstance(notice, FiringChanged) and notice.state != "running":
                    waiting.discard(notice.firing)
                    if not waiting:
                        return
