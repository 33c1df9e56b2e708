"""Runs over the hub's own API."""

from typing import Any

import pytest

from tests.web.client import Client
from tests.web.configuration import plain_graph


async def test_runs_are_listed_latest_first_and_page_by_page(client: Client) -> None:
    for _ in range(3):
        await client.run(plain_graph())
    _, first = await client.get("/api/hub/runs?limit=2")
    _, rest = await client.get("/api/hub/runs?limit=2&before=2")
    assert [run["number"] for run in first["runs"] + rest["runs"]] == [3, 2, 1]
    assert first["runs"][0]["outputs"][0]["name"] == "plain_00003_.png"


async def test_runs_are_chosen_by_state_and_workflow(client: Client) -> None:
    await client.run(plain_graph())
    failed = await client.run(plain_graph(fake="fail"))
    _, listed = await client.get("/api/hub/runs?state=failed")
    assert [run["id"] for run in listed["runs"]] == [failed["id"]]
    assert (await client.get("/api/hub/runs?workflow=photo"))[1] == {"runs": []}


async def test_one_run_is_told_with_everything_known(client: Client) -> None:
    made = await client.run(plain_graph())
    _, run = await client.get(f"/api/hub/runs/{made['number']}")
    assert run["state"] == "succeeded"
    assert run["graph"]["2"]["class_type"] == "SaveImage"
    assert [(node["node"], node["cached"]) for node in run["nodes"]] == [("2", False)]
    assert run["progress"] == []
    assert run["outputs"][0]["width"] == 8


async def test_a_run_that_has_just_begun_is_told_as_running(client: Client) -> None:
    async with client.socket("/api/hub/notices") as socket:
        await client.post("/prompt", {"prompt": plain_graph(fake="hang")})
        await socket.until("RunStarted")
        _, run = await client.get("/api/hub/runs/1")
    assert (run["state"], run["attempt"]) == ("running", 1)
    assert run["started_at"]


async def test_a_failed_run_tells_in_a_sentence_why(client: Client) -> None:
    run = await client.run(plain_graph(fake="fail"))
    assert run["state"] == "failed"
    assert run["error"]["message"] == "It was asked to fail."
    assert run["error"]["node"] == "2"


async def test_a_run_is_cancelled_once(client: Client) -> None:
    async with client.socket("/api/hub/notices") as socket:
        _, accepted = await client.post("/prompt", {"prompt": plain_graph(fake="hang")})
        await socket.until("RunStarted")
        address = f"/api/hub/runs/{accepted['prompt_id']}/cancel"
        assert await client.post(address) == (200, {"cancelled": True})
        ended = (await socket.until("RunFinished"))[-1]["run"]
    assert ended["state"] == "cancelled"
    assert await client.post(address) == (200, {"cancelled": False})


async def test_a_run_is_carried_out_again(client: Client) -> None:
    await client.post("/api/hub/workflows/plain/run", {"parameters": {"prefix": "mine"}})
    async with client.socket("/api/hub/notices") as socket:
        status, answer = await client.post("/api/hub/runs/1/again")
        assert status == 202
        while (ended := (await socket.until("RunFinished"))[-1]["run"])["number"] != 2:
            pass
    assert (ended["id"], ended["workflow"]) == (answer["run"]["id"], "plain")
    assert ended["parameters"] == {"prefix": "mine"}
    _, run = await client.get("/api/hub/runs/2")
    assert run["outputs"][0]["name"] == "mine_00002_.png"


async def test_a_run_is_carried_out_again_with_other_values(client: Client) -> None:
    await client.run(plain_graph())
    graph: dict[str, Any] = plain_graph()
    values = {"2": {"filename_prefix": "other"}}
    _, answer = await client.post("/api/hub/runs/1/again", {"inputs": values})
    _, run = await client.get(f"/api/hub/runs/{answer['run']['id']}")
    graph["2"]["inputs"]["filename_prefix"] = "other"
    assert run["graph"] == graph
    unknown: dict[str, Any]
    for unknown in ({"7": {}}, {"2": {"nonsense": 1}}):
        status, answer = await client.post("/api/hub/runs/1/again", {"inputs": unknown})
        assert (status, answer["error"]["type"]) == (400, "NothingToChange")


@pytest.mark.parametrize("run", ["nosuch", "77", "²", "9" * 40])
async def test_an_unknown_run_is_not_found(client: Client, run: str) -> None:
    status, answer = await client.get(f"/api/hub/runs/{run}")
    assert (status, answer["error"]["type"]) == (404, "NoSuch")


@pytest.mark.parametrize("query", ["state=lost", "limit=0", "limit=many", "before=-1", "before=²"])
async def test_a_query_that_makes_no_sense_is_refused(client: Client, query: str) -> None:
    status, answer = await client.get(f"/api/hub/runs?{query}")
    assert status == 400
    assert query.split("=")[1] in answer["error"]["message"]
