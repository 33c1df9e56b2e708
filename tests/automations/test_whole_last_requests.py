"""Automations are tried with the last request to their webhooks when they are read."""

import asyncio
from pathlib import Path

from hub.automations.loading import find_problems
from hub.records.firing import FiringState
from tests.automations.started import Start, ended

CARD = """
    - action: workflow.run
      data: {workflow: card, parameters: {color: "{{ trigger.json.color }}"}}
"""
BY_KIND = """
    - if: "{{ trigger.json.kind == 'card' }}"
      then:
        - action: workflow.run
          data: {workflow: card, parameters: {color: "{{ trigger.json.color }}"}}
"""


async def test_what_does_not_go_with_the_last_request_is_warned_of(
    start: Start, tmp_path: Path
) -> None:
    async with start(f"  actions:{CARD}") as hub:
        await ended(hub, 1, {"colour": 1})
        [event] = await hub.books.events.of_trigger("cards", "0", 1)
        await hub.live.reload(hub.supervisor)
        [warned] = hub.configuration.problems
        assert (warned.warning, warned.file, warned.line) == (True, "automations.yaml", 5)
        assert event.observed_at.isoformat(sep=" ", timespec="seconds") in warned.message
        assert "color" in warned.message
        assert await ended(hub, 1, {"color": 1}) == [FiringState.SUCCEEDED]
        assert await asyncio.to_thread(find_problems, tmp_path) == ()


async def test_a_value_of_the_last_request_is_held_against_its_parameter(
    start: Start, tmp_path: Path
) -> None:
    async with start(f"  actions:{CARD}") as hub:
        await ended(hub, 1, {"color": "blue"})
    [warned] = await asyncio.to_thread(find_problems, tmp_path)
    assert warned.warning
    assert warned.message.endswith("Parameter 'color' must be a number, not 'blue'.")


async def test_a_branch_that_the_last_request_did_not_take_is_left_out(
    start: Start, tmp_path: Path
) -> None:
    async with start(f"  actions:{BY_KIND}") as hub:
        await ended(hub, 1, {"kind": "note"})
        assert await asyncio.to_thread(find_problems, tmp_path) == ()
        await ended(hub, 1, {"kind": "card"})
        [warned] = await asyncio.to_thread(find_problems, tmp_path)
    assert "color" in warned.message
