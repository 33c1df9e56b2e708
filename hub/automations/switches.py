"""Switches: which automations are on, and whether all are paused, as remembered on disk."""

from hub.automations.automation import Automation
from hub.clock import Clock
from hub.records.automation_state import AutomationState
from hub.storage.automation_states import ALL, AutomationStates

PAUSED = "All automations are paused."
_SAFE = "The hub was started with all automations off."


class Switches:
    """What `turn_on`, `turn_off` and `pause` last said.

    State: `_states` mirrors the rows; `_held` are automations that are off for this once, because
    the hub was started so (`safe`).
    """

    def __init__(self, states: AutomationStates, clock: Clock, *, safe: bool) -> None:
        self._rows = states
        self._clock = clock
        self.safe = safe
        self._states: dict[str, AutomationState] = {}
        self._held: set[str] = set()

    async def load(self) -> None:
        self._states = await self._rows.all()

    @property
    def paused(self) -> bool:
        return not self._is_set(ALL)

    def is_on(self, automation: str) -> bool:
        return automation not in self._held and self._is_set(automation)

    def is_meant_on(self, automation: str) -> bool:
        """Whether it is on but for this once."""
        return self._is_set(automation)

    def state(self, automation: str) -> AutomationState | None:
        """As it was last switched; None if it never was."""
        return self._states.get(automation)

    def reason(self, automation: str) -> str:
        """Why it is off, or does nothing although it is on."""
        if automation in self._held:
            return _SAFE
        if not self._is_set(automation):
            return self._states[automation].reason
        return PAUSED if self.paused else ""

    async def begin(self, automation: Automation) -> None:
        """An automation is there from now on: it is as it says, or else as it was last."""
        if self.safe:
            self._held.add(automation.id)
        elif automation.initial_state is not None:
            on = automation.initial_state
            if on is not self._is_set(automation.id):
                await self.set(automation.id, on, "" if on else "Its `initial_state` is false.")

    async def set(self, automation: str, on: bool, reason: str) -> None:
        """Switch it, and remember that."""
        state = AutomationState(
            automation=automation, enabled=on, reason=reason, changed_at=self._clock.now()
        )
        await self._rows.put(state)
        self._states[automation] = state
        self._held.discard(automation)

    def _is_set(self, automation: str) -> bool:
        state = self._states.get(automation)
        return state is None or state.enabled
