"""Events that follow each other too closely, in a whole hub whose clock is scripted."""

import asyncio

from hub.app import Hub
from hub.notices import FiringChanged
from hub.records.firing import FiringState
from hub.testing.clock import ScriptedClock
from tests.automations.started import Start, ended, firing_ended, first, post

DROPPED, STOPPED = FiringState.DROPPED, FiringState.STOPPED
SAYS = '\n  actions: [{stop: "{{ trigger.json.n }}"}]\n'
KEYED = '\n  mode_key: "{{ trigger.json.who }}"' + SAYS


async def told(hub: Hub) -> list[tuple[FiringState, str | None]]:
    """How each firing ended, the earliest event first."""
    firings = await hub.books.firings.page()
    events = {each.id: await hub.books.events.get(each.event) for each in firings}
    firings.sort(key=lambda each: events[each.id].variables["json"]["n"])
    return [(each.state, each.reason) for each in firings]


async def test_of_a_flurry_the_last_event_goes_on_once_it_is_over(start: Start) -> None:
    clock = ScriptedClock()
    async with start(f"  debounce: 10s{SAYS}", clock=clock) as hub:
        with hub.notices.subscribe() as subscription:
            await post(hub, n=1)
            await clock.advance(9)
            await post(hub, n=2)
            assert await firing_ended(subscription) == DROPPED
            await clock.advance(9)
            assert hub.supervisor.statuses()[0].waiting == 1
            await clock.advance(1)
            assert await firing_ended(subscription) == STOPPED
        assert await told(hub) == [
            (DROPPED, "Another event came before its `debounce` was over."),
            (STOPPED, "2"),
        ]


async def test_events_with_other_keys_are_no_flurry(start: Start) -> None:
    clock = ScriptedClock()
    async with start(f"  debounce: 10s{KEYED}", clock=clock) as hub:
        with hub.notices.subscribe() as subscription:
            await post(hub, n=1, who="ann")
            await post(hub, n=2, who="bob")
            await clock.advance(10)
            assert [await firing_ended(subscription) for _ in range(2)] == [STOPPED, STOPPED]


async def test_a_backlog_fares_as_if_nobody_had_been_away(start: Start) -> None:
    clock = ScriptedClock()
    async with start(f"  debounce: 10s{SAYS}", clock=clock) as hub:
        await hub.supervisor.set_paused(True)
        for number, pause in enumerate((60, 5, 60)):
            await post(hub, n=number)
            await clock.advance(pause)
    async with start(f"  debounce: 10s{SAYS}", clock=clock) as hub:
        with hub.notices.subscribe() as subscription:
            await hub.supervisor.set_paused(False)
            for _ in range(3):
                await firing_ended(subscription)
        assert [state for state, _ in await told(hub)] == [STOPPED, DROPPED, STOPPED]


async def test_what_is_held_waits_on_the_disk_while_the_automation_is_off(start: Start) -> None:
    clock = ScriptedClock()
    async with start(f"  debounce: 10s{SAYS}", clock=clock) as hub:
        await post(hub, n=1)
        await hub.supervisor.set_state("cards", False)
        await clock.advance(60)
        assert await told(hub) == []
        with hub.notices.subscribe() as subscription:
            await hub.supervisor.set_state("cards", True)
            assert await firing_ended(subscription) == STOPPED


async def test_after_an_event_others_are_dropped_for_a_while(start: Start) -> None:
    clock = ScriptedClock()
    async with start(f"  throttle: 1min{SAYS}", clock=clock) as hub:
        await ended(hub, 1, {"n": 1})
        await clock.advance(59)
        await ended(hub, 1, {"n": 2})
        await clock.advance(1)
        await ended(hub, 1, {"n": 3})
        assert await told(hub) == [
            (STOPPED, "1"),
            (DROPPED, "It came too soon after another one, says its `throttle`."),
            (STOPPED, "3"),
        ]


async def test_what_waits_in_line_when_all_is_paused_is_not_too_soon_afterwards(
    start: Start,
) -> None:
    clock = ScriptedClock()
    hangs = '\n  actions: [{delay: "{{ 100 if trigger.json.n == 1 else 0 }}"}]\n'
    async with start(f"  throttle: 1min{hangs}", clock=clock) as hub:
        with hub.notices.subscribe() as subscription:
            await post(hub, n=1)
            await first(subscription, FiringChanged)  # its delay has begun
            await clock.advance(60)
            await post(hub, n=2)
            while hub.supervisor.statuses()[0].waiting != 1:  # noqa: ASYNC110 - nobody tells of it
                await asyncio.sleep(0)
            await hub.supervisor.set_paused(True)
            await hub.supervisor.set_paused(False)
            await clock.advance(60)
            assert [await firing_ended(subscription) for _ in range(2)] == ["succeeded"] * 2
