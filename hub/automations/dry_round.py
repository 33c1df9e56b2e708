"""One round of a dry run: through an automation as a firing would go, with a sample event.

A branch that the trigger never enters, since its conditions ask for another, is left out, and all
others are entered. What a run or a wait gives is `UNKNOWN`, as is what a branch sets, once it is
over, and whatever is made of that.

State: `_seen` are the variables at the point that it has come to, `_settable` all that are set on
the way, `_found` what was wrong so far.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from hub.automations.actions.action import (
    Check,
    Choose,
    IfThen,
    NoResponse,
    Parallel,
    Repeat,
    SequenceBlock,
    Stop,
    results_of,
)
from hub.automations.actions.base import Action, Block, Instruction
from hub.automations.actions.file_copy import FileCopy
from hub.automations.actions.file_move import FileMove
from hub.automations.actions.output_save import OutputSave
from hub.automations.actions.turns import NotALoop, could_be_turns
from hub.automations.actions.variables import SetVariables
from hub.automations.actions.wait_for_trigger import WaitForTrigger
from hub.automations.actions.workflow_run import WorkflowRun
from hub.automations.automation import Automation
from hub.automations.conditions.base import Condition
from hub.automations.conditions.condition import AndCondition, NotCondition, OrCondition
from hub.automations.conditions.template import TemplateCondition, means_yes
from hub.automations.conditions.trigger import TriggerCondition
from hub.automations.findings import Finding, Spot, Way, misfit
from hub.automations.retry import Retry
from hub.automations.samples import UNKNOWN, holds_unknown
from hub.automations.template_asked import asked_by
from hub.automations.template_checks import REPORT, set_by
from hub.automations.template_environment import TemplateFailed, is_template
from hub.automations.template_render import Native
from hub.automations.trial import Trial
from hub.automations.trigger import AnyTrigger
from hub.triggers.webhook import WebhookTrigger
from hub.workflows.workflow import Workflow

# The same with each event of a trigger.
_FIXED = {("trigger", name) for name in ("id", "idx", "platform", "alias", "description")}
_LOOP = {"index": 1, "index0": 0, "length": UNKNOWN}
_REPORT = dict.fromkeys(REPORT, UNKNOWN)
_OF_ATTEMPT = {"attempt": 2, "parameters": UNKNOWN, "error": UNKNOWN}


class DryRound:
    """Goes through an automation once, with the variables that come with an event.

    If that `is_real`, branches are entered as it decides, and not as any of its kind might.
    """

    def __init__(
        self,
        sample: Mapping[str, Any],
        workflows: Mapping[str, Workflow],
        trial: Trial,
        *,
        is_real: bool,
    ) -> None:
        self._is_real = is_real
        self._trigger = sample["trigger"]["id"]
        self._seen: dict[str, Any] = {**sample, "repeat": UNKNOWN}
        self._settable: frozenset[str] = frozenset()
        self._workflows = workflows
        self._trial = trial
        self._found: dict[Spot, Finding] = {}

    def of(self, automation: Automation, index: int) -> dict[Spot, Finding]:
        """What is wrong, by where. `index` is the trigger's."""
        trigger = automation.triggers[index]
        self._settable = frozenset([*automation.variables, *set_by(automation.actions)])
        self._look_at_trigger(trigger)
        self._seen.update(automation.trigger_variables)
        self._set(trigger.variables, trigger)
        self._set(automation.variables, automation)
        self._value(automation.mode_key, automation, ("mode_key",), native=False)
        if self._all_hold(automation.conditions, automation, ("conditions",)) is not False:
            self._sequence(automation.actions)
            if automation.retry is not None:
                self._look_at_change(automation.retry, automation)
        return self._found

    def _look_at_trigger(self, trigger: AnyTrigger) -> None:
        if isinstance(trigger, WebhookTrigger):
            self._value(trigger.idempotency, trigger, ("idempotency",), native=False)
            if trigger.response is not None:
                way = ("response", "template")
                self._value(trigger.response.template, trigger, way, native=False, extra=_REPORT)

    def _sequence(self, actions: Iterable[Instruction]) -> None:
        """Until it certainly ends."""
        for action in actions:
            if action.enabled and not self._goes_on_after(action):
                return

    def _goes_on_after(self, action: Instruction) -> bool:
        match action:
            case Check():
                return self._holds(action.test, action, ("test",)) is not False
            case Stop():
                self._value(action.stop, action, ("stop",), native=False)
                name = action.response_variable
                if name is not None and name not in self._seen:
                    self._note(action, ("response_variable",), name, str(NoResponse(name)))
                return False
            case Block():
                for sequence, more in self._branches(action):
                    self._branch(sequence, more)
                given = results_of(action) if isinstance(action, Parallel) else ()
                kept = {*self._seen, *given, "wait"}
                self._seen.update(dict.fromkeys(kept.intersection(set_by([action])), UNKNOWN))
            case SetVariables():
                self._set(action.variables, action)
                if action.response_variable is not None:
                    self._seen[action.response_variable] = UNKNOWN
            case Action():
                self._look_at(action)
                self._seen.update(action.assigned(UNKNOWN))
        return True

    def _branches(self, block: Block) -> Iterator[tuple[Sequence[Instruction], dict[str, Any]]]:
        """Those that may be entered, with the variables that they see besides."""
        match block:
            case SequenceBlock(sequence=actions):
                yield actions, {}
            case Parallel(parallel=branches):
                yield from (([branch], {}) for branch in branches)
            case IfThen():
                holds = self._all_hold(block.if_, block, ("if",))
                if holds is not False:
                    yield block.then, {}
                if holds is not True:
                    yield block.else_, {}
            case Choose():
                yield from self._options(block)
            case Repeat():
                yield from self._turns(block)

    def _options(self, block: Choose) -> Iterator[tuple[Sequence[Instruction], dict[str, Any]]]:
        for number, option in enumerate(block.choose):
            holds = self._all_hold(option.conditions, block, ("choose", number, "conditions"))
            if holds is not False:
                yield option.sequence, {}
            if holds is True:
                return
        yield block.default, {}

    def _turns(self, block: Repeat) -> Iterator[tuple[Sequence[Instruction], dict[str, Any]]]:
        """The first one, which may be any."""
        loop = block.repeat
        self._turned(loop.count, block, "count")
        items = self._turned(loop.for_each, block, "for_each")
        item = items[0] if isinstance(items, list) and items else UNKNOWN
        self._seen.update(dict.fromkeys(set_by(loop.sequence), UNKNOWN))
        turn = {"index": 1, "first": True, "last": UNKNOWN, "item": item}
        before, self._seen = self._seen, {**self._seen, "repeat": turn}
        self._all_hold(loop.while_, block, ("repeat", "while"))
        self._all_hold(loop.until, block, ("repeat", "until"))
        self._seen = before
        yield loop.sequence, {"repeat": turn}

    def _turned(self, source: Any, block: Repeat, key: str) -> Any:
        """What a loop counts or goes through, of which only the kind is certain."""
        given = self._value(source, block, ("repeat", key))
        if given is not UNKNOWN and not could_be_turns(key, given):
            self._note(block, ("repeat", key), source, str(NotALoop(key, given)))
        return given

    def _branch(self, actions: Sequence[Instruction], more: Mapping[str, Any]) -> None:
        before = self._seen
        self._seen = {**before, **more}
        self._sequence(actions)
        self._seen = before

    def _look_at(self, action: Action) -> None:
        match action:
            case WorkflowRun():
                self._look_at_run(action)
            case OutputSave():
                self._value(action.data.outputs, action, ("data", "outputs"))
                extra = {"output": UNKNOWN, "loop": _LOOP}
                self._value(action.data.path, action, ("data", "path"), native=False, extra=extra)
            case FileMove() | FileCopy():
                self._value(action.data.path, action, ("data", "path"))
                extra = {"file": UNKNOWN, "loop": _LOOP}
                self._value(action.data.to, action, ("data", "to"), native=False, extra=extra)
            case WaitForTrigger():
                self._value(action.timeout, action, ("timeout",), native=False)
            case _:
                for field in action.__struct_fields__:
                    written = msgspec.to_builtins(getattr(action, field))
                    self._value(written, action, (field,), native=False)

    def _look_at_run(self, action: WorkflowRun) -> None:
        data, chosen = action.data, {}
        for name, source in data.matrix.items():
            way = ("data", "matrix", name)
            values = self._value(source, action, way)
            chosen[name] = values[0] if isinstance(values, list) and values else UNKNOWN
            self._fit(data.workflow, source, chosen[name], action, way)
        extra = {"matrix": chosen} if chosen else {}
        for name, source in data.parameters.items():
            way = ("data", "parameters", name)
            value = self._value(source, action, way, native="parameter", extra=extra)
            self._fit(data.workflow, source, value, action, way)
        if action.retry is not None:
            self._look_at_change(action.retry, action, data.workflow)

    def _look_at_change(self, retry: Retry, part: Struct, workflow: str | None = None) -> None:
        for name, source in retry.change.items():
            way = ("retry", "change", name)
            given = self._value(source, part, way, native="parameter", extra=_OF_ATTEMPT)
            for value in given if isinstance(given, list) else [given]:
                self._fit(workflow, source, value, part, way)

    def _fit(self, workflow: str | None, source: Any, value: Any, part: Struct, way: Way) -> None:
        """Whether a rendered value fits its parameter; what is written plainly is looked at
        elsewhere."""
        known = self._workflows.get(workflow or "")
        if known is None or value in (None, source) or holds_unknown(value):
            return
        parameter = known.parameters.get(str(way[-1]))
        if parameter and (found := misfit(part, way, source, parameter, value)):
            self._found.setdefault(found.spot, found)

    def _set(self, variables: Mapping[str, Any], part: Struct) -> None:
        for name, source in variables.items():
            self._seen[name] = self._value(source, part, ("variables", name))

    def _all_hold(self, conditions: Iterable[Condition], part: Struct, way: Way) -> bool | None:
        """None where that is not certain. What comes after one that does not hold is not asked."""
        return self._unless(False, conditions, part, way)

    def _any_holds(self, conditions: Iterable[Condition], part: Struct, way: Way) -> bool | None:
        return self._unless(True, conditions, part, way)

    def _unless(
        self, decisive: bool, conditions: Iterable[Condition], part: Struct, way: Way
    ) -> bool | None:
        """`decisive` from the first condition that gives it on, else its opposite if that is
        certain."""
        is_certain = True
        for number, condition in enumerate(conditions):
            if condition.enabled:
                holds = self._holds(condition, part, (*way, number))
                if holds is decisive:
                    return decisive
                is_certain = is_certain and holds is not None
        return (not decisive) if is_certain else None

    def _holds(self, condition: Condition, part: Struct, way: Way) -> bool | None:
        """Only what all events of a trigger have in common makes it certain."""
        match condition:
            case TriggerCondition():
                return self._trigger in condition.id
            case TemplateCondition():
                template = condition.value_template
                value = self._value(template, part, (*way, "value_template"))
                is_certain = value is not UNKNOWN and (self._is_real or _is_of_trigger(template))
                return means_yes(value) if is_certain else None
            case AndCondition():
                return self._all_hold(condition.conditions, part, (*way, "conditions"))
            case OrCondition():
                return self._any_holds(condition.conditions, part, (*way, "conditions"))
            case NotCondition():
                holds = self._any_holds(condition.conditions, part, (*way, "conditions"))
                return None if holds is None else not holds
        return None

    def _value(
        self,
        source: Any,
        part: Struct,
        way: Way,
        *,
        native: Native = True,
        extra: Mapping[str, Any] | None = None,
    ) -> Any:
        """`source` with its templates rendered; `UNKNOWN` for those that cannot be."""
        match source:
            case dict():
                return {
                    key: self._value(value, part, (*way, key), native=native, extra=extra)
                    for key, value in source.items()
                }
            case list():
                return [
                    self._value(value, part, (*way, number), native=native, extra=extra)
                    for number, value in enumerate(source)
                ]
            case str() if is_template(source):
                return self._rendered(source, part, way, native, extra or {})
        return source

    def _rendered(
        self, source: str, part: Struct, way: Way, native: Native, extra: Mapping[str, Any]
    ) -> Any:
        try:
            seen = {**self._seen, **extra} if extra else self._seen
            return self._trial.gives(source, seen, native=native, settable=self._settable)
        except TemplateFailed as error:
            self._note(part, way, source, str(error))
            return UNKNOWN

    def _note(self, part: Struct, way: Way, source: Any, message: str) -> None:
        found = Finding(part=part, way=way, source=source, message=message)
        self._found.setdefault(found.spot, found)


def _is_of_trigger(template: str) -> bool:
    asked = asked_by(template)
    return asked.is_plain and asked.weighed <= _FIXED
