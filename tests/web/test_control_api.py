"""Switching, pausing, firing and reloading over the hub's own API."""

import asyncio
from pathlib import Path

from tests.web.client import Client
from tests.web.configuration import WEBHOOK


async def test_an_automation_is_turned_off_and_on_and_toggled(client: Client) -> None:
    for verb, on in (("turn_off", False), ("toggle", True), ("toggle", False), ("turn_on", True)):
        status, answer = await client.post(f"/api/hub/automations/asked/{verb}")
        assert (status, answer) == (200, {"automation": "asked", "on": on})
        _, listed = await client.get("/api/hub/automations")
        assert listed["automations"][1]["state"] == ("on" if on else "off")


async def test_an_unknown_automation_is_named(client: Client) -> None:
    status, answer = await client.post("/api/hub/automations/photo/turn_off")
    assert status == 404
    assert "Did you mean 'photos'?" in answer["error"]["message"]


async def test_firing_by_hand_answers_with_the_firing(client: Client) -> None:
    async with client.socket("/api/hub/notices") as socket:
        status, answer = await client.post("/api/hub/automations/asked/trigger", {"variables": {}})
        assert status == 202
        while (await socket.until("FiringChanged"))[-1]["state"] != "succeeded":
            pass
    _, firing = await client.get(f"/api/hub/firings/{answer['firing']}")
    assert firing["trigger"]["platform"] == "manual"
    assert (await client.post("/api/hub/automations/asked/trigger", {"x": 1}))[0] == 400


async def test_all_are_paused_and_go_on(client: Client) -> None:
    for verb, paused in (("pause", True), ("resume", False)):
        assert await client.post(f"/api/hub/{verb}") == (200, {"paused": paused})
        _, status = await client.get("/api/hub/status")
        assert status["paused"] is paused


async def test_what_does_not_go_with_the_last_request_is_a_warning_and_no_mistake(
    client: Client, config: Path
) -> None:
    automations = config / "automations.yaml"
    text = automations.read_text().replace("prefix: asked", "prefix: '{{ trigger.json.title }}'")
    automations.write_text(text)
    await client.post("/api/hub/reload")
    await client.session.post(f"/api/webhook/{WEBHOOK}", json={"no": "title"})
    automations.write_text(text + "# changed\n")
    _, told = await client.post("/api/hub/reload")
    assert told["mistakes"] == []
    assert ["with the last request" in warning for warning in told["warnings"]] == [True]
    _, status = await client.get("/api/hub/status")
    assert status["configuration"]["warnings"] == told["warnings"]


async def test_a_reload_tells_what_became_of_the_automations(client: Client, config: Path) -> None:
    # The hub's own reading of saved files must not come first.
    (following,) = (each for each in asyncio.all_tasks() if each.get_name() == "configuration")
    following.cancel()
    automations = config / "automations.yaml"
    text = automations.read_text()
    automations.write_text(text.replace("id: asked", "id: wanted"))
    _, told = await client.post("/api/hub/reload")
    assert (told["started"], told["changed"], told["ended"]) == (["wanted"], [], ["asked"])
    assert (told["mistakes"], told["after_restart"]) == ([], [])
    automations.write_text("- [")
    status, answer = await client.post("/api/hub/reload")
    assert (status, answer["error"]["type"]) == (400, "ConfigurationInvalid")
    _, status_now = await client.get("/api/hub/status")
    assert "automations.yaml" in status_now["configuration"]["refused"]
