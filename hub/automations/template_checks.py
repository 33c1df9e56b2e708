"""Looking at templates before anything happens: do they ask for what there is?

What a variable will hold is only known when an event comes; which names there are is known from
the automation, and what a trigger gives from its sample.
"""

import contextlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from hub.automations.actions.action import inner_actions
from hub.automations.actions.base import Action, Instruction
from hub.automations.actions.variables import SetVariables
from hub.automations.actions.wait_for_trigger import WaitForTrigger
from hub.automations.actions.wait_template import WaitTemplate
from hub.automations.automation import Automation
from hub.automations.home_assistant import HOME_ASSISTANTS_NAMES
from hub.automations.template_asked import asked_by
from hub.automations.template_environment import ENVIRONMENT, TemplateInvalid
from hub.config.problems import closest

# Set for every template, or for those of some action.
_ALWAYS = ("trigger", "context")
REPORT = ("event", "firing", "state", "reason", "response", "runs", "outputs")
"""What the response of a webhook sees besides `trigger`."""
_IN_SOME = ("loop", "output", "file", "matrix", "attempt", "parameters", "error")


@dataclass(frozen=True, kw_only=True, slots=True)
class TemplateMistake:
    """What is wrong with a template, and what may have been meant."""

    message: str
    suggestion: str | None = None


class TemplateChecks:
    """Checks templates of one automation. `_gives` are the names that its triggers give, as samples
    of their events show."""

    def __init__(self, automation: Automation, samples: Iterable[dict[str, Any]]) -> None:
        self._names = {*_ALWAYS, *_IN_SOME, *set_by(automation.actions)}
        self._names.update(automation.trigger_variables, automation.variables)
        self._gives: set[str] = set()
        for trigger in automation.triggers:
            self._names.update(trigger.variables)
        for sample in samples:
            self._gives.update(sample["trigger"])

    def mistakes(self, text: str, *, in_loop: bool) -> Iterator[TemplateMistake]:
        """All that is wrong with a template, bad syntax included; `repeat` is there `in_loop`."""
        yield from unknown_names(text, self._names | {"repeat"} if in_loop else self._names)
        with contextlib.suppress(TemplateInvalid):
            asked = asked_by(text)
            for name in sorted(asked.of_trigger - self._gives - asked.guarded):
                # Who fires an automation by hand may give other names; a slip is like a known one.
                if near := closest(name, self._gives):
                    message = f"no trigger of this automation gives {name!r}"
                    yield TemplateMistake(message=message, suggestion=near)


def unknown_names(text: str, known: Collection[str]) -> Iterator[TemplateMistake]:
    """What a template asks for and is not `known`, or its bad syntax."""
    try:
        asked = asked_by(text)
    except TemplateInvalid as error:
        yield TemplateMistake(message=str(error))
        return
    # The globals first, as Python goes through all of what comes second and later.
    for name in sorted(asked.names.difference(ENVIRONMENT.globals, known, asked.guarded)):
        if name in HOME_ASSISTANTS_NAMES:
            message = f"Home Assistant's {name!r} is not here{HOME_ASSISTANTS_NAMES[name]}"
            yield TemplateMistake(message=message)
        elif name == "wait":
            message = "there is no variable 'wait' here: only a step that waits sets it"
            yield TemplateMistake(message=message)
        else:
            message = f"there is no variable {name!r} here"
            yield TemplateMistake(message=message, suggestion=closest(name, known))


def set_by(actions: Iterable[Instruction]) -> Iterator[str]:
    """The variables that actions set, wherever they stand."""
    for action in actions:
        if isinstance(action, SetVariables):
            yield from action.variables
        if isinstance(action, WaitForTrigger | WaitTemplate):
            yield "wait"
        if isinstance(action, Action) and action.response_variable is not None:
            yield action.response_variable
        yield from set_by(inner_actions(action))
