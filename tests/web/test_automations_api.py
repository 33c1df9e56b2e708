"""Automations, firings, why, webhooks and status over the hub's own API."""

import asyncio
import io
import os
import signal
from pathlib import Path
from urllib.parse import quote

from PIL import Image

from hub.app import Hub
from tests.web.client import Client
from tests.web.configuration import WEBHOOK


def drop_picture(folder: Path, name: bytes) -> Path:
    """Put a whole picture into a folder at once."""
    content = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(content, "PNG")
    path = folder / os.fsdecode(name)
    hidden = folder.parent / "elsewhere.png"
    hidden.write_bytes(content.getvalue())
    hidden.rename(path)
    return path


async def test_automations_are_listed_with_their_triggers(client: Client) -> None:
    _, listed = await client.get("/api/hub/automations")
    photos, asked = listed["automations"]
    assert (photos["id"], photos["alias"], photos["state"]) == ("photos", "Photos", "on")
    assert [trigger["kind"] for trigger in asked["triggers"]] == ["webhook"]


async def test_a_picture_is_followed_from_the_folder_to_its_output(
    client: Client, config: Path
) -> None:
    async with client.socket("/api/hub/notices") as socket:
        path = drop_picture(config / "inbox", b"caf\xe9.png")
        run = (await socket.until("RunFinished"))[-1]["run"]
        while (await socket.until("FiringChanged"))[-1]["state"] != "succeeded":
            pass
    _, why = await client.get(f"/api/hub/why?path={quote(os.fsencode(path))}")
    (explanation,) = why["explanations"]
    assert (explanation["automation"], explanation["verdict"]) == ("photos", "admitted")
    assert [item["number"] for item in explanation["runs"]] == [run["number"]]
    _, listed = await client.get("/api/hub/firings?automation=photos&limit=5")
    (happened,) = listed["firings"]
    assert os.fsencode(happened["subject"]) == b"caf\xe9.png"
    _, firing = await client.get(f"/api/hub/firings/{listed['firings'][0]['id']}")
    assert os.fsencode(firing["trigger"]["path"]) == os.fsencode(path)
    assert [step["state"] for step in firing["steps"]] == ["succeeded"]
    assert [action["key"] for action in firing["actions"]] == ["actions/0"]
    _, told = await client.get(f"/api/hub/runs/{run['id']}")
    assert (told["automation"], told["origin"]) == ("photos", "automation")
    (given,) = told["inputs"]
    assert (given["node"], given["input"]) == ("1", "image")
    assert given["name"] == firing["trigger"]["input"]
    assert os.fsencode(given["title"]) == b"caf\xe9.png"
    async with client.session.get(given["url"]) as response:
        assert await response.read() == path.read_bytes()


async def test_a_file_that_cannot_be_used_is_among_the_status(client: Client, config: Path) -> None:
    async with client.socket("/api/hub/notices") as socket:
        (config / "inbox" / "half.png").write_bytes(b"\x89PNG\r\n\x1a\n")
        while (await socket.until("FileSighted"))[-1]["state"] != "quarantined":
            pass
    _, status = await client.get("/api/hub/status")
    (file,) = status["quarantined"]
    assert (file["automation"], file["name"]) == ("photos", "half.png")
    assert file["reason"]
    assert status["disk_free"] > 0


async def test_why_needs_a_path(client: Client) -> None:
    for query in ("", "?path=", "?path=%00"):
        assert (await client.get(f"/api/hub/why{query}"))[0] == 400


async def test_a_webhook_is_answered_once_its_event_is_on_disk(client: Client) -> None:
    async with client.socket("/api/hub/notices") as socket:
        status, headers = 404, {"Content-Type": "application/json"}
        while status == 404:  # until the trigger, which starts after the server, listens
            status, answer = await client.post(f"/api/webhook/{WEBHOOK}", {"a": 1}, **headers)
        run = (await socket.until("RunFinished"))[-1]["run"]
    _, firing = await client.get(f"/api/hub/firings/{run['firing']}")
    assert (status, answer["accepted"]) == (202, True)
    assert (firing["event"], firing["trigger"]["json"]) == (answer["event"], {"a": 1})


async def test_an_unknown_webhook_is_not_found(client: Client) -> None:
    assert (await client.post("/api/webhook/unknown", {}))[0] == 404


async def test_the_status_tells_of_each_worker_and_of_runs_that_wait_for_one(
    client: Client, hub: Hub
) -> None:
    await hub.engine.ready.wait()
    _, status = await client.get("/api/hub/status")
    (worker,) = status["workers"]
    assert (worker["name"], worker["state"], worker["primary"]) == ("main", "ready", True)
    assert (worker["reason"], worker["retry_in"]) == (None, None)
    assert status["held_up"] == []
    async with client.socket("/api/hub/notices") as socket:
        os.kill(worker["pid"], signal.SIGKILL)
        gone = (await socket.until("WorkerChanged"))[-1]
    assert (gone["worker"], gone["state"]) == ("main", "restarting")
    assert gone["reason"] == "It ended by signal 9."


async def test_a_hub_is_ready_once_a_worker_is(client: Client, hub: Hub) -> None:
    assert await client.get("/healthz") == (200, {"status": "ok"})
    await hub.engine.ready.wait()
    assert await client.get("/readyz") == (200, {"status": "ready"})
    hub.engine.ready.clear()
    status, answer = await client.get("/readyz")
    assert (status, answer["status"]) == (503, "not ready")
    assert "worker" in answer["reason"]


async def test_the_schedule_tells_what_will_run(client: Client, config: Path) -> None:
    nightly = """
- id: nightly
  triggers: [{trigger: schedule, cron: "55 23 * * *", timezone: UTC}]
  actions: [{action: workflow.run, data: {workflow: plain}}]
"""
    automations = config / "automations.yaml"
    text = await asyncio.to_thread(automations.read_text)
    async with client.socket("/api/hub/notices") as socket:
        await asyncio.to_thread(automations.write_text, text + nightly)
        while "nightly" not in (await socket.until("ConfigurationReloaded"))[-1]["started"]:
            pass  # a file may be read before all of it is written
    _, told = await client.get("/api/hub/schedule?days=3")
    (plan,) = told["planned"]
    assert (plan["automation"], plan["trigger"], plan["seconds"]) == ("nightly", "0", None)
    assert len(plan["times"]) == 3
    assert all(time.endswith("23:55:00Z") for time in plan["times"])
    await client.post("/api/hub/automations/nightly/turn_off")
    assert (await client.get("/api/hub/schedule"))[1]["planned"] == []


async def test_firings_are_listed_by_state_and_page_by_page(client: Client) -> None:
    async with client.socket("/api/hub/notices") as socket:
        for _ in range(3):
            await client.post("/api/hub/automations/asked/trigger", {})
            while (await socket.until("FiringChanged"))[-1]["state"] != "succeeded":
                pass
    _, listed = await client.get("/api/hub/firings?state=succeeded")
    first, second, third = [firing["id"] for firing in listed["firings"]]
    _, earlier = await client.get(f"/api/hub/firings?before={first}&limit=1&automation=asked")
    assert [firing["id"] for firing in earlier["firings"]] == [second]
    _, last = await client.get(f"/api/hub/firings?before={second}")
    assert [firing["id"] for firing in last["firings"]] == [third]
    for query in ("state=failed", f"before={third}"):
        assert (await client.get(f"/api/hub/firings?{query}"))[1] == {"firings": []}
    status, told = await client.get("/api/hub/firings?before=unknown")
    assert (status, told["error"]["message"]) == (404, "There is no firing 'unknown'.")
    status, told = await client.get("/api/hub/firings?state=gone")
    assert (status, "is no state; there are waiting" in told["error"]["message"]) == (400, True)
