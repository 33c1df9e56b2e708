"""`/free` and `/system_stats`, as ComfyUI's clients use them."""

import asyncio
from pathlib import Path
from typing import Any

from hub.app import Hub
from tests.web.client import Client
from tests.web.recorded import recorded_answer

IMAGE = {"width": 8, "height": 8, "batch_size": 1, "color": 1}
GRAPH = {
    "1": {"class_type": "EmptyImage", "inputs": IMAGE},
    "2": {"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}},
}


async def kept_after(client: Client, body: Any) -> list[str]:
    """The nodes that are still kept after a run and `POST /free` with that body."""
    await client.run(GRAPH)
    async with client.session.post("/free", json=body) as response:
        assert (response.status, await response.read()) == (200, b"")
    nodes = (await client.run(GRAPH))["nodes"]
    return [node["node"] for node in nodes if node["cached"]]


async def test_the_machine_and_the_devices_of_workers_are_told(config: Path) -> None:
    made = await asyncio.to_thread(Hub, config, port=0)
    async with made as hub, Client(hub.address) as client:
        await client.run(GRAPH)
        status, stats = await client.get("/system_stats")
    (device,) = stats["devices"]
    theirs = recorded_answer("system_stats")
    assert (status, stats["system"].keys()) == (200, theirs["system"].keys())
    assert device.keys() == theirs["devices"][0].keys()
    assert 0 < stats["system"]["ram_free"] <= stats["system"]["ram_total"]
    assert 0 < device["vram_free"] <= device["vram_total"]


async def test_what_is_asked_for_is_given_back(config: Path) -> None:
    made = await asyncio.to_thread(Hub, config, port=0)
    async with made as hub, Client(hub.address) as client:
        assert await kept_after(client, {"unload_models": True, "free_memory": True}) == []
        assert await kept_after(client, {"free_memory": True}) == []
        for harmless in ({"unload_models": True}, {"free_memory": False}, {}, [7]):
            assert await kept_after(client, harmless) == ["1", "2"]
