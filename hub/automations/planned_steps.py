"""The steps that a firing is to carry out, also those that it may never reach."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

FIRST_TURN = "/1"  # a repeat's turns are counted from one


@dataclass(frozen=True, kw_only=True, slots=True)
class PlannedStep:
    """An action by the key that its step has or would have, as `Script` makes them."""

    key: str
    action: str
    alias: str


def planned_steps(actions: Sequence[dict[str, Any]], way: str = "actions") -> Iterator[PlannedStep]:
    """In the order of the text; of a repeat its first turn. `actions` are those of a firing's
    definition; what is switched off is left out."""
    for index, action in enumerate(actions):
        if not action.get("enabled", True):
            continue
        key = f"{way}/{index}"
        yield PlannedStep(key=key, action=action["action"], alias=action.get("alias", ""))
        for inner_way, inner in _inside(action):
            yield from planned_steps(inner, key + inner_way)


def _inside(block: dict[str, Any]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """The sequences in a block, each with its part of the key."""
    match block["action"]:
        case "sequence":
            yield "", block["sequence"]
        case "if":
            yield "/then", block["then"]
            yield "/else", block.get("else", [])
        case "choose":
            for number, option in enumerate(block["choose"]):
                yield f"/{number}", option["sequence"]
            yield "/default", block.get("default", [])
        case "repeat":
            yield FIRST_TURN, block["repeat"]["sequence"]
        case "parallel":
            for number, branch in enumerate(block["parallel"]):
                yield f"/{number}", [branch]
