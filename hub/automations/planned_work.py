"""The work that an automation's actions would make of an event: which runs, and about how long
they would take. Nothing is carried out.

Which branch is entered may depend on what is not known before, so the runs of all are told, and the
longest counts. Retries do not count.
"""

from collections.abc import Iterable, Iterator, Mapping
from math import prod
from typing import Any

from hub.automations.actions.action import Choose, IfThen, Repeat, inner_actions
from hub.automations.actions.base import Instruction
from hub.automations.actions.workflow_run import WorkflowRun
from hub.automations.durations import Durations
from hub.automations.findings import Finding
from hub.automations.template_asked import asked_by
from hub.automations.template_checks import set_by
from hub.automations.template_environment import TemplateFailed, is_template
from hub.automations.template_render import Native
from hub.automations.templates import Templates
from hub.errors import HubError

UNKNOWN = "known only when it runs"
FAILS = "cannot be rendered"
_LATER = ("repeat", "matrix")


class PlannedWork:
    """Plans one event. `runs` are those found so far, and `failed` the templates that give nothing
    although all that they ask for is there."""

    def __init__(
        self,
        actions: Iterable[Instruction],
        variables: Mapping[str, Any],
        templates: Templates,
        durations: Durations,
    ) -> None:
        self._actions = list(actions)
        self._later = {*_LATER, *set_by(self._actions)}
        self._variables = variables
        self._templates = templates
        self._durations = durations
        self.runs: list[dict[str, Any]] = []
        self.failed: list[Finding] = []

    async def seconds(self) -> float | None:
        """Of work in all, along the longest way; None where that is not known."""
        return await self._sequence(self._actions)

    async def _sequence(self, actions: Iterable[Instruction]) -> float | None:
        each = [await self._action(action) for action in actions if action.enabled]
        return None if None in each else sum(filter(None, each))

    async def _action(self, action: Instruction) -> float | None:
        match action:
            case WorkflowRun():
                return await self._run(action)
            case IfThen(then=then, else_=else_):
                return await self._longest(then, else_)
            case Choose(choose=options, default=default):
                return await self._longest(*(option.sequence for option in options), default)
            case Repeat():
                once = await self._sequence(action.repeat.sequence)
                return 0.0 if once == 0 else _times(await self._turns(action), once)
        return await self._sequence(inner_actions(action))

    async def _longest(self, *ways: Iterable[Instruction]) -> float | None:
        each = [await self._sequence(way) for way in ways]
        return None if None in each else max(filter(None, each), default=0.0)

    async def _turns(self, action: Repeat) -> int | None:
        loop = action.repeat
        match await self._value(loop.count, action, ("repeat", "count"), native=True):
            case int(count):
                return count
        match await self._value(loop.for_each, action, ("repeat", "for_each"), native=True):
            case list(items):
                return len(items)
        return None

    async def _run(self, action: WorkflowRun) -> float | None:
        data = action.data
        matrix = {
            name: await self._value(source, action, ("data", "matrix", name), native=True)
            for name, source in data.matrix.items()
        }
        parameters = {
            name: await self._value(
                source, action, ("data", "parameters", name), native="parameter"
            )
            for name, source in data.parameters.items()
        }
        is_certain = all(isinstance(values, list) for values in matrix.values())
        count = prod(map(len, matrix.values())) if is_certain else None
        told = {"workflow": data.workflow, "count": count, "parameters": parameters}
        self.runs.append({**told, "matrix": matrix} if matrix else told)
        return _times(count, (await self._durations.of(data.workflow)).seconds)

    async def _value(
        self, source: Any, action: Instruction, way: tuple[str, ...], *, native: Native
    ) -> Any:
        try:
            return await self._templates.render(source, self._variables, native=native)
        except TemplateFailed as error:
            if any(self._later & asked_by(text).names for text in _templates_in(source)):
                return UNKNOWN
            message = str(error)
            self.failed.append(Finding(part=action, way=way, source=source, message=message))
            return FAILS
        except HubError:
            return UNKNOWN


def _times(count: int | None, seconds: float | None) -> float | None:
    return None if count is None or seconds is None else count * seconds


def _templates_in(source: Any) -> Iterator[str]:
    match source:
        case str() if is_template(source):
            yield source
        case dict():
            for value in source.values():
                yield from _templates_in(value)
        case list() | tuple():
            for value in source:
                yield from _templates_in(value)
