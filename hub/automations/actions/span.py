"""Spans of time in actions: written as a duration, or worked out by a template."""

from typing import Annotated

from hub.automations.actions.base import StepContext
from hub.automations.template_environment import is_template
from hub.config.elements import Element, Mapping, Scalar
from hub.config.fields import checked, rewritten
from hub.config.quantities import duration
from hub.config.scalars import Unfit
from hub.errors import Invalid


def as_one_text(element: Element) -> Element:
    """`{hours: 1, minutes: 30}` as `1 hours 30 minutes`."""
    if isinstance(element, Mapping) and all(
        isinstance(part, Scalar) for _, part in element.entries
    ):
        parts = [f"{part.text} {unit.text}" for unit, part in element.entries]  # type: ignore[union-attr]  # looked at above
        return Scalar(" ".join(parts), element.place)
    return element


def _duration_or_template(span: str) -> None:
    if not is_template(span):
        try:
            duration(span)
        except ValueError:
            raise Unfit("a duration such as 30s, 1h30m or 00:05:00, or a template") from None


Span = Annotated[str, rewritten(as_one_text), checked(_duration_or_template)]


class NoDuration(Invalid):
    """A template that should give a duration gave something else."""

    def __init__(self, template: str, given: str) -> None:
        super().__init__(
            f"The template {template!r} gave {given!r}, where a duration such as 30s or 00:05:00 "
            "is wanted."
        )


async def seconds_of(span: str, step: StepContext) -> float:
    """How long it is. Raises `NoDuration`, and what the template raises."""
    text = str(await step.render(span, native=False))
    try:
        return duration(text).total_seconds()
    except ValueError:
        raise NoDuration(span, text) from None
