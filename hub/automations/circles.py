"""Automations that may wait for each other in a circle, as far as they name each other plainly."""

from collections.abc import Collection, Iterator, Mapping

from hub.automations.actions.action import all_actions
from hub.automations.actions.automation_trigger import AutomationTrigger
from hub.automations.automation import Automation


class Circles:
    """Which automations wait for which others (`_waits`), by ids."""

    def __init__(self) -> None:
        self._waits: dict[str, set[str]] = {}

    def closed_by(self, automation: Automation) -> Iterator[tuple[AutomationTrigger, str]]:
        """Its actions by which one that was told of before would wait for itself, or it would,
        each with a sentence without a stop."""
        own = [
            action
            for action in all_actions(automation.actions)
            if isinstance(action, AutomationTrigger) and action.data.wait and action.enabled
        ]
        self._waits[automation.id] = {name for action in own for name in action.target.names}
        for action in own:
            for name in action.target.names:
                if way := way_between(self._waits, name, automation.id):
                    yield action, _sentence([automation.id, *way])


def way_between(leads: Mapping[str, Collection[str]], start: str, goal: str) -> list[str]:
    """From one automation to another, where each leads to some; empty if there is none."""
    ways, passed = [[start]], {start}
    while ways:
        way = ways.pop()
        if way[-1] == goal:
            return way
        further = [name for name in leads.get(way[-1], ()) if name not in passed]
        passed.update(further)
        ways += [[*way, name] for name in further]
    return []


def _sentence(way: list[str]) -> str:
    if len(way) == 2:
        return f"`{way[0]}` would wait for itself: leave out `wait`"
    circle = " → ".join(f"`{each}`" for each in way)
    return (
        f"automations may wait for each other for ever, {circle}: leave out `wait` in one of them"
    )
