"""Declaring a workflow's parameters over the hub's own API."""

from pathlib import Path
from typing import Any

import pytest

from tests.web.client import Client
from tests.web.configuration import PLAIN_SIDECAR

ADDRESS = "/api/hub/workflows/plain/text"


async def put(client: Client, **body: object) -> tuple[int, dict[str, Any]]:
    async with client.session.put(ADDRESS, json=body) as response:
        return response.status, await response.json()


async def test_a_declared_parameter_can_be_filled_at_once(client: Client, config: Path) -> None:
    _, told = await client.get(ADDRESS)
    assert told["text"] == PLAIN_SIDECAR
    text = f"# mine{PLAIN_SIDECAR}  height: {{node: '1', input: height, type: integer}}\n"
    status, saved = await put(client, text=text, version=told["version"])
    assert (status, saved["refused"]) == (200, None)
    assert (config / "workflows" / "plain.yaml").read_text() == text
    _, workflow = await client.get("/api/hub/workflows/plain")
    assert workflow["parameters"]["height"]["held"] == 64
    assert workflow["fills"]["height"] == {"nodes": ["1"], "inputs": ["height"]}


@pytest.mark.parametrize(
    ("declared", "reason"),
    [
        ("{node: '9', input: width, type: integer}", "no node '9'"),
        ("{node: '1', input: wide, type: integer}", "has no 'wide'"),
        ("{node: '1', input: width, type: whole}", "whole"),
        ("[", "plain.yaml"),
    ],
)
async def test_what_does_not_go_with_the_graph_is_not_written(
    client: Client, config: Path, declared: str, reason: str
) -> None:
    _, told = await client.get(ADDRESS)
    text = f"parameters:\n  width: {declared}\n"
    status, refused = await put(client, text=text, version=told["version"])
    assert status == 400
    assert reason in refused["error"]["message"]
    assert (config / "workflows" / "plain.yaml").read_text() == PLAIN_SIDECAR


async def test_a_file_that_somebody_else_changed_is_kept(client: Client, config: Path) -> None:
    _, told = await client.get(ADDRESS)
    (config / "workflows" / "plain.yaml").write_text("title: Other\n")
    assert (await put(client, text="title: Mine\n", version=told["version"]))[0] == 409


async def test_a_workflow_without_such_a_file_gets_one(client: Client, config: Path) -> None:
    (config / "workflows" / "plain.yaml").unlink()
    await client.post("/api/hub/reload", {})
    _, told = await client.get(ADDRESS)
    assert told == {"text": "", "version": None}
    assert (await put(client, text="title: Mine\n", version=None))[0] == 200
    assert (config / "workflows" / "plain.yaml").read_text() == "title: Mine\n"
