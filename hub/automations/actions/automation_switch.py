"""`automation.turn_on`, `automation.turn_off` and `automation.toggle`."""

from typing import Annotated, Any, ClassVar

import msgspec
from msgspec import Meta

from hub.automations.actions.automation_target import AutomationTarget
from hub.automations.actions.base import Action, Begun, StepContext


class TurnOffData(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What `automation.turn_off` takes."""

    stop_actions: Annotated[
        bool, Meta(description="Whether firings under way end; Home Assistant's default is true.")
    ] = False


class _Switch(Action, frozen=True, kw_only=True):
    """What becomes of each target is decided, and noted, before any is switched: so toggling once
    stays once over a restart."""

    target: Annotated[AutomationTarget, Meta(description="Which automations.")]

    @property
    def _stops(self) -> bool:
        """Whether firings under way end."""
        return False

    def _wanted(self, automation: str, step: StepContext) -> bool:
        raise NotImplementedError

    async def begin(self, step: StepContext) -> Begun:
        names = await self.target.ids(step)
        return Begun(note={name: self._wanted(name, step) for name in names})

    async def finish(self, step: StepContext) -> Any:
        automations = step.means.automations
        for name, on in step.note.items():
            if automations.is_on(name) is not on:
                by = f"By the automation {step.event.automation!r}."
                await automations.set_state(name, on, reason="" if on else by, stop=self._stops)
        return step.note


class TurnOn(_Switch, frozen=True, kw_only=True, tag_field="action", tag="automation.turn_on"):
    """Turn automations on."""

    kind: ClassVar[str] = "automation.turn_on"

    def _wanted(self, automation: str, step: StepContext) -> bool:
        return True


class TurnOff(_Switch, frozen=True, kw_only=True, tag_field="action", tag="automation.turn_off"):
    """Turn automations off."""

    kind: ClassVar[str] = "automation.turn_off"

    data: TurnOffData = TurnOffData()

    @property
    def _stops(self) -> bool:
        return self.data.stop_actions

    def _wanted(self, automation: str, step: StepContext) -> bool:
        return False


class Toggle(_Switch, frozen=True, kw_only=True, tag_field="action", tag="automation.toggle"):
    """Turn automations off that are on, and the others on."""

    kind: ClassVar[str] = "automation.toggle"

    def _wanted(self, automation: str, step: StepContext) -> bool:
        return not step.means.automations.is_on(automation)
