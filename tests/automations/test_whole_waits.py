"""Steps that wait for triggers, in a whole hub."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import aiohttp
import pytest
from sqlalchemy import Connection, select

from hub.app import Hub
from hub.records.firing import Firing, FiringState, StepState
from hub.records.wait import waiting_step
from hub.storage import tables
from hub.testing.clock import ScriptedClock
from hub.testing.pictures import write_photograph
from tests.automations.recorded import recorded
from tests.automations.started import Start, firing_ended, post

T = TypeVar("T")
ASK = "wait-here-for-somebody-to-say-that-it-is-good"
WAIT = f"""
    - wait_for_trigger: [{{trigger: webhook, id: said, webhook_id: {ASK}}}]
      timeout: 1h
    - variables: {{heard: "{{{{ wait.trigger.json.word if wait.completed else 'nothing' }}}}"}}
"""


def waiting_for(trigger: str, **options: str) -> str:
    more = "".join(f"\n      {name}: {value}" for name, value in options.items())
    return f"  actions:\n    - wait_for_trigger: [{trigger}]{more}\n"


@asynccontextmanager
async def waits(start: Start, actions: str, **options: Any) -> AsyncIterator[Hub]:
    """A hub of which one firing waits."""
    async with start(actions, **options) as hub:
        await post(hub)
        await until_watched(hub)
        yield hub


async def until(look: Callable[[], Awaitable[T]]) -> T:
    """What `look` gives, once that is something."""
    while True:
        if found := await look():
            return found
        await asyncio.sleep(0.001)


async def until_watched(hub: Hub, count: int = 1) -> None:
    """Until so many triggers watch for steps."""

    async def look() -> bool:
        return [watch.state for watch, _ in hub.waiting.watched()] == ["watching"] * count

    await until(look)


async def say(hub: Hub, word: str, address: str = ASK) -> None:
    """Post it, once somebody listens: the hub keeps strangers waiting, by a clock that may stand
    still."""

    async def listens() -> bool:
        return hub.webhooks.listens(address)

    await until(listens)
    url = f"{hub.address}/api/webhook/{address}"
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, json={"word": word}) as response,
    ):
        assert response.status == 202


async def explained(hub: Hub, **about: str) -> str:
    """What the hub says to why."""
    url = f"{hub.address}/api/hub/why"
    async with aiohttp.ClientSession() as session, session.get(url, params=about) as response:
        explanations = (await response.json())["explanations"]
    return " ".join(explanation["reason"] for explanation in explanations)


async def ended(hub: Hub, count: int = 1) -> list[Firing]:
    """Firings that have ended, once there are so many; the first that was begun first."""

    async def look() -> list[Firing]:
        found = [firing for firing in await hub.books.firings.page() if firing.ended_at]
        return found[::-1] if len(found) >= count else []

    return await until(look)


async def end_of_firing(hub: Hub) -> FiringState:
    return (await ended(hub))[0].state


async def remembered(hub: Hub) -> list[Any]:
    """What triggers of waits remember still, apart from what led to an event."""
    found: list[Any] = []
    for table in (tables.ledger, tables.trigger_states, tables.occurrences):
        statement = select(table)
        rows = await hub.books.database.read(partial(rows_of, statement=statement))
        found += [
            row for row in rows if waiting_step(row.trigger) and not row._mapping.get("event")
        ]
    return found


async def has_looked_round(hub: Hub) -> bool:
    """Whether the folder that a step waits for was looked at to the end, where it is noted which
    one that is."""
    rows = await hub.books.database.read(partial(rows_of, statement=select(tables.trigger_states)))
    return any(waiting_step(row.trigger) for row in rows)


def rows_of(connection: Connection, statement: Any) -> list[Any]:
    return list(connection.execute(statement).all())


async def test_a_firing_goes_on_when_the_trigger_fires(start: Start) -> None:
    async with waits(start, f"  actions:{WAIT}", clock=ScriptedClock()) as hub:
        assert "A step of a firing waits" in await explained(hub, webhook=ASK)
        await say(hub, "yes")
        assert await end_of_firing(hub) is FiringState.SUCCEEDED
        firing, steps = await recorded(hub)
        assert steps["actions/1"].result == {"heard": "yes"}
        result = steps["actions/0"].result
        assert (result["trigger"]["id"], result["trigger"]["platform"]) == ("said", "webhook")
        assert result["remaining"] == 3600
        assert hub.waiting.watched() == []
        event = await hub.books.events.get(result["event"])
        assert waiting_step(event.trigger) == (firing.id, "actions/0")


async def test_a_firing_goes_on_without_it_when_the_time_is_up(start: Start) -> None:
    clock = ScriptedClock()
    async with waits(start, f"  actions:{WAIT}", clock=clock) as hub:
        await clock.advance(3600)
        assert await end_of_firing(hub) is FiringState.SUCCEEDED
        _, steps = await recorded(hub)
        assert steps["actions/1"].result == {"heard": "nothing"}
        assert steps["actions/0"].result == {
            "completed": False,
            "trigger": None,
            "remaining": 0.0,
            "event": None,
        }


async def test_a_firing_may_end_when_the_time_is_up(start: Start) -> None:
    actions = waiting_for(
        f"{{trigger: webhook, webhook_id: {ASK}}}", timeout="0 s", continue_on_timeout="false"
    )
    async with start(actions) as hub:
        await post(hub)
        assert await end_of_firing(hub) is FiringState.STOPPED
        firing, _ = await recorded(hub)
        assert firing.reason == "The time to wait for a trigger was up."


async def test_a_step_that_waited_goes_on_to_wait_after_a_restart(start: Start) -> None:
    clock = ScriptedClock()
    async with waits(start, f"  actions:{WAIT}", clock=clock):
        pass
    later = ScriptedClock(clock.now() + timedelta(minutes=20))
    async with start(f"  actions:{WAIT}", clock=later) as hub:
        await say(hub, "after all")
        assert await end_of_firing(hub) is FiringState.SUCCEEDED
        _, steps = await recorded(hub)
        assert steps["actions/1"].result == {"heard": "after all"}
        assert steps["actions/0"].result["remaining"] == 2400


async def test_time_counts_while_the_hub_is_not_there(start: Start) -> None:
    clock = ScriptedClock()
    async with waits(start, f"  actions:{WAIT}", clock=clock):
        pass
    later = ScriptedClock(clock.now() + timedelta(hours=2))
    async with start(f"  actions:{WAIT}", clock=later) as hub:
        assert await end_of_firing(hub) is FiringState.SUCCEEDED
        _, steps = await recorded(hub)
        assert steps["actions/1"].result == {"heard": "nothing"}


async def test_an_event_on_the_disk_ends_the_wait_after_a_restart(start: Start) -> None:
    """The hub ends between an event and the step that it is for."""
    async with waits(start, f"  actions:{WAIT}") as hub:
        ((watch, _),) = hub.waiting.watched()
        watch.offer = lambda event: None  # nobody hears of it
        await say(hub, "just before")
    async with start(f"  actions:{WAIT}") as hub:
        assert await end_of_firing(hub) is FiringState.SUCCEEDED
        _, steps = await recorded(hub)
        assert steps["actions/1"].result == {"heard": "just before"}


async def test_a_file_that_lands_while_the_hub_is_not_there_is_found(
    start: Start, tmp_path: Path
) -> None:
    actions = (
        waiting_for("{trigger: folder, path: out, settle: 0s}", timeout="1h")
        + """
    - {action: workflow.run, data: {workflow: card, parameters: {fake: "{{ wait.trigger.path }}"}}}
"""
    )
    (tmp_path / "out").mkdir()
    write_photograph(tmp_path / "out/before.jpg", seed=1, size=(8, 8))
    async with waits(start, actions) as hub:
        await until(lambda: has_looked_round(hub))
    write_photograph(tmp_path / "out/meanwhile.jpg", seed=2, size=(8, 8))
    async with start(actions) as hub:
        assert await end_of_firing(hub) is FiringState.SUCCEEDED
        _, steps = await recorded(hub)
        assert steps["actions/0"].result["trigger"]["file"] == "meanwhile.jpg"
        assert await remembered(hub) == []
        told = await explained(hub, path=str(tmp_path / "out/meanwhile.jpg"))
        assert "A step of a firing waited for it; that firing succeeded." in told


async def test_a_file_may_be_waited_for_that_the_automation_has_had_before(
    start: Start, tmp_path: Path
) -> None:
    (tmp_path / "out").mkdir()
    async with start(waiting_for("{trigger: folder, path: out, settle: 0s}")) as hub:
        for name in ("first.jpg", "second.jpg"):
            with hub.notices.subscribe() as subscription:
                await post(hub)
                await until(lambda: has_looked_round(hub))
                await asyncio.to_thread(
                    write_photograph, tmp_path / "out" / name, seed=2, size=(8, 8)
                )
                assert await firing_ended(subscription) == "succeeded"


@pytest.mark.parametrize(
    "trigger",
    [
        "{trigger: schedule, every: 10 min}",
        "{trigger: time_pattern, minutes: '/10'}",
        "{trigger: time, at: '13:30'}",
        "{trigger: sun, event: sunset, latitude: 52, longitude: 13}",
        "{trigger: queue_idle, for: 10 min}",
    ],
)
async def test_a_firing_waits_for_a_moment(start: Start, trigger: str) -> None:
    clock = ScriptedClock()
    async with waits(start, waiting_for(trigger), clock=clock) as hub:

        async def later() -> bool:
            await clock.advance(300)
            return (await hub.books.firings.page())[0].ended_at is not None

        await until(later)
        _, steps = await recorded(hub)
        assert steps["actions/0"].result["completed"]
        assert await remembered(hub) == []


async def test_a_firing_waits_for_the_run_of_another_automation(start: Start) -> None:
    other = f"""- id: other
  triggers: [{{trigger: webhook, webhook_id: {ASK}}}]
  actions: [{{action: workflow.run, data: {{workflow: card}}}}]
"""
    actions = waiting_for("{trigger: run_finished, automation: other}")
    async with waits(start, actions, more=other) as hub:
        await until(lambda: remembered(hub))
        await say(hub, "go")
        await ended(hub, 2)
        (firing,) = await hub.books.firings.page(automation="cards")
        (step,) = await hub.books.firings.steps(firing.id)
        assert step.result["trigger"]["run"]["automation"] == "other"


async def test_the_firing_that_waited_longest_gets_the_first_request(start: Start) -> None:
    actions = f"  mode: parallel\n  actions:{WAIT}"
    async with start(actions) as hub:
        for count in (1, 2):
            await post(hub)
            await until_watched(hub, count)
        await say(hub, "one")
        await ended(hub)
        await say(hub, "two")
        first, second = await ended(hub, 2)
        heard = [(await hub.books.firings.steps(f.id))[-1].result for f in (first, second)]
        assert heard == [{"heard": "one"}, {"heard": "two"}]


async def test_a_firing_that_is_stopped_no_longer_waits(start: Start) -> None:
    async with waits(start, f"  mode: restart\n  actions:{WAIT}") as hub:
        await post(hub)
        assert await end_of_firing(hub) is FiringState.STOPPED
        await say(hub, "to the second")
        first, second = await ended(hub, 2)
        assert (first.state, second.state) == (FiringState.STOPPED, FiringState.SUCCEEDED)
        (step,) = await hub.books.firings.steps(first.id)
        assert step.state is StepState.FAILED


async def test_what_waits_left_behind_goes_with_them(start: Start, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    write_photograph(tmp_path / "out/before.jpg", seed=1, size=(8, 8))
    actions = waiting_for("{trigger: folder, path: out}")
    async with waits(start, f"  mode: restart\n{actions}") as hub:
        await until(lambda: remembered(hub))
        await post(hub)
        assert await end_of_firing(hub) is FiringState.STOPPED
        await until(lambda: are_two(hub))
        await hub.retention.prune()
        (under_way, _) = await hub.books.firings.page()
        names = {row.trigger for row in await remembered(hub)}
        assert names == {f"wait/{under_way.id}/actions/0/0"}


async def are_two(hub: Hub) -> bool:
    """Whether triggers of two waits remember something."""
    return len({row.trigger for row in await remembered(hub)}) == 2


async def test_retention_takes_the_event_of_a_wait_with_its_firing(
    start: Start, tmp_path: Path
) -> None:
    async with waits(start, f"  actions:{WAIT}  retention: {{firings: {{count: 0}}}}\n") as hub:
        await say(hub, "yes")
        assert await end_of_firing(hub) is FiringState.SUCCEEDED
        await hub.retention.prune()
        assert await hub.books.firings.page() == []
        assert await hub.books.past.events() == []


@pytest.mark.parametrize(
    ("trigger", "told"),
    [
        ("{trigger: manual}", "cannot wait for a manual trigger"),
        ("{trigger: startup}", "cannot wait for a startup trigger"),
        ("{platform: shutdown}", "cannot wait for a shutdown trigger"),
        ("{trigger: folder, path: elsewhere}", "not among the allowed folders"),
        ("{trigger: sun, event: sunset}", "needs `location:`"),
        ("{trigger: schedule, every: 1h, variables: {a: 1}}", "sets no variables"),
        ("{trigger: webhok}", "did you mean 'webhook'"),
    ],
)
async def test_what_cannot_be_waited_for_is_told_at_load(
    start: Start, trigger: str, told: str
) -> None:
    async with start(waiting_for(trigger), is_sound=False) as hub:
        (status,) = hub.supervisor.statuses()
    assert told in status.reason
    assert "automations.yaml:4:" in status.reason
