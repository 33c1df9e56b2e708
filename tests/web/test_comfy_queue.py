"""ComfyUI's queue: what it lists, and what may be taken out of it or stopped."""

from collections.abc import AsyncIterator

import pytest

from hub.app import Hub
from hub.records.run import Origin, RunState
from hub.runs.request import RunRequest
from tests.web.client import Client
from tests.web.configuration import plain_graph
from tests.web.prompts import TAKEN, begin, fill, post, stop_all
from tests.web.recorded import recorded_case


@pytest.fixture(autouse=True)
async def nothing_is_left(client: Client, hub: Hub) -> AsyncIterator[None]:
    yield
    await stop_all(client, hub)


async def ids(client: Client) -> tuple[set[str], list[str]]:
    """Of what runs, and of what waits."""
    _, queue = await client.get("/queue")
    return {item[1] for item in queue["queue_running"]}, [i[1] for i in queue["queue_pending"]]


async def send(client: Client, path: str, body: object) -> None:
    """Post it; the answer has to be an empty 200."""
    async with client.session.post(path, json=body) as response:
        assert (response.status, await response.read()) == (200, b"")


async def not_by_prompt(hub: Hub) -> str:
    """A run that the hub's own API asked for, and that hangs too."""
    request = RunRequest(graph=plain_graph(fake="hang"), origin=Origin.API)
    return (await hub.runs.enqueue(request)).run.id


async def test_the_queue_has_the_shape_of_comfyuis(client: Client, hub: Hub) -> None:
    running, waiting = await fill(client, hub, 1)
    _, ours = await client.get("/api/queue")
    theirs = recorded_case("queue_busy", "queue")
    assert set(ours) == set(theirs)
    for name in ours:
        for mine, other in zip(ours[name][:1], theirs[name][:1], strict=True):
            assert [type(part) for part in mine] == [type(part) for part in other]
    assert await ids(client) == (set(running), waiting)


async def test_an_idle_queue_is_empty(client: Client) -> None:
    assert await client.get("/queue") == (200, recorded_case("queue_idle"))


async def test_what_waits_is_listed_in_the_order_of_the_queue(client: Client, hub: Hub) -> None:
    _, waiting = await fill(client, hub, 2)
    _, first = await client.post("/prompt", {"prompt": plain_graph(fake="hang"), "front": True})
    assert (await ids(client))[1] == [first["prompt_id"], *waiting]


async def test_clearing_takes_out_what_waits_and_nothing_else(client: Client, hub: Hub) -> None:
    running, waiting = await fill(client, hub, 2)
    other = await not_by_prompt(hub)
    await send(client, "/queue", {"clear": True})
    assert (await client.get("/prompt"))[1]["exec_info"] == {"queue_remaining": len(running)}
    assert await ids(client) == (set(running), [])
    assert [(await hub.runs.wait(run)).state for run in waiting] == [RunState.CANCELLED] * 2
    assert hub.runs.unended(other)


async def test_only_waiting_prompts_can_be_deleted(client: Client, hub: Hub) -> None:
    running, waiting = await fill(client, hub, 2)
    other = await not_by_prompt(hub)
    await send(client, "/queue", {"delete": [waiting[0], running[0], other, "nosuch", 7]})
    assert await ids(client) == (set(running), waiting[1:])
    assert hub.runs.unended(other)


async def test_what_was_deleted_does_not_come_to_the_history(client: Client, hub: Hub) -> None:
    _, (waiting,) = await fill(client, hub, 1)
    await send(client, "/queue", {"delete": [waiting]})
    await hub.runs.wait(waiting)
    assert await client.get("/history") == (200, {})
    assert await client.get(f"/history/{waiting}") == (200, {})


async def test_an_interrupt_names_the_run_it_stops(client: Client, hub: Hub) -> None:
    (first, second, _), waiting = await fill(client, hub, 1)
    await send(client, "/interrupt", {"prompt_id": first})
    assert (await hub.runs.wait(first)).state is RunState.CANCELLED
    await send(client, "/interrupt", {"prompt_id": "nosuch"})
    assert hub.runs.unended(second)
    assert hub.runs.unended(waiting[0])


async def test_an_interrupt_without_name_stops_all_prompts_that_are_carried_out(
    client: Client, hub: Hub
) -> None:
    other = await not_by_prompt(hub)
    running = [await begin(client, hub) for _ in range(TAKEN - 1)]
    async with client.session.post("/api/interrupt", data=b"{no json") as response:
        assert response.status == 200
    ended = [(await hub.runs.wait(run)).state for run in running]
    assert ended == [RunState.CANCELLED] * len(running)
    assert hub.runs.unended(other)
    _, entry = await client.get(f"/history/{running[0]}")
    assert entry[running[0]]["status"]["messages"][-1][0] == "execution_interrupted"


async def test_the_number_of_remaining_runs_is_that_of_the_queue(client: Client, hub: Hub) -> None:
    await not_by_prompt(hub)
    for _ in range(2):
        await post(client)
    assert await client.get("/prompt") == (200, {"exec_info": {"queue_remaining": 2}})


async def test_the_queue_outlives_the_hub(client: Client, hub: Hub) -> None:
    """A hub that starts takes up what it finds, which is what this one would find."""
    running, waiting = await fill(client, hub, 1)
    unfinished = await hub.books.runs.unfinished()
    assert [run.id for run in unfinished] == running + waiting
