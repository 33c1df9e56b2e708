"""What a firing is to carry out has the keys that its steps get."""

from typing import Any

from hub.automations.planned_steps import planned_steps

DELAY: dict[str, Any] = {"action": "delay", "delay": "1s"}


def keys(*actions: dict[str, Any]) -> list[str]:
    return [step.key for step in planned_steps(actions)]


def test_blocks_are_followed_by_what_they_hold() -> None:
    choose: dict[str, Any] = {
        "action": "choose",
        "choose": [{"conditions": [], "sequence": [DELAY, DELAY]}],
    }
    assert keys(
        {"action": "if", "if": [], "then": [DELAY], "else": [choose]},
        {"action": "sequence", "sequence": [DELAY]},
        {"action": "repeat", "repeat": {"count": 2, "sequence": [DELAY]}},
        {"action": "parallel", "parallel": [DELAY, DELAY]},
    ) == [
        *("actions/0", "actions/0/then/0", "actions/0/else/0"),
        *("actions/0/else/0/0/0", "actions/0/else/0/0/1"),
        *("actions/1", "actions/1/0"),
        *("actions/2", "actions/2/1/0"),
        *("actions/3", "actions/3/0/0", "actions/3/1/0"),
    ]


def test_what_is_switched_off_is_left_out_and_keeps_its_number() -> None:
    assert keys({**DELAY, "enabled": False}, DELAY) == ["actions/1"]
