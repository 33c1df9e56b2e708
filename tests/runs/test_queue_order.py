"""The order of the runs that wait, and changing it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hub.app import Hub
from hub.errors import Invalid
from hub.notices import RunMoved
from hub.records.run import Origin, Run
from hub.runs.queue_order import NotWaiting
from hub.runs.request import RunRequest
from tests.runs.test_runs import request

NEVER = "hub.nodes"  # a module that is no worker, so that nothing is begun


@pytest.fixture
async def hub(tmp_path: Path) -> AsyncIterator[Hub]:
    async with Hub(tmp_path, port=0, worker_module=NEVER) as hub:
        yield hub


async def queued(hub: Hub, count: int, **asked: object) -> list[Run]:
    graph = request().graph
    requests = [RunRequest(graph=graph, origin=Origin.API, **asked) for _ in range(count)]  # type: ignore[arg-type]
    return [(await hub.runs.enqueue(each)).run for each in requests]


def order(hub: Hub) -> list[int]:
    return [run.number for run in hub.runs.order.waiting()]


async def test_a_run_goes_first_before_or_after_another(hub: Hub) -> None:
    one, two, three, four = await queued(hub, 4)
    await hub.runs.order.move(three)
    assert order(hub) == [3, 1, 2, 4]
    await hub.runs.order.move(four, before=one)
    assert order(hub) == [3, 4, 1, 2]
    await hub.runs.order.move(three, after=two)
    assert order(hub) == [4, 1, 2, 3]
    await queued(hub, 1)
    assert order(hub) == [4, 1, 2, 3, 5]


async def test_it_takes_the_priority_of_those_among_which_it_stands(hub: Hub) -> None:
    (urgent,) = await queued(hub, 1, priority=5)
    one, two = await queued(hub, 2)
    assert (await hub.runs.order.move(two)).priority == 5
    assert order(hub) == [two.number, urgent.number, one.number]
    assert (await hub.runs.order.move(urgent, after=one)).priority == 0
    assert order(hub) == [two.number, one.number, urgent.number]


async def test_there_is_always_room_for_one_more(hub: Hub) -> None:
    runs = await queued(hub, 4, position=1.0)
    for _ in range(60):  # among equal positions, and more often than a float can be halved
        _, second, *_, last = hub.runs.order.waiting()
        await hub.runs.order.move(last, before=second)
        assert order(hub)[1:3] == [last.number, second.number]
    assert sorted(order(hub)) == [run.number for run in runs]


async def test_whoever_asks_for_the_front_later_is_first(hub: Hub) -> None:
    await queued(hub, 3)
    (first,) = await queued(hub, 1, front=True)
    await hub.runs.order.move(hub.runs.order.waiting()[-1])
    assert order(hub)[:2] == [3, first.number]
    (later,) = await queued(hub, 1, front=True)
    assert order(hub)[:3] == [later.number, 3, first.number]


async def test_moves_at_the_same_time_leave_an_order(hub: Hub) -> None:
    runs = await queued(hub, 6)
    await asyncio.gather(*(hub.runs.order.move(run, before=runs[0]) for run in runs[1:]))
    waiting = hub.runs.order.waiting()
    assert waiting[-1].number == 1
    assert len({run.position for run in waiting}) == 6


async def test_a_run_that_does_not_wait_cannot_be_moved(hub: Hub) -> None:
    one, two = await queued(hub, 2)
    hub.runs.cancel(one.id)
    await hub.runs.wait(one.id)
    with pytest.raises(NotWaiting, match="Run 1 does not wait any more"):
        await hub.runs.order.move(one)
    with pytest.raises(NotWaiting, match="Run 1"):
        await hub.runs.order.move(two, before=one)
    with pytest.raises(Invalid, match="Run 2 cannot go before or after itself"):
        await hub.runs.order.move(two, after=two)


async def test_the_order_outlives_the_hub_and_workers_follow_it(tmp_path: Path) -> None:
    async with Hub(tmp_path, port=0, worker_module=NEVER) as hub:
        runs = await queued(hub, 3)
        with hub.notices.subscribe() as subscription:
            await hub.runs.order.move(runs[2])
            async for notice in subscription:
                if isinstance(notice, RunMoved):
                    break
    async with Hub(tmp_path, port=0, worker_module=NEVER) as hub:
        assert order(hub) == [3, 1, 2]
    async with Hub(tmp_path, port=0, worker_module="hub.testing.worker") as hub:
        ended = [await hub.runs.wait(run.id) for run in runs]
    assert min(ended, key=lambda run: str(run.started_at)).number == 3
