"""History, as ComfyUI's clients read it."""

import asyncio
from pathlib import Path

from hub.app import Hub
from tests.web.client import Client
from tests.web.configuration import plain_graph
from tests.web.recorded import recorded_answer


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
