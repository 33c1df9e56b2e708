"""Conditions and modes in a whole hub, started by webhooks, with a fake worker."""

import pytest

from hub.app import Hub
from hub.notices import FiringChanged, RunFinished, RunStarted
from hub.records.firing import Firing, FiringState, Verdict
from hub.records.run import RunState
from tests.automations.started import Start, ended, firing_ended, post

CARD = """
  actions:
    - action: workflow.run
      data: {workflow: card, parameters: {color: 1, fake: "{{ trigger.json.fake }}"}}
"""


async def firings(hub: Hub) -> list[Firing]:
    """All firings, the first one first."""
    return list(reversed(await hub.books.firings.page()))


async def test_a_condition_that_holds_lets_the_event_through_and_is_recorded(start: Start) -> None:
    conditions = "  conditions: ['{{ trigger.json.n > 1 }}', {condition: trigger, id: '0'}]"
    async with start(conditions + CARD) as hub:
        assert await ended(hub, 1, {"n": 2, "fake": ""}) == [FiringState.SUCCEEDED]
        (firing,) = await firings(hub)
    assert firing.verdicts == (
        Verdict(condition="template", passed=True, details="the template gave True"),
        Verdict(condition="trigger", passed=True, details="the trigger is '0', '0' wanted"),
    )


async def test_a_condition_that_does_not_hold_ends_the_firing_with_its_values(
    start: Start,
) -> None:
    conditions = "  conditions: {condition: time, before: '00:00:00', alias: Never}"
    async with start(conditions + CARD) as hub:
        assert await ended(hub, 1, {"fake": ""}) == [FiringState.STOPPED]
        (firing,) = await firings(hub)
        assert await hub.books.firings.steps(firing.id) == []
    assert str(firing.reason).startswith("Condition 1 (Never) does not hold: it is ")


async def test_a_condition_that_cannot_be_judged_fails_the_firing(start: Start) -> None:
    conditions = "  conditions: '{{ trigger.json.nobody > 1 }}'"
    async with start(conditions + CARD) as hub:
        assert await ended(hub, 1, {"fake": ""}) == [FiringState.FAILED]
        (firing,) = await firings(hub)
    assert "Condition 1 (template) could not be judged" in str(firing.reason)
    assert firing.verdicts[0].is_mistake


async def test_conditions_see_the_variables_of_automation_and_trigger(start: Start) -> None:
    rest = """
  variables: {twice: "{{ once * 2 }}"}
  conditions: "{{ twice == 6 }}"
"""
    async with start(rest + CARD, trigger='variables: {once: "{{ trigger.json.n }}"}') as hub:
        assert await ended(hub, 1, {"n": 3, "fake": ""}) == [FiringState.SUCCEEDED]
        assert await ended(hub, 1, {"n": 4, "fake": ""}) == [FiringState.STOPPED]


async def test_in_mode_restart_a_later_event_stops_the_earlier_firing_and_its_run(
    start: Start,
) -> None:
    async with start("  mode: restart" + CARD) as hub:
        with hub.notices.subscribe() as subscription:
            await post(hub, fake="hang")
            async for notice in subscription:
                if isinstance(notice, RunStarted):
                    break
            await post(hub, fake="")
            seen: list[str] = []
            async for notice in subscription:
                if isinstance(notice, FiringChanged) and notice.state != "running":
                    seen.append(notice.state)
                if isinstance(notice, RunFinished) and notice.run.state is RunState.CANCELLED:
                    seen.append("cancelled run")
                if len(seen) == 3:
                    break
        first, second = await firings(hub)
    assert sorted(seen) == ["cancelled run", "stopped", "succeeded"]
    assert (first.state, second.state) == (FiringState.STOPPED, FiringState.SUCCEEDED)
    assert "mode is restart" in str(first.reason)


async def test_in_mode_restart_only_the_last_of_a_flurry_is_seen_through(start: Start) -> None:
    actions = '  actions: [{delay: "{{ trigger.json.seconds }}"}]'
    async with start(f"  mode: restart\n{actions}") as hub:
        await hub.supervisor.set_paused(True)
        for seconds in (3600, 3600, 3600, 0):
            await post(hub, seconds=seconds)
        with hub.notices.subscribe() as subscription:
            await hub.supervisor.set_paused(False)
            states = [await firing_ended(subscription) for _ in range(4)]
    assert states == ["stopped", "stopped", "stopped", "succeeded"]


async def test_in_mode_latest_only_the_newest_event_waits(start: Start) -> None:
    async with start("  mode: latest" + CARD) as hub:
        await post(hub, fake="hang")
        assert await ended(hub, 2, {"fake": "a"}, {"fake": "b"}, {"fake": "c"}) == [
            FiringState.DROPPED,
            FiringState.DROPPED,
        ]
        assert [desk.waiting for desk in hub.supervisor.desks()] == [1]
        dropped = [f for f in await firings(hub) if f.state is FiringState.DROPPED]
    assert "A newer event came" in str(dropped[0].reason)


async def test_the_mode_counts_events_with_one_key(start: Start) -> None:
    rest = '  mode: single\n  mode_key: "{{ trigger.json.who }}"'
    async with start(rest + CARD) as hub:
        await post(hub, who="ann", fake="hang")
        states = await ended(hub, 2, {"who": "bob", "fake": ""}, {"who": "ann", "fake": ""})
    assert sorted(states) == [FiringState.DROPPED, FiringState.SUCCEEDED]


async def test_over_max_events_are_dropped_with_a_record(start: Start) -> None:
    async with start("  mode: parallel\n  max: 2\n  max_exceeded: silent" + CARD) as hub:
        states = await ended(hub, 1, {"fake": "hang"}, {"fake": "hang"}, {"fake": "hang"})
        dropped = [f for f in await firings(hub) if f.state is FiringState.DROPPED]
    assert states == [FiringState.DROPPED]
    assert dropped[0].reason == "The automation had 2 events already, which is its `max`."


@pytest.mark.parametrize(
    ("rest", "told"),
    [
        ("  mode: single\n  max: 3", "`max` goes with `mode: queued` or `parallel`"),
        ("  mode: parallel\n  at_once: 3", "`at_once` goes with `mode: queued`"),
        ("  conditions: '{{ broken'", "automations.yaml:3:15"),
        ("  conditions: {or: ['{{ 1 | nofilter }}']}", "no filter 'nofilter'"),
        ("  mode_key: '{{ broken'", "cannot be read"),
    ],
)
async def test_a_mistake_makes_the_automation_unavailable(
    start: Start, rest: str, told: str
) -> None:
    async with start(rest + CARD, is_sound=False) as hub:
        (status,) = hub.supervisor.statuses()
    assert status.state == "unavailable"
    assert told in status.reason
