"""`variables`: set variables for later steps."""

from typing import Annotated, Any, ClassVar

from msgspec import Meta

from hub.automations.actions.base import Action, StepContext
from hub.config.fields import checked
from hub.config.names import free_names


class SetVariables(Action, frozen=True, kw_only=True, tag_field="action", tag="variables"):
    """Set variables; each may use those above it."""

    kind: ClassVar[str] = "variables"

    variables: Annotated[
        dict[str, Any],
        checked(free_names),
        Meta(description="Names and values; texts may be templates."),
    ]

    async def finish(self, step: StepContext) -> Any:
        values: dict[str, Any] = {}
        for name, source in self.variables.items():
            values[name] = await step.render(source, native=True, extra=values)
        return values

    def assigned(self, result: Any) -> dict[str, Any]:
        return {**result, **super().assigned(result)}
