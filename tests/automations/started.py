"""A whole hub with one automation that webhooks start, and what comes of posting to it."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import TypeVar

import aiohttp

from hub.app import Hub
from hub.notices import FiringChanged, Subscription
from hub.records.firing import FiringState

ID = "a-long-and-secret-address-of-a-webhook"
N = TypeVar("N")
Start = Callable[..., AbstractAsyncContextManager[Hub]]
"""`start(rest, *, trigger="", more="", is_sound=True, safe=False, clock=None)`: the rest of the
automation, and of its trigger, and more automations."""


async def post(hub: Hub, **body: object) -> None:
    """Fire it."""
    async with aiohttp.ClientSession() as session:
        url = f"{hub.address}/api/webhook/{ID}"
        async with session.post(url, json=body) as response:
            assert response.status == 202


async def ended(hub: Hub, count: int, *bodies: dict[str, object]) -> list[FiringState]:
    """Post each body, and wait for so many firings to end."""
    states: list[FiringState] = []
    with hub.notices.subscribe() as subscription:
        for body in bodies:
            await post(hub, **body)
        async for notice in subscription:
            if isinstance(notice, FiringChanged) and notice.state != "running":
                states.append(FiringState(notice.state))
            if len(states) == count:
                break
    return states


async def first(subscription: Subscription, kind: type[N]) -> N:
    """The next notice of that kind."""
    async for notice in subscription:
        if isinstance(notice, kind):
            return notice
    raise AssertionError("the hub went away")


async def firing_ended(subscription: Subscription) -> str:
    """How the next firing ends."""
    while (state := (await first(subscription, FiringChanged)).state) == "running":
        pass
    return state
