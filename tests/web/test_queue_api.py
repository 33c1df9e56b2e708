"""The queue over the hub's own API."""

from typing import Any

import pytest

from hub.app import Hub
from tests.web.client import Client
from tests.web.prompts import fill


async def numbers(client: Client) -> list[int]:
    _, queue = await client.get("/api/hub/queue")
    assert queue["count"] == len(queue["runs"])
    return [run["number"] for run in queue["runs"]]


async def test_what_waits_is_told_in_its_order_and_can_be_moved(client: Client, hub: Hub) -> None:
    await fill(client, hub, 3)
    first, second, third = await numbers(client)
    async with client.socket("/api/hub/notices") as socket:
        status, answer = await client.post(f"/api/hub/runs/{third}/move", {})
        told = (await socket.until("RunMoved"))[-1]
    assert (status, answer["run"]["number"], told["run"]["number"]) == (200, third, third)
    assert await numbers(client) == [third, first, second]
    await client.post(f"/api/hub/runs/{third}/move", {"after": second})
    assert await numbers(client) == [first, second, third]
    await client.post(f"/api/hub/runs/{third}/move", {"before": second})
    assert await numbers(client) == [first, third, second]
    _, queue = await client.get("/api/hub/queue?limit=1")
    assert (len(queue["runs"]), queue["count"]) == (1, 3)


@pytest.mark.parametrize(
    ("body", "status", "sentence"),
    [
        ({"before": 77}, 404, "There is no run '77'."),
        ({"before": 1}, 409, "Run 1 does not wait any more: it is running."),
        ({"before": 1, "after": 2}, 400, "Give the run that it goes `before`"),
        ({"place": 1}, 400, "That is not what this takes"),
        ({"before": "\ud800"}, 400, "That is not what this takes: '\\ud800' is half a letter."),
    ],
)
async def test_a_place_that_makes_no_sense_is_refused(
    client: Client, hub: Hub, body: Any, status: int, sentence: str
) -> None:
    await fill(client, hub, 1)
    (waiting,) = await numbers(client)
    answered, answer = await client.post(f"/api/hub/runs/{waiting}/move", body)
    assert (answered, answer["error"]["message"][: len(sentence)]) == (status, sentence)
