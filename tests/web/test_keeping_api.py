"""What is kept, and backups, over the hub's own API."""

import io
import tarfile
from pathlib import Path
from typing import Any

import pytest

from hub.app import Hub
from tests.web.client import Client

RETENTION = "/api/hub/retention"


async def retention(client: Client) -> dict[str, Any]:
    status, told = await client.get(RETENTION)
    assert status == 200
    return dict(told)


async def put(client: Client, **body: object) -> tuple[int, dict[str, Any]]:
    async with client.session.put(RETENTION, json=body) as response:
        return response.status, await response.json()


async def backup(client: Client, query: str = "") -> set[str]:
    """The names of what is in a backup."""
    async with client.session.get(f"/api/hub/backup{query}") as response:
        assert response.status == 200
        assert 'filename="hub-' in response.headers["Content-Disposition"]
        content = await response.read()
    with tarfile.open(fileobj=io.BytesIO(content)) as tar:
        return set(tar.getnames())


async def test_a_backup_is_made_for_whoever_asks_and_leaves_nothing(
    client: Client, hub: Hub, config: Path
) -> None:
    (config / "secrets.yaml").write_text("word: sesame\n")
    names = await backup(client)
    assert {"data/hub.sqlite", "config/hub.yaml", "config/secrets.yaml", "manifest.json"} <= names
    assert "config/secrets.yaml" not in await backup(client, "?secrets=false")
    assert list(hub.configuration.folders.staging.iterdir()) == []


async def test_a_backup_of_who_knows_what_is_refused(client: Client) -> None:
    status, told = await client.get("/api/hub/backup?outputs=maybe")
    assert (status, "outputs='maybe' must be true or false" in told["error"]["message"]) == (
        400,
        True,
    )


async def test_limits_are_told_as_they_are_written_and_as_is_usual(client: Client) -> None:
    told = await retention(client)
    assert told["text"] == "folders: {allow: [inbox]}\n"
    assert told["usual"]["runs"] == {"age": "90d", "count": ""}
    assert told["usual"]["outputs"] == {"age": "", "count": "", "bytes": ""}
    assert told["usual"]["unused_inputs"] == "7d"


async def test_new_limits_hold_at_once(client: Client, hub: Hub, config: Path) -> None:
    version = (await retention(client))["version"]
    text = "# mine\nfolders: {allow: [inbox]}\nretention: {runs: {count: 5}}\n"
    status, told = await put(client, text=text, version=version)
    assert (status, told["refused"]) == (200, None)
    assert (config / "hub.yaml").read_text() == text
    assert hub.configuration.settings.retention.runs.count == 5
    _, shown = await client.get("/api/hub/status")
    assert shown["configuration"]["after_restart"] == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("folders: {allow: [inbox, /]}", "Only the section `retention:`"),
        ("folders: {allow: [inbox]}\nretention: {runs: {age: soon}}", "'age'"),
        ("folders: {allow: [inbox]}\nretention: [", "hub.yaml:"),
    ],
)
async def test_what_is_wrong_or_something_else_is_not_written(
    client: Client, config: Path, text: str, reason: str
) -> None:
    before = (config / "hub.yaml").read_text()
    status, told = await put(client, text=text, version=(await retention(client))["version"])
    assert status == 400
    assert reason in told["error"]["message"]
    assert (config / "hub.yaml").read_text() == before


async def test_settings_that_somebody_else_changed_are_kept(client: Client, config: Path) -> None:
    version = (await retention(client))["version"]
    (config / "hub.yaml").write_text("folders: {allow: [inbox]}\n# new\n")
    status, _ = await put(client, text="folders: {allow: [inbox]}\n", version=version)
    assert status == 409
