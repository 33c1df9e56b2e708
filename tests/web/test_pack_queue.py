"""Packs put graphs into the queue."""

import uuid
from typing import Any

import pytest

from tests.web.client import Client
from tests.web.extras_hub import HubWithExtras, speak

pytestmark = pytest.mark.asyncio(loop_scope="package")


@pytest.fixture
def client(hub_with_extras: HubWithExtras) -> Client:
    return hub_with_extras[1]


async def put(client: Client, graph: dict[str, Any], name: str) -> str:
    """The id under which a pack put it into the queue."""
    run = str(uuid.uuid4())
    status, _ = await client.post("/extras/queue", {"id": run, "graph": graph, "client": name})
    assert status == 200
    return run


async def test_what_a_pack_puts_there_is_carried_out_for_its_client(client: Client) -> None:
    async with client.socket("/ws?clientId=queuing") as socket:
        run = await put(client, speak("queued"), "queuing")
        while (await socket.until("executing"))[-1]["data"]["node"] is not None:
            pass
    _, history = await client.get(f"/history/{run}")
    assert history[run]["outputs"]["1"]["text"][:2] == ["queued", "queuing"]
    assert "api_key_comfy_org" not in history[run]["prompt"][3]


async def test_what_cannot_be_carried_out_disturbs_nobody(client: Client) -> None:
    refused = await put(client, {"1": {"class_type": "NoSuchNode", "inputs": {}}}, "queuing")
    assert (await client.run(speak("after")))["state"] == "succeeded"
    assert await client.get(f"/history/{refused}") == (200, {})
