"""A hub whose configuration is edited while it runs.

By itself a hub looks at its files a moment after the start, and after each edit. Where a test has
them read, and asks what was changed by that, the hub's clock stands still.
"""

import asyncio
import shutil
from pathlib import Path

import aiohttp
import pytest

from hub.automations.live_configuration import QUIET
from hub.config.problems import ConfigurationInvalid
from hub.notices import (
    ConfigurationRefused,
    ConfigurationReloaded,
    RunStarted,
)
from hub.records.firing import FiringState
from hub.testing.clock import ScriptedClock
from hub.testing.inbox import jpeg
from tests.automations.started import ID, Start, ended, firing_ended, first, post

CARD = """
  actions:
    - action: workflow.run
      data: {workflow: card, parameters: {fake: "{{ trigger.json.fake | default('') }}"}}
"""
OTHER = """
- id: other
  triggers: [{trigger: webhook, webhook_id: another-long-and-secret-address-of-one}]
  actions: [{action: output.find, data: {}}]
"""


def written(config: Path, rest: str = CARD, *, more: str = "") -> None:
    triggers = f"  triggers: [{{trigger: webhook, webhook_id: {ID}}}]"
    (config / "automations.yaml").write_text(f"- id: cards\n{triggers}\n{rest}{more}")


async def test_a_saved_file_is_taken_up_by_itself(start: Start, tmp_path: Path) -> None:
    async with start(CARD) as hub:
        with hub.notices.subscribe() as subscription:
            await asyncio.to_thread(written, tmp_path, "  priority: 3\n" + CARD, more=OTHER)
            told = await first(subscription, ConfigurationReloaded)
        assert (told.changed, told.started, told.ended) == (("cards",), ("other",), ())
        assert [status.id for status in hub.supervisor.statuses()] == ["cards", "other"]
        assert await ended(hub, 1, {}) == [FiringState.SUCCEEDED]


async def test_a_file_is_taken_up_that_a_link_in_a_linked_folder_leads_to(
    start: Start, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "one.yaml").write_text("[]")
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "one.yaml").symlink_to(elsewhere / "one.yaml")
    (tmp_path / "automations").symlink_to("real")
    async with start(CARD) as hub:
        with hub.notices.subscribe() as subscription:
            await asyncio.to_thread((elsewhere / "one.yaml").write_text, OTHER)
            assert (await first(subscription, ConfigurationReloaded)).started == ("other",)
            await asyncio.to_thread((tmp_path / "real" / "one.yaml").unlink)
            assert (await first(subscription, ConfigurationReloaded)).ended == ("other",)


async def test_a_folder_of_automations_made_later_is_taken_up(start: Start, tmp_path: Path) -> None:
    folder = tmp_path / "automations" / "cards"
    async with start(CARD) as hub:
        with hub.notices.subscribe() as subscription:
            await asyncio.to_thread(folder.mkdir, parents=True)
            await asyncio.to_thread((folder / "one.yaml").write_text, OTHER.replace("- ", "  ", 1))
            assert (await first(subscription, ConfigurationReloaded)).started == ("other",)


async def test_a_folder_that_is_removed_ends_its_automations_and_may_come_again(
    start: Start, tmp_path: Path
) -> None:
    folder = tmp_path / "automations"
    folder.mkdir()
    (folder / "one.yaml").write_text(OTHER)
    async with start(CARD) as hub:
        with hub.notices.subscribe() as subscription:
            await asyncio.to_thread(shutil.rmtree, folder)
            assert (await first(subscription, ConfigurationReloaded)).ended == ("other",)
            await asyncio.to_thread(folder.mkdir)
            await asyncio.to_thread((folder / "one.yaml").write_text, OTHER)
            assert (await first(subscription, ConfigurationReloaded)).started == ("other",)


async def test_a_change_that_is_being_taken_up_while_the_hub_ends_is_left_to_the_next_start(
    start: Start, tmp_path: Path
) -> None:
    clock = ScriptedClock()
    async with start(CARD, clock=clock) as hub:
        changing = hub.supervisor._changing
        await changing.acquire()
        (supervising,) = (each for each in asyncio.all_tasks() if each.get_name() == "supervisor")
        supervising.add_done_callback(lambda _: changing.release())
        await asyncio.to_thread(written, tmp_path, more=OTHER)
        while len(hub.live.current.automations) < 2:
            await clock.advance(QUIET)
            await asyncio.sleep(0)  # until it is read, of which nobody tells
    assert [status.id for status in hub.supervisor.statuses()] == ["cards"]


async def test_what_is_unchanged_notices_nothing(start: Start, tmp_path: Path) -> None:
    async with start(CARD, clock=ScriptedClock()) as hub:
        (desk,) = hub.supervisor.desks()
        (watch,) = desk.watches
        written(tmp_path, more=OTHER)
        changes = await hub.live.reload(hub.supervisor)
        assert (changes.started, changes.changed) == (("other",), ())
        assert hub.supervisor.desks()[0] is desk
        assert desk.watches == [watch]


async def test_a_removed_automation_ends_and_its_webhook_is_gone(
    start: Start, tmp_path: Path
) -> None:
    async with start(CARD) as hub:
        with hub.notices.subscribe() as subscription:
            await asyncio.to_thread((tmp_path / "automations.yaml").write_text, OTHER)
            assert (await first(subscription, ConfigurationReloaded)).ended == ("cards",)
        async with (
            aiohttp.ClientSession() as session,
            session.post(f"{hub.address}/api/webhook/{ID}") as response,
        ):
            assert response.status == 404


async def test_a_file_that_is_no_yaml_is_refused_and_everything_goes_on(
    start: Start, tmp_path: Path
) -> None:
    async with start(CARD) as hub:
        with hub.notices.subscribe() as subscription:
            await asyncio.to_thread(written, tmp_path, "  actions: [", more="")
            told = await first(subscription, ConfigurationRefused)
        assert "automations.yaml:" in told.reason
        assert hub.live.status().refused == told.reason
        assert await ended(hub, 1, {}) == [FiringState.SUCCEEDED]
        written(tmp_path)
        await hub.live.reload(hub.supervisor)
        assert hub.live.status().refused is None


async def test_an_automation_without_an_id_is_refused_for_it_might_be_any(
    start: Start, tmp_path: Path
) -> None:
    async with start(CARD) as hub:
        (tmp_path / "automations.yaml").write_text("- alias: cards\n")
        with pytest.raises(ConfigurationInvalid, match="'id' is missing"):
            await hub.live.reload(hub.supervisor)
        assert len(hub.supervisor.desks()) == 1


async def test_a_broken_edit_leaves_its_automation_as_it_was_and_others_follow(
    start: Start, tmp_path: Path
) -> None:
    async with start(CARD, clock=ScriptedClock()) as hub:
        written(tmp_path, "  modus: single\n" + CARD, more=OTHER)
        changes = await hub.live.reload(hub.supervisor)
        cards, other = hub.supervisor.statuses()
        assert (changes.changed, changes.ended, changes.started) == ((), (), ("other",))
        assert (cards.state, other.state) == ("on", "on")
        assert "unknown key 'modus'" in cards.mistakes
        assert await ended(hub, 1, {}) == [FiringState.SUCCEEDED]


async def test_a_firing_under_way_goes_on_and_what_waits_follows_the_edit(
    start: Start, tmp_path: Path
) -> None:
    async with start(CARD, clock=ScriptedClock()) as hub:
        with hub.notices.subscribe() as subscription:
            await post(hub, fake="hang")
            run = (await first(subscription, RunStarted)).run
            await post(hub, fake="")
            stop = "  actions: [{stop: It was edited.}]\n"
            written(tmp_path, stop)
            assert (await hub.live.reload(hub.supervisor)).changed == ("cards",)
            assert hub.supervisor.desks()[0].waiting == 1
            hub.runs.cancel(run.id)
            for _ in range(2):
                await firing_ended(subscription)
        later, earlier = await hub.books.firings.page()
    assert earlier.state is FiringState.FAILED
    assert "cancelled" in str(earlier.reason)
    assert later.reason == "It was edited."


async def test_workflows_follow_too(start: Start, tmp_path: Path) -> None:
    async with start(CARD) as hub:
        card = (tmp_path / "workflows/card.json").read_text()
        with hub.notices.subscribe() as subscription:
            await asyncio.to_thread((tmp_path / "workflows/second.json").write_text, card)
            told = await first(subscription, ConfigurationReloaded)
        assert told.changed == ()
        assert hub.configuration.workflows.names == ["card", "second"]


async def test_settings_that_wait_for_a_restart_are_told(start: Start, tmp_path: Path) -> None:
    settings = tmp_path / "hub.yaml"
    async with start(CARD) as hub:
        settings.write_text("minimum_free: 1 MB\ntime_zone: Asia/Tokyo\n")
        await hub.live.reload(hub.supervisor)
        assert hub.live.status().after_restart == ("time_zone", "minimum_free")
        settings.write_text("folders: {alow: [out]}\n")
        with pytest.raises(ConfigurationInvalid, match="did you mean 'allow'"):
            await hub.live.reload(hub.supervisor)


SCANS = """
- id: scans
  triggers: [{trigger: folder, path: scans, settle: 0s, existing: process}]
  actions:
    - {action: file.copy, data: {path: "{{ trigger.path }}", to: out/}}
"""


async def test_folders_are_allowed_and_taken_back_while_the_hub_runs(
    start: Start, tmp_path: Path
) -> None:
    for folder in ("scans", "out"):
        (tmp_path / folder).mkdir()
    settings, scan = tmp_path / "hub.yaml", tmp_path / "scans/first.jpg"
    async with start(CARD) as hub:
        automations = tmp_path / "automations.yaml"
        automations.write_text(automations.read_text() + SCANS)
        await hub.live.reload(hub.supervisor)
        assert "'scans' is not among the allowed folders" in str(hub.live.status().mistakes)
        with hub.notices.subscribe() as subscription:
            settings.write_text("folders: {allow: [out, scans]}\n")
            await hub.live.reload(hub.supervisor)  # or by itself, as the edit before is quiet now
            told = await first(subscription, ConfigurationReloaded)
            assert told.started == ("scans",), hub.live.status().mistakes
            assert hub.live.status().after_restart == ()
            scan.write_bytes(jpeg(1))
            ended = await firing_ended(subscription)
        assert ended == FiringState.SUCCEEDED
        assert (tmp_path / "out/first.jpg").read_bytes() == jpeg(1)
        settings.write_text("folders: {allow: [scans]}\n")
        await hub.live.reload(hub.supervisor)
        assert "'out/' is not in the folders" in str(hub.live.status().mistakes)
        assert not hub.configuration.folders.allows(tmp_path / "out/first.jpg")


async def test_an_address_may_move_from_one_automation_to_another(
    start: Start, tmp_path: Path
) -> None:
    async with start(CARD, more=OTHER) as hub:
        swapped = (tmp_path / "automations.yaml").read_text()
        swapped = swapped.replace(ID, "X").replace("another-long-and-secret-address-of-one", ID)
        swapped = swapped.replace(
            "webhook_id: X", "webhook_id: yet-another-and-secret-address-of-one"
        )
        (tmp_path / "automations.yaml").write_text(swapped)
        await hub.live.reload(hub.supervisor)
        states = [t.state for s in hub.supervisor.statuses() for t in s.triggers]
        assert states == ["watching", "watching"]
        await ended(hub, 1, {})
        (firing,) = await hub.books.firings.page()
        assert firing.automation == "other"


async def test_saving_without_a_change_is_no_news(start: Start, tmp_path: Path) -> None:
    async with start(CARD, clock=ScriptedClock()) as hub:
        with hub.notices.subscribe() as subscription:
            await hub.live.reload(hub.supervisor)
            written(tmp_path, more=OTHER)
            await hub.live.reload(hub.supervisor)
            assert (await first(subscription, ConfigurationReloaded)).started == ("other",)
