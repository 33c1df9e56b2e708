"""What the hub counts, over its own API."""

from tests.web.client import Client
from tests.web.configuration import plain_graph


async def test_ended_runs_are_counted_by_the_hour(client: Client) -> None:
    for fake in ("", "fail", ""):
        await client.run(plain_graph(fake=fake))
    _, answer = await client.get("/api/hub/statistics")
    hours = answer["hours"]
    assert len(hours) == 24
    assert sorted(hour["at"] for hour in hours) == [hour["at"] for hour in hours]
    latest = hours[-2:]  # an hour may end between the runs
    assert sum(hour["succeeded"] for hour in latest) == 2
    assert sum(hour["failed"] for hour in latest) == 1
    assert sum(hour["cancelled"] for hour in hours) == 0
    _, week = await client.get("/api/hub/statistics?hours=1000")
    assert len(week["hours"]) == 24 * 7


async def test_the_disk_is_told_with_all_that_it_has(client: Client) -> None:
    _, status = await client.get("/api/hub/status")
    assert 0 < status["disk_free"] <= status["disk_total"]
