"""The triggers that are about the hub itself, in a whole hub."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from hub.app import Hub
from hub.clock import SystemClock
from hub.notices import FiringChanged
from hub.records.event import Event
from hub.storage.ledger import TriggerLedger
from tests.automations.started import ID, Start, post

RUN = "{action: workflow.run, data: {workflow: card}}"
FIND = "{action: output.find, data: {}}"


@asynccontextmanager
async def hub_with(folder: Path, automations: str) -> AsyncIterator[Hub]:
    (folder / "automations.yaml").write_text(automations)
    async with Hub(folder, port=0, worker_module="hub.testing.worker") as hub:
        assert hub.configuration.problems == ()
        yield hub


async def firing_of(hub: Hub, automation: str) -> Event:
    """The event of the automation's first firing, once that has ended."""
    with hub.notices.subscribe() as subscription:
        page = await hub.books.firings.page(automation=automation)
        if not page or page[-1].ended_at is None:
            async for notice in subscription:
                if not isinstance(notice, FiringChanged) or notice.automation != automation:
                    continue
                if notice.state != "running":
                    break
    page = await hub.books.firings.page(automation=automation)
    return await hub.books.events.get(page[-1].event)


@pytest.fixture
def config(start: Start, tmp_path: Path) -> Path:
    """A configuration that has the workflow `card`."""
    return tmp_path


async def test_a_start_and_an_end_are_fired_once_each(config: Path) -> None:
    automations = (
        f"- {{id: begin, triggers: [{{trigger: startup}}], actions: [{FIND}]}}\n"
        f"- {{id: end, triggers: [{{trigger: shutdown}}], actions: [{FIND}]}}\n"
    )
    async with hub_with(config, automations) as hub:
        assert (await firing_of(hub, "begin")).variables["event"] == "start"
        assert await hub.books.firings.page(automation="end") == []
    async with hub_with(config, automations) as hub:
        await firing_of(hub, "begin")
        (ended,) = await hub.books.firings.page(automation="end")
        assert ended.ended_at is not None
        assert ended.state.value == "succeeded"


async def test_a_run_of_one_automation_fires_another(config: Path) -> None:
    automations = (
        f"- {{id: cards, triggers: [{{trigger: webhook, webhook_id: {ID}}}], actions: [{RUN}, "
        "{action: workflow.run, data: {workflow: card, tags: second}}]}\n"
        "- {id: after, triggers: [{trigger: run_finished, automation: cards, tag: second}],"
        f" actions: [{FIND}]}}\n"
    )
    async with hub_with(config, automations) as hub:
        await post(hub)
        event = await firing_of(hub, "after")
        run = event.variables["run"]
        assert (run["automation"], run["workflow"], run["status"]) == ("cards", "card", "succeeded")
        assert (run["number"], run["tags"]) == (2, ["second"])
        assert [Path(output["path"]).suffix for output in run["outputs"]] == [".png"]


async def test_a_run_that_ended_while_nobody_watched_is_told_at_the_next_start(
    config: Path,
) -> None:
    automations = f"- {{id: after, triggers: [{{trigger: run_finished}}], actions: [{FIND}]}}\n"
    async with hub_with(config, automations) as hub:
        ledger = TriggerLedger(hub.books.database, SystemClock(), "after", "0")
        while not await ledger.state():  # until it knows since when it watches
            pass
        assert await hub.books.firings.page() == []
    async with Hub(config, port=0, automations=False, worker_module="hub.testing.worker") as hub:
        url = f"{hub.address}/api/hub/workflows/card/run"
        async with aiohttp.ClientSession() as session, session.post(url, json={}) as response:
            run = (await response.json())["run"]
        await hub.runs.wait(run["id"])
    async with hub_with(config, automations) as hub:
        event = await firing_of(hub, "after")
        assert event.variables["run"]["id"] == run["id"]


async def test_a_form_and_a_past_event_fire_an_automation_by_hand(config: Path) -> None:
    automations = (
        "- id: by_hand\n  triggers: [{trigger: manual, id: form, parameters: {prompt: {}}}]\n"
        f"  actions: [{FIND}]\n"
    )
    async with hub_with(config, automations) as hub:
        url = f"{hub.address}/api/hub/automations/by_hand/form"
        async with aiohttp.ClientSession() as session, session.get(url) as response:
            assert (await response.json())["parameters"]["prompt"]["type"] == "text"
        first = await fire(hub, "by_hand", parameters={"prompt": "a cat"})
        event = await hub.books.events.get(first["event"])
        assert event.variables["parameters"] == {"prompt": "a cat"}
        assert (event.platform, event.variables["id"]) == ("manual", "form")
        again = await fire(hub, "by_hand", event=first["event"])
        assert (await hub.books.events.get(again["event"])).variables == event.variables
        refused = await fire(hub, "by_hand", parameters={"colour": "red"})
        assert "no parameter 'colour'" in refused["error"]["message"]
        unknown = await fire(hub, "nobody")
        assert "no automation 'nobody'" in unknown["error"]["message"]


async def fire(hub: Hub, automation: str, **body: Any) -> Any:
    url = f"{hub.address}/api/hub/automations/{automation}/trigger"
    async with aiohttp.ClientSession() as session, session.post(url, json=body) as response:
        return await response.json()
