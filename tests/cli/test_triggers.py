"""`hub schedule next`, `hub webhook send`, `hub automations trigger`."""

import json
from pathlib import Path

import pytest

from hub.app import Hub
from tests.cli.conftest import RunHub

ID = "an-address-of-a-webhook-that-nobody-guesses"
FIND = "actions: [{action: output.find, data: {}}]"
AUTOMATIONS = f"""
- id: nightly
  triggers: [{{trigger: schedule, cron: "30 3 * * *", timezone: Europe/Berlin}}]
  {FIND}
- id: signed
  triggers: [{{trigger: webhook, webhook_id: {ID}, auth: {{type: github, secret: s}}}}]
  {FIND}
- id: form
  triggers: [{{trigger: manual, parameters: {{steps: {{type: integer, max: 50}}}}}}]
  {FIND}
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    (tmp_path / "automations.yaml").write_text(AUTOMATIONS)
    return tmp_path


async def test_the_next_ten_times_are_told_without_a_hub(hub_command: RunHub) -> None:
    result = await hub_command("schedule", "next")
    head, *times = result.out.splitlines()
    assert (result.code, head) == (0, "nightly schedule 0")
    assert len(times) == 10
    assert all("03:30:00 CE" in time for time in times)


async def test_an_automation_without_times_says_so(hub_command: RunHub) -> None:
    result = await hub_command("schedule", "next", "form")
    assert (result.code, result.out[:15]) == (1, "No trigger fire")
    result = await hub_command("schedule", "next", "nobody")
    assert result.err.startswith("Error: There is no automation 'nobody'.")


async def test_automations_that_are_broken_are_told_of(hub_command: RunHub, config: Path) -> None:
    broken = AUTOMATIONS.replace("output.find", "output.fnid")
    (config / "automations.yaml").write_text(broken)
    result = await hub_command("schedule", "next")
    assert (result.code, result.out[:15]) == (1, "No trigger fire")
    told = "Left out, because they are broken: nightly, signed, form. `hub check` tells why.\n"
    assert result.err == told


async def test_a_request_is_signed_as_the_service_does(
    hub: Hub, hub_command: RunHub, tmp_path: Path
) -> None:
    file = tmp_path / "push.json"
    file.write_text(json.dumps({"ref": "main"}))
    for words in ((), ("--as", "github")):
        result = await hub_command("webhook", "send", "signed", str(file), *words)
        assert (result.code, result.out[:12]) == (0, "202 Accepted")
    refused = await hub_command("webhook", "send", ID, str(file), "--as", "slack")
    assert (refused.code, refused.out[:13]) == (1, "404 Not Found")
    (latest, *_) = await hub.supervisor.desks()[1].watches[0].past_events(1)
    assert latest.variables["json"] == {"ref": "main"}
    assert latest.variables["headers"]["x-github-event"] == "push"


async def test_without_a_hub_there_is_nobody_to_send_to(
    hub_command: RunHub, tmp_path: Path
) -> None:
    result = await hub_command("webhook", "send", "signed", str(tmp_path / "automations.yaml"))
    assert result.err.startswith("Error: No hub runs on this configuration")


async def test_a_new_id_is_long_enough_to_be_the_only_secret(hub_command: RunHub) -> None:
    result = await hub_command("webhook", "new-id")
    assert len(bytes.fromhex(result.out.strip())) == 32


async def test_an_automation_is_fired_with_a_form(hub: Hub, hub_command: RunHub) -> None:
    result = await hub_command("automations", "trigger", "form", "-p", "steps=20")
    assert (result.code, result.err) == (0, "")
    refused = await hub_command("automations", "trigger", "form", "-p", "steps=99")
    assert "'steps' must be at most 50" in refused.err
