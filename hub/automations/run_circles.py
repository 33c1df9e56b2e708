"""Automations that fire each other for ever by the ends of their runs, as far as it is certain: a
template, a condition or a wait may end the circle, so none of them is looked behind."""

from collections.abc import Iterable, Iterator

from hub.automations.actions.action import Parallel, SequenceBlock, inner_actions
from hub.automations.actions.automation_switch import Toggle, TurnOff
from hub.automations.actions.base import Action, Instruction
from hub.automations.actions.wait_for_trigger import WaitForTrigger
from hub.automations.actions.wait_template import WaitTemplate
from hub.automations.actions.workflow_run import WorkflowRun
from hub.automations.automation import Automation
from hub.automations.circles import way_between
from hub.automations.template_environment import is_template
from hub.records.run import RunState
from hub.triggers.run_finished import RunFinishedTrigger


class RunCircles:
    """Which automations fire which others (`_fires`), by ids, of those that were told of."""

    def __init__(self) -> None:
        self._runs: dict[str, list[WorkflowRun]] = {}
        self._triggers: dict[str, list[RunFinishedTrigger]] = {}
        self._fires: dict[str, set[str]] = {}

    def closed_by(self, automation: Automation) -> Iterator[tuple[RunFinishedTrigger, str]]:
        """Its triggers that close a circle with automations told of before, each with a sentence
        without a stop."""
        own, triggers = automation.id, _triggers(automation)
        runs = [each for each in _sure(automation.actions) if isinstance(each, WorkflowRun)]
        if not triggers or not runs:
            return
        self._fires[own] = {
            other for other in self._runs if self._wanted(own, runs, self._triggers[other])
        }
        for trigger in triggers:
            for other, its_runs in self._runs.items():
                if self._wanted(other, its_runs, [trigger]):
                    self._fires[other].add(own)
                    if way := way_between(self._fires, own, other):
                        yield trigger, _sentence([*way, own])
        self._runs[own], self._triggers[own] = runs, triggers

    def _wanted(
        self, automation: str, runs: list[WorkflowRun], triggers: list[RunFinishedTrigger]
    ) -> bool:
        return any(_wants(trigger, automation, run) for trigger in triggers for run in runs)


def _triggers(automation: Automation) -> list[RunFinishedTrigger]:
    if automation.conditions:
        return []
    return [
        trigger
        for trigger in automation.triggers
        if isinstance(trigger, RunFinishedTrigger) and trigger.enabled
    ]


def _sure(actions: Iterable[Instruction]) -> Iterator[Instruction]:
    """Those that are carried out whatever comes."""
    for action in actions:
        if not action.enabled:
            continue
        if isinstance(action, SequenceBlock | Parallel):
            yield from _sure(inner_actions(action))
        elif isinstance(action, Action) and not isinstance(
            action, WaitForTrigger | WaitTemplate | TurnOff | Toggle
        ):
            yield action
        else:
            return


def _wants(trigger: RunFinishedTrigger, automation: str, run: WorkflowRun) -> bool:
    data = run.data
    wanted = (
        (trigger.automation, [automation]),
        (trigger.status, [RunState.SUCCEEDED.value]),
        (trigger.workflow, [data.workflow]),
        (trigger.tag, data.tags),
    )
    return all(
        not among or any(value in among and not is_template(value) for value in values)
        for among, values in wanted
    )


def _sentence(way: list[str]) -> str:
    circle = " → ".join(f"`{each}`" for each in way)
    return (
        f"automations fire each other for ever by their runs, {circle}: name the automations,"
        " workflows or tags in one of the triggers, so that the others' runs are not among them"
    )
