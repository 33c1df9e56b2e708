"""What actions may do to automations."""

from collections.abc import Callable, Mapping
from typing import Any

from hub.automations.live_configuration import LiveConfiguration
from hub.automations.supervisor import Supervisor
from hub.records.event import Event


class Control:
    """Implements `hub.automations.actions.base.Automations`.

    `supervisor` gives it when asked: it works with actions, and is made after them.
    """

    def __init__(self, supervisor: Callable[[], Supervisor], live: LiveConfiguration) -> None:
        self._supervisor = supervisor
        self._live = live

    def is_on(self, automation: str) -> bool:
        return self._supervisor().is_on(automation)

    async def set_state(
        self, automation: str, on: bool, *, reason: str, stop: bool = False
    ) -> None:
        await self._supervisor().set_state(automation, on, reason=reason, stop=stop)

    async def trigger(self, automation: str, variables: Mapping[str, Any], *, key: str) -> Event:
        return await self._supervisor().trigger(automation, variables, key=key)

    async def reload(self) -> None:
        await self._live.reload(self._supervisor())
