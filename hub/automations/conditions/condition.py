"""All kinds of conditions, in one union, and those that join others: `and`, `or`, `not`.

Shorter spellings, as in Home Assistant: a text is a template condition, and `and: [...]`,
`or: [...]`, `not: [...]` are what they say.
"""

from collections.abc import Sequence
from typing import Annotated, ClassVar

from msgspec import Meta

from hub.automations.conditions.base import Condition, Ruling, Situation
from hub.automations.conditions.hub import HubCondition
from hub.automations.conditions.media import MediaCondition
from hub.automations.conditions.state import StateCondition
from hub.automations.conditions.template import TemplateCondition
from hub.automations.conditions.time import TimeCondition
from hub.automations.conditions.trigger import TriggerCondition
from hub.automations.home_assistant import condition_of_ours
from hub.config.elements import Element, Mapping, Scalar
from hub.config.fields import OneOrMany, rewritten
from hub.errors import HubError

JOINING = ("and", "or", "not")


def in_full(element: Element) -> Element:
    """A condition in its long spelling."""
    place = element.place
    if isinstance(element, Scalar):
        kind = (Scalar("condition", place), Scalar("template", place))
        return Mapping((kind, (Scalar("value_template", place), element)), place)
    if isinstance(element, Mapping) and element.get("condition") is None:
        for key, value in element.entries:
            if key.text in JOINING:
                rest = tuple(entry for entry in element.entries if entry[0] is not key)
                kind = (Scalar("condition", key.place), key)
                inner = (Scalar("conditions", key.place), value)
                return Mapping((kind, inner, *rest), place, element.problems)
    return element


class AndCondition(Condition, frozen=True, kw_only=True, tag_field="condition", tag="and"):
    """All of them hold. The first that does not ends the question."""

    kind: ClassVar[str] = "and"

    conditions: Annotated[OneOrMany["AnyCondition"], Meta(description="The conditions.")]

    async def judge(self, situation: Situation) -> Ruling:
        details = []
        for condition in _enabled(self.conditions):
            ruling = await condition.judge(situation)
            if not ruling.holds:
                return ruling
            details.append(ruling.details)
        return Ruling(holds=True, details="; ".join(details))


class OrCondition(Condition, frozen=True, kw_only=True, tag_field="condition", tag="or"):
    """One of them holds. One that makes no sense only counts if no other holds."""

    kind: ClassVar[str] = "or"

    conditions: Annotated[OneOrMany["AnyCondition"], Meta(description="The conditions.")]

    async def judge(self, situation: Situation) -> Ruling:
        details = []
        senseless: HubError | None = None
        for condition in _enabled(self.conditions):
            try:
                ruling = await condition.judge(situation)
            except HubError as error:
                senseless = senseless or error
                continue
            if ruling.holds:
                return ruling
            details.append(ruling.details)
        if senseless is not None:
            raise senseless
        return Ruling(holds=False, details="none of: " + "; ".join(details))


class NotCondition(Condition, frozen=True, kw_only=True, tag_field="condition", tag="not"):
    """None of them holds."""

    kind: ClassVar[str] = "not"

    conditions: Annotated[OneOrMany["AnyCondition"], Meta(description="The conditions.")]

    async def judge(self, situation: Situation) -> Ruling:
        details = []
        for condition in _enabled(self.conditions):
            ruling = await condition.judge(situation)
            if ruling.holds:
                return Ruling(holds=False, details=f"not wanted: {ruling.details}")
            details.append(ruling.details)
        return Ruling(holds=True, details="; ".join(details))


AnyCondition = Annotated[
    HubCondition
    | MediaCondition
    | StateCondition
    | TemplateCondition
    | TimeCondition
    | TriggerCondition
    | AndCondition
    | OrCondition
    | NotCondition,
    rewritten(lambda element: condition_of_ours(in_full(element))),
]


def _enabled(conditions: Sequence[Condition]) -> list[Condition]:
    return [condition for condition in conditions if condition.enabled]
