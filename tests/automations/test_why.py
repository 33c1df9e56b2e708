"""What is told of files that led to nothing, in a whole hub."""

import asyncio
from pathlib import Path

import aiohttp
import pytest
from structlog.testing import capture_logs

from hub.app import Hub
from hub.notices import FileSighted
from hub.testing.inbox import jpeg
from tests.automations.started import first

PHOTOS = """
- id: photos
  triggers: [{trigger: folder, path: inbox, settle: 0.05s, existing: process}]
  actions: [{variables: {name: "{{ trigger.file }}"}}]
- id: scans
  triggers: [{trigger: folder, path: scans}]
  actions: [{variables: {name: "{{ trigger.file }}"}}]
"""
FILE = Path("inbox/a.jpg")


@pytest.fixture
def config(tmp_path: Path) -> Path:
    (tmp_path / "inbox").mkdir()
    (tmp_path / "hub.yaml").write_text("folders: {allow: [inbox, scans]}\n")
    (tmp_path / "automations.yaml").write_text(PHOTOS)
    return tmp_path


def hub_on(config: Path) -> Hub:
    return Hub(config, port=0, worker_module="hub.testing.worker")


async def why(hub: Hub, path: Path = FILE) -> list[tuple[str, str, str]]:
    async with aiohttp.ClientSession() as session:
        address = f"{hub.address}/api/hub/why"
        async with session.get(address, params={"path": str(path)}) as response:
            told = (await response.json())["explanations"]
    return [(each["automation"], each["verdict"], each["reason"]) for each in told]


async def test_an_automation_that_is_off_says_so(config: Path) -> None:
    async with hub_on(config) as hub:
        await hub.supervisor.set_state("photos", False)
        told = await why(hub)
    assert told == [("photos", "off", "The automation is off. It was switched off.")]


async def test_a_trigger_that_cannot_watch_says_why(config: Path) -> None:
    (config / "inbox").rmdir()
    async with hub_on(config) as hub:
        while "trigger" not in (told := await why(hub))[0][2]:  # until it has looked
            pass
    ((automation, verdict, reason),) = told
    assert (automation, verdict) == ("photos", "not seen")
    assert reason == (
        f"It would be taken, but its trigger is unavailable: There is no folder {config / 'inbox'}."
    )


async def test_a_trigger_that_fails_says_why_also_in_the_log(config: Path) -> None:
    (config / "hub.yaml").write_text("folders: {allow: [inbox, scans]}\nminimum_free: 1000 TB\n")
    (config / FILE).write_bytes(jpeg())
    with capture_logs() as logged:
        async with hub_on(config) as hub:
            while "failed" not in (told := await why(hub))[0][2]:
                pass
    assert "It would be taken, but its trigger is failed: Only " in told[0][2]
    (entry,) = (each for each in logged if each["event"] == "trigger failed")
    assert (entry["automation"], entry["log_level"]) == ("photos", "warning")
    assert entry["reason"].startswith("Only ")


async def test_an_event_that_waits_says_what_for(config: Path) -> None:
    async with hub_on(config) as hub:
        await hub.supervisor.set_paused(True)
        with hub.notices.subscribe() as subscription:
            await asyncio.to_thread((config / FILE).write_bytes, jpeg())
            await first(subscription, FileSighted)
        told = [await why(hub)]
        await asyncio.to_thread((config / "automations.yaml").write_text, "[]")
        await hub.live.reload(hub.supervisor)
        told += [await why(hub)]
    reasons = [reason for ((_, _, reason),) in told]
    assert reasons == [
        "It was added. It waits for its turn. All automations are paused.",
        "It was added. It waits for its turn. There is no automation 'photos' any more.",
    ]


async def test_what_cannot_be_read_is_told_where_only_the_past_is_known(config: Path) -> None:
    async with hub_on(config) as hub:
        with hub.notices.subscribe() as subscription:
            await asyncio.to_thread((config / FILE).write_bytes, jpeg())
            await first(subscription, FileSighted)
    (config / "automations.yaml").write_text(PHOTOS.replace("trigger: folder", "trigger: folders"))
    async with hub_on(config) as hub:
        told = await why(hub)
    assert [each[:2] for each in told] == [
        ("photos", "admitted"),
        ("photos", "unavailable"),
        ("scans", "unavailable"),
    ]


async def test_where_nobody_watches_all_folders_are_told_and_what_cannot_be_read(
    config: Path,
) -> None:
    (config / "automations.yaml").write_text(PHOTOS + "- {id: broken, mode: broken}\n")
    async with hub_on(config) as hub:
        told = await why(hub, Path("elsewhere/a.jpg"))
    assert [each[:2] for each in told] == [
        ("photos", "ignored"),
        ("scans", "ignored"),
        ("broken", "unavailable"),
    ]
    assert told[0][2] == f"It lies outside of {config / 'inbox'}."
    assert told[2][2].startswith("The automation cannot be used: automations.yaml:")
