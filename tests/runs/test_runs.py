"""Runs from asking to published outputs, with a fake worker and everything else real."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from hub.app import Hub
from hub.records.run import ErrorKind, Origin, RunNode, RunState
from hub.runs.request import GraphRefused, RunRequest
from hub.storage.runs import insert_nodes


def request(origin: Origin = Origin.API, *, fake: str = "", name: str | None = None) -> RunRequest:
    inputs = {"width": 64, "height": 64, "batch_size": 1, "color": 0}
    graph = {
        "1": {"class_type": "EmptyImage", "inputs": inputs | ({"fake": fake} if fake else {})},
        "2": {"class_type": "SaveImage", "inputs": {"images": ["1", 0], "filename_prefix": "a/b"}},
    }
    return RunRequest(graph=graph, origin=origin, id=name)


@pytest.fixture
async def hub(tmp_path: Path) -> AsyncIterator[Hub]:
    async with Hub(tmp_path, port=0, worker_module="hub.testing.worker") as hub:
        yield hub


async def test_a_run_ends_with_its_output_under_its_final_name(hub: Hub, tmp_path: Path) -> None:
    accepted = await hub.runs.enqueue(request())
    run = await hub.runs.wait(accepted.run.id)
    assert run.state is RunState.SUCCEEDED
    assert (tmp_path / "data/output/a/b_00001_.png").exists()


async def test_what_a_killed_attempt_left_is_taken_away_at_the_next_start(tmp_path: Path) -> None:
    left = tmp_path / "data/staging/some-run-1-1.png"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"half")
    async with Hub(tmp_path, port=0, worker_module="hub.testing.worker"):
        assert list((tmp_path / "data/staging").iterdir()) == []


async def test_resume_points_stay_for_runs_that_go_on_and_go_with_them(tmp_path: Path) -> None:
    folder = tmp_path / "data/resume"
    async with Hub(tmp_path, port=0, worker_module="hub.testing.worker") as hub:
        run = (await hub.runs.enqueue(request(fake="hang"))).run.id
    for name in (f"{run}-node-1", "ended-node-1"):
        (folder / name).touch()
    async with Hub(tmp_path, port=0, worker_module="hub.testing.worker") as hub:
        assert [path.name for path in folder.iterdir()] == [f"{run}-node-1"]
        assert hub.runs.cancel(run)
        await hub.runs.wait(run)
    assert list(folder.iterdir()) == []


async def test_a_graph_that_cannot_run_is_refused_before_anything_is_written(hub: Hub) -> None:
    broken = RunRequest(graph={"1": {"class_type": "NoSuchNode", "inputs": {}}}, origin=Origin.API)
    with pytest.raises(GraphRefused, match="this class is unknown"):
        await hub.runs.enqueue(broken)
    assert hub.runs.remaining == 0


async def test_asking_twice_with_one_id_is_one_run(hub: Hub) -> None:
    name = str(uuid.uuid4())
    first = await hub.runs.enqueue(request(name=name))
    second = await hub.runs.enqueue(request(name=name))
    assert first.run.number == second.run.number
    assert (await hub.runs.wait(name)).state is RunState.SUCCEEDED


async def test_many_runs_get_names_of_their_own(hub: Hub, tmp_path: Path) -> None:
    accepted = await asyncio.gather(*(hub.runs.enqueue(request()) for _ in range(30)))
    await asyncio.gather(*(hub.runs.wait(item.run.id) for item in accepted))
    names = {path.name for path in (tmp_path / "data/output/a").iterdir()}
    assert names == {f"b_{number:05}_.png" for number in range(1, 31)}


async def test_a_failed_run_keeps_its_reason(hub: Hub) -> None:
    accepted = await hub.runs.enqueue(request(fake="fail"))
    run = await hub.runs.wait(accepted.run.id)
    assert run.state is RunState.FAILED
    assert run.error is not None
    assert run.error.message == "It was asked to fail."


async def test_what_we_cannot_explain_about_one_publication_ends_that_run_alone(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    poisoned = str(uuid.uuid4())

    def insert(connection: Connection, nodes: list[RunNode]) -> None:
        if any(node.run == poisoned for node in nodes):
            raise LookupError("nobody thought of this")
        insert_nodes(connection, nodes)

    monkeypatch.setattr("hub.runs.publication.insert_nodes", insert)
    asked = (request(name=poisoned), request())
    accepted = await asyncio.gather(*map(hub.runs.enqueue, asked))
    failed, other = await asyncio.gather(*(hub.runs.wait(each.run.id) for each in accepted))
    assert failed.error is not None
    assert (
        "a mistake of the hub's own (LookupError: nobody thought of this)" in failed.error.message
    )
    assert other.state is RunState.SUCCEEDED
    assert hub.runs.remaining == 0


async def test_a_run_that_kills_its_worker_twice_alone_is_given_up(hub: Hub) -> None:
    accepted = await hub.runs.enqueue(request(fake="die"))
    run = await hub.runs.wait(accepted.run.id)
    assert run.error is not None
    assert (run.state, run.error.kind) == (RunState.FAILED, ErrorKind.WORKER_DIED)
    healthy = await hub.runs.enqueue(request())
    assert (await hub.runs.wait(healthy.run.id)).state is RunState.SUCCEEDED


async def test_a_cancelled_run_ends_as_cancelled(hub: Hub) -> None:
    with hub.notices.subscribe() as subscription:
        accepted = await hub.runs.enqueue(request(fake="hang"))
        async for notice in subscription:
            if type(notice).__name__ == "RunStarted":
                break
    assert hub.runs.cancel(accepted.run.id)
    assert (await hub.runs.wait(accepted.run.id)).state is RunState.CANCELLED
    assert not hub.runs.cancel(accepted.run.id)


async def test_a_restarted_hub_carries_out_what_waited(tmp_path: Path) -> None:
    async with Hub(tmp_path, port=0, worker_module="no.such.worker") as hub:
        accepted = await hub.runs.enqueue(request())
    async with Hub(tmp_path, port=0, worker_module="hub.testing.worker") as hub:
        run = await hub.runs.wait(accepted.run.id)
    assert run.state is RunState.SUCCEEDED
