"""History, as ComfyUI's clients read it."""

import asyncio
from collections.abc import Iterable
from pathlib import Path

import pytest

from hub.app import Hub
from hub.records.run import Origin
from hub.runs.request import RunRequest
from tests.web.client import Client
from tests.web.configuration import plain_graph
from tests.web.recorded import fields, recorded_answer, recorded_case, recorded_messages


async def runs(client: Client, count: int) -> list[str]:
    """Ids of so many runs, one after the other."""
    return [(await client.run(plain_graph()))["id"] for _ in range(count)]


async def send(client: Client, body: object) -> None:
    """Post it to the history; the answer has to be an empty 200."""
    async with client.session.post("/history", json=body) as response:
        assert (response.status, await response.read()) == (200, b"")


async def listed(client: Client, query: str = "") -> list[str]:
    status, entries = await client.get(f"/history{query}")
    assert status == 200
    return list(entries)


async def test_a_finished_run_has_the_fields_of_comfyuis_entry(client: Client) -> None:
    run = await client.run(plain_graph())
    (ours,) = (await client.get(f"/history/{run['id']}"))[1].values()
    (theirs,) = recorded_answer("history_t2i").values()
    assert set(ours) == set(theirs)
    assert ours["outputs"] == {
        "2": {"images": [{"filename": "plain_00001_.png", "subfolder": "", "type": "output"}]}
    }
    assert [kind for kind, _ in ours["status"]["messages"]] == [
        kind for kind, _ in theirs["status"]["messages"]
    ]
    assert set(ours["meta"]["2"]) == set(theirs["meta"]["9"])


async def test_a_failed_run_tells_its_error(client: Client) -> None:
    run = await client.run(plain_graph(fake="fail"))
    (ours,) = (await client.get(f"/history/{run['id']}"))[1].values()
    (theirs,) = recorded_answer("history_execution_error").values()
    assert ours["status"]["status_str"] == "error"
    (kind, data), (expected, fields) = (entry["status"]["messages"][-1] for entry in (ours, theirs))
    assert (kind, set(data)) == (expected, set(fields))


async def test_an_interrupted_run_names_its_node_as_its_client_was_told(client: Client) -> None:
    async with client.socket("/ws?clientId=me") as mine:
        body = {"prompt": plain_graph(fake="show"), "client_id": "me"}
        _, accepted = await client.post("/prompt", body)
        await mine.until("executing")
        async with client.session.post("/interrupt") as response:
            assert response.status == 200
        told = (await mine.until("execution_interrupted"))[-1]["data"]
    (ours,) = (await client.get(f"/history/{accepted['prompt_id']}"))[1].values()
    kind, data = ours["status"]["messages"][-1]
    assert (kind, data) == ("execution_interrupted", told)
    assert (data["node_id"], data["node_type"], data["executed"]) == ("2", "SaveImage", [])
    theirs = recorded_messages("ws_t2i_interrupted")
    assert fields({"type": kind, "data": data}) in map(fields, theirs)


async def test_what_is_unknown_or_not_done_has_no_entry(client: Client) -> None:
    _, accepted = await client.post("/prompt", {"prompt": plain_graph(fake="hang")})
    for prompt_id in (accepted["prompt_id"], "nosuch", "1"):
        assert await client.get(f"/history/{prompt_id}") == (200, {})
    await client.post(f"/api/hub/runs/{accepted['prompt_id']}/cancel")


async def test_history_outlives_the_hub(config: Path) -> None:
    entries = []
    prompt_id = None
    for _ in range(2):
        made = await asyncio.to_thread(Hub, config, port=0, worker_module="hub.testing.worker")
        async with made as hub, Client(hub.address) as client:
            prompt_id = prompt_id or (await client.run(plain_graph()))["id"]
            entries.append(await client.get(f"/history/{prompt_id}"))
    assert entries[0] == entries[1]
    assert prompt_id in entries[1][1]


async def test_pages_are_counted_from_the_oldest_and_without_offset_from_the_latest(
    client: Client,
) -> None:
    ids = await runs(client, 4)
    pages: dict[str, Iterable[str]] = {
        "": ids,
        "?max_items=2": ids[2:],
        "?max_items=2&offset=-1": ids[2:],
        "?max_items=2&offset=0": ids[:2],
        "?max_items=9&offset=3": ids[3:],
        "?offset=1": ids[1:],
        "?offset=4": [],
        "?max_items=0": [],
        "?max_items=-1": [],
    }
    for query, expected in pages.items():
        assert (query, await listed(client, query)) == (query, [*expected])
    assert (await client.get("/history?max_items=two"))[0] == 400


async def test_an_entry_in_the_list_is_the_entry_by_itself(client: Client) -> None:
    (prompt_id,) = await runs(client, 1)
    _, alone = await client.get(f"/api/history/{prompt_id}")
    assert await client.get("/api/history") == (200, alone)
    (theirs,) = recorded_case("history_ops", "history_max1").values()
    assert set(alone[prompt_id]) == set(theirs)


async def test_what_is_cleared_is_hidden_and_not_deleted(client: Client) -> None:
    first, second, third = await runs(client, 3)
    await send(client, {"delete": [first, "nosuch", "\ud800", 7]})
    assert await listed(client) == [second, third]
    await send(client, {"clear": True})
    assert await listed(client) == []
    assert await client.get(f"/history/{third}") == (200, {})
    for run in (first, second, third):
        status, kept = await client.get(f"/api/hub/runs/{run}")
        assert (status, len(kept["outputs"])) == (200, 1)
    (fourth,) = await runs(client, 1)
    assert await listed(client) == [fourth]


async def test_runs_of_others_are_neither_listed_nor_cleared(client: Client, hub: Hub) -> None:
    request = RunRequest(graph=plain_graph(), origin=Origin.API)
    run = await hub.runs.wait((await hub.runs.enqueue(request)).run.id)
    assert await listed(client) == []
    await send(client, {"clear": True, "delete": [run.id]})
    assert await listed(client, f"/{run.id}") == [run.id]


@pytest.mark.parametrize("body", [[1], {"delete": "all"}, {}])
async def test_what_names_nothing_clears_nothing(client: Client, body: object) -> None:
    ids = await runs(client, 1)
    await send(client, body)
    assert await listed(client) == ids


async def test_a_run_served_from_the_cache_still_lists_its_outputs(config: Path) -> None:
    made = await asyncio.to_thread(Hub, config, port=0)
    async with made as hub, Client(hub.address) as client:
        ids = await runs(client, 2)
        _, entries = await client.get("/history")
    first, second = (entries[prompt_id]["outputs"] for prompt_id in ids)
    assert first == second
    assert first["2"]["images"]
