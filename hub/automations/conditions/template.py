"""`template`: true if a template gives something that means yes."""

from typing import Annotated, Any, ClassVar

from msgspec import Meta

from hub.automations.conditions.base import Condition, Ruling, Situation
from hub.automations.template_environment import is_template
from hub.config.fields import checked
from hub.config.scalars import Unfit

_YES = {"true", "yes", "on", "enable", "1"}
_NO = {"false", "no", "off", "disable", "0"}
_SHOWN = 60


def _decides(text: str) -> None:
    """Raises `Unfit` for a text that always says no without meaning to."""
    if not is_template(text) and text.strip().lower() not in _YES | _NO:
        raise Unfit("a template, which stands in {{ }} or {% %}")


class TemplateCondition(
    Condition, frozen=True, kw_only=True, tag_field="condition", tag="template"
):
    """A template that says yes: true, a number other than 0, or `yes`, `on`, `enable`."""

    kind: ClassVar[str] = "template"

    value_template: Annotated[str, checked(_decides), Meta(description="The template.")]

    async def judge(self, situation: Situation) -> Ruling:
        value = await situation.templates.render(
            self.value_template, situation.variables, native=True
        )
        text = repr(value)
        shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
        return Ruling(holds=means_yes(value), details=f"the template gave {shown}")


def means_yes(value: Any) -> bool:
    """As Home Assistant reads what a template gave; a list or a mapping never means yes."""
    match value:
        case bool() | int() | float():
            return bool(value)
        case str():
            return value.strip().lower() in _YES
    return False
