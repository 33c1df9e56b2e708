"""Notices over a WebSocket."""

from hub.app import Hub
from hub.notices import FiringChanged
from hub.web.notices_socket import LIMIT
from tests.web.client import Client
from tests.web.configuration import plain_graph


async def test_a_run_is_followed_from_queue_to_end(client: Client, hub: Hub) -> None:
    await hub.engine.ready.wait()
    async with client.socket("/api/hub/notices") as socket:
        run = await client.run(plain_graph())
        notices = await socket.until("RunFinished")
    assert [notice["type"] for notice in notices] == [
        "RunQueued",
        "RunStarted",
        "NodesCached",
        "NodeStarted",
        "NodeFinished",
        "RunFinished",
    ]
    assert {notice["run"]["id"] for notice in notices} == {run["id"]}
    assert notices[-1]["run"]["state"] == "succeeded"


async def test_a_slow_listener_loses_the_oldest_and_is_told_how_many(
    client: Client, hub: Hub
) -> None:
    async with client.socket("/api/hub/notices") as socket:
        await client.run(plain_graph())
        await socket.until("RunFinished")
        for number in range(LIMIT + 7):
            hub.notices.publish(FiringChanged(firing=str(number), automation="a", state="running"))
        lost, first = await socket.until("FiringChanged")
    assert lost == {"type": "NoticesLost", "count": 7}
    assert first["firing"] == "7"


async def test_a_listener_is_told_when_the_hub_stops(client: Client, hub: Hub) -> None:
    async with client.socket("/api/hub/notices") as socket:
        await hub.__aexit__(None, None, None)
        message = await socket.socket.receive()
        assert message.data == 1001
