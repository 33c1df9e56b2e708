"""Automations switched on and off, by people and by the hub, paused, and fired by hand."""

from pathlib import Path

import aiohttp
import pytest

from hub.app import Hub
from hub.automations.supervisor import NotAtWork
from hub.errors import NotFound
from hub.notices import AutomationSwitched, RunStarted
from hub.records.firing import FiringState, firing_id
from hub.testing.pictures import write_photograph
from tests.automations.started import ID, Start, ended, firing_ended, first, post

CARD = """
  actions:
    - action: workflow.run
      data: {workflow: card, parameters: {fake: "{{ trigger.json.fake | default('') }}"}}
"""
FAILS = """
  actions: [{stop: It was meant to., error: true}]
"""
FOLDER = """
- id: files
  triggers: [{trigger: folder, path: out, settle: 0.02s, existing: process}]
  actions: [{stop: "{{ trigger.file }} was seen."}]
"""


async def webhook_status(hub: Hub) -> int:
    url = f"{hub.address}/api/webhook/{ID}"
    async with aiohttp.ClientSession() as session, session.post(url, json={}) as response:
        return response.status


async def state(hub: Hub, automation: str = "cards") -> tuple[str, str]:
    (status,) = (s for s in hub.supervisor.statuses() if s.id == automation)
    return status.state, status.reason


async def test_one_that_is_off_does_not_listen_and_stays_off_over_a_restart(start: Start) -> None:
    async with start(CARD) as hub:
        await hub.supervisor.set_state("cards", False)
        assert await webhook_status(hub) == 404
    async with start(CARD) as hub:
        assert await state(hub) == ("off", "It was switched off.")
        await hub.supervisor.set_state("cards", True)
        assert await ended(hub, 1, {}) == [FiringState.SUCCEEDED]
        assert await state(hub) == ("on", "")


@pytest.mark.parametrize("initial", [True, False])
async def test_an_initial_state_has_its_way_at_every_start(start: Start, initial: bool) -> None:
    rest = f"  initial_state: {initial}{CARD}"
    async with start(rest) as hub:
        await hub.supervisor.set_state("cards", not initial)
    async with start(rest) as hub:
        assert hub.supervisor.is_on("cards") is initial


async def test_turning_off_lets_what_is_under_way_go_on_and_what_waits_wait(start: Start) -> None:
    async with start(CARD) as hub:
        with hub.notices.subscribe() as subscription:
            await post(hub, fake="hang")
            await first(subscription, RunStarted)
            await post(hub, fake="")
            await hub.supervisor.set_state("cards", False)
            (firing,) = await hub.books.firings.page()
            assert firing.state is FiringState.RUNNING
            hub.runs.cancel_of_firing(firing.id)
            await firing_ended(subscription)
        assert len(await hub.books.firings.page()) == 1
        with hub.notices.subscribe() as subscription:
            await hub.supervisor.set_state("cards", True)
            assert await firing_ended(subscription) == "succeeded"


async def test_files_that_came_while_it_was_off_are_found_when_it_is_on_again(
    start: Start, tmp_path: Path
) -> None:
    (tmp_path / "out").mkdir()
    async with start(CARD, more=FOLDER) as hub:
        await hub.supervisor.set_state("files", False)
    write_photograph(tmp_path / "out/cat.jpg", seed=1, size=(8, 8))
    async with start(CARD, more=FOLDER) as hub:
        assert hub.supervisor.statuses()[1].triggers == ()
        with hub.notices.subscribe() as subscription:
            await hub.supervisor.set_state("files", True)
            assert await firing_ended(subscription) == "stopped"
        (firing,) = await hub.books.firings.page(automation="files")
    assert firing.reason == "cat.jpg was seen."


async def test_one_that_fails_again_and_again_is_switched_off_and_says_why(start: Start) -> None:
    async with start("  disable_after: 3\n" + FAILS) as hub:
        with hub.notices.subscribe() as subscription:
            await ended(hub, 3, {}, {}, {})
            notice = await first(subscription, AutomationSwitched)
        assert (notice.automation, notice.on, notice.by_hub) == ("cards", False, True)
        assert await state(hub) == ("off", "Switched off because 3 firings in a row failed.")
    async with start("  disable_after: 3\n" + FAILS) as hub:
        await hub.supervisor.set_state("cards", True)
        await ended(hub, 2, {}, {})
        assert await state(hub) == ("on", "")


async def test_a_success_in_between_starts_the_count_anew(start: Start) -> None:
    fails = """
  disable_after: 2
  actions:
    - if: "{{ trigger.json.fail }}"
      then: [{stop: It was meant to., error: true}]
"""
    async with start(fails) as hub:
        for fail in (True, False, True):
            await ended(hub, 1, {"fail": fail})
        assert hub.supervisor.is_on("cards")


async def test_while_paused_events_wait_on_the_disk_also_over_a_restart(start: Start) -> None:
    async with start(CARD) as hub:
        await hub.supervisor.set_paused(True)
        await post(hub, fake="")
        await post(hub, fake="")
        assert await state(hub) == ("on", "All automations are paused.")
        assert hub.supervisor.statuses()[0].waiting == 2
    async with start(CARD) as hub:
        assert hub.supervisor.statuses()[0].waiting == 2
        assert await hub.books.firings.page() == []
        with hub.notices.subscribe() as subscription:
            await hub.supervisor.set_paused(False)
            ends = [await firing_ended(subscription) for _ in range(2)]
        assert ends == ["succeeded", "succeeded"]


async def test_a_pause_holds_back_what_stood_in_line(start: Start) -> None:
    async with start(CARD) as hub:
        with hub.notices.subscribe() as subscription:
            await post(hub, fake="hang")
            run = (await first(subscription, RunStarted)).run
            await post(hub, fake="")
            await hub.supervisor.set_paused(True)
            hub.runs.cancel(run.id)
            await firing_ended(subscription)
        assert hub.supervisor.statuses()[0].waiting == 1
        assert len(await hub.books.firings.page()) == 1


async def test_a_safe_hub_starts_with_all_off_and_forgets_that_afterwards(start: Start) -> None:
    async with start(CARD, safe=True) as hub:
        assert await state(hub) == ("off", "The hub was started with all automations off.")
        assert await webhook_status(hub) == 404
        await hub.supervisor.set_state("cards", True)
        assert await webhook_status(hub) == 202
    async with start(CARD) as hub:
        assert hub.supervisor.is_on("cards")


async def test_one_can_be_fired_by_hand_with_what_its_trigger_would_tell(start: Start) -> None:
    async with start(CARD) as hub:
        with hub.notices.subscribe() as subscription:
            event = await hub.supervisor.trigger("cards", {"json": {"fake": "fail"}})
            assert await firing_ended(subscription) == "failed"
        firing = await hub.books.firings.get(firing_id(event))
        assert (event.platform, firing.state) == ("manual", FiringState.FAILED)
        with pytest.raises(NotFound, match="Did you mean 'cards'"):
            await hub.supervisor.trigger("card", {})
        await hub.supervisor.set_state("cards", False)
        with pytest.raises(NotAtWork, match="Turn it on first"):
            await hub.supervisor.trigger("cards", {})
