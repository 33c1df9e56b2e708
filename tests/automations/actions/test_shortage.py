"""`retry: remember`, in a whole hub with a fake worker that runs out of memory when told to."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from hub.app import Hub
from hub.cli.trace import trace
from hub.records.firing import FiringState
from hub.testing.clock import ScriptedClock
from tests.automations.started import Start, ended

# The second rung is not enough; each rung adds its number to the colour.
LADDER = "change: {fake: [oom, ''], color: '{{ parameters.color + attempt }}'}"
ASKED = "color: '{{ trigger.json.color | default(1) }}', fake: oom"


def automation(
    *,
    asked: str = ASKED,
    remember: str = ", remember: 7 days",
    ladder: str = LADDER,
    rest: str = "",
) -> str:
    retry = f"retry: {{attempts: 3, backoff: 0, {ladder}{remember}}}"
    data = f"data: {{workflow: card, parameters: {{{asked}}}{rest}}}"
    return f"  actions:\n    - {{action: workflow.run, {data}, {retry}}}\n"


async def colours(hub: Hub, **body: Any) -> list[int]:
    """Those of the runs of one more firing, which succeeds."""
    assert await ended(hub, 1, body) == [FiringState.SUCCEEDED]
    (firing,) = await hub.books.firings.page(limit=1)
    runs = await hub.books.runs.of_firing(firing.id)
    return [run.parameters["color"] for run in sorted(runs, key=lambda run: run.number)]


async def result(hub: Hub) -> dict[str, Any]:
    """That of the latest firing's step."""
    (firing,) = await hub.books.firings.page(limit=1)
    steps = await hub.books.firings.steps(firing.id)
    (told,) = [step.result for step in steps if step.key == "actions/0"]
    assert isinstance(told, dict)
    return told


async def test_later_runs_begin_at_the_rung_that_was_enough(start: Start) -> None:
    async with start(automation(), clock=ScriptedClock()) as hub:
        assert await colours(hub) == [1, 3, 6]
        assert await colours(hub, color=10) == [15]  # 10 + 2 + 3: both rungs, of what it was given
        assert await colours(hub) == [6]


async def test_what_was_given_up_is_told(
    start: Start, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = ScriptedClock()
    async with start(automation(), clock=clock) as hub:
        await colours(hub)
        climbed = await result(hub)
        await colours(hub, color=10)
        begun = await result(hub)
        run = await hub.books.runs.get(begun["run"]["id"])
        assert await trace(tmp_path, "cards", as_json=False) == 0
        asked = f"{hub.address}/api/hub/why?automation=cards"
        async with aiohttp.ClientSession() as session, session.get(asked) as response:
            explained = (await response.json())["explanations"]
    instead = "fake '' instead of 'oom', color {} instead of {}"
    assert climbed["rungs"] == [
        "Run 2 takes rung 2 with color 3 instead of 1, as rung 1 ran out of memory (run 1).",
        f"Run 3 takes rung 3 with {instead.format(6, 1)}, as rung 2 ran out of memory (run 2).",
    ]
    assert (begun["run"]["rung"], begun["run"]["attempts"]) == (3, 1)
    assert begun["run"]["given_up"] == {
        "fake": {"asked": "oom", "given": ""},
        "color": {"asked": 10, "given": 15},
    }
    (why,) = begun["rungs"]
    assert why == (
        f"Run 4 begins at rung 3 with {instead.format(15, 10)}, as rung 2 ran out of memory on"
        f" {clock.now():%Y-%m-%d %H:%M} UTC (run 2)."
    )
    assert run.tags == ("rung_3",)
    assert why in capsys.readouterr().out
    assert [why in told["reason"] for told in explained] == [False, True, False]


async def test_nothing_is_remembered_unless_that_is_wanted(start: Start) -> None:
    async with start(automation(remember="")) as hub:
        assert [await colours(hub) for _ in range(2)] == [[1, 3, 6]] * 2


async def test_other_failures_are_not_remembered(start: Start) -> None:
    ladder = "on: [node_failed, out_of_memory], change: {fake: '', color: 2}"
    async with start(automation(asked="fake: fail", ladder=ladder)) as hub:
        assert [await colours(hub) for _ in range(2)] == [[0, 2]] * 2


async def test_a_run_that_begins_lower_has_all_its_attempts(start: Start) -> None:
    ladder = "change: {fake: ['{{ trigger.json.fake }}', oom, ''], color: '{{ attempt }}'}"
    async with start(automation(ladder=ladder)) as hub:
        assert await colours(hub, fake="") == [1, 2]
        assert await colours(hub, fake="oom") == [2, 3, 4]  # rungs 2, 3, 4
        assert await colours(hub, fake="") == [4]


async def test_each_combination_of_a_sweep_remembers_its_own(start: Start) -> None:
    sweep = ", matrix: {fake: [oom, '']}"
    ladder = "change: {fake: '', color: '{{ parameters.color + attempt }}'}"
    async with start(automation(asked="color: 1", rest=sweep, ladder=ladder)) as hub:
        assert sorted(await colours(hub)) == [1, 1, 3]
        assert sorted(await colours(hub)) == [1, 3]


@pytest.mark.parametrize(
    ("later", "days", "begins"),
    [
        (automation(), 6, [6]),
        (automation(), 8, [1, 3, 6]),
        (automation(remember=", remember: 9 days"), 6, [1, 3, 6]),
        (automation(asked=f"{ASKED}, 1.height: 8"), 6, [1, 3, 6]),
    ],
)
async def test_it_is_forgotten_in_time_and_with_a_change(
    start: Start, later: str, days: int, begins: list[int]
) -> None:
    async with start(automation(), clock=ScriptedClock()) as hub:
        await colours(hub)
    clock = ScriptedClock(ScriptedClock().now() + timedelta(days=days))
    async with start(later, clock=clock) as hub:
        assert await colours(hub) == begins


async def test_it_is_forgotten_with_another_workflow(start: Start, tmp_path: Path) -> None:
    async with start(automation()) as hub:
        await colours(hub)
    graph = tmp_path / "workflows/card.json"
    graph.write_text(graph.read_text().replace('"width": 8', '"width": 16'))
    async with start(automation()) as hub:
        assert await colours(hub) == [1, 3, 6]
