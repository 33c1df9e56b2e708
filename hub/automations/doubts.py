"""What an automation asks for, though none of its triggers and steps ever gives it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from msgspec import Struct

from hub.automations.actions.action import Check, Choose, IfThen, Repeat, all_actions
from hub.automations.actions.base import Instruction
from hub.automations.actions.workflow_run import WorkflowRun
from hub.automations.automation import Automation
from hub.automations.conditions.base import Condition
from hub.automations.conditions.condition import AndCondition, NotCondition, OrCondition
from hub.automations.conditions.media import MediaCondition
from hub.automations.conditions.trigger import TriggerCondition
from hub.automations.findings import Way
from hub.config.problems import closest
from hub.triggers.folder import FolderTrigger
from hub.triggers.manual import ManualTrigger
from hub.triggers.run_finished import RunFinishedTrigger
from hub.workflows.workflow import Workflow


@dataclass(frozen=True, kw_only=True, slots=True)
class Doubt:
    """Something at `way` in a part of an automation that has no effect, or always the same."""

    part: Struct
    way: Way
    message: str
    suggestion: str | None = None


def doubts(automation: Automation, workflows: Mapping[str, Workflow]) -> Iterator[Doubt]:
    """All of them."""
    kinds = {type(trigger) for trigger in automation.triggers}
    ids = [automation.trigger_id(index) for index in range(len(automation.triggers))]
    for condition in _conditions(automation):
        if isinstance(condition, TriggerCondition):
            yield from _unknown_triggers(condition, ids)
        if isinstance(condition, MediaCondition) and not kinds & {FolderTrigger, ManualTrigger}:
            message = "no trigger of this automation gives a file, so this never holds"
            yield Doubt(part=condition, way=(), message=message)
    if automation.after.takes_away and FolderTrigger not in kinds:
        message = "no trigger of this automation gives a file that could be moved or deleted"
        yield Doubt(part=automation, way=("after",), message=message)
    yield from _unknown_changes(automation, workflows)
    for trigger in automation.triggers:
        if isinstance(trigger, RunFinishedTrigger):
            yield from _unknown_workflows(trigger, workflows)


def _unknown_workflows(
    trigger: RunFinishedTrigger, workflows: Mapping[str, Workflow]
) -> Iterator[Doubt]:
    for number, name in enumerate(trigger.workflow):
        if name not in workflows:
            yield Doubt(
                part=trigger,
                way=("workflow", number),
                message=f"there is no workflow {name!r}",
                suggestion=closest(name, workflows),
            )


def _unknown_triggers(condition: TriggerCondition, ids: list[str]) -> Iterator[Doubt]:
    for number, name in enumerate(condition.id):
        if name not in ids:
            message = f"no trigger of this automation has the id {name!r}"
            yield Doubt(
                part=condition, way=("id", number), message=message, suggestion=closest(name, ids)
            )


def _unknown_changes(automation: Automation, workflows: Mapping[str, Workflow]) -> Iterator[Doubt]:
    """What the automation's `retry` changes, and a workflow that is tried again does not take."""
    retry = automation.retry
    if retry is None:
        return
    for action in all_actions(automation.actions):
        if isinstance(action, WorkflowRun) and action.retry is None:
            workflow = workflows.get(action.data.workflow)
            declared = workflow.parameters if workflow else {}
            for name in retry.change if declared else ():
                if name not in declared and "." not in name:
                    message = f"workflow {action.data.workflow!r} has no parameter {name!r}"
                    suggestion = closest(name, declared)
                    yield Doubt(
                        part=retry, way=("change", name), message=message, suggestion=suggestion
                    )


def _conditions(automation: Automation) -> Iterator[Condition]:
    """All conditions, wherever they stand."""
    yield from _opened(automation.conditions)
    for action in all_actions(automation.actions):
        yield from _opened(_conditions_of(action))


def _conditions_of(action: Instruction) -> list[Condition]:
    match action:
        case Check():
            return [action.test]
        case IfThen():
            return [*action.if_]
        case Choose():
            return [condition for option in action.choose for condition in option.conditions]
        case Repeat(repeat=loop):
            return [*loop.while_, *loop.until]
    return []


def _opened(conditions: Iterable[Condition]) -> Iterator[Condition]:
    for condition in conditions:
        if isinstance(condition, AndCondition | OrCondition | NotCondition):
            yield from _opened(condition.conditions)
        else:
            yield condition
