"""All kinds of actions, in one union, and the blocks that hold other actions.

As in Home Assistant a block is known by its key: `choose:`, `if:`, `repeat:`, `parallel:`,
`sequence:`; so are `delay:`, `wait_for_trigger:`, `wait_template:`, `variables:` and `stop:`, and a
condition is written as it is elsewhere. To the reader each becomes an `action` of that name.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from typing import Annotated, Any, ClassVar

import msgspec
from msgspec import Meta

from hub.automations.actions.automation_reload import AutomationReload
from hub.automations.actions.automation_switch import Toggle, TurnOff, TurnOn
from hub.automations.actions.automation_trigger import AutomationTrigger
from hub.automations.actions.base import (
    RESPONSE,
    Action,
    Block,
    FiringStopped,
    Instruction,
    SequenceEnded,
    Stage,
)
from hub.automations.actions.delay import Delay
from hub.automations.actions.file_copy import FileCopy
from hub.automations.actions.file_delete import FileDelete
from hub.automations.actions.file_move import FileMove
from hub.automations.actions.notify import Notify, with_target
from hub.automations.actions.output_find import OutputFind
from hub.automations.actions.output_save import OutputSave
from hub.automations.actions.turns import MOST_TURNS, NotALoop, TooManyTurns, could_be_turns
from hub.automations.actions.variables import SetVariables
from hub.automations.actions.wait_for_trigger import WaitForTrigger
from hub.automations.actions.wait_template import WaitTemplate
from hub.automations.actions.webhook_post import WebhookPost
from hub.automations.actions.workflow_run import WorkflowRun
from hub.automations.conditions.base import Condition
from hub.automations.conditions.condition import JOINING, AnyCondition
from hub.automations.conditions.verdicts import reason_of, verdicts
from hub.automations.home_assistant import action_of_ours
from hub.automations.template_environment import is_template
from hub.config.elements import Element, Mapping, Scalar
from hub.config.elements import Sequence as SequenceElement
from hub.config.fields import OneOrMany, rewritten
from hub.errors import HubError, Invalid

_BY_KEY = (
    *("choose", "if", "repeat", "parallel", "sequence"),
    *("delay", "wait_for_trigger", "wait_template", "variables", "stop"),
)


class NoResponse(Invalid):
    """What a `stop` should respond with is not there."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no variable {name!r} to respond with.")


def in_full(element: Element) -> Element:
    """An action as the reader knows it: with the key `action`."""
    if isinstance(element, Scalar):
        return _tagged("condition", element, Mapping((_entry("test", element),), element.place))
    if not isinstance(element, Mapping) or _has(element, "action", "service"):
        return with_target(element)
    if _has(element, "condition", *JOINING):
        return _tagged("condition", element, Mapping((_entry("test", element),), element.place))
    for key, _ in element.entries:
        if key.text in _BY_KEY:
            return _tagged(key.text, key, element)
    return element


def branch_in_full(element: Element) -> Element:
    """A branch of `parallel`: a sequence, or one action by itself, or a list of them."""
    if isinstance(element, SequenceElement):
        element = Mapping((_entry("sequence", element),), element.place)
    return in_full(element)


def _has(element: Mapping, *keys: str) -> bool:
    return any(element.get(key) is not None for key in keys)


def _entry(key: str, value: Element) -> tuple[Scalar, Element]:
    return Scalar(key, value.place), value


def _tagged(kind: str, at: Element, element: Mapping) -> Mapping:
    tag = (Scalar("action", at.place), Scalar(kind, at.place))
    return Mapping((tag, *element.entries), element.place, element.problems)


class Check(Block, frozen=True, kw_only=True, tag_field="action", tag="condition"):
    """Go on only if a condition holds; else the innermost sequence ends here."""

    kind: ClassVar[str] = "condition"

    test: AnyCondition

    async def carry_out(self, stage: Stage) -> None:
        reason = await stage.decide(lambda: _refusal([self.test], stage))
        if reason is not None:
            raise SequenceEnded(reason)


class Stop(Block, frozen=True, kw_only=True, tag_field="action", tag="stop"):
    """End the firing."""

    kind: ClassVar[str] = "stop"

    stop: Annotated[str, Meta(description="Why; a template.")]
    error: Annotated[bool, Meta(description="Whether that is a failure.")] = False
    response_variable: Annotated[
        str | None,
        Meta(description="The variable that whoever waits for the firing gets as its response."),
    ] = None

    def __post_init__(self) -> None:
        if self.error and self.response_variable is not None:
            raise ValueError("A `stop` with `error` gives no response.")

    async def carry_out(self, stage: Stage) -> None:
        render = stage.means.templates.render
        reason = await stage.decide(lambda: render(self.stop, stage.variables, native=False))
        if self.response_variable is not None:
            await stage.decide(lambda: self._response(stage), RESPONSE)
        raise HubError(reason) if self.error else FiringStopped(reason)

    async def _response(self, stage: Stage) -> Any:
        name, known = str(self.response_variable), stage.variables
        if name not in known:
            raise NoResponse(name)
        return known[name]


class SequenceBlock(Block, frozen=True, kw_only=True, tag_field="action", tag="sequence"):
    """Several actions as one."""

    kind: ClassVar[str] = "sequence"

    sequence: Annotated[OneOrMany["AnyAction"], Meta(description="The actions.")]

    async def carry_out(self, stage: Stage) -> None:
        await stage.carry_out(self.sequence)


class IfThen(
    Block,
    frozen=True,
    kw_only=True,
    tag_field="action",
    tag="if",
    rename={"if_": "if", "else_": "else"},
):
    """Carry out one sequence or another."""

    kind: ClassVar[str] = "if"

    if_: Annotated[OneOrMany[AnyCondition], Meta(description="The conditions.")]
    then: Annotated[OneOrMany["AnyAction"], Meta(description="If they all hold.")]
    else_: Annotated[OneOrMany["AnyAction"], Meta(description="If not.")] = msgspec.field(
        default_factory=list
    )

    async def carry_out(self, stage: Stage) -> None:
        reason = await stage.decide(lambda: _refusal(self.if_, stage))
        if reason is None:
            await stage.carry_out(self.then, "then")
        else:
            await stage.carry_out(self.else_, "else")


class Option(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One of the ways that `choose` may go."""

    alias: Annotated[str, Meta(description="What people call it.")] = ""
    conditions: Annotated[OneOrMany[AnyCondition], Meta(description="When it is taken.")]
    sequence: Annotated[OneOrMany["AnyAction"], Meta(description="What is done then.")]


class Choose(Block, frozen=True, kw_only=True, tag_field="action", tag="choose"):
    """Carry out the first option whose conditions all hold."""

    kind: ClassVar[str] = "choose"

    choose: Annotated[OneOrMany[Option], Meta(description="The options, in order.")]
    default: Annotated[OneOrMany["AnyAction"], Meta(description="If none is taken.")] = (
        msgspec.field(default_factory=list)
    )

    async def carry_out(self, stage: Stage) -> None:
        taken = await stage.decide(lambda: self._taken(stage))
        if taken is None:
            await stage.carry_out(self.default, "default")
        else:
            await stage.carry_out(self.choose[taken].sequence, str(taken))

    async def _taken(self, stage: Stage) -> int | None:
        for number, option in enumerate(self.choose):
            if await _refusal(option.conditions, stage) is None:
                return number
        return None


class Loop(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    rename={"while_": "while"},
):
    """How often: exactly one of `count`, `for_each`, `while` and `until`."""

    count: Annotated[int | str | None, Meta(description="So many times; may be a template.")] = None
    for_each: Annotated[Any, Meta(description="A list, or a template that gives one.")] = None
    while_: Annotated[
        OneOrMany[AnyCondition], Meta(description="As long as these hold, looked at before.")
    ] = msgspec.field(default_factory=list)
    until: Annotated[
        OneOrMany[AnyCondition], Meta(description="Until these hold, looked at afterwards.")
    ] = msgspec.field(default_factory=list)
    sequence: Annotated[OneOrMany["AnyAction"], Meta(description="What is done each time.")]

    def __post_init__(self) -> None:
        given = [self.count is not None, self.for_each is not None, self.while_, self.until]
        if sum(map(bool, given)) != 1:
            raise ValueError("`repeat` takes one of `count`, `for_each`, `while` and `until`.")
        if isinstance(self.count, int) and not 0 <= self.count <= MOST_TURNS:
            raise ValueError(f"`count` must be at least 0 and at most {MOST_TURNS}.")
        for key, written in (("count", self.count), ("for_each", self.for_each)):
            if not could_be_turns(key, written) and not is_template(str(written)):
                raise ValueError(str(NotALoop(key, written)))


class Repeat(Block, frozen=True, kw_only=True, tag_field="action", tag="repeat"):
    """Carry out a sequence several times; it sees `repeat.index`, `.first`, `.last`, `.item`."""

    kind: ClassVar[str] = "repeat"

    repeat: Annotated[Loop, Meta(description="How often, and what.")]

    async def carry_out(self, stage: Stage) -> None:
        async for turn in self._turns(stage):
            if turn["index"] > MOST_TURNS:
                raise TooManyTurns
            name = str(turn["index"])
            await stage.carry_out(self.repeat.sequence, name, variables={"repeat": turn})

    async def _turns(self, stage: Stage) -> AsyncIterator[dict[str, Any]]:
        loop = self.repeat
        if loop.while_ or loop.until:
            index = 1
            while await self._goes_on(stage, index):
                yield {"index": index, "first": index == 1}
                index += 1
            return
        items = await stage.decide(lambda: self._items(stage))
        for index, item in enumerate(items, 1):
            turn = {"index": index, "first": index == 1, "last": index == len(items)}
            yield turn if loop.for_each is None else {**turn, "item": item}

    async def _goes_on(self, stage: Stage, index: int) -> bool:
        """Whether there is a turn of this number."""
        loop = self.repeat
        if loop.until and index == 1:
            return True
        seen = {"repeat": {"index": index - bool(loop.until), "first": index == 1}}
        conditions = loop.while_ or loop.until
        reason = await stage.decide(lambda: _refusal(conditions, stage, seen), str(index))
        return (reason is None) is not bool(loop.until)

    async def _items(self, stage: Stage) -> list[Any]:
        loop, render = self.repeat, stage.means.templates.render
        if loop.count is not None:
            count = await render(loop.count, stage.variables, native=True)
            if not could_be_turns("count", count):
                raise NotALoop("count", count)
            if count > MOST_TURNS:
                raise TooManyTurns
            return list(range(count))
        items = await render(loop.for_each, stage.variables, native=True)
        if not isinstance(items, list):
            raise NotALoop("for_each", items)
        return items


class Parallel(Block, frozen=True, kw_only=True, tag_field="action", tag="parallel"):
    """Carry out several branches at the same time. They do not see each other's variables; the
    results of their steps are there afterwards."""

    kind: ClassVar[str] = "parallel"

    parallel: Annotated[
        OneOrMany[Annotated["AnyAction", rewritten(branch_in_full)]],
        Meta(description="The branches: actions, or lists of actions."),
    ]

    async def carry_out(self, stage: Stage) -> None:
        """All branches are seen to their end; then the first that failed counts."""
        branches = [
            stage.carry_out_beside([branch], str(number), gives={*results_of(branch)})
            for number, branch in enumerate(self.parallel)
        ]
        ended = await asyncio.gather(*branches, return_exceptions=True)
        for given in ended:
            if not isinstance(given, BaseException):
                stage.assign(given)
        for given in ended:
            if isinstance(given, BaseException):
                raise given


def results_of(branch: Instruction) -> Iterator[str]:
    """The variables that lead out of a branch: the results of the steps directly in it."""
    match branch:
        case Action(response_variable=str(name)):
            yield name
        case SequenceBlock(sequence=actions) | Parallel(parallel=actions):
            for action in actions:
                yield from results_of(action)


AnyAction = Annotated[
    WorkflowRun
    | OutputSave
    | OutputFind
    | FileMove
    | FileCopy
    | FileDelete
    | WebhookPost
    | Notify
    | AutomationTrigger
    | TurnOn
    | TurnOff
    | Toggle
    | AutomationReload
    | Delay
    | WaitForTrigger
    | WaitTemplate
    | SetVariables
    | Check
    | Stop
    | SequenceBlock
    | IfThen
    | Choose
    | Repeat
    | Parallel,
    rewritten(lambda element: action_of_ours(in_full(element))),
]


async def _refusal(
    conditions: Sequence[Condition], stage: Stage, seen: dict[str, Any] | None = None
) -> str | None:
    """Why not all of the conditions hold; None if they do. Raises `HubError` for a mistake."""
    situation = stage.means.situation(stage.event, {**stage.variables, **(seen or {})})
    found = await verdicts(conditions, situation)
    if found and found[-1].is_mistake:
        raise HubError(reason_of(found))
    return reason_of(found)


def all_actions(actions: Iterable[Instruction]) -> Iterator[Instruction]:
    """The actions, each before those in it."""
    for action in actions:
        yield action
        yield from all_actions(inner_actions(action))


def inner_actions(instruction: Instruction) -> Sequence[Instruction]:
    """The actions directly in a block; none of an `Action`."""
    if not isinstance(instruction, Block):
        return []
    match instruction:
        case SequenceBlock(sequence=actions) | Parallel(parallel=actions):
            return actions
        case IfThen(then=then, else_=else_):
            return [*then, *else_]
        case Choose(choose=options, default=default):
            return [*(action for option in options for action in option.sequence), *default]
        case Repeat(repeat=loop):
            return loop.sequence
    return []
