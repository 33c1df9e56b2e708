"""`hub runs`, `hub runs show` and `hub why`."""

import os
import re
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest

from hub.app import Hub
from tests.cli.conftest import RunHub
from tests.web.client import Client
from tests.web.configuration import WEBHOOK
from tests.web.prompts import fill


async def test_runs_are_listed_and_shown(hub: Hub, hub_command: RunHub) -> None:
    await hub_command("run", "plain")
    await hub_command("run", "plain", "-p", "behaviour=fail")
    listed = await hub_command("runs")
    assert [line.split()[:3] for line in listed.out.splitlines()[1:]] == [
        ["2", "plain", "failed"],
        ["1", "plain", "succeeded"],
    ]
    shown = await hub_command("runs", "show", "2")
    assert "Run 2 plain failed" in shown.out
    assert "It was asked to fail." in shown.out
    assert "behaviour = fail" in shown.out
    chosen = await hub_command("runs", "list", "--state", "succeeded", "--limit", "5")
    assert [line.split()[0] for line in chosen.out.splitlines()[1:]] == ["1"]


async def test_a_run_that_waits_is_put_first(hub: Hub, hub_command: RunHub) -> None:
    async with Client(hub.address) as client:
        await fill(client, hub, 3)
    last = hub.runs.order.waiting()[-1]
    result = await hub_command("runs", "first", str(last.number))
    assert (result.code, result.out) == (0, f"Run {last.number} is the next.\n")
    assert hub.runs.order.waiting()[0].id == last.id
    refused = await hub_command("runs", "first", "1")
    assert refused.err.startswith("Error: Run 1 does not wait any more: it is running.")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["runs", "show", "99"], "There is no run '99'."),
        (["runs", "show", "../status"], "There is no run '../status'."),
        (["runs", "--state", "lost"], "There is no state 'lost'"),
    ],
)
async def test_what_is_not_there_is_told_in_one_sentence(
    hub: Hub, hub_command: RunHub, words: list[str], sentence: str
) -> None:
    result = await hub_command(*words)
    assert (result.code, result.out) == (1, "")
    assert result.err.startswith(f"Error: {sentence}")


async def test_why_knows_a_file_whose_name_is_no_utf_8(
    hub: Hub, hub_command: RunHub, config: Path
) -> None:
    path = os.fsencode(config / "inbox") + b"/caf\xe9.txt"
    result = await hub_command("why", path)
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith("photos: ")


async def test_why_says_when_nobody_watches(hub: Hub, hub_command: RunHub) -> None:
    result = await hub_command("why", "/nowhere/x.png")
    assert "photos: ignored" in result.out or result.code == 1


async def test_why_says_that_there_is_no_such_automation(hub: Hub, hub_command: RunHub) -> None:
    result = await hub_command("why", "photo")
    assert (result.code, result.out) == (1, "")
    assert result.err == "Error: There is no automation 'photo'. Did you mean 'photos'?\n"


async def test_why_tells_of_a_webhook_and_of_the_requests_to_it(
    hub: Hub, hub_command: RunHub
) -> None:
    async with (
        aiohttp.ClientSession(hub.address) as session,
        session.post(f"/api/webhook/{WEBHOOK}", json={}) as response,
    ):
        assert response.status == 202
    told = await hub_command("why", f"{hub.address}/api/webhook/{WEBHOOK}")
    first, second, *_ = told.out.splitlines()
    assert first == "asked: listens Its trigger '0' listens there."
    assert "a request came." in second
    await hub.supervisor.set_state("asked", False)
    told = await hub_command("why", WEBHOOK)
    assert told.out.startswith("asked: off The automation is off: It was switched off.")
    assert (await hub_command("why", "an-id-that-nothing-has")).code == 1


async def test_why_tells_of_an_automation_and_its_latest_events(
    hub: Hub, hub_command: RunHub
) -> None:
    await hub_command("automations", "trigger", "asked")
    told = await hub_command("why", "asked")
    first, second, *_ = told.out.splitlines()
    assert (told.code, first) == (0, "asked: on The automation is on.")
    assert re.fullmatch(r"asked: \w+ At .* UTC, the trigger manual \(manual\) fired\. .*", second)


async def test_why_tells_what_happened_at_a_time(hub: Hub, hub_command: RunHub) -> None:
    await hub.supervisor.trigger("asked", {})
    now = datetime.now(UTC).isoformat(timespec="seconds")
    told = await hub_command("why", now)
    assert "asked: " in told.out
    assert "the trigger manual (manual) fired." in told.out
    assert (await hub_command("why", "1999-12-31T23:59")).code == 1
    assert (await hub_command("why", "29:00")).err == "Error: '29:00' is no time of day.\n"
