"""Graphs, subgraphs and translations that node packs bring for ComfyUI's editor."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from hub.app import Hub
from tests.web.client import Client

FILES: dict[str, Any] = {
    "example_workflows/portrait.json": {"nodes": [1]},
    "examples/second.json": {"nodes": [2]},
    "examples/notes.txt": "no graph",
    "subgraphs/blur.json": {"nodes": [3]},
    "locales/de/main.json": {"hello": "Hallo", "menu": {"a": "A"}},
    "locales/de/nodeDefs.json": {"Blur": {"display_name": "Weichzeichnen"}},
    "locales/fr/main.json": "{spoiled",
}


@pytest.fixture
async def hub(config: Path) -> AsyncIterator[Hub]:
    """With a pack that has these files, and one that has none."""
    packs = config / "packs"
    for pack in ("bare", "giving"):
        (packs / pack).mkdir(parents=True)
        (packs / pack / "__init__.py").write_text("NODE_CLASS_MAPPINGS = {}")
    for name, content in FILES.items():
        path = packs / "giving" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content if isinstance(content, str) else json.dumps(content))
    (packs / "giving" / "examples" / "stray.json").symlink_to(config / "hub.yaml")
    with (config / "hub.yaml").open("a") as settings:
        settings.write("packs: {folders: [packs]}\n")
    made = await asyncio.to_thread(Hub, config, port=0, worker_module="hub.testing.worker")
    async with made as running:
        await running.engine.ready.wait()
        yield running


async def test_graphs_are_listed_and_fetched_by_pack(client: Client) -> None:
    templates = await client.get("/api/workflow_templates")
    assert templates == (200, {"giving": ["portrait", "second"]})
    found = await client.get("/api/workflow_templates/giving/second.json")
    assert found == (200, FILES["examples/second.json"])
    for path in ("nosuch/second.json", "giving/nosuch.json", "giving/stray.json", "giving/..%2Fx"):
        status, _ = await client.get(f"/api/workflow_templates/{path}")
        assert (path, status in (403, 404)) == (path, True)


async def test_subgraphs_are_listed_without_and_fetched_with_their_data(client: Client) -> None:
    _, listed = await client.get("/global_subgraphs")
    ((name, entry),) = listed.items()
    expected = {
        "source": "custom_node",
        "name": "blur",
        "info": {"node_pack": "custom_nodes.giving"},
    }
    assert entry == expected
    _, whole = await client.get(f"/editor/api/global_subgraphs/{name}")
    assert json.loads(whole.pop("data")) == FILES["subgraphs/blur.json"]
    assert whole == expected
    assert await client.get("/global_subgraphs/nosuch") == (200, None)


async def test_translations_are_joined_by_language_and_spoiled_ones_left_out(
    client: Client,
) -> None:
    german = {**FILES["locales/de/main.json"], "nodeDefs": FILES["locales/de/nodeDefs.json"]}
    assert await client.get("/i18n") == (200, {"de": german})
