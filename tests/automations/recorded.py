"""What a hub recorded of its one firing."""

from hub.app import Hub
from hub.notices import FiringChanged, Subscription
from hub.records.firing import Firing, FiringState, Step


async def recorded(hub: Hub) -> tuple[Firing, dict[str, Step]]:
    """The one firing and its steps by key."""
    (firing,) = await hub.books.firings.page()
    steps = await hub.books.firings.steps(firing.id)
    return firing, {step.key: step for step in steps}


async def until_step(subscription: Subscription, key: str) -> None:
    """Until a firing's step of that key has begun, or ended."""
    async for notice in subscription:
        if isinstance(notice, FiringChanged) and notice.step == key:
            return


async def until_ended(subscription: Subscription) -> FiringState:
    """Until a firing has ended; gives how."""
    async for notice in subscription:
        if isinstance(notice, FiringChanged) and notice.state != FiringState.RUNNING:
            return FiringState(notice.state)
    raise AssertionError("nobody tells anything any more")
