"""Numbers for Prometheus."""

from datetime import timedelta

from prometheus_client.parser import text_string_to_metric_families

from hub.app import Hub
from hub.clock import SystemClock
from hub.notices import RunFinished
from hub.records.run import Origin, Run, RunState
from hub.web.meter import BOUNDS, Durations, Meter
from tests.deliveries.receiver import receiving
from tests.web.client import Client
from tests.web.configuration import WEBHOOK, plain_graph

Numbers = dict[tuple[str, str], float]


async def numbers(client: Client) -> Numbers:
    """By name and the value of the label."""
    async with client.session.get("/metrics") as response:
        assert response.status == 200
        text = await response.text()
    return {
        (sample.name, "".join(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


async def test_runs_are_counted_and_timed(client: Client, hub: Hub) -> None:
    await client.run(plain_graph())
    await client.run(plain_graph(fake="fail"))
    _, accepted = await client.post("/prompt", {"prompt": plain_graph(fake="hang")})
    told = await numbers(client)
    assert told["hub_runs_total", "succeeded"] == told["hub_runs_total", "failed"] == 1
    assert told["hub_runs_unended", "queued"] + told["hub_runs_unended", "running"] == 1
    assert told["hub_run_seconds_count", ""] == told["hub_run_seconds_bucket", "+Inf"] == 2
    assert told["hub_workers", "ready"] == 1
    assert told["hub_disk_free_bytes", ""] > 0
    assert told["process_resident_memory_bytes", ""] > 0
    hub.runs.cancel(accepted["prompt_id"])
    await hub.runs.wait(accepted["prompt_id"])


async def test_firings_deliveries_and_restarts_are_counted(client: Client, hub: Hub) -> None:
    with hub.notices.subscribe() as subscription:
        await client.post(f"/api/webhook/{WEBHOOK}", {})
        async with receiving() as receiver:
            body = {"webhook": {"url": receiver.url}}  # of this machine, so it is given up at once
            await client.post("/api/hub/workflows/plain/run", body)
        await client.run(plain_graph(fake="die_once"))
        wanted = {"FiringChanged succeeded", "DeliveryEnded dead", "WorkerChanged ready"}
        async for notice in subscription:
            wanted.discard(f"{type(notice).__name__} {getattr(notice, 'state', '')}")
            if not wanted:
                break
    told = await numbers(client)
    assert told["hub_firings_total", "succeeded"] == 1
    assert told["hub_deliveries_total", "dead"] == 1
    assert told["hub_worker_restarts_total", hub.engine.workers[0].name] == 1


def test_durations_are_counted_up_to_each_bound() -> None:
    durations = Durations()
    for seconds in (0.0, BOUNDS[0], BOUNDS[-1] + 1):
        durations.add(seconds)
    assert durations.buckets()[0] == (str(BOUNDS[0]), 2.0)
    assert durations.buckets()[-2:] == [(str(BOUNDS[-1]), 2.0), ("+Inf", 3.0)]


async def test_what_a_run_took_is_from_its_start() -> None:
    now = SystemClock().now()
    meter = Meter()
    run = Run(
        number=1,
        id="1",
        state=RunState.SUCCEEDED,
        origin=Origin.API,
        graph={},
        created_at=now,
        started_at=now + timedelta(seconds=5),
        ended_at=now + timedelta(seconds=7),
    )
    meter.offer(RunFinished(run=run))
    assert (meter.took.total, meter.runs) == (2.0, {"succeeded": 1})
