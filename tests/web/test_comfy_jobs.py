"""ComfyUI's jobs: what waits, is carried out and has ended, in one list."""

import uuid
from collections.abc import AsyncIterator
from typing import Any

import pytest

from hub.app import Hub
from hub.records.run import RunState
from tests.web.client import Client
from tests.web.configuration import plain_graph
from tests.web.prompts import begin, fill, stop_all
from tests.web.recorded import recorded_answer


@pytest.fixture(autouse=True)
async def nothing_is_left(client: Client, hub: Hub) -> AsyncIterator[None]:
    yield
    await stop_all(client, hub)


async def jobs(client: Client, query: str = "") -> tuple[list[str], dict[str, Any]]:
    """Ids, and what is said of the page."""
    status, answer = await client.get(f"/api/jobs{query}")
    assert status == 200, answer
    return [job["id"] for job in answer["jobs"]], answer["pagination"]


async def run(client: Client, **options: Any) -> str:
    return str((await client.run(plain_graph(), **options))["id"])


async def test_without_prompts_the_list_is_comfyuis_empty_one(client: Client) -> None:
    assert await client.get("/api/jobs") == (200, recorded_answer("jobs_empty"))


async def test_a_finished_job_has_the_fields_of_comfyuis(client: Client) -> None:
    job = await run(client)
    _, ours = await client.get("/api/jobs")
    theirs = recorded_answer("jobs_list")
    assert set(ours) == set(theirs)
    assert set(ours["jobs"][0]) == set(theirs["jobs"][0])
    assert set(ours["jobs"][0]["preview_output"]) == set(theirs["jobs"][0]["preview_output"])
    status, one = await client.get(f"/api/jobs/{job}")
    assert (status, set(one)) == (200, set(recorded_answer("jobs_one")))


async def test_a_failed_job_tells_its_error(client: Client) -> None:
    failed = (await client.run(plain_graph(fake="fail")))["id"]
    _, job = await client.get(f"/api/jobs/{failed}")
    assert job["status"] == "failed"
    assert job["execution_error"]["node_id"] == "2"


async def test_pages_go_over_what_waits_and_what_has_ended(client: Client, hub: Hub) -> None:
    ended = [await run(client) for _ in range(3)]
    running, waiting = await fill(client, hub, 2)
    everything = [*ended, *running, *waiting][::-1]
    for offset in range(len(everything) + 1):
        for limit in (1, 3, 100):
            ids, page = await jobs(client, f"?offset={offset}&limit={limit}")
            assert ids == everything[offset : offset + limit]
            assert page["has_more"] == (offset + limit < len(everything))
            assert page["total"] == len(everything)
    ids, _ = await jobs(client, "?sort_order=asc&offset=2&limit=2")
    assert ids == everything[::-1][2:4]


async def test_jobs_are_chosen_by_state(client: Client, hub: Hub) -> None:
    done = await run(client)
    failed = (await client.run(plain_graph(fake="fail")))["id"]
    running, (waiting,) = await fill(client, hub, 1)
    expected = {
        "completed": [done],
        "failed": [failed],
        "completed,failed": [failed, done],
        "in_progress": running[::-1],
        "pending": [waiting],
        "pending,completed": [waiting, done],
        "cancelled": [],
    }
    for status, ids in expected.items():
        assert (status, (await jobs(client, f"?status={status}"))[0]) == (status, ids)


async def test_jobs_are_chosen_by_the_graph_that_the_editor_drew(client: Client, hub: Hub) -> None:
    drawn = {"extra_pnginfo": {"workflow": {"id": "drawn"}}}
    done = await run(client, extra_data=drawn)
    await run(client, extra_data={"extra_pnginfo": {"workflow": 7}})
    running = await begin(client, hub, extra_data=drawn)
    assert (await jobs(client, "?workflow_id=drawn"))[0] == [running, done]
    assert (await jobs(client, "?workflow_id=nosuch"))[0] == []


async def test_jobs_are_sorted_by_how_long_they_took(client: Client, hub: Hub) -> None:
    running = await begin(client, hub)
    done = [await run(client) for _ in range(2)]
    took = {
        job["id"]: job["execution_end_time"] - job["execution_start_time"]
        for job in (await client.get("/api/jobs?status=completed"))[1]["jobs"]
    }
    longest, _ = await jobs(client, "?sort_by=execution_duration")
    assert longest[-1] == running
    assert set(longest[:2]) == set(done)
    assert took[longest[0]] >= took[longest[1]] - 1  # told in whole milliseconds
    assert (await jobs(client, "?sort_by=execution_duration&sort_order=asc"))[0] == longest[::-1]


@pytest.mark.parametrize(
    "query", ["status=done", "limit=0", "limit=x", "offset=-1", "sort_by=name", "sort_order=up"]
)
async def test_what_cannot_be_asked_for_is_said(client: Client, query: str) -> None:
    status, answer = await client.get(f"/api/jobs?{query}")
    assert status == 400
    assert query.partition("=")[0] in answer["error"]


async def test_an_unknown_job_is_not_found(client: Client) -> None:
    assert await client.get("/api/jobs/nosuch") == (404, {"error": "Job not found"})


async def test_cancelling_takes_out_what_waits_and_stops_what_runs(
    client: Client, hub: Hub
) -> None:
    running, (waiting,) = await fill(client, hub, 1)
    yes, no = (200, {"cancelled": True}), (200, {"cancelled": False})
    assert await client.post(f"/api/jobs/{waiting}/cancel") == yes
    await hub.runs.wait(waiting)
    assert await client.post(f"/api/jobs/{waiting}/cancel") == no
    assert await client.post("/api/jobs/cancel", {"job_ids": running}) == yes
    assert (await hub.runs.wait(running[0])).state is RunState.CANCELLED
    assert await client.post("/api/jobs/cancel", {"job_ids": [str(uuid.uuid4())]}) == no


@pytest.mark.parametrize("body", [{}, [], {"job_ids": "all"}, {"job_ids": [7]}, b"{no json"])
async def test_what_names_no_jobs_is_refused(client: Client, body: Any) -> None:
    status, answer = await client.post("/api/jobs/cancel", body)
    assert status == 400
    assert "error" in answer
