"""`automation.reload`: read the configuration again."""

from typing import Any, ClassVar

from hub.automations.actions.base import Action, StepContext


class AutomationReload(
    Action, frozen=True, kw_only=True, tag_field="action", tag="automation.reload"
):
    """Read the configuration again. If it cannot be followed, this fails and the hub goes on as it
    was."""

    kind: ClassVar[str] = "automation.reload"

    async def finish(self, step: StepContext) -> Any:
        await step.means.automations.reload()
