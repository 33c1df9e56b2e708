"""`target:` of what is done to automations, as in Home Assistant."""

from typing import Annotated

import msgspec
from msgspec import Meta

from hub.automations.actions.base import StepContext
from hub.automations.template_environment import is_template
from hub.config.fields import OneOrMany

_DOMAIN = "automation."


class AutomationTarget(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which automations."""

    entity_id: Annotated[
        OneOrMany[str], Meta(description="Such as `automation.upscale`; templates.", min_length=1)
    ]

    @property
    def names(self) -> list[str]:
        """The ids that are written plainly."""
        return [name.removeprefix(_DOMAIN) for name in self.entity_id if not is_template(name)]

    async def ids(self, step: StepContext) -> list[str]:
        """The ids, rendered; each once."""
        names = await step.render(self.entity_id, native=False)
        return list(dict.fromkeys(str(name).strip().removeprefix(_DOMAIN) for name in names))
