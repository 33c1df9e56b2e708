"""The manual trigger: when somebody asks for it, with a form that is filled in."""

import asyncio
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

import msgspec
from msgspec import Meta

from hub.errors import Invalid
from hub.triggers.base import TriggerContext
from hub.triggers.manual_form import FormField, WrongValue
from hub.triggers.settings import TriggerSettings


class ManualTrigger(
    TriggerSettings,
    frozen=True,
    kw_only=True,
    tag_field="trigger",
    tag="manual",
    forbid_unknown_fields=True,
):
    """Fires when somebody says so, on the page, by command or by request. Any automation can be
    fired so; this trigger says what is to be filled in."""

    kind: ClassVar[str] = "manual"

    parameters: Annotated[
        dict[str, FormField], Meta(description="What is to be filled in, by name.")
    ] = msgspec.field(default_factory=dict)

    async def watch(self, context: TriggerContext) -> None:
        context.report("watching", "Waits for somebody to fire it.")
        await asyncio.Event().wait()

    def sample(self) -> dict[str, Any]:
        return {"parameters": {name: field.sample() for name, field in self.parameters.items()}}

    def filled(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """The form's values, with defaults for what is not given. Raises `Invalid`."""
        for name in given:
            if name not in self.parameters:
                known = ", ".join(self.parameters) or "none"
                raise Invalid(f"The form has no parameter {name!r}; it has {known}.")
        values = {}
        for name, field in self.parameters.items():
            try:
                values[name] = field.value(given.get(name))
            except WrongValue as wrong:
                raise Invalid(f"Parameter {name!r} {wrong}.") from None
        return values
