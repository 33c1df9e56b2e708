"""`state`: whether automations are on."""

from typing import Annotated, ClassVar

from msgspec import Meta

from hub.automations.conditions.base import Condition, Ruling, Situation
from hub.config.fields import OneOrMany, checked
from hub.errors import NoSuch

_DOMAIN = "automation."


def known_entities(entities: list[str]) -> None:
    """Raises `ValueError` for what is no automation."""
    for entity in entities:
        if not entity.startswith(_DOMAIN):
            raise ValueError(f"names {entity!r}; the hub knows only `{_DOMAIN}` and an id")


class StateCondition(Condition, frozen=True, kw_only=True, tag_field="condition", tag="state"):
    """All of these automations are in one of these states."""

    kind: ClassVar[str] = "state"

    entity_id: Annotated[
        OneOrMany[str], checked(known_entities), Meta(description="Such as `automation.upscale`.")
    ]
    state: Annotated[OneOrMany[str], Meta(description="`on`, `off` or `unavailable`.")]

    @property
    def names(self) -> list[str]:
        """The ids of the automations."""
        return [entity.removeprefix(_DOMAIN) for entity in self.entity_id]

    async def judge(self, situation: Situation) -> Ruling:
        states = {}
        for entity in self.entity_id:
            name = entity.removeprefix(_DOMAIN)
            states[entity] = situation.hub.automation_state(name)
            if states[entity] is None:
                raise NoSuch("automation", name)
        found = ", ".join(f"{entity} is {state}" for entity, state in states.items())
        holds = all(state in self.state for state in states.values())
        return Ruling(holds=holds, details=f"{found}, {' or '.join(self.state)} wanted")
