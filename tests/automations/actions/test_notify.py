"""`notify` in a whole hub; Apprise posts to a server on this machine."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from hub.records.firing import Firing, FiringState, Step
from tests.automations.recorded import recorded
from tests.automations.started import Start, ended
from tests.deliveries.receiver import Receiver, receiving


def naming(config: Path, receiver: Receiver) -> None:
    """Have hub.yaml name the receiver, and an address that nobody knows."""
    address = receiver.url.replace("http://", "json://")
    with (config / "hub.yaml").open("a") as file:
        file.write(f"notify: {{phone: '{address}', wrong: 'nothing://x'}}\n")


async def outcome(start: Start, actions: str, **body: Any) -> tuple[Firing, dict[str, Step]]:
    async with start(f"  actions:\n{actions}") as hub:
        await ended(hub, 1, body)
        return await recorded(hub)


async def test_a_message_is_told_to_its_target(start: Start, tmp_path: Path) -> None:
    action = """
    - action: notify
      target: phone
      data: {title: "{{ trigger.json.who }} is ready", message: Look!}
"""
    async with receiving() as receiver:
        naming(tmp_path, receiver)
        firing, _ = await outcome(start, action, who="cat")
    assert firing.state is FiringState.SUCCEEDED
    (_, body) = receiver.received[0]
    sent = json.loads(body)
    assert (sent["title"], sent["message"]) == ("cat is ready", "Look!")


@pytest.mark.parametrize(("more", "kind"), [("", b"\xff\xd8"), (", thumbnail: 0", b"\x89PNG")])
async def test_outputs_go_along_as_thumbnails_or_as_they_are(
    start: Start, tmp_path: Path, more: str, kind: bytes
) -> None:
    actions = f"""
    - {{action: workflow.run, data: {{workflow: card}}, response_variable: result}}
    - action: notify.phone
      data: {{message: Look!, attach: "{{{{ result.outputs }}}}"{more}}}
"""
    async with receiving() as receiver:
        naming(tmp_path, receiver)
        firing, _ = await outcome(start, actions)
    assert firing.state is FiringState.SUCCEEDED
    (_, body) = receiver.received[0]
    (attached,) = json.loads(body)["attachments"]
    assert base64.b64decode(attached["base64"]).startswith(kind)


@pytest.mark.parametrize(
    ("target", "status", "told"),
    [
        ("phone", 500, "'phone' could not be notified. The service said: Failed to send JSON"),
        ("wrong", 200, "Apprise does not know such an address"),
        ('"{{ trigger.json.who }}"', 200, "There is no notification target 'phones'. Did you mean"),
    ],
)
async def test_who_cannot_be_reached_is_told(
    start: Start, tmp_path: Path, target: str, status: int, told: str
) -> None:
    async with receiving(status) as receiver:
        naming(tmp_path, receiver)
        action = f"    - {{action: notify, target: {target}, data: {{message: Look!}}}}\n"
        firing, _ = await outcome(start, action, who="phones")
    assert firing.state is FiringState.FAILED
    assert told in str(firing.reason)


async def test_without_a_target_everybody_is_told_and_failures_come_last(
    start: Start, tmp_path: Path
) -> None:
    async with receiving() as receiver:
        naming(tmp_path, receiver)
        firing, _ = await outcome(start, "    - {action: notify, data: {message: Look!}}\n")
    assert len(receiver.received) == 1
    assert "'wrong' could not be notified" in str(firing.reason)


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ("", "hub.yaml names nobody to notify"),
        ("notify: {phone: 'json://x'}", "`notify:` in hub.yaml has no 'fone'"),
    ],
)
async def test_mistakes_are_told_at_load(
    start: Start, tmp_path: Path, settings: str, told: str
) -> None:
    with (tmp_path / "hub.yaml").open("a") as file:
        file.write(settings)
    action = "  actions:\n    - {action: notify.fone, data: {message: Look!}}\n"
    async with start(action, is_sound=False) as hub:
        (status,) = hub.supervisor.statuses()
    assert told in status.reason
